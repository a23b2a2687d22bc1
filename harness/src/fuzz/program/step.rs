//! What the bodies of random programs are made of.

use proptest::sample::Index;

/// One statement, or a few that belong together.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `import a.b`
    Import(ModuleName),
    /// `import a.b as t`
    ImportAs(ModuleName),
    /// `from a.b import x, y`
    From(ModuleName, Vec<Attribute>),
    /// `from a.b import x as t`
    FromAs(ModuleName, Attribute),
    /// `from a.b import *`
    Star(ModuleName),
    /// `from ..x import y`: the number of dots, what follows them, and the names.
    Relative(usize, Option<Attribute>, Vec<Attribute>),
    /// `from .x import *`
    RelativeStar(usize, Option<Attribute>),
    /// A function of importlib, or `__import__()`.
    Call(Call),
    /// One of importlib's own functions.
    Function(Function),
    /// A child process, which the program waits for. What the child does is no part of the program.
    Fork(Body, Leave),
    /// A thread, which the program waits for before it goes on.
    Thread(Body),
    /// A change of `sys.modules`, or a look into it.
    Modules(Entry),
    /// A change of the module's own names.
    Own(Own),
    /// Reading, setting, deleting an attribute of a module.
    Attribute(Access, ModuleName, Attribute),
    /// `raise …`
    Raise(Failure),
    /// A statement with others in it; or, where shrinking has tried that, these alone.
    Block { whole: bool, block: Block },
    /// `def __getattr__(name)`
    Getattr(Getattr),
    /// A finder at the front of `sys.meta_path`.
    Finder(FinderSort, ModuleName),
}

/// The statements of one module, function or block.
pub(crate) type Body = Vec<Guarded>;

/// A statement, and what of its failure is caught where it stands: `try: … except …: pass`.
#[derive(Clone, Debug)]
pub(crate) struct Guarded {
    pub(crate) guard: Option<&'static str>,
    pub(crate) step: Step,
}

/// A name among those that modules and attributes have.
pub(crate) type Attribute = &'static str;

/// What a program takes for a module.
#[derive(Clone, Debug)]
pub(crate) enum ModuleName {
    /// One of the tree's.
    Existing(Index),
    /// A child of one of the tree's, which may or may not exist.
    Child(Index, Attribute),
    /// Any other.
    Any(Attribute),
}

#[derive(Clone, Debug)]
pub(crate) enum Call {
    ImportModule(ModuleName),
    /// `importlib.import_module(".x", "a.b")`
    ImportModuleRelative(usize, Attribute, ModuleName),
    DunderImport(ModuleName, Vec<Attribute>),
    /// `__import__("x", globals(), None, ["y"], 1)`
    DunderImportRelative(usize, Attribute, Vec<Attribute>),
    Reload(ModuleName),
    FindSpec(ModuleName),
    InvalidateCaches,
}

/// How a forked child leaves, unless its body has ended it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leave {
    /// `os._exit(0)`
    AtOnce,
    /// `sys.exit(3)`
    Exit,
    /// It fails.
    Fail,
    /// It goes on to the end of the program, as another program.
    GoOn,
}

/// What programs do with importlib's own functions. `sys.find_and_load` is one that was taken before.
#[derive(Clone, Debug)]
pub(crate) enum Function {
    /// `sys.find_and_load("a", _bootstrap._gcd_import)`
    Before(ModuleName),
    /// `_bootstrap._find_and_load("a", _bootstrap._gcd_import)`
    Now(ModuleName),
    /// `_bootstrap._find_spec("a", None)`
    Search(ModuleName),
    /// `importlib.__import__("a", fromlist=["x"])`
    DunderImport(ModuleName, Vec<Attribute>),
    /// Another function is put in the place of one: the name, and the new one.
    Replace(&'static str, &'static str),
}

#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Delete(ModuleName),
    Pop(ModuleName),
    /// `sys.modules["a"] = None`
    Block(ModuleName),
    /// `sys.modules["a"] = type(sys)("b")`
    New(ModuleName, ModuleName),
    /// `sys.modules["a"] = sys.modules.get("b")`
    Alias(ModuleName, ModuleName),
    /// `sys.modules["a"] = SimpleNamespace(x=1, …)`
    Object(ModuleName, Attribute),
    /// `assert "a" in sys.modules`
    Expect(ModuleName),
}

#[derive(Clone, Debug)]
pub(crate) enum Own {
    Bind(Attribute),
    Unbind(Attribute),
    /// `x.y`
    Use(Attribute, Attribute),
    All(Vec<Attribute>),
    /// `del sys.modules[__name__]`
    Leave,
    /// `sys.modules[__name__] = sys.modules.get("a")`
    ReplaceBy(ModuleName),
    /// `sys.modules[__name__] = SimpleNamespace(x=1)`
    ReplaceByObject(Attribute),
    /// `del __spec__` and the like.
    Delete(&'static str),
    /// `__package__ = None`
    ForgetPackage,
    Rename(ModuleName),
    /// `__path__ = [sys.path[0] + "/a/b"]`
    Path(ModuleName),
    /// `__path__.append(…)`
    MorePath(ModuleName),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    Get,
    Has,
    Set,
    Delete,
}

#[derive(Clone, Debug)]
pub(crate) enum Failure {
    Value,
    /// `raise ImportError("…", name="a")`
    Import(ModuleName),
    NotFound(ModuleName),
    Attribute,
    /// `1 / 0`
    Division,
    Exit,
    /// A bare `raise`.
    Again,
    /// `raise KeyError from ValueError()`
    From,
    /// A name that nothing binds.
    Name,
    /// Text that is no Python: the whole module fails to compile.
    Syntax,
}

#[derive(Clone, Debug)]
pub(crate) enum Block {
    Try {
        body: Body,
        catches: &'static str,
        handler: Body,
    },
    TryElse {
        body: Body,
        catches: &'static str,
        handler: Body,
        orelse: Body,
    },
    Finally {
        body: Body,
        last: Body,
    },
    /// `if "a" in sys.modules:`
    If {
        module: ModuleName,
        then: Body,
        orelse: Body,
    },
    /// `for i in range(2):`
    Twice(Body),
    /// `while True: …; break`
    Once(Body),
    /// `def f(): …`, and a call.
    Function(Body),
}

/// A module's `__getattr__`: for one name it runs something and then answers or not; for all
/// others it raises `AttributeError`.
#[derive(Clone, Debug)]
pub(crate) struct Getattr {
    pub(crate) name: &'static str,
    pub(crate) body: Body,
    pub(crate) answers: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum FinderSort {
    /// It finds nothing.
    Blind,
    /// It raises `ImportError` for its module.
    Refusing,
    /// It has its module in memory.
    Serving,
    /// It has its module in memory, and loading that fails.
    Breaking,
}
