//! Classes of the program: how they are made.

use std::rc::Rc;

use ruff_python_ast::StmtClassDef;

use crate::model::{
    language::call::Arguments,
    machine::{Frame, FrameKind, Machine},
    object::{
        heap::{Handle, MapId},
        map::{Map, Text},
        native::{ABC_META, Function as NativeFunction, Native},
        value::{Class, Object, Root, Value, Wrapper},
    },
    stop::{Outcome, outside},
};

/// What a class may define that the model does not follow.
const NOT_FOLLOWED: [&str; 10] = [
    "__del__",
    "__new__",
    "__getattribute__",
    "__delattr__",
    "__set_name__",
    "__slots__",
    "__get__",
    "__set__",
    "__delete__",
    "__class_getitem__",
];

/// Of what the model does with texts, what a class that derives from `str` may change.
const OF_TEXTS: [&str; 7] =
    ["__str__", "__repr__", "__module__", "__qualname__", "__doc__", "__init__", "__annotations__"];

/// The classes that a class derives from.
struct Bases {
    root: Root,
    ancestors: Rc<[Handle]>,
    /// What stands behind the bases, for `__init_subclass__`.
    keywords: Vec<(Text, Value)>,
}

impl<'a> Machine<'a> {
    /// A class of the program, once its body has run.
    pub(crate) fn class(&mut self, frame: &Frame<'a>, node: &'a StmtClassDef) -> Outcome<Value> {
        let Bases { root, ancestors, keywords } = self.bases(frame, node)?;
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
            owner: None,
            enclosing: frame.scopes(),
        };
        self.deeper(1, |machine| machine.block(&inner, &node.body))?;
        let names = self.heap.map(locals).clone();
        check_names(&names, root)?;
        let name = node.name.as_str().into();
        let class = self.heap.add(Object::Class(Class { name, root, ancestors, names }));
        self.own_functions(class, locals)?;
        self.init_subclass(class, keywords)?;
        Ok(Value::Object(class))
    }

    fn bases(&mut self, frame: &Frame<'a>, node: &'a StmtClassDef) -> Outcome<Bases> {
        let Arguments { positional, mut keywords } = match &node.arguments {
            Some(arguments) => self.arguments(frame, arguments)?,
            None => Arguments::default(),
        };
        keywords.retain(|(name, value)| {
            &**name != "metaclass" || *value != Value::Native(Native::Type(ABC_META))
        });
        if keywords.iter().any(|(name, _)| &**name == "metaclass") {
            return outside("a class with a metaclass");
        }
        let (mut roots, mut classes) = (Vec::new(), Vec::new());
        for base in &positional {
            roots.push(match base {
                Value::Native(Native::Exception(class)) => Root::Exception(*class),
                Value::Native(Native::Function(NativeFunction::ObjectClass)) => Root::Object,
                Value::Native(Native::Function(NativeFunction::ModuleType)) => Root::Module,
                Value::Native(Native::Function(NativeFunction::StrClass)) => Root::Text,
                Value::Object(handle) => match self.heap.get(*handle) {
                    Object::Class(class) => {
                        classes.push(*handle);
                        class.root
                    }
                    _ => return outside("a class that derives from what is no class"),
                },
                other => {
                    return outside(format!(
                        "a class that derives from {}",
                        self.class_text(other)
                    ));
                }
            });
        }
        let Some(root) = deepest(&roots) else {
            return outside("a class that derives from several of the interpreter's");
        };
        let Some(ancestors) = self.linearized(&classes) else {
            return Err(self.error_without_message("TypeError"));
        };
        Ok(Bases { root, ancestors: ancestors.into(), keywords })
    }

    fn class_text(&self, value: &Value) -> String {
        match value {
            Value::Native(Native::Function(function)) => format!("`{}`", function.name()),
            Value::Native(Native::Type(name) | Native::Library(name)) => format!("`{name}`"),
            _ => self.type_name(value),
        }
    }

    /// The order of C3 for classes that derive from these; nothing where there is none.
    fn linearized(&self, bases: &[Handle]) -> Option<Vec<Handle>> {
        let mut lines: Vec<Vec<Handle>> = bases
            .iter()
            .map(|base| match self.heap.get(*base) {
                Object::Class(class) => [&[*base][..], &class.ancestors].concat(),
                _ => vec![*base],
            })
            .collect();
        lines.push(bases.to_vec());
        let mut order = Vec::new();
        loop {
            lines.retain(|line| !line.is_empty());
            if lines.is_empty() {
                return Some(order);
            }
            let is_free = |class: &Handle| !lines.iter().any(|line| line[1..].contains(class));
            let next = lines.iter().map(|line| line[0]).find(is_free)?;
            order.push(next);
            for line in &mut lines {
                line.retain(|class| *class != next);
            }
        }
    }

    /// Functions that the body of a class defines know the class, for `super()`.
    fn own_functions(&mut self, class: Handle, locals: MapId) -> Outcome<()> {
        let Object::Class(Class { names, .. }) = self.heap.get(class) else { return Ok(()) };
        let values: Vec<Value> = names.iter().map(|(_, value)| value.clone()).collect();
        for value in values {
            let mut current = value;
            while let Value::Object(handle) = current {
                current = match self.heap.get_mut(handle) {
                    Object::Function(function) => {
                        if function.defined_in == locals {
                            function.owner = Some(class);
                        }
                        break;
                    }
                    Object::Wrapped(_, inner) => inner.clone(),
                    _ => break,
                };
                self.step()?;
            }
        }
        Ok(())
    }

    /// `super(class, class).__init_subclass__(**keywords)`
    fn init_subclass(&mut self, class: Handle, keywords: Vec<(Text, Value)>) -> Outcome<()> {
        if let Object::Class(Class { names, .. }) = self.heap.get(class)
            && let Some(Value::Object(own)) = names.get("__init_subclass__").cloned()
            && let Object::Function(_) = self.heap.get(own)
        {
            // it is a class method without saying so
            let wrapped = Object::Wrapped(Wrapper::Class, Value::Object(own));
            let wrapped = Value::Object(self.heap.add(wrapped));
            if let Object::Class(Class { names, .. }) = self.heap.get_mut(class) {
                names.insert("__init_subclass__", wrapped);
            }
        }
        let Object::Class(Class { ancestors, .. }) = self.heap.get(class) else { return Ok(()) };
        match self.find_in_classes(ancestors, "__init_subclass__") {
            Some(init) => {
                let init = self.bind(None, class, init)?;
                self.call(&init, Arguments { positional: Vec::new(), keywords }).map(drop)
            }
            None => self.check_used_up(0, keywords.len()),
        }
    }
}

/// Abstains from what a class may define and the model does not follow.
fn check_names(names: &Map, root: Root) -> Outcome<()> {
    let is_special = |name: &str| name.starts_with("__") && name.ends_with("__");
    if let Some(name) = NOT_FOLLOWED.into_iter().find(|name| names.contains(name)) {
        return outside(format!("a class with `{name}`"));
    }
    let mut own = names.keys();
    match own.find(|name| is_special(name) && !OF_TEXTS.contains(&&***name)) {
        Some(name) if root == Root::Text => {
            outside(format!("a class that derives from `str` and has `{}`", &**name))
        }
        _ => Ok(()),
    }
}

/// The class of the interpreter's that has all the others as its bases.
fn deepest(roots: &[Root]) -> Option<Root> {
    let mut found = Root::Object;
    for root in roots {
        found = match (found, *root) {
            (Root::Object, root) | (root, Root::Object) => root,
            (Root::Exception(a), Root::Exception(b)) if a.is_below(b) => Root::Exception(a),
            (Root::Exception(a), Root::Exception(b)) if b.is_below(a) => Root::Exception(b),
            (a, b) if a == b => a,
            _ => return None,
        };
    }
    Some(found)
}
