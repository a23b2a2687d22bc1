//! Python's objects, as far as the model has them.
//!
//! Everything that has an identity lies in the [heap](crate::model::heap) and is referred to by a handle,
//! so that cycles (modules, functions, their globals) need no care and dropping never recurses.

use std::rc::Rc;

use ruff_python_ast::{Expr, Parameters, Stmt};

use crate::model::{
    language::{generator::Generator, iteration::Iter},
    machine::Scope,
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::{Handle, MapId},
        map::{Map, Text},
        native::Native,
    },
    source::sources::FileId,
};

pub(crate) use crate::model::object::machinery::{
    FileFinder, LazyImport, LazyState, Loader, NamespacePath, OpenArchive, OpenFile, Spec,
    ZipImporter,
};

/// A reference to an object, or an object without an identity that matters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text),
    Bytes(Rc<[u8]>),
    /// A function, class or object of the interpreter itself.
    Native(Native),
    /// A dictionary.
    Dict(MapId),
    /// Anything with contents of its own.
    Object(Handle),
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn is_none(&self) -> bool {
        *self == Self::None
    }
}

#[derive(Debug)]
pub(crate) enum Object<'a> {
    Module(Module),
    List(Vec<Value>),
    Tuple(Box<[Value]>),
    Function(Function<'a>),
    /// A function found through an instance: what it is called with first, and the function.
    Method(Value, Value),
    /// A method of one of the interpreter's own types, found through an object of it.
    NativeMethod(Value, Text),
    Set(Vec<Value>),
    Wrapped(Wrapper, Value),
    Super(Super),
    Generator(Box<Generator<'a>>),
    /// What `iter()` gives for a container.
    Iterator(Iter),
    Class(Class),
    Instance(Instance),
    Exception(Exception),
    Spec(Spec),
    Loader(Loader),
    FileFinder(FileFinder),
    /// A code object, made by `compile()`, and the name of its file.
    Code(FileId, Text),
    File(OpenFile),
    /// `zipfile.ZipFile`, open for writing.
    Archive(OpenArchive),
    LazyImport(LazyImport),
    Event(Event),
    NamespacePath(NamespacePath),
    Thread(Thread),
    Lock(Lock),
}

/// `super()` in a function of the class `owner`.
#[derive(Clone, Debug)]
pub(crate) struct Super {
    pub(crate) owner: Handle,
    pub(crate) receiver: Value,
}

/// What a decorator of the interpreter's own has made of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    /// `@staticmethod`
    Static,
    /// `@classmethod`
    Class,
    /// `@property`
    Property,
    /// `@functools.cached_property`
    Cached,
    /// `@abc.abstractmethod`
    Abstract,
}

/// A module. Its attributes are the entries of a dictionary, which `globals()` gives away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    pub(crate) dict: MapId,
    /// What it is an instance of.
    pub(crate) class: ModuleClass,
    /// Whether it belongs to the standard library, so that it has more attributes than are known.
    pub(crate) library: bool,
}

/// `type(module)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModuleClass {
    /// `types.ModuleType`
    Plain,
    /// `importlib.util._LazyModule`
    Lazy,
    /// A class of the program's that derives from `types.ModuleType`.
    User(Handle),
}

#[derive(Clone, Debug)]
pub(crate) struct Function<'a> {
    pub(crate) name: Text,
    pub(crate) parameters: Option<&'a Parameters>,
    /// Of the parameters that have one, in order.
    pub(crate) defaults: Rc<[Value]>,
    pub(crate) body: Body<'a>,
    pub(crate) file: FileId,
    pub(crate) globals: MapId,
    /// The names of the block that defines it.
    pub(crate) defined_in: MapId,
    /// `__dict__`, once something was put into it.
    pub(crate) attributes: Option<MapId>,
    /// `__class__`: the class in whose body it is defined.
    pub(crate) owner: Option<Handle>,
    /// The functions around it, innermost last.
    pub(crate) enclosing: Rc<[Scope<'a>]>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Body<'a> {
    Block(&'a [Stmt]),
    /// Of a `lambda`.
    Expression(&'a Expr),
}

#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: Text,
    pub(crate) root: Root,
    /// `__mro__` without the class itself and without the interpreter's classes.
    pub(crate) ancestors: Rc<[Handle]>,
    pub(crate) names: Map,
}

/// Which of the interpreter's classes a class derives from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Object,
    Exception(Builtin),
    /// `types.ModuleType`
    Module,
    /// `str`
    Text,
}

#[derive(Debug)]
pub(crate) struct Instance {
    /// Nothing for a `types.SimpleNamespace`.
    pub(crate) class: Option<Handle>,
    /// `__dict__`
    pub(crate) fields: MapId,
}

#[derive(Debug)]
pub(crate) struct Exception {
    pub(crate) class: ExceptionClass,
    pub(crate) args: Rc<[Value]>,
    /// Whether the model knows the type only, as of what Python's own parser refuses.
    pub(crate) unknown_message: bool,
    /// `name` and `path` of an `ImportError`, and what the program has added.
    pub(crate) fields: Map,
}

/// `threading.Event`
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Event {
    pub(crate) is_set: bool,
}

/// `threading.Thread`.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    pub(crate) target: Value,
    pub(crate) args: Vec<Value>,
    /// Its number once it has been started.
    pub(crate) number: Option<usize>,
}

/// `_thread.allocate_lock()`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lock {
    pub(crate) locked: bool,
    /// The thread that released it last.
    pub(crate) released_by: Option<usize>,
}
