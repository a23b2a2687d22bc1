//! What a process hands down to its forks, and to the programs that it starts.

use std::{ffi::c_int, io, mem::MaybeUninit};

unsafe extern "C" {
    /// POSIX, and in every C library that CPython runs on; `libc` does not declare it for Linux.
    fn pthread_atfork(
        before: Option<extern "C" fn()>,
        in_parent: Option<extern "C" fn()>,
        in_child: Option<extern "C" fn()>,
    ) -> c_int;
}

/// Has `in_child` run in every fork of this process, before anything else does.
///
/// It may do only what a signal handler may: no allocation, and no waiting for a lock.
pub(crate) fn at_fork(in_child: extern "C" fn()) -> io::Result<()> {
    // SAFETY: the function is code of a library that is never unloaded, and needs nothing.
    match unsafe { pthread_atfork(None, None, Some(in_child)) } {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// What stands behind a descriptor: a file, or a pipe of which there is one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Behind {
    device: libc::dev_t,
    file: libc::ino_t,
}

/// What stands behind the descriptor `number`; nothing if it is not open.
pub(crate) fn behind(number: c_int) -> Option<Behind> {
    let mut status = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: the call writes to `status`, which has room for it, and has filled it if it returns 0.
    unsafe {
        (libc::fstat(number, status.as_mut_ptr()) == 0).then(|| {
            let status = status.assume_init();
            Behind { device: status.st_dev, file: status.st_ino }
        })
    }
}

/// Has the descriptor `number` end at the start of another program.
pub(crate) fn close_on_exec(number: c_int) {
    // SAFETY: sets a flag of a descriptor. One that is not open is an error, which means nothing here.
    unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) };
}

/// Closes the descriptor `number`.
pub(crate) fn close(number: c_int) {
    // SAFETY: nobody in this process owns a channel of the worker's as an `OwnedFd`; its number is all
    // that there is of it.
    unsafe { libc::close(number) };
}
