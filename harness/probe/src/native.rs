//! Native forms of strategies: what the same hook costs without Python code in it.
//!
//! `emit.__self__` is the probe, so a strategy's file has these at hand.

use pyo3::{
    Borrowed,
    exceptions::PyValueError,
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};
use tollgate_event::{EventKind, Operation, OutcomeRef};

use crate::{buffer, raw, thread};

/// Records the name that the audit event `import` carries. Anything but a text is passed over: no
/// hook may fail because of what a program raises with `sys.audit`.
pub(crate) fn heard(name: Borrowed<'_, '_, PyAny>) {
    let Ok(name) = name.cast::<PyString>() else { return };
    record(name, EventKind::start(Operation::Import), OutcomeRef::Unstated);
}

fn record(name: Borrowed<'_, '_, PyString>, kind: EventKind, outcome: OutcomeRef<'_>) {
    let push = |name: &str| {
        buffer::push(kind, thread::number(), name, outcome);
        Ok(())
    };
    if let Err(error) = raw::with_name(name, push) {
        error.write_unraisable(name.py(), None);
    }
}

/// A replacement of `builtins.__import__` that records start and end of each call: as an import, or as `call` where
/// who watches imports too has to tell them apart.
#[pyclass(frozen, module = "tollgate_probe")]
pub(crate) struct Import {
    original: Py<PyAny>,
    operation: Operation,
}

#[pymethods]
impl Import {
    #[new]
    #[pyo3(signature = (original, operation = "import"))]
    fn new(original: Py<PyAny>, operation: &str) -> PyResult<Self> {
        let operation = match operation {
            "import" => Operation::Import,
            "call" => Operation::Call,
            other => return Err(PyValueError::new_err(format!("{other:?} is no import or call"))),
        };
        Ok(Self { original, operation })
    }

    #[pyo3(signature = (*arguments, **keywords))]
    fn __call__<'py>(
        &self,
        arguments: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let original = self.original.bind(arguments.py());
        let Some(name) = absolute_name(arguments, keywords)? else {
            return original.call(arguments, keywords);
        };
        name.record(EventKind::start(self.operation), OutcomeRef::Unstated);
        let result = original.call(arguments, keywords);
        let end = EventKind::end(self.operation);
        match &result {
            Ok(_) => name.record(end, OutcomeRef::Ok),
            Err(error) => {
                raw::with_name_of_type(&error.get_type(arguments.py()), |exception| {
                    name.record(end, OutcomeRef::Raised(exception));
                    Ok(())
                })?;
            }
        }
        result
    }
}

/// The absolute name of a module.
enum Name<'py> {
    /// As it was given.
    Given(Bound<'py, PyString>),
    /// Made from a relative one, in its canonical form.
    Made(String),
}

impl Name<'_> {
    fn record(&self, kind: EventKind, outcome: OutcomeRef<'_>) {
        match self {
            Self::Given(name) => record(name.as_borrowed(), kind, outcome),
            Self::Made(name) => buffer::push(kind, thread::number(), name, outcome),
        }
    }
}

/// The absolute name of what `__import__` was asked for; nothing if the call names nothing.
fn absolute_name<'py>(
    arguments: &Bound<'py, PyTuple>,
    keywords: Option<&Bound<'py, PyDict>>,
) -> PyResult<Option<Name<'py>>> {
    let argument = |index, keyword| -> PyResult<Option<Bound<'py, PyAny>>> {
        match (arguments.get_item(index), keywords) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(_), Some(keywords)) => keywords.get_item(keyword),
            (Err(_), None) => Ok(None),
        }
    };
    let Some(name) = argument(0, "name")?.and_then(|name| name.cast_into::<PyString>().ok()) else {
        return Ok(None);
    };
    let level = argument(4, "level")?.map_or(Ok(0), |level| level.extract::<usize>())?;
    if level == 0 {
        return Ok(Some(Name::Given(name)));
    }
    let package = argument(1, "globals")?.map_or(Ok(String::new()), |names| package(&names))?;
    let absolute = raw::with_name(name.as_borrowed(), |name| Ok(relative(&package, level, name)))?;
    Ok(Some(Name::Made(absolute)))
}

/// The package that a module with these globals belongs to, in canonical form; empty if they do not say.
fn package(names: &Bound<'_, PyAny>) -> PyResult<String> {
    let spec = match names.cast::<PyDict>() {
        Ok(names) => names.get_item("__spec__")?,
        Err(_) => None,
    };
    match spec.filter(|spec| !spec.is_none()) {
        Some(spec) => {
            let parent = spec.getattr("parent")?;
            raw::with_name(parent.cast::<PyString>()?.as_borrowed(), |name| Ok(name.to_owned()))
        }
        None => Ok(String::new()),
    }
}

fn relative(package: &str, level: usize, name: &str) -> String {
    let parent = package.rsplitn(level, '.').nth(level - 1).unwrap_or_default();
    match (parent, name) {
        // the import will fail; this is all there is to say
        ("", _) => ".".repeat(level) + name,
        (parent, "") => parent.to_owned(),
        (parent, name) => format!("{parent}.{name}"),
    }
}
