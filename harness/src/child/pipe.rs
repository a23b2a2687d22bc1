//! One pipe from a child, read without ever waiting for it.

use std::io::{self, PipeReader, Read};

use super::Stream;

/// Bytes asked of a pipe at a time.
const CHUNK: usize = 16 << 10;

/// A pipe and what came through it.
pub(super) struct Pipe {
    pub(super) stream: Stream,
    pub(super) kept: Vec<u8>,
    limit: usize,
    reader: Option<PipeReader>,
}

/// What a read left behind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// All that was there has been taken.
    Drained,
    /// There was more than the limit allows.
    Over,
}

impl Pipe {
    /// A pipe of which `limit` bytes are kept.
    pub(super) fn new(stream: Stream, reader: PipeReader, limit: usize) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&reader, true)?;
        Ok(Self { stream, kept: Vec::new(), limit, reader: Some(reader) })
    }

    /// The end to wait for; none once the other side has closed it.
    pub(super) fn open_end(&self) -> Option<&PipeReader> {
        self.reader.as_ref()
    }

    /// Takes all that is there now.
    pub(super) fn drain(&mut self) -> io::Result<Filled> {
        let mut chunk = [0; CHUNK];
        while let Some(reader) = &mut self.reader {
            match reader.read(&mut chunk) {
                Ok(0) => self.reader = None,
                Ok(length) if length > self.limit - self.kept.len() => {
                    let room = self.limit - self.kept.len();
                    self.kept.extend_from_slice(&chunk[..room]);
                    self.reader = None;
                    return Ok(Filled::Over);
                }
                Ok(length) => self.kept.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Filled::Drained)
    }
}
