//! Instances of the program's classes, exceptions among them, and `super()`.

use std::rc::Rc;

use crate::model::{
    language::call::Arguments,
    machine::{Frame, FrameKind, Machine},
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::Handle,
        map::{Map, Text},
        value::{Class, Instance, Module, ModuleClass, Object, Root, Super, Value, Wrapper},
    },
    stop::{Outcome, doubt, outside},
};

/// Methods that every object has: a name for what `super()` finds behind the program's classes.
const OF_OBJECT: [&str; 3] = ["__init__", "__init_subclass__", "__setattr__"];

impl<'a> Machine<'a> {
    pub(crate) fn instantiate(&mut self, class: Handle, arguments: Arguments) -> Outcome<Value> {
        let value = Value::Object(class);
        if let Some(class) = self.exception_class(&value) {
            return self.make_exception(class, arguments);
        }
        if self.is_abstract(class) {
            return Err(self.error_without_message("TypeError"));
        }
        let root = self.root_of(class);
        let instance = match root {
            Root::Module => self.module_of_class(class, &arguments)?,
            Root::Text => self.text_of_class(class, &arguments)?,
            Root::Object | Root::Exception(_) => Value::Object(self.instance_of(class)),
        };
        let Some(init) = self.find_in_class(class, "__init__") else {
            if root == Root::Object {
                self.check_used_up(arguments.positional.len(), arguments.keywords.len())?;
            }
            return Ok(instance);
        };
        self.initialise(&init, &instance, arguments)?;
        Ok(instance)
    }

    /// Whether a class of `abc.ABCMeta` has methods that a class derived from it has to define.
    fn is_abstract(&self, class: Handle) -> bool {
        let Object::Class(own) = self.heap.get(class) else { return false };
        let is_abstract = |value: &Value| {
            matches!(value, Value::Object(handle)
                if matches!(self.heap.get(*handle), Object::Wrapped(Wrapper::Abstract, _)))
        };
        let all = own.ancestors.iter().chain([&class]);
        let mut names = all.flat_map(|one| match self.heap.get(*one) {
            Object::Class(Class { names, .. }) => {
                names.iter().filter(|(_, value)| is_abstract(value)).map(|(name, _)| name).collect()
            }
            _ => Vec::new(),
        });
        names.any(|name| self.find_in_class(class, name).is_some_and(|value| is_abstract(&value)))
    }

    fn instance_of(&mut self, class: Handle) -> Handle {
        let fields = self.heap.add_map(Map::default());
        self.heap.add(Object::Instance(Instance { class: Some(class), fields }))
    }

    /// Which of the interpreter's classes a class derives from.
    pub(crate) fn root_of(&self, class: Handle) -> Root {
        match self.heap.get(class) {
            Object::Class(Class { root, .. }) => *root,
            _ => Root::Object,
        }
    }

    fn module_of_class(&mut self, class: Handle, arguments: &Arguments) -> Outcome<Value> {
        let [Value::Text(name), ..] = &arguments.positional[..] else {
            return outside("a module that is made without its name as the first argument");
        };
        let value = self.new_module(Text::clone(name), false);
        if let Value::Object(handle) = &value
            && let Object::Module(module) = self.heap.get_mut(*handle)
        {
            module.class = ModuleClass::User(class);
        }
        Ok(value)
    }

    fn text_of_class(&mut self, class: Handle, arguments: &Arguments) -> Outcome<Value> {
        let text = match &arguments.positional[..] {
            [] => Text::from(""),
            [value] => Text::from(self.str_of(value)?),
            _ => return outside("a text that is made of bytes"),
        };
        let object = self.instance_of(class);
        Ok(Value::Text(text.of_object(object)))
    }

    /// `type(text)` of a text whose class is one of the program's.
    pub(crate) fn class_of_text(&self, text: &Text) -> Value {
        match text.object().map(|object| self.heap.get(object)) {
            Some(Object::Instance(Instance { class: Some(class), .. })) => Value::Object(*class),
            _ => Value::None,
        }
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
        match own_init {
            Some(init) => self.initialise(&init, &exception, arguments)?,
            None => self.init_exception(handle, arguments)?,
        }
        Ok(exception)
    }

    /// `BaseException.__init__` and that of `ImportError`.
    fn init_exception(&mut self, handle: Handle, arguments: Arguments) -> Outcome<()> {
        let class = self.class_of_exception(handle);
        let is_import_error =
            self.is_subclass(class, ExceptionClass::Builtin(Builtin::IMPORT_ERROR));
        let Object::Exception(exception) = self.heap.get_mut(handle) else { return Ok(()) };
        exception.args = arguments.positional.into();
        for (name, value) in arguments.keywords {
            if !is_import_error || !["name", "path"].contains(&&*name) {
                return doubt(format!("the argument `{name}` of an exception"), "it is not known");
            }
            exception.fields.insert(name, value);
        }
        Ok(())
    }

    /// `super()`, and `super(class, object)`.
    pub(crate) fn make_super(&mut self, frame: &Frame<'a>, args: &[Value]) -> Outcome<Value> {
        let (owner, receiver) = match (args, frame.owner, &frame.kind) {
            ([], Some(owner), FrameKind::Function(bound)) => {
                let first = bound.first().and_then(|name| self.heap.map(frame.locals).get(name));
                match first {
                    Some(receiver) => (owner, receiver.clone()),
                    None => return outside("a `super()` whose object is gone"),
                }
            }
            ([Value::Object(owner), receiver], ..) => (*owner, receiver.clone()),
            _ => return outside("a `super()` that is in no method"),
        };
        Ok(Value::Object(self.heap.add(Object::Super(Super { owner, receiver }))))
    }

    /// The class whose order of bases `super()` follows, and whether its receiver is that class.
    fn class_behind(&self, receiver: &Value) -> Option<(Handle, bool)> {
        match receiver {
            Value::Text(text) => match self.class_of_text(text) {
                Value::Object(class) => Some((class, false)),
                _ => None,
            },
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Class(_) => Some((*handle, true)),
                Object::Instance(Instance { class, .. }) => class.map(|class| (class, false)),
                Object::Module(Module { class: ModuleClass::User(class), .. }) => {
                    Some((*class, false))
                }
                Object::Exception(exception) => match exception.class {
                    ExceptionClass::User(class) => Some((class, false)),
                    ExceptionClass::Builtin(_) => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// `super().name`
    pub(crate) fn lookup_in_super(&mut self, of: &Super, name: &str) -> Outcome<Option<Value>> {
        let Some((class, is_class)) = self.class_behind(&of.receiver) else {
            return outside("a `super()` of what is no object of the program's");
        };
        let Object::Class(Class { ancestors, .. }) = self.heap.get(class) else { return Ok(None) };
        let start = match ancestors.iter().position(|ancestor| *ancestor == of.owner) {
            Some(position) => position + 1,
            None if class == of.owner => 0,
            None => return outside("a `super()` of a class that the object is not of"),
        };
        if let Some(found) = self.find_in_classes(&ancestors[start..], name) {
            let instance = (!is_class).then(|| of.receiver.clone());
            return self.bind(instance, class, found).map(Some);
        }
        match OF_OBJECT.iter().find(|known| **known == name) {
            Some(name) => {
                let method = Object::NativeMethod(of.receiver.clone(), Text::from(*name));
                Ok(Some(Value::Object(self.heap.add(method))))
            }
            None => outside(format!("`super().{name}` of a class of the interpreter's")),
        }
    }

    /// `exception.add_note(note)`, from 3.11 on.
    fn add_note(&mut self, exception: Handle, note: &Value) -> Outcome<()> {
        let Object::Exception(of) = self.heap.get(exception) else { return Ok(()) };
        let known = of.fields.get("__notes__").cloned();
        let notes = known.unwrap_or_else(|| self.list(Vec::new()));
        if let Object::Exception(of) = self.heap.get_mut(exception) {
            of.fields.insert("__notes__", notes.clone());
        }
        match notes {
            Value::Object(notes) => {
                self.list_method(notes, "append", std::slice::from_ref(note)).map(drop)
            }
            _ => outside("the notes of an exception that are no list"),
        }
    }

    /// What [`Self::lookup_in_super`] finds in the interpreter's classes. Nothing if it is another.
    pub(crate) fn call_of_object(
        &mut self,
        receiver: &Value,
        name: &str,
        arguments: &Arguments,
    ) -> Option<Outcome<Value>> {
        let done = match (name, receiver, &arguments.positional[..]) {
            ("__setattr__", _, [Value::Text(name), value]) => {
                self.set_plainly(receiver, name, value.clone())
            }
            ("__init_subclass__", _, []) => self.check_used_up(0, arguments.keywords.len()),
            ("__init__", Value::Object(handle), args) => match self.heap.get(*handle) {
                Object::Exception(_) => self.init_exception(*handle, arguments.clone()),
                Object::Module(module) => match args {
                    [name] => {
                        self.heap.map_mut(module.dict).insert("__name__", name.clone());
                        Ok(())
                    }
                    _ => outside("a module that is made with other arguments than its name"),
                },
                _ => self.check_used_up(args.len(), arguments.keywords.len()),
            },
            ("__init__", Value::Text(_), _) => Ok(()),
            ("add_note", Value::Object(handle), [note @ Value::Text(_)]) => {
                self.add_note(*handle, note)
            }
            _ => return None,
        };
        Some(done.map(|()| Value::None))
    }
}
