//! What a module's body says of itself: when it began, when it ended, and how.
//!
//! A body is run by `exec`, whoever loads the module. Whether that is the import system is seen from
//! the frames below the call, which are looked at and not touched.

use pyo3::{
    Borrowed,
    prelude::*,
    types::{PyDict, PyString},
};
use tollgate_event::{EventKind, Operation, OutcomeRef};

use crate::{buffer, raw, thread};

/// A module's body that is about to run.
pub(crate) struct Body {
    operation: Operation,
    name: String,
}

impl Body {
    /// What `exec(code, namespace)`, called from the frame `caller`, is going to run: nothing if
    /// that is no module's body.
    pub(crate) fn of(
        code: Borrowed<'_, '_, PyAny>,
        namespace: Borrowed<'_, '_, PyAny>,
        caller: Option<Bound<'_, PyAny>>,
    ) -> Option<Self> {
        if !is_of_a_file(&code) {
            return None;
        }
        let namespace = namespace.cast::<PyDict>().ok()?;
        if is_frozen(&namespace) {
            return None;
        }
        let name = namespace.get_item("__name__").ok()??;
        let name = name.cast::<PyString>().ok()?;
        let operation = operation(caller, name).unwrap_or(Operation::Call);
        let name = raw::with_name(name.as_borrowed(), |name| Ok(name.to_owned())).ok()?;
        Some(Self { operation, name })
    }

    /// Marks its start.
    pub(crate) fn begins(&self) {
        self.mark(EventKind::start(self.operation), OutcomeRef::Unstated);
    }

    /// Marks its end.
    pub(crate) fn ended(&self, outcome: OutcomeRef<'_>) {
        self.mark(EventKind::end(self.operation), outcome);
    }

    fn mark(&self, kind: EventKind, outcome: OutcomeRef<'_>) {
        buffer::push(kind, thread::number(), &self.name, outcome);
    }
}

/// Whether `code` is a whole file's. What has no file, such as frozen modules and strings, is
/// compiled under a name in angle brackets.
fn is_of_a_file(code: &Bound<'_, PyAny>) -> bool {
    let is_code = code.get_type().name().is_ok_and(|name| name == "code");
    let is = |attribute, fits: fn(&str) -> bool| {
        let text = code.getattr(attribute).ok();
        let text = text.as_ref().and_then(|text| text.cast::<PyString>().ok());
        // a file's name may have bytes that are no UTF-8, which Python takes for surrogates
        let fits = text.map(|text| raw::with_name(text.as_borrowed(), |text| Ok(fits(text))));
        matches!(fits, Some(Ok(true)))
    };
    is_code
        && is("co_name", |name| name == "<module>")
        && is("co_filename", |name| !name.starts_with('<'))
}

/// Whether the module of `namespace` is frozen; until 3.10 its code can have the name of a file.
fn is_frozen(namespace: &Bound<'_, PyDict>) -> bool {
    let spec = namespace.get_item("__spec__").ok().flatten();
    // the frozen importer makes no other; of a type of the program's own nothing is asked
    let spec = spec.filter(|spec| spec.get_type().name().is_ok_and(|name| name == "ModuleSpec"));
    let origin = spec.and_then(|spec| spec.getattr("origin").ok());
    origin.is_some_and(|origin| origin.eq("frozen").unwrap_or(false))
}

/// What of the import system runs the body of the module `name`: `load`, `exec`, or nothing if the
/// program calls for it by itself, as with `loader.exec_module(module)` or `runpy`.
fn operation(mut frame: Option<Bound<'_, PyAny>>, name: &Bound<'_, PyString>) -> Option<Operation> {
    while let Some(current) = frame {
        let code = current.getattr("f_code").ok()?;
        let function = code.getattr("co_name").ok()?.extract::<String>().ok()?;
        let found = match function.as_str() {
            "<module>" => return None,
            "_load_unlocked" => Some(Operation::Load),
            "_exec" => Some(Operation::Exec),
            _ => None,
        };
        let is_bootstrap = || code.getattr("co_filename")?.eq("<frozen importlib._bootstrap>");
        if let Some(operation) = found.filter(|_| is_bootstrap().unwrap_or(false)) {
            // it may be at another module, whose loader runs this one's body
            let spec =
                current.getattr("f_locals").and_then(|locals| locals.get_item("spec")).ok()?;
            return spec.getattr("name").ok()?.eq(name).ok()?.then_some(operation);
        }
        frame = current.getattr("f_back").ok().filter(|frame| !frame.is_none());
    }
    None
}
