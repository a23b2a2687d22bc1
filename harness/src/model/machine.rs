//! The state of a program being run, and the limits that it runs under.

use std::rc::Rc;

use ruff_python_ast::Stmt;
use tollgate_event::Operation;

use crate::model::{
    abstention::{Doubt, Place},
    disk::{Disk, Member},
    importing::{lazy::Laziness, library, warnings::Warnings},
    language::scope::Bound,
    object::{
        heap::{Handle, Heap, MapId},
        map::{Map, Text},
        value::Value,
    },
    record::Record,
    rules::Rules,
    source::{
        parse::Refusal,
        sources::{FileId, Sources},
    },
    stop::{Outcome, Stop, doubt},
};
use crate::span::Ending;

/// Statements, expressions and rounds of the import system that a program may take.
const MAX_STEPS: u64 = 5_000_000;
/// Objects that it may make.
const MAX_OBJECTS: usize = 10_000_000;
/// How many Python frames may be on top of each other by the model's own estimate. CPython's limit
/// is 1,000, and what the recorder adds depends on the version.
const MAX_FRAMES: usize = 800;
/// Frames of importlib and of the recorder for one import.
const FRAMES_OF_AN_IMPORT: usize = 10;
/// What must be left of the stack, and what is added to it, in bytes.
const STACK: (usize, usize) = (128 * 1024, 2 * 1024 * 1024);

/// A program being run.
pub(super) struct Machine<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) rules: Rules,
    pub(super) heap: Heap<'a>,
    /// `sys.modules`.
    pub(super) modules: MapId,
    /// The attributes of `sys`.
    pub(super) sys: MapId,
    /// The names of `importlib._bootstrap`.
    pub(super) bootstrap: MapId,
    pub(super) record: Record,
    /// The exceptions being handled, innermost last.
    pub(super) handled: Vec<Handle>,
    /// `importlib._RELOADING`.
    pub(super) reloading: Map,
    /// `_NamespacePath._epoch`.
    pub(super) namespace_epoch: u64,
    pub(super) disk: Disk<'a>,
    /// `sys.path_importer_cache`
    pub(super) importers: MapId,
    /// `zipimport._zip_directory_cache`
    pub(super) archives: Vec<(Text, Rc<[Member]>)>,
    /// How many `try` statements of the module that runs are around what runs.
    pub(super) tries: usize,
    /// Every generator that was made.
    pub(super) generators: Vec<Handle>,
    /// `Thread` objects by the numbers of their threads.
    pub(super) thread_objects: Vec<(usize, Value)>,
    /// Codecs that were looked up.
    pub(super) codecs: Vec<String>,
    /// Which warnings become exceptions, and who listens to them.
    pub(super) warnings: Warnings,
    /// What `sys.addaudithook()` was given.
    pub(super) audit_hooks: Vec<Value>,
    /// `sys.lazy_modules`, from 3.15 on, and how lazy imports are decided about.
    pub(super) laziness: Laziness,
    /// Every module ever loaded; only a planted fault looks at it.
    pub(super) ever_loaded: Map,
    steps: u64,
    frames: usize,
}

/// Where a statement runs: which names it sees.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    pub(super) file: FileId,
    pub(super) globals: MapId,
    pub(super) locals: MapId,
    pub(super) kind: FrameKind<'a>,
    /// The class in whose body the function is defined.
    pub(super) owner: Option<Handle>,
    /// The functions around it, innermost last.
    pub(super) enclosing: Rc<[Scope<'a>]>,
}

/// The names of a function, for what is within it.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    /// Those that have a value now.
    pub(super) locals: MapId,
    /// Those that are its own.
    pub(super) bound: Rc<Bound<'a>>,
}

impl<'a> Frame<'a> {
    /// The scopes of a function or class that is defined here. A class body is none for the functions in it.
    pub(super) fn scopes(&self) -> Rc<[Scope<'a>]> {
        match &self.kind {
            FrameKind::Function(bound) => {
                let own = Scope { locals: self.locals, bound: Rc::clone(bound) };
                self.enclosing.iter().cloned().chain([own]).collect()
            }
            FrameKind::Module | FrameKind::Class => Rc::clone(&self.enclosing),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum FrameKind<'a> {
    Module,
    Class,
    Function(Rc<Bound<'a>>),
}

impl<'a> Machine<'a> {
    pub(super) fn new(sources: &'a Sources<'a>, rules: Rules) -> Self {
        let mut heap = Heap::default();
        let modules = heap.add_map(Map::default());
        let sys = heap.add_map(Map::default());
        let bootstrap = heap.add_map(Map::default());
        let importers = heap.add_map(Map::default());
        let mut machine = Self {
            sources,
            rules,
            heap,
            modules,
            sys,
            bootstrap,
            record: Record::default(),
            handled: Vec::new(),
            reloading: Map::default(),
            namespace_epoch: 0,
            disk: Disk::new(sources.program()),
            importers,
            archives: Vec::new(),
            tries: 0,
            generators: Vec::new(),
            thread_objects: Vec::new(),
            codecs: Vec::new(),
            warnings: Warnings::default(),
            audit_hooks: Vec::new(),
            laziness: Laziness::new(sources.program().start().all_lazy),
            ever_loaded: Map::default(),
            steps: 0,
            frames: 0,
        };
        machine.preload();
        machine
    }

    /// The statements of a file; raises or abstains where it has none.
    pub(super) fn body_of(&mut self, file: FileId) -> Outcome<&'a [Stmt]> {
        match self.sources.body(file) {
            Ok(body) => Ok(body),
            Err(Refusal::Syntax(class)) => Err(self.error_without_message(class)),
            Err(Refusal::Doubt { offset, construct, why }) => {
                let place = Place { file, offset: *offset };
                Err(Stop::from(Doubt::new(construct.as_str(), *why)).at(place))
            }
        }
    }

    /// Takes one step of the budget.
    pub(super) fn step(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            let construct = format!("a program that does not end within {MAX_STEPS} steps");
            return doubt(construct, "it may not end at all");
        }
        if self.heap.len() > MAX_OBJECTS {
            let construct = format!("a program that makes more than {MAX_OBJECTS} objects");
            return doubt(construct, "the model keeps them all");
        }
        Ok(())
    }

    /// Takes the steps that going through `items` items is worth.
    pub(super) fn charge(&mut self, items: usize) -> Outcome<()> {
        self.steps += u64::try_from(items / 16).unwrap_or(u64::MAX);
        self.step()
    }

    /// Runs what CPython runs in `frames` frames more.
    pub(super) fn deeper<T>(
        &mut self,
        frames: usize,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        self.step()?;
        if self.frames + frames > MAX_FRAMES {
            let why = "where it strikes depends on the version and on the recorder";
            return doubt("calls or imports near the recursion limit", why);
        }
        self.frames += frames;
        let result = with_stack(|| run(self));
        self.frames -= frames;
        result
    }

    /// Runs an operation of the import system as a span.
    pub(super) fn span<T>(
        &mut self,
        operation: Operation,
        name: &str,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
        ending: impl FnOnce(&T) -> Ending,
    ) -> Outcome<T> {
        self.record.start(operation, name);
        let result = self.deeper(FRAMES_OF_AN_IMPORT / 2, run);
        let ending = match &result {
            Ok(value) => ending(value),
            Err(Stop::Raised(exception)) => Ending::Raised(self.exception_name(*exception)),
            Err(Stop::Abstained(_) | Stop::Exited(_)) => Ending::Unended,
        };
        self.record.end(ending);
        result
    }

    /// `sys.modules.get(name)`, where the model can know.
    pub(super) fn module(&mut self, name: &str) -> Outcome<Option<Value>> {
        self.record.read(name);
        let found = self.heap.map(self.modules).get(name).cloned();
        if found.is_none() && library::may_be_loaded(name) {
            let why = "whether the standard library has loaded it depends on the version";
            return doubt(format!("the module `{name}`"), why);
        }
        Ok(found)
    }

    /// `sys.modules[name] = module`.
    pub(super) fn set_module(&mut self, name: impl Into<Text>, module: Value) {
        let name = name.into();
        self.record.write(&name);
        self.heap.map_mut(self.modules).insert(name, module);
    }

    /// `sys.modules.pop(name, None)`.
    pub(super) fn remove_module(&mut self, name: &str) -> Option<Value> {
        self.record.write(name);
        self.heap.map_mut(self.modules).remove(name)
    }
}

/// Runs `run` with enough stack, however deep it is called.
pub(super) fn with_stack<T>(run: impl FnOnce() -> T) -> T {
    let (red_zone, size) = STACK;
    stacker::maybe_grow(red_zone, size, run)
}
