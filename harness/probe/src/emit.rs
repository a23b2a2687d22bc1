//! `emit(kind, name, outcome=None)`: what a strategy calls when its hook sees something.

use pyo3::{
    exceptions::{PyBaseException, PyTypeError, PyValueError},
    prelude::*,
    types::{PyString, PyType},
};
use tollgate_event::{EventKind, OutcomeRef};

use crate::{buffer, raw, thread};

/// Records one event. `outcome` is absent or `None` (not stated), `"ok"`, `"not found"`, or the
/// exception that ended the operation (or its type).
pub(crate) fn emit(arguments: &[Borrowed<'_, '_, PyAny>]) -> PyResult<()> {
    let (kind, name, outcome) = match arguments {
        [kind, name] => (kind, name, None),
        [kind, name, outcome] if outcome.is_none() => (kind, name, None),
        [kind, name, outcome] => (kind, name, Some(outcome)),
        _ => return Err(PyTypeError::new_err("emit(kind, name, outcome=None)")),
    };
    let kind = event_kind(*kind)?;
    let thread = thread::number();
    raw::with_name(name.cast::<PyString>()?, |name| match outcome {
        None => {
            buffer::push(kind, thread, name, OutcomeRef::Unstated);
            Ok(())
        }
        Some(outcome) => stated(*outcome, |outcome| buffer::push(kind, thread, name, outcome)),
    })
}

fn event_kind(kind: Borrowed<'_, '_, PyAny>) -> PyResult<EventKind> {
    raw::with_word(kind.cast::<PyString>()?, |word| {
        word.parse().map_err(|error: tollgate_event::UnknownKind| {
            PyValueError::new_err(format!("emit: {error}"))
        })
    })
}

fn stated(outcome: Borrowed<'_, '_, PyAny>, push: impl FnOnce(OutcomeRef<'_>)) -> PyResult<()> {
    if let Ok(word) = outcome.cast::<PyString>() {
        return raw::with_word(word, |word| {
            push(match word {
                "ok" => OutcomeRef::Ok,
                "not found" => OutcomeRef::NotFound,
                _ => return Err(unknown_outcome()),
            });
            Ok(())
        });
    }
    let exception = match outcome.cast::<PyType>() {
        Ok(exception) => exception.to_owned(),
        Err(_) if outcome.is_instance_of::<PyBaseException>() => outcome.get_type(),
        Err(_) => return Err(unknown_outcome()),
    };
    raw::with_name_of_type(&exception, |name| {
        push(OutcomeRef::Raised(name));
        Ok(())
    })
}

fn unknown_outcome() -> PyErr {
    PyValueError::new_err(
        "emit: an outcome is \"ok\", \"not found\", the exception that ended the operation, or None",
    )
}
