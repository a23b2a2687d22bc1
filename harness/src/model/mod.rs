//! The model: a reference implementation of what the import system observably does.
//!
//! It reads a scenario's Python with Ruff's parser, runs the subset of the language that import
//! scenarios are made of over files in memory, and predicts the spans, how the program ends and what
//! `sys.modules` holds then. It shares no code and no mechanism with an interpreter, which is what
//! makes it a witness. What it does not understand it names, and abstains.
//!
//! Functions of importlib have their own names here: `_find_and_load` is in `bootstrap`,
//! `_find_spec` and the path finder in `find`, `_load_unlocked` and `_exec` in `load`, what
//! `Python/import.c` and the bytecodes do in `import`. Where versions differ,
//! [`Rules::version`] decides.
//!
//! Modules of the standard library are taken in without spans, for what they import on their own
//! account depends on the version and is outside every scenario's scope.
//!
//! Pure: no files, no clock, no strategies. Steps, objects, depth and sizes are limited, so that
//! every program ends in a prediction or an abstention.

mod abstention;
mod disk;
mod fault;
mod importing;
mod language;

mod machine;
mod natives;
mod object;
mod record;
mod rules;
mod source;
mod stop;

pub use abstention::Abstention;
pub use fault::Fault;
pub use importing::library::is_library;
pub use record::{BodyEdge, BodyEvent};
pub use rules::Rules;
pub use source::program::Program;

use self::{
    abstention::Doubt,
    disk::SITE,
    importing::library,
    machine::{Machine, with_stack},
    object::{
        string::{canonical, has_halves},
        value::{Module, Object, Value},
    },
    source::sources::{FileId, Sources},
    stop::{Outcome, Stop, doubt},
};
use crate::span::{Scope, Span, Trace};

/// What a program does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// Every span of modules outside the standard library while `run` runs. Threads after the main
    /// one stand in the order in which they were started.
    pub trace: Trace,
    /// How `run` ends.
    pub end: End,
    /// The names in `sys.modules` in the end that do not belong to the standard library, in order and in
    /// canonical form.
    /// Between threads the order is not known.
    pub modules: Vec<String>,
    /// Whether other modules may have been loaded at start-up: the interpreter's own `site` ran.
    pub others_at_start: bool,
    /// The bodies of modules that ran, for the main thread and each other thread that ran any.
    pub bodies: Vec<Vec<BodyEvent>>,
}

impl Prediction {
    /// Whether `recorded` is the predicted trace, once both are narrowed to `scope`. Which of the
    /// threads beside the main one comes first is up to the operating system.
    pub fn has_trace(&self, recorded: &Trace, scope: &Scope) -> bool {
        let split = |trace: &Trace| {
            let mut threads = scope.narrow(trace).threads.into_iter();
            let main = threads.next().unwrap_or_default();
            (main, threads.filter(|spans| !spans.is_empty()).collect::<Vec<_>>())
        };
        let ((main, others), (recorded, recorded_others)) = (split(&self.trace), split(recorded));
        main == recorded && are_the_same(others, &recorded_others)
    }
}

/// Whether both have the same threads, in whatever order.
fn are_the_same(mut threads: Vec<Vec<Span>>, others: &[Vec<Span>]) -> bool {
    let is_in_both = |other: &Vec<Span>| {
        let found = threads.iter().position(|thread| thread == other);
        found.map(|index| threads.swap_remove(index)).is_some()
    };
    others.iter().all(is_in_both) && threads.is_empty()
}

/// How a program ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It came to its end.
    Returned,
    /// It raised.
    Raised {
        /// `type(exception).__name__`.
        exception: String,
        /// `str(exception)`, with `<tree>` for the folder of the tree. Nothing where the model does
        /// not say, as for what Python's own parser finds wrong.
        message: Option<String>,
    },
    /// It ended its own process, with this status.
    Exited(u8),
}

impl End {
    /// The type of the exception that ended the program.
    pub fn exception(&self) -> Option<&str> {
        match self {
            Self::Returned | Self::Exited(_) => None,
            Self::Raised { exception, .. } => Some(exception),
        }
    }
}

/// Predicts what `program` does.
pub fn predict(program: &Program, rules: Rules) -> Result<Prediction, Abstention> {
    let sources = Sources::new(program, rules.version);
    if let Some(doubt) = program.doubt() {
        return Err(sources.abstention(doubt));
    }
    let mut machine = Machine::new(&sources, rules);
    let end = match with_stack(|| run(&mut machine)) {
        Ok(()) => End::Returned,
        Err(Stop::Raised(exception)) => {
            let message = machine.message_of(exception);
            let unknown = [library::STDLIB_ENTRY, SITE];
            let message = message.filter(|text| !unknown.iter().any(|path| text.contains(path)));
            let message = message.filter(|text| !has_halves(text));
            End::Raised { exception: machine.exception_name(exception), message }
        }
        Err(Stop::Exited(status)) => End::Exited(status),
        Err(Stop::Abstained(doubt)) => return Err(sources.abstention(*doubt)),
    };
    let checked = machine.record.check_all().and_then(|()| machine.check_generators());
    if let Err(Stop::Abstained(doubt)) = checked {
        return Err(sources.abstention(*doubt));
    }
    let modules = machine.heap.map(machine.modules).keys();
    let modules = modules.filter(|name| !is_library(name)).map(|name| canonical(name)).collect();
    let (trace, bodies) = machine.record.finish();
    let others_at_start = program.has_site();
    Ok(Prediction { trace, end, modules, others_at_start, bodies })
}

fn run(machine: &mut Machine<'_>) -> Outcome<()> {
    machine.check_tree()?;
    machine.start_up()?;
    let main = machine.main_module()?;
    let module = machine.sources.program().module();
    match module {
        Some(_) => machine.import_runpy()?,
        // It is compiled first: what is no Python is a fault of the scenario.
        None => compile(machine, FileId::Run)?,
    }
    match run_code(machine, FileId::Setup, main) {
        Err(Stop::Raised(exception)) => {
            let exception = machine.exception_name(exception);
            return doubt(format!("a setup that raises {exception}"), "a fault of the scenario");
        }
        Err(Stop::Exited(_)) => {
            return doubt("a setup that ends the process", "a fault of the scenario");
        }
        result => result?,
    }
    machine.record.observe();
    let result = match module {
        Some(name) => machine.run_module_as_main(&name.into(), main),
        None => run_code(machine, FileId::Run, main),
    };
    match result {
        Err(Stop::Abstained(_) | Stop::Exited(_)) => result,
        _ => machine.run_exit_callbacks().and(result),
    }
}

fn compile(machine: &mut Machine<'_>, file: FileId) -> Outcome<()> {
    match machine.body_of(file) {
        Err(Stop::Raised(_)) => {
            Err(Doubt::new("code that is no Python", "a fault of the scenario").into())
        }
        result => result.map(drop),
    }
}

fn run_code(machine: &mut Machine<'_>, file: FileId, main: Module) -> Outcome<()> {
    compile(machine, file)?;
    let body = machine.body_of(file)?;
    machine.run_module_code(file, main, body)
}

impl Machine<'_> {
    /// Runs what the program has registered with `atexit`.
    fn run_exit_callbacks(&mut self) -> Outcome<()> {
        let atexit = self.heap.map(self.modules).get("atexit").cloned();
        let Some(module) = atexit.and_then(|atexit| self.as_module(&atexit)) else { return Ok(()) };
        let run = self.heap.map(module.dict).get("_run_exitfuncs").cloned();
        match run.map(|run| self.call_with(&run, [])) {
            Some(Err(Stop::Raised(_))) => {
                let why = "what becomes of it and of those that follow depends on the version";
                doubt("a callback of `atexit` that raises", why)
            }
            Some(Err(stop)) => Err(stop),
            Some(Ok(_)) | None => Ok(()),
        }
    }

    fn main_module(&mut self) -> Outcome<Module> {
        match self.module("__main__")? {
            Some(Value::Object(handle)) => match self.heap.get(handle) {
                Object::Module(module) => Ok(*module),
                _ => doubt("`__main__`", "it is no module"),
            },
            _ => doubt("`__main__`", "it is no module"),
        }
    }
}
