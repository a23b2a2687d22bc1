//! The C API that PyO3 does not offer under the stable ABI of 3.9, and all of this crate's unsafe code.
//!
//! `emit` runs at every event of every strategy. As a `#[pyfunction]` it would be called with a
//! tuple (42 to 53 ns an event); with `METH_FASTCALL`, which CPython 3.7 and later understand
//! although the limited API lists it from 3.10 on, it takes 27 to 32 ns.
#![expect(unsafe_code, reason = "raw C API, see the module's documentation")]

mod descent;
mod exec;
mod timing;

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
use std::{
    ffi::{CStr, c_char, c_int, c_void},
    io,
    os::fd::BorrowedFd,
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
};

use pyo3::{
    Borrowed, ffi,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict, PyString, PyTuple, PyType},
};

pub(crate) use descent::{Behind, at_fork, behind, close, close_on_exec};
pub(crate) use exec::watched_exec;
pub(crate) use timing::{callgrind, populate, usage};
use tollgate_event::{canonical, canonical_with_surrogates};

use crate::{emit::emit, native};

const METH_FASTCALL: c_int = 0x0080;

unsafe extern "C" {
    /// Exported by every CPython since 3.3, in the limited API from 3.10 on.
    fn PyUnicode_AsUTF8AndSize(text: *mut ffi::PyObject, size: *mut isize) -> *const c_char;
}

type Fast = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *const *mut ffi::PyObject,
    isize,
) -> *mut ffi::PyObject;

/// `PyMethodDef` holds pointers and so is not `Sync`; this one points at constants only.
struct Definition(ffi::PyMethodDef);

// SAFETY: all its pointers are to `'static` constants that nobody writes to.
unsafe impl Sync for Definition {}

static EMIT: Definition = Definition(ffi::PyMethodDef {
    ml_name: c"emit".as_ptr(),
    ml_meth: ffi::PyMethodDefPointer {
        // SAFETY: CPython casts the pointer back to the type that `METH_FASTCALL` stands for.
        PyCFunction: unsafe { std::mem::transmute::<Fast, ffi::PyCFunction>(emit_fast) },
    },
    ml_flags: METH_FASTCALL,
    ml_doc: c"emit(kind, name, outcome=None): record an event.".as_ptr(),
});

/// The built-in function `emit`, whose `__self__` is the probe, as that of a module's functions is.
pub(crate) fn emit_function<'py>(module: &Bound<'py, PyModule>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the definition lives as long as the process; the call returns a new reference or null
    // with an exception set, which is what `from_owned_ptr_or_err` takes.
    unsafe {
        let definition = (&raw const EMIT.0).cast_mut();
        let function = ffi::PyCFunction_NewEx(definition, module.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(module.py(), function)
    }
}

unsafe extern "C" fn emit_fast(
    _module: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: isize,
) -> *mut ffi::PyObject {
    // SAFETY: CPython calls with the thread attached and `count` borrowed, non-null arguments.
    // `Borrowed` is one pointer and a marker; PyO3 documents no layout, so each is built by itself.
    unsafe {
        let py = Python::assume_attached();
        let count = count.unsigned_abs();
        let given = |index| Borrowed::from_ptr(py, *arguments.add(index));
        let result = match count {
            2 => emit(&[given(0), given(1)]),
            3 => emit(&[given(0), given(1), given(2)]),
            _ => emit(&[]),
        };
        match result {
            Ok(()) => py.None().into_ptr(),
            Err(error) => {
                error.restore(py);
                std::ptr::null_mut()
            }
        }
    }
}

type AuditHook = unsafe extern "C" fn(*const c_char, *mut ffi::PyObject, *mut c_void) -> c_int;

unsafe extern "C" {
    /// In no version of the limited API, and exported by every CPython since 3.8.
    fn PySys_AddAuditHook(hook: AuditHook, data: *mut c_void) -> c_int;
}

/// Whether the native audit hook listens. CPython cannot remove it.
static LISTENS: AtomicBool = AtomicBool::new(false);
static IS_ADDED: Once = Once::new();

/// Switches the native audit hook on or off; adds it when it is first switched on.
pub(crate) fn listen(on: bool) {
    if on {
        IS_ADDED.call_once(|| {
            // SAFETY: the hook needs no data, and is code of a library that is never unloaded. An
            // earlier hook may refuse it; then nothing is heard, which is how the strategy is judged.
            unsafe { PySys_AddAuditHook(heard, std::ptr::null_mut()) };
        });
    }
    LISTENS.store(on, Ordering::Relaxed);
}

unsafe extern "C" fn heard(
    event: *const c_char,
    arguments: *mut ffi::PyObject,
    _data: *mut c_void,
) -> c_int {
    // SAFETY: CPython passes a C string, and a tuple that lives during the call or null; it calls
    // with the thread attached, except for events of the interpreter's start and end, none of which
    // is `import`.
    unsafe {
        if LISTENS.load(Ordering::Relaxed) && CStr::from_ptr(event) == c"import" {
            let py = Python::assume_attached();
            let arguments = Borrowed::from_ptr_or_opt(py, arguments);
            if let Some(Ok(arguments)) = arguments.map(Borrowed::cast::<PyTuple>)
                && let Ok(name) = arguments.get_borrowed_item(0)
            {
                native::heard(name);
            }
        }
    }
    0
}

/// Does `use_it` with the name of a type, which runs no code of the type's own: its metaclass may have a
/// `__name__` that raises or lies.
pub(crate) fn with_name_of_type<T>(
    kind: &Bound<'_, PyType>,
    use_it: impl FnOnce(&str) -> PyResult<T>,
) -> PyResult<T> {
    let py = kind.py();
    let name = if kind.get_type().is(py.get_type::<PyType>()) {
        kind.getattr("__name__")?
    } else {
        name_of_type(py)?.bind(py).call1((kind,))?
    };
    with_name(name.cast::<PyString>()?.as_borrowed(), use_it)
}

/// `type.__dict__["__name__"].__get__`: what `type` itself says of its instances' names.
pub(crate) fn name_of_type(py: Python<'_>) -> PyResult<&Py<PyAny>> {
    static GET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    GET.get_or_try_init(py, || {
        let names = py.get_type::<PyType>().getattr("__dict__")?;
        Ok(names.get_item("__name__")?.getattr("__get__")?.unbind())
    })
}

/// Calls `use_it` with a name in its canonical form, without a copy where CPython has it as such.
pub(crate) fn with_name<T>(
    name: Borrowed<'_, '_, PyString>,
    use_it: impl FnOnce(&str) -> PyResult<T>,
) -> PyResult<T> {
    match utf8(name) {
        Some(text) => use_it(&canonical(text)),
        None => use_it(&canonical_with_surrogates(encoded(name)?.as_bytes())),
    }
}

/// Calls `use_it` with a word of ours as UTF-8. A text with lone surrogates is none, and comes as in
/// [`with_name`].
pub(crate) fn with_word<T>(
    word: Borrowed<'_, '_, PyString>,
    use_it: impl FnOnce(&str) -> PyResult<T>,
) -> PyResult<T> {
    match utf8(word) {
        Some(text) => use_it(text),
        None => with_name(word, use_it),
    }
}

/// The UTF-8 form that CPython has of a text or makes; nothing if it has lone surrogates.
fn utf8<'a>(text: Borrowed<'a, '_, PyString>) -> Option<&'a str> {
    let mut size = 0;
    // SAFETY: `text` is a str; the bytes returned live as long as it does, and it is borrowed for
    // `'a`. CPython guarantees that they are UTF-8.
    unsafe {
        let bytes = PyUnicode_AsUTF8AndSize(text.as_ptr(), &raw mut size);
        if !bytes.is_null() {
            let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), size.unsigned_abs());
            return Some(std::str::from_utf8_unchecked(bytes));
        }
    }
    drop(PyErr::take(text.py()));
    None
}

/// A text as Python encodes it with `surrogatepass`. Methods of a subclass of `str` are not called.
fn encoded<'py>(text: Borrowed<'_, 'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    // SAFETY: `text` is a str; the result is a new reference to bytes, or null with an exception set.
    unsafe {
        let (encoding, errors) = (c"utf-8".as_ptr(), c"surrogatepass".as_ptr());
        let bytes = ffi::PyUnicode_AsEncodedString(text.as_ptr(), encoding, errors);
        Ok(Bound::from_owned_ptr_or_err(text.py(), bytes)?.cast_into::<PyBytes>()?)
    }
}

/// Whether two dicts hold the same objects under the same keys, in the same order.
///
/// It only looks. Python code that compares them counts references to each object, and so writes to
/// every page that a fork shares with its parent: a tenth of the time of a cell.
pub(crate) fn has_same_items(one: &Bound<'_, PyDict>, other: &Bound<'_, PyDict>) -> bool {
    let (mut place_in_one, mut place_in_other) = (0, 0);
    loop {
        let item = next_item(one, &mut place_in_one);
        if item != next_item(other, &mut place_in_other) {
            return false;
        }
        if item.is_none() {
            return true;
        }
    }
}

/// The addresses of a dict's next key and value.
fn next_item(
    dict: &Bound<'_, PyDict>,
    place: &mut ffi::Py_ssize_t,
) -> Option<(*mut ffi::PyObject, *mut ffi::PyObject)> {
    let (mut key, mut value) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: `dict` is one and nobody changes it meanwhile; what it lends is compared by address only.
    let found = unsafe { ffi::PyDict_Next(dict.as_ptr(), place, &raw mut key, &raw mut value) };
    (found != 0).then_some((key, value))
}

#[cfg(target_os = "linux")]
unsafe extern "C" {
    /// In the stable ABI since 3.7, on POSIX; PyO3 does not declare them under it.
    fn PyOS_BeforeFork();
    fn PyOS_AfterFork_Parent();
    fn PyOS_AfterFork_Child();
}

/// Forks as `os.fork()` does, without its audit event and its warning. Returns the child's number in
/// the parent and nothing in the child.
///
/// The caller holds the GIL, and this process has one thread.
#[cfg(target_os = "linux")]
pub(crate) fn fork() -> io::Result<Option<rustix::process::Pid>> {
    // SAFETY: the calls are those of CPython's own `os_fork_impl`, in its order; with one thread
    // there is no lock that another thread could hold for ever in the child.
    unsafe {
        PyOS_BeforeFork();
        let number = libc::fork();
        let error = io::Error::last_os_error();
        if number == 0 {
            PyOS_AfterFork_Child();
            return Ok(None);
        }
        PyOS_AfterFork_Parent();
        if number < 0 {
            return Err(error);
        }
        Ok(rustix::process::Pid::from_raw(number))
    }
}

/// Makes the descriptor `number` a copy of `stream`, which is inherited by programs.
#[cfg(target_os = "linux")]
pub(crate) fn duplicate_to(stream: &OwnedFd, number: c_int) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    // SAFETY: closes what `number` was and uses nothing of it; nobody in this process owns one of the
    // standard streams or the control socket's old number as an `OwnedFd` any more.
    if unsafe { libc::dup2(stream.as_raw_fd(), number) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Takes over a descriptor that this process was started with.
#[cfg(target_os = "linux")]
pub(crate) fn inherited(number: c_int) -> OwnedFd {
    use std::os::fd::FromRawFd;
    // SAFETY: the worker says which descriptor is the zygote's own, once, and uses it nowhere else.
    unsafe { OwnedFd::from_raw_fd(number) }
}

/// Says over the descriptor `number` that it is another process's turn.
pub(crate) fn send(number: c_int) -> io::Result<()> {
    let told = rustix::io::retry_on_intr(|| rustix::io::write(borrowed(number), b"."))?;
    if told == 1 { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}

/// Writes all of `bytes` to the descriptor `number`.
pub(crate) fn write_all(number: c_int, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::retry_on_intr(|| rustix::io::write(borrowed(number), bytes))? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => bytes = &bytes[written..],
        }
    }
    Ok(())
}

/// Waits until the descriptor `number` says that it is this process's turn.
pub(crate) fn receive(number: c_int) -> io::Result<()> {
    let mut word = [0];
    let heard = rustix::io::retry_on_intr(|| rustix::io::read(borrowed(number), &mut word))?;
    if heard == 1 { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn borrowed(number: c_int) -> BorrowedFd<'static> {
    // SAFETY: the worker opened this descriptor for the probe, or was started with it for its answer, and never
    // closes it. If the program does, writing fails and nothing is touched that is anybody's.
    unsafe { BorrowedFd::borrow_raw(number) }
}
