//! What a timed sample asks of the operating system, and of valgrind.

use std::{fs, io};

/// What the operating system has counted for this process since its start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// Page faults that needed no disk.
    pub(crate) faults: u64,
    /// How often it lost its core to somebody else.
    pub(crate) switches: u64,
    /// Most of its memory that was in use at a time, in KiB (on macOS in bytes).
    pub(crate) peak: u64,
}

/// What this process has used so far; zeros where nobody counts.
pub(crate) fn usage() -> Usage {
    #[cfg(unix)]
    {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: `usage` has room for one, and all zeros are one too, should the call fail.
        let usage = unsafe {
            libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
            usage.assume_init()
        };
        let count = |number: libc::c_long| u64::try_from(number).unwrap_or_default();
        Usage {
            faults: count(usage.ru_minflt),
            switches: count(usage.ru_nivcsw),
            peak: count(usage.ru_maxrss),
        }
    }
    #[cfg(not(unix))]
    Usage { faults: 0, switches: 0, peak: 0 }
}

/// `MADV_POPULATE_WRITE`, since Linux 5.14.
#[cfg(target_os = "linux")]
const POPULATE_WRITE: libc::c_int = 23;

/// Has the kernel give this process a copy of its own of every page that it may write to, as a write
/// to each would, so that nothing that follows pays for that. Returns how many pages there are.
///
/// # Errors
///
/// Where the kernel cannot do it.
#[cfg(target_os = "linux")]
pub(crate) fn populate() -> io::Result<usize> {
    let mut pages = 0;
    for line in fs::read_to_string("/proc/self/maps")?.lines() {
        let Some((start, length)) = private_and_writable(line) else { continue };
        // SAFETY: the advice changes no content, whatever the memory is used for; a range that is
        // not ours any more is an error.
        if unsafe { libc::madvise(start as *mut libc::c_void, length, POPULATE_WRITE) } != 0 {
            return Err(io::Error::last_os_error());
        }
        pages += length / 4096;
    }
    Ok(pages)
}

/// Nothing is known of how to do that here.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "linux"))]
pub(crate) fn populate() -> io::Result<usize> {
    let _ = fs::metadata("/");
    Err(io::ErrorKind::Unsupported.into())
}

/// Start and length of the memory that a line of `/proc/self/maps` is about, unless writing to it is
/// forbidden or reaches others.
#[cfg(target_os = "linux")]
fn private_and_writable(line: &str) -> Option<(usize, usize)> {
    let mut words = line.split_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    if rights != "rw-p" && rights != "rwxp" {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let number = |word| usize::from_str_radix(word, 16).ok();
    let (start, end) = (number(start)?, number(end)?);
    Some((start, end - start))
}

/// Asks callgrind to start (`4`) or stop (`5`) counting instructions; 0 where it does not run.
///
/// A client request is a sequence of rotations that does nothing on a processor, and that valgrind
/// knows when it translates it.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[inline(never)]
pub(crate) fn callgrind(request: u64) -> u64 {
    /// `VG_USERREQ_TOOL_BASE('C', 'T')`.
    const BASE: u64 = 0x4354_0000;
    let arguments: [u64; 6] = [BASE + request, 0, 0, 0, 0, 0];
    let mut result = 0;
    // SAFETY: the rotations add up to 128 bits, so that `rdi` is as before; the exchange is of a
    // register with itself. Under valgrind `rdx` is the answer.
    unsafe {
        std::arch::asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") arguments.as_ptr(), inout("rdx") result, inout("rdi") 0_u64 => _,
        );
    }
    result
}

/// Nobody counts here.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) fn callgrind(_request: u64) -> u64 {
    0
}
