//! Package trees on disk: the only place that writes package files.

mod byte_code;
mod descent;
mod discard;
#[cfg(test)]
mod fixtures;
mod remove;
mod store;
#[cfg(test)]
mod tests;
mod write;

use std::{
    env, io,
    path::{Path, PathBuf},
};

pub use byte_code::{ByteCode, Compile, Dialect};
pub use discard::{discard, left_behind};
pub use remove::remove;
use rustix::{
    fs::{Access, access},
    io::Errno,
};
pub use store::{Lease, Store, claim};
pub use write::{MODIFIED, write};

/// The folder below which trees are best put.
///
/// That is memory where there is a file system in it (`/dev/shm` on Linux), otherwise the folder
/// for temporary files. Trees are many small files that live for a second: ext4 takes 0.4 to 1 ms
/// for each once its journal is busy, memory takes two pages for each and adds no noise to timings.
pub fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let writable = memory.is_dir() && access(memory, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    if writable { memory.to_owned() } else { env::temp_dir() }
}

fn about(doing: &str, path: &Path, error: Errno) -> io::Error {
    let error = io::Error::from(error);
    io::Error::new(error.kind(), format!("cannot {doing} {}: {error}", path.display()))
}
