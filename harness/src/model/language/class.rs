//! Classes and their instances, exceptions among them.

use std::rc::Rc;

use ruff_python_ast::StmtClassDef;

use crate::model::{
    language::call::Arguments,
    machine::{Frame, FrameKind, Machine},
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::Handle,
        map::{Map, Text},
        native::{Function as NativeFunction, Native},
        value::{Base, Class, Instance, ModuleClass, Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

impl<'a> Machine<'a> {
    /// A class of the program, once its body has run.
    pub(crate) fn class(&mut self, frame: &Frame<'a>, node: &'a StmtClassDef) -> Outcome<Value> {
        let base = self.base(frame, node)?;
        let mut names = Map::default();
        if let Some(module) = self.heap.map(frame.globals).get("__name__") {
            names.insert("__module__", module.clone());
        }
        let locals = self.heap.add_map(names);
        let inner = Frame {
            file: frame.file,
            globals: frame.globals,
            locals,
            kind: FrameKind::Class,
            enclosing: frame.scopes(),
        };
        self.deeper(1, |machine| machine.block(&inner, &node.body))?;
        let names = self.heap.map(locals).clone();
        let special =
            ["__del__", "__new__", "__getattribute__", "__setattr__", "__set_name__", "__slots__"];
        if let Some(name) = special.into_iter().find(|name| names.contains(name)) {
            return outside(format!("a class with `{name}`"));
        }
        let name = node.name.as_str().into();
        Ok(Value::Object(self.heap.add(Object::Class(Class { name, base, names }))))
    }

    fn base(&mut self, frame: &Frame<'a>, node: &'a StmtClassDef) -> Outcome<Base> {
        let Some(arguments) = &node.arguments else { return Ok(Base::Object) };
        let (bases, keywords) = (&arguments.args, &arguments.keywords);
        if bases.len() > 1 || !keywords.is_empty() {
            return outside("a class with several bases or a metaclass");
        }
        let Some(base) = bases.first() else { return Ok(Base::Object) };
        match self.expression(frame, base)? {
            Value::Native(Native::Exception(class)) => Ok(Base::Exception(class)),
            Value::Native(Native::Function(NativeFunction::ObjectClass)) => Ok(Base::Object),
            Value::Native(Native::Function(NativeFunction::ModuleType)) => Ok(Base::Module),
            Value::Object(handle) if matches!(self.heap.get(handle), Object::Class(_)) => {
                Ok(Base::Class(handle))
            }
            other => outside(format!("a class that derives from {}", self.type_name(&other))),
        }
    }

    pub(crate) fn instantiate(&mut self, class: Handle, arguments: Arguments) -> Outcome<Value> {
        let value = Value::Object(class);
        if let Some(class) = self.exception_class(&value) {
            return self.make_exception(class, arguments);
        }
        let instance = if self.is_class_of_modules(class) {
            self.module_of_class(class, &arguments)?
        } else {
            let instance = Instance { class: Some(class), fields: Map::default() };
            Value::Object(self.heap.add(Object::Instance(instance)))
        };
        let Some(init) = self.find_in_class(class, "__init__") else {
            if self.is_class_of_modules(class) {
                return Ok(instance);
            }
            self.check_used_up(arguments.positional.len(), arguments.keywords.len())?;
            return Ok(instance);
        };
        self.initialise(&init, &instance, arguments)?;
        Ok(instance)
    }

    /// Whether a class derives from `types.ModuleType`.
    pub(crate) fn is_class_of_modules(&self, class: Handle) -> bool {
        match self.heap.get(class) {
            Object::Class(class) => match class.base {
                Base::Module => true,
                Base::Class(base) => self.is_class_of_modules(base),
                Base::Object | Base::Exception(_) => false,
            },
            _ => false,
        }
    }

    fn module_of_class(&mut self, class: Handle, arguments: &Arguments) -> Outcome<Value> {
        let [Value::Text(name)] = &arguments.positional[..] else {
            return outside("a module that is made with other arguments than its name");
        };
        let value = self.new_module(Text::clone(name), false);
        if let Value::Object(handle) = &value
            && let Object::Module(module) = self.heap.get_mut(*handle)
        {
            module.class = ModuleClass::User(class);
        }
        Ok(value)
    }

    fn initialise(&mut self, init: &Value, object: &Value, arguments: Arguments) -> Outcome<()> {
        let Arguments { mut positional, keywords } = arguments;
        positional.insert(0, object.clone());
        self.call(init, Arguments { positional, keywords }).map(drop)
    }

    /// `SomeError(...)`.
    pub(crate) fn make_exception(
        &mut self,
        class: ExceptionClass,
        arguments: Arguments,
    ) -> Outcome<Value> {
        let own_init = match class {
            ExceptionClass::User(class) => self.find_in_class(class, "__init__"),
            ExceptionClass::Builtin(_) => None,
        };
        let args: Rc<[Value]> = arguments.positional.clone().into();
        let handle = self.new_exception(class, args);
        let exception = Value::Object(handle);
        if let Some(init) = own_init {
            self.initialise(&init, &exception, arguments)?;
            return Ok(exception);
        }
        let import_error = ExceptionClass::Builtin(Builtin::IMPORT_ERROR);
        for (name, value) in arguments.keywords {
            if !self.is_subclass(class, import_error) || !["name", "path"].contains(&&*name) {
                return doubt(format!("the argument `{name}` of an exception"), "it is not known");
            }
            if let Object::Exception(exception) = self.heap.get_mut(handle) {
                exception.fields.insert(name, value);
            }
        }
        Ok(exception)
    }
}
