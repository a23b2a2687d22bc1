//! Functions and classes of the program: how they are made and called.

use std::rc::Rc;

use ruff_python_ast::{ParameterWithDefault, Parameters, Stmt};

use crate::model::{
    language::{generator_task::Task, scope::Bound, statement::Flow},
    machine::{Frame, FrameKind, Machine},
    object::{
        exceptions::ExceptionClass,
        heap::MapId,
        map::{Map, Text},
        native::Native,
        value::{Body, Function, Instance, Object, Value},
    },
    stop::{Outcome, outside},
};

/// What a function is called with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Value>,
    pub(crate) keywords: Vec<(Text, Value)>,
}

impl Arguments {
    pub(crate) fn positional(values: impl Into<Vec<Value>>) -> Self {
        Self { positional: values.into(), keywords: Vec::new() }
    }
}

impl<'a> Machine<'a> {
    /// A function of the program.
    pub(crate) fn function(
        &mut self,
        frame: &Frame<'a>,
        name: &str,
        parameters: Option<&'a Parameters>,
        body: Body<'a>,
    ) -> Outcome<Value> {
        let mut defaults = Vec::new();
        let with_default = parameters.into_iter().flat_map(Parameters::iter_non_variadic_params);
        for default in with_default.filter_map(ParameterWithDefault::default) {
            defaults.push(self.expression(frame, default)?);
        }
        let function = Function {
            name: name.into(),
            parameters,
            defaults: defaults.into(),
            body,
            file: frame.file,
            globals: frame.globals,
            defined_in: frame.locals,
            attributes: None,
            owner: None,
            enclosing: frame.scopes(),
        };
        Ok(Value::Object(self.heap.add(Object::Function(function))))
    }

    /// `function(...)` for anything that can be called.
    pub(crate) fn call(&mut self, function: &Value, arguments: Arguments) -> Outcome<Value> {
        let handle = match function {
            Value::Native(Native::Function(native)) => return self.call_native(*native, arguments),
            Value::Native(Native::Library(name)) => return self.call_library(name, arguments),
            Value::Native(Native::Exception(class)) => {
                return self.make_exception(ExceptionClass::Builtin(*class), arguments);
            }
            Value::Object(handle) => *handle,
            _ => return self.not_callable(function),
        };
        match self.heap.get(handle) {
            Object::Function(function) => {
                let function = function.clone();
                self.deeper(1, |machine| machine.call_function(&function, arguments))
            }
            Object::Method(receiver, function) => {
                let (receiver, function) = (receiver.clone(), function.clone());
                let mut arguments = arguments;
                arguments.positional.insert(0, receiver);
                self.call(&function, arguments)
            }
            Object::NativeMethod(receiver, name) => {
                let (receiver, name) = (receiver.clone(), Text::clone(name));
                if let Some(done) = self.call_of_object(&receiver, &name, &arguments) {
                    return done;
                }
                self.call_method(&receiver, &name, arguments)
            }
            Object::Instance(Instance { class: Some(class), .. }) => {
                match self.find_in_class(*class, "__call__") {
                    Some(call) => {
                        let mut arguments = arguments;
                        arguments.positional.insert(0, function.clone());
                        self.call(&call, arguments)
                    }
                    None => self.not_callable(function),
                }
            }
            Object::Class(_) => self.instantiate(handle, arguments),
            Object::Module(_) | Object::List(_) | Object::Tuple(_) | Object::Exception(_) => {
                self.not_callable(function)
            }
            _ => outside(format!("a call of {}", self.type_name(function))),
        }
    }

    fn not_callable<T>(&mut self, value: &Value) -> Outcome<T> {
        let message = format!("'{}' object is not callable", self.type_name(value));
        Err(self.error("TypeError", message))
    }

    fn call_function(&mut self, function: &Function<'a>, arguments: Arguments) -> Outcome<Value> {
        let names = function
            .parameters
            .into_iter()
            .flat_map(|parameters| parameters.iter().map(|parameter| parameter.name().as_str()));
        let body: &'a [Stmt] = match function.body {
            Body::Block(body) => body,
            Body::Expression(_) => &[],
        };
        let bound = Bound::of(names, body);
        let is_generator = bound.is_generator;
        let locals = self.heap.add_map(Map::default());
        self.bind_arguments(function, arguments, locals)?;
        let frame = Frame {
            file: function.file,
            globals: function.globals,
            locals,
            kind: FrameKind::Function(Rc::new(bound)),
            owner: function.owner,
            enclosing: Rc::clone(&function.enclosing),
        };
        if is_generator {
            return match function.body {
                Body::Block(body) => Ok(self.generator(frame, Task::block(body))),
                Body::Expression(_) => outside("a `yield` in a `lambda`"),
            };
        }
        match function.body {
            Body::Expression(expression) => self.expression(&frame, expression),
            Body::Block(body) => match self.block(&frame, body)? {
                Flow::Return(value) => Ok(value),
                Flow::Next | Flow::Break | Flow::Continue => Ok(Value::None),
            },
        }
    }

    fn bind_arguments(
        &mut self,
        function: &Function<'a>,
        arguments: Arguments,
        locals: MapId,
    ) -> Outcome<()> {
        let Arguments { positional, mut keywords } = arguments;
        let mut given = positional.into_iter();
        let mut defaults = function.defaults.iter();
        let Some(parameters) = function.parameters else {
            return self.check_used_up(given.len(), keywords.len());
        };
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            let name = parameter.name().as_str();
            let default = parameter.default().and_then(|_| defaults.next());
            let keyword = keywords.iter().position(|(keyword, _)| &**keyword == name);
            let value = match (given.next(), keyword) {
                (Some(value), None) => Some(value),
                (None, Some(position)) => Some(keywords.remove(position).1),
                (None, None) => default.cloned(),
                (Some(_), Some(_)) => None,
            };
            let Some(value) = value else { return Err(self.error_without_message("TypeError")) };
            self.heap.map_mut(locals).insert(Text::from(name), value);
        }
        if let Some(rest) = &parameters.vararg {
            let rest_of_them = given.by_ref().collect();
            let rest_of_them = self.tuple(rest_of_them);
            self.heap.map_mut(locals).insert(Text::from(rest.name.as_str()), rest_of_them);
        }
        for parameter in &parameters.kwonlyargs {
            let name = parameter.name().as_str();
            let default = parameter.default().and_then(|_| defaults.next());
            let keyword = keywords.iter().position(|(keyword, _)| &**keyword == name);
            let value = match keyword {
                Some(position) => Some(keywords.remove(position).1),
                None => default.cloned(),
            };
            let Some(value) = value else { return Err(self.error_without_message("TypeError")) };
            self.heap.map_mut(locals).insert(Text::from(name), value);
        }
        if let Some(rest) = &parameters.kwarg {
            let rest_of_them = self.dict_of(std::mem::take(&mut keywords));
            self.heap.map_mut(locals).insert(Text::from(rest.name.as_str()), rest_of_them);
        }
        self.check_used_up(given.len(), keywords.len())
    }

    /// The messages about wrong arguments differ by version.
    pub(crate) fn check_used_up(&mut self, positional: usize, keywords: usize) -> Outcome<()> {
        if positional + keywords == 0 {
            return Ok(());
        }
        Err(self.error_without_message("TypeError"))
    }
}
