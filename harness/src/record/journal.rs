//! The file of records, as it is written.
//!
//! Every record is handed to the operating system whole, in one write, before the next: a harness
//! that dies, of SIGKILL too, loses no record that was written and tears at most the last. Nothing is
//! forced to the disk before the run has ended: if the machine itself goes down, the last seconds
//! may be missing, and are run again. A flush a record waits for the disk, which now and then takes
//! longer than a cell.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Record, name, read::first_line};

/// The file of records of a run in progress. No other process has the same one open as a journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Opens the file, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::WouldBlock`] if another process has it open.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let open = OpenOptions::new().create(true).read(true).append(true).open(&path);
        let file = open.map_err(|error| name(&error, &path))?;
        match file.try_lock() {
            // a file system without locks
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { path, file: Mutex::new(file) }),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    /// Cuts off a last line that was not written to its end, and writes the first line if there is
    /// none. Returns how many bytes were cut off.
    pub(super) fn mend(&self) -> io::Result<u64> {
        let mut file = self.lock();
        let mended = mend(&mut file).and_then(|cut| {
            if file.metadata()?.len() == 0 {
                append_whole(&mut file, first_line().as_bytes())?;
            }
            Ok(cut)
        });
        mended.map_err(|error| name(&error, &self.path))
    }

    /// Appends `records` in one write. If that fails, for want of space perhaps, what was there
    /// before is intact and nothing of `records` is.
    pub(super) fn append(&self, records: &[Record]) -> io::Result<()> {
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, record)?;
            lines.push(b'\n');
        }
        append_whole(&mut self.lock(), &lines).map_err(|error| name(&error, &self.path))
    }

    /// Cuts off what is behind the first `length` bytes.
    pub(super) fn cut(&self, length: u64) -> io::Result<()> {
        self.lock().set_len(length).map_err(|error| name(&error, &self.path))
    }

    /// Returns when all that was written is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.lock().sync_data().map_err(|error| name(&error, &self.path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn lock(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Appends `bytes`, or nothing.
fn append_whole(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let before = file.metadata()?.len();
    file.write_all(bytes).inspect_err(|_| {
        // A full disk takes a part first. If it cannot be taken back, `mend` does so later.
        let _ = file.set_len(before);
    })
}

/// How much is read at a time in search of the last line's end.
const CHUNK: u64 = 4096;

/// Cuts off what is behind the last line's end.
fn mend(file: &mut File) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        file.seek(SeekFrom::Start(start))?;
        let mut chunk = Vec::new();
        Read::by_ref(file).take(end - start).read_to_end(&mut chunk)?;
        if let Some(newline) = chunk.iter().rposition(|byte| *byte == b'\n') {
            end = start + newline as u64 + 1;
            break;
        }
        end = start;
    }
    file.set_len(end)?;
    Ok(length - end)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::record::{fixtures, read::read};

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), bytes).expect("written");
        file
    }

    fn journal(file: &tempfile::NamedTempFile) -> Journal {
        Journal::open(file.path().to_owned()).expect("opened")
    }

    fn records(file: &tempfile::NamedTempFile) -> Vec<Record> {
        read(file.path()).and_then(Iterator::collect).expect("good records")
    }

    #[test]
    fn what_is_appended_is_read() {
        let file = file(b"");
        let journal = journal(&file);
        assert_eq!(journal.mend().expect("mended"), 0);
        let [one, two, three] = fixtures::three();
        journal.append(std::slice::from_ref(&one)).expect("appended");
        journal.append(&[two.clone(), three.clone()]).expect("appended");
        assert_eq!(records(&file), [one, two, three]);
    }

    #[test]
    fn wherever_a_file_is_torn_its_whole_lines_stay() {
        let whole = file(b"");
        let journal_of_whole = journal(&whole);
        journal_of_whole.mend().expect("mended");
        journal_of_whole.append(&fixtures::three()).expect("appended");
        let bytes = fs::read(whole.path()).expect("read");
        for length in 0..=bytes.len() {
            let left = &bytes[..length];
            let torn = file(left);
            let journal = journal(&torn);
            let end = left.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
            assert_eq!(journal.mend().expect("mended"), (length - end) as u64, "{length} bytes");
            // the first line is no record, and is there again if it was torn
            let kept = left.split(|byte| *byte == b'\n').count().saturating_sub(2);
            assert_eq!(records(&torn), fixtures::three()[..kept], "{length} bytes");
            journal.append(&fixtures::three()[kept..]).expect("appended");
            assert_eq!(fs::read(torn.path()).expect("read"), bytes, "{length} bytes");
        }
    }

    #[test]
    fn a_file_has_one_journal() {
        let file = file(b"");
        let first = journal(&file);
        let second = Journal::open(file.path().to_owned()).expect_err("it is open");
        assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
        drop(first);
        journal(&file);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named() {
        let journal = Journal::open("/dev/full".into()).expect("the device opens");
        let error = journal.append(&fixtures::three()).expect_err("nothing fits");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(error.to_string().starts_with("/dev/full: No space left"), "{error}");
    }
}
