//! A built-in function that stands in for `builtins.exec` and notices module bodies.
//!
//! It calls CPython's own C function with the arguments as they came. There is no frame, no level of
//! recursion and no copy of the arguments between, so a program can tell it from the real one by
//! its identity alone.

use std::{
    ffi::{CString, c_int},
    sync::OnceLock,
};

use pyo3::{Borrowed, exceptions::PyRuntimeError, ffi, prelude::*};
use tollgate_event::OutcomeRef;

use super::{Fast, METH_FASTCALL, with_name};
use crate::testimony::Body;

const METH_KEYWORDS: c_int = 0x0002;

/// [`Fast`] with the names of the arguments that were given by keyword.
type FastWithKeywords = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *const *mut ffi::PyObject,
    isize,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// CPython's own function, in the form that this version has.
enum Original {
    /// 3.9 and 3.10.
    Fast(Fast),
    /// From 3.11 on, which has `closure=`.
    WithKeywords(FastWithKeywords),
}

static ORIGINAL: OnceLock<Original> = OnceLock::new();

/// Makes the function that stands in for `original`, CPython's own `exec`. Once a process.
pub(crate) fn watched_exec<'py>(original: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = original.py();
    let text = |name: &str| original.getattr(name)?.extract::<String>();
    let doc = format!("exec{}\n--\n\n{}", text("__text_signature__")?, text("__doc__")?);
    // SAFETY: fails with an exception set unless `original` is a built-in function.
    let (flags, function) = unsafe {
        let object = original.as_ptr();
        (ffi::PyCFunction_GetFlags(object), ffi::PyCFunction_GetFunction(object))
    };
    let function = function.ok_or_else(|| PyErr::fetch(py))?;
    // SAFETY: the flags say which type the pointer had before CPython made it a `PyCFunction`.
    let (kept, ours) = unsafe {
        use std::mem::transmute;
        if flags == METH_FASTCALL {
            let kept = Original::Fast(transmute::<ffi::PyCFunction, Fast>(function));
            (kept, transmute::<Fast, ffi::PyCFunction>(exec))
        } else if flags == METH_FASTCALL | METH_KEYWORDS {
            let kept = transmute::<ffi::PyCFunction, FastWithKeywords>(function);
            let ours = transmute::<FastWithKeywords, ffi::PyCFunction>(exec_with_keywords);
            (Original::WithKeywords(kept), ours)
        } else {
            let message = format!("exec has the calling convention {flags:#x}, which is not known");
            return Err(PyRuntimeError::new_err(message));
        }
    };
    if ORIGINAL.set(kept).is_err() {
        return Err(PyRuntimeError::new_err("exec is watched already"));
    }
    // a function needs its definition as long as it lives, and nobody knows how long that is
    let definition = Box::leak(Box::new(ffi::PyMethodDef {
        ml_name: c"exec".as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunction: ours },
        ml_flags: flags,
        ml_doc: CString::new(doc)?.into_raw(),
    }));
    let (owner, module) = (original.getattr("__self__")?, original.getattr("__module__")?);
    // SAFETY: the definition is never freed; the call takes references of its own and returns a new
    // one, or null with an exception set.
    unsafe {
        let function = ffi::PyCFunction_NewEx(definition, owner.as_ptr(), module.as_ptr());
        Bound::from_owned_ptr_or_err(py, function)
    }
}

unsafe extern "C" fn exec(
    module: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: isize,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls this as it would call the original.
    unsafe { watch(arguments, count, || call(module, arguments, count, std::ptr::null_mut())) }
}

unsafe extern "C" fn exec_with_keywords(
    module: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: isize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls this as it would call the original.
    unsafe { watch(arguments, count, || call(module, arguments, count, names)) }
}

/// Calls CPython's own function with what its stand-in was called with.
unsafe fn call(
    module: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: isize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: passes on what came, in the calling convention in which it came.
    unsafe {
        match ORIGINAL.get() {
            Some(Original::Fast(function)) => function(module, arguments, count),
            Some(Original::WithKeywords(function)) => function(module, arguments, count, names),
            // set before there is a stand-in to be called
            None => std::ptr::null_mut(),
        }
    }
}

/// Runs `execute`; if that is the body of a module, its start and its end are marked.
unsafe fn watch(
    arguments: *const *mut ffi::PyObject,
    count: isize,
    execute: impl FnOnce() -> *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls with the thread attached and `count` borrowed, non-null arguments.
    let body = unsafe {
        let py = Python::assume_attached();
        let given = |index| Borrowed::from_ptr(py, *arguments.add(index));
        if count < 2 { None } else { Body::of(given(0), given(1), caller(py)) }
    };
    let Some(body) = body else { return execute() };
    body.begins();
    let result = execute();
    if result.is_null() {
        // SAFETY: the thread is attached, and what was taken is put back as it was, not normalised.
        unsafe {
            let (mut kind, mut value, mut traceback) = Default::default();
            ffi::PyErr_Fetch(&raw mut kind, &raw mut value, &raw mut traceback);
            ends_with(&body, kind);
            ffi::PyErr_Restore(kind, value, traceback);
        }
    } else {
        body.ended(OutcomeRef::Ok);
    }
    result
}

/// Marks the end of a body that raised an exception of the type `kind`.
unsafe fn ends_with(body: &Body, kind: *mut ffi::PyObject) {
    // SAFETY: the thread is attached, and `kind` is null or borrowed from the caller.
    let name = unsafe {
        let py = Python::assume_attached();
        let kind = Bound::from_borrowed_ptr_or_opt(py, kind);
        kind.and_then(|kind| kind.getattr("__name__").ok())
    };
    let told = name.as_ref().and_then(|name| name.cast().ok()).map(|name| {
        with_name(name.as_borrowed(), |name| {
            body.ended(OutcomeRef::Raised(name));
            Ok(())
        })
    });
    if !matches!(told, Some(Ok(()))) {
        body.ended(OutcomeRef::Unstated);
    }
}

/// The frame of the Python code that called the function that runs now.
fn caller(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    // SAFETY: the thread is attached; the result is borrowed, or null where no Python code runs.
    unsafe { Bound::from_borrowed_ptr_or_opt(py, ffi::PyEval_GetFrame().cast()) }
}
