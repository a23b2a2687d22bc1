//! Functions, classes and singletons of the interpreter that the model knows.

use crate::model::object::exceptions::Builtin;

/// Something of the interpreter's own that a program can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Native {
    /// A class of exceptions.
    Exception(Builtin),
    /// A function or another class.
    Function(Function),
    /// A finder of `sys.meta_path`.
    Finder(Finder),
    Ellipsis,
    /// `sys.flags`
    Flags,
    NotImplemented,
    /// A function or class of the library, by its full name; what it does is in `natives`.
    Library(&'static str),
    /// The name of a module of the library that is in `sys.modules`, or that module; whichever it is.
    SomeModule,
    /// Another class, of which the model knows the name alone.
    Type(&'static str),
}

/// Functions and classes, by the names that Python has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    BoolClass,
    Callable,
    DelAttr,
    DictClass,
    DunderImport,
    GetAttr,
    Globals,
    HasAttr,
    IntClass,
    IsInstance,
    Len,
    ListClass,
    ObjectClass,
    Print,
    Range,
    Repr,
    SetAttr,
    StrClass,
    TupleClass,
    Type,
    Vars,
    /// `importlib.import_module`
    ImportModule,
    /// `importlib.reload`
    Reload,
    /// `importlib.invalidate_caches`
    InvalidateCaches,
    /// `importlib.util.find_spec`
    FindSpec,
    /// `importlib.util.module_from_spec`
    ModuleFromSpec,
    /// `importlib.machinery.ModuleSpec`
    ModuleSpec,
    /// `types.ModuleType`
    ModuleType,
    /// `types.SimpleNamespace`
    SimpleNamespace,
    /// `threading.Thread`
    Thread,
    /// `_thread.start_new_thread`
    StartNewThread,
    /// `_thread.allocate_lock`
    AllocateLock,
    /// `pickle.loads`
    PickleLoads,
    /// `warnings.warn`
    Warn,
}

/// The finders that every interpreter starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finder {
    /// `BuiltinImporter`
    Builtin,
    /// `FrozenImporter`
    Frozen,
    /// `PathFinder`
    Path,
}

impl Function {
    /// `__name__`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BoolClass => "bool",
            Self::Callable => "callable",
            Self::DelAttr => "delattr",
            Self::DictClass => "dict",
            Self::DunderImport => "__import__",
            Self::GetAttr => "getattr",
            Self::Globals => "globals",
            Self::HasAttr => "hasattr",
            Self::IntClass => "int",
            Self::IsInstance => "isinstance",
            Self::Len => "len",
            Self::ListClass => "list",
            Self::ObjectClass => "object",
            Self::Print => "print",
            Self::Range => "range",
            Self::Repr => "repr",
            Self::SetAttr => "setattr",
            Self::StrClass => "str",
            Self::TupleClass => "tuple",
            Self::Type => "type",
            Self::Vars => "vars",
            Self::ImportModule => "import_module",
            Self::Reload => "reload",
            Self::InvalidateCaches => "invalidate_caches",
            Self::FindSpec => "find_spec",
            Self::ModuleFromSpec => "module_from_spec",
            Self::ModuleSpec => "ModuleSpec",
            // `type(sys).__name__`
            Self::ModuleType => "module",
            Self::SimpleNamespace => "SimpleNamespace",
            Self::Thread => "Thread",
            Self::StartNewThread => "start_new_thread",
            Self::AllocateLock => "allocate_lock",
            Self::PickleLoads => "loads",
            Self::Warn => "warn",
        }
    }

    /// Whether it is a class that objects can be instances of.
    pub(crate) fn is_class(self) -> bool {
        matches!(
            self,
            Self::BoolClass
                | Self::DictClass
                | Self::IntClass
                | Self::ListClass
                | Self::ObjectClass
                | Self::StrClass
                | Self::TupleClass
                | Self::Type
                | Self::Range
                | Self::ModuleSpec
                | Self::ModuleType
                | Self::SimpleNamespace
                | Self::Thread
        )
    }

    /// What the name of a builtin stands for.
    pub(crate) fn builtin(name: &str) -> Option<Self> {
        const BUILTINS: [Function; 21] = [
            Function::BoolClass,
            Function::Callable,
            Function::DelAttr,
            Function::DictClass,
            Function::DunderImport,
            Function::GetAttr,
            Function::Globals,
            Function::HasAttr,
            Function::IntClass,
            Function::IsInstance,
            Function::Len,
            Function::ListClass,
            Function::ObjectClass,
            Function::Print,
            Function::Range,
            Function::Repr,
            Function::SetAttr,
            Function::StrClass,
            Function::TupleClass,
            Function::Type,
            Function::Vars,
        ];
        BUILTINS.into_iter().find(|function| function.name() == name)
    }
}

/// Builtins that `natives` has.
#[rustfmt::skip]
pub(crate) const LIBRARY_BUILTINS: &[&str] = &[
    "all", "any", "bytes", "classmethod", "compile", "enumerate", "exec", "filter", "frozenset",
    "issubclass", "iter", "locals", "map", "max", "min", "next", "open", "property", "reversed",
    "set", "sorted", "sum", "staticmethod", "super", "zip",
];

/// Builtins that the model knows by name only. A name that is neither here nor above is no builtin.
#[rustfmt::skip]
const UNKNOWN_BUILTINS: &[&str] = &[
    "__build_class__", "__doc__", "__lazy_import__", "__loader__", "__name__",
    "__package__", "__spec__", "BaseExceptionGroup", "ExceptionGroup", "UnicodeDecodeError",
    "UnicodeEncodeError", "UnicodeTranslateError", "_", "_IncompleteInputError", "abs", "aiter",
    "anext", "ascii", "bin", "breakpoint", "bytearray", "chr",
    "complex", "copyright", "credits", "dir", "divmod", 
    "eval", "exit", "float", "format", "frozendict", "hash", "help",
    "hex", "id", "input", "license", "memoryview",
    "oct", "ord", "pow", "quit", "round",
    "sentinel", "slice",
];

/// Whether `name` is, in some version, a builtin that the model does not know.
pub(crate) fn is_unknown_builtin(name: &str) -> bool {
    UNKNOWN_BUILTINS.contains(&name)
}

/// Whether `name` is, in some version, a builtin.
pub(crate) fn is_builtin(name: &str) -> bool {
    Function::builtin(name).is_some()
        || Builtin::named(name, u32::MAX).is_some()
        || LIBRARY_BUILTINS.contains(&name)
        || is_unknown_builtin(name)
        || ["__debug__", "Ellipsis", "NotImplemented", "None", "True", "False"].contains(&name)
}

/// `abc.ABCMeta`
pub(crate) const ABC_META: &str = "ABCMeta";
