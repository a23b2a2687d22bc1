//! The file of records, as it is read: one line at a time, so that its length does not matter.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use super::{FORMAT, Record, name};

/// The line that a file of records begins with, with its end.
pub(super) fn first_line() -> String {
    format!("{{\"record\":\"format\",\"version\":{FORMAT}}}\n")
}

/// Reads the records of a file that a run wrote.
///
/// # Errors
///
/// If the file cannot be read or is in another format; each record's own error names the file and
/// the line. A record may be there twice only if somebody put it there; the first counts.
pub fn read(path: &Path) -> io::Result<Records> {
    let file = File::open(path).map_err(|error| name(&error, path))?;
    let mut records =
        Records { path: path.to_owned(), file: BufReader::new(file), lines: 0, bytes: 0 };
    let expected = first_line();
    if records.next_line()?.as_deref() != Some(expected.as_bytes()) {
        return Err(records.complaint(&format!("is not `{}`", expected.trim_end())));
    }
    Ok(records)
}

/// The records of one file, in the order of its lines.
#[derive(Debug)]
pub struct Records {
    path: PathBuf,
    file: BufReader<File>,
    lines: usize,
    bytes: u64,
}

impl Records {
    /// Where in the file the next record begins, in bytes.
    pub(super) fn position(&self) -> u64 {
        self.bytes
    }

    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.file.read_until(b'\n', &mut line).map_err(|error| name(&error, &self.path))?;
        self.lines += 1;
        self.bytes += line.len() as u64;
        Ok((!line.is_empty()).then_some(line))
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        let Some(line) = self.next_line()? else { return Ok(None) };
        if !line.ends_with(b"\n") {
            let resume =
                "the run was killed while it wrote it, and going on with `--resume` mends it";
            return Err(self.complaint(&format!("is torn: {resume}")));
        }
        serde_json::from_slice(&line).map(Some).map_err(|error| {
            let help = "delete the line and go on with `--resume`: what it was about is run again";
            self.complaint(&format!("is no record: {error}\nhelp: {help}"))
        })
    }

    fn complaint(&self, what: &str) -> io::Error {
        let message = format!("{}: line {} {what}", self.path.display(), self.lines);
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

impl Iterator for Records {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::record::fixtures;

    fn file(lines: &[&str]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(lines.concat().as_bytes()).expect("written");
        file
    }

    fn complaint(lines: &[&str]) -> String {
        let file = file(lines);
        let records: io::Result<Vec<_>> = read(file.path()).and_then(Iterator::collect);
        let told = records.expect_err("a bad file").to_string();
        told.replace(&file.path().display().to_string(), "records")
    }

    fn line() -> String {
        serde_json::to_string(&fixtures::three()[0]).expect("a record is JSON") + "\n"
    }

    #[test]
    fn what_is_no_record_is_named_with_its_line() {
        let (first, line) = (first_line(), line());
        let torn = &line[..40];
        for (lines, expected) in [
            (&[torn][..], "records: line 1 is not `{\"record\":\"format\",\"version\":7}`"),
            (&["{\"record\":\"format\",\"version\":99}\n"], "records: line 1 is not `"),
            (&[&first, &line, torn], "records: line 3 is torn: the run was killed"),
            (&[&first, torn, "\n", &line], "records: line 2 is no record: EOF while parsing"),
            (&[&first, torn, &line], "records: line 2 is no record: "),
            (&[&first, &line, "{}\n", &line], "records: line 3 is no record: missing field"),
        ] {
            let told = complaint(lines);
            assert!(told.starts_with(expected), "{expected}: {told}");
        }
    }

    #[test]
    fn the_position_is_where_the_next_record_begins() {
        let file = file(&[&first_line(), &line(), &line()]);
        let mut records = read(file.path()).expect("a good file");
        let mut positions = vec![records.position()];
        while records.next().is_some() {
            positions.push(records.position());
        }
        let first = first_line().len();
        let expected = [0, 1, 2].map(|lines| (first + lines * line().len()) as u64);
        assert_eq!(positions, expected);
    }
}
