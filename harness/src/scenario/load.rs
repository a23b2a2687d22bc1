//! Scenario files on disk: which are read, and what keeps them from being read.

use std::{
    ffi::OsStr,
    fs::{self, DirEntry, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{LoadErrors, Scenario, ScenarioError, ScenarioName, error::Position, parse};

/// The largest scenario file, in bytes.
pub const MAX_BYTES: u64 = 1 << 20;

/// Reads every `*.yaml` below `folder`, in the order of their names.
///
/// Whatever starts with a dot is passed over, and so is what has another extension. Symbolic links
/// are not followed, other than `folder` itself being one.
pub fn load(folder: &Path) -> Result<Vec<Scenario>, LoadErrors> {
    let mut found = Found::default();
    if let Err(error) = found.search(folder) {
        found.errors.push(unreadable_folder(folder, &error));
    }
    found.files.sort();
    let mut scenarios = Vec::with_capacity(found.files.len());
    for file in &found.files {
        match read(folder, file) {
            Ok(scenario) => scenarios.push(scenario),
            Err(errors) => found.errors.extend(errors),
        }
    }
    if scenarios.is_empty() && found.errors.is_empty() {
        found.errors.push(ScenarioError::whole(
            folder,
            "no scenario in the folder",
            EXPECTED_FOLDER,
        ));
    }
    if found.errors.is_empty() {
        return Ok(scenarios);
    }
    found.errors.sort_by(|a, b| a.file.cmp(&b.file));
    Err(LoadErrors { errors: found.errors, files: found.files.len() + found.refused })
}

const EXPECTED_FOLDER: &str =
    "expected a folder with scenario files, *.yaml; scenarios/FORMAT.md says what is in one";

fn unreadable_folder(folder: &Path, error: &io::Error) -> ScenarioError {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "the folder does not exist".to_owned(),
        io::ErrorKind::NotADirectory => "this is a file, not a folder".to_owned(),
        _ => format!("the folder cannot be read: {error}"),
    };
    ScenarioError::whole(folder, message, EXPECTED_FOLDER)
}

/// What a search came upon.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// How many of the errors are about what looks like a scenario file.
    refused: usize,
    errors: Vec<ScenarioError>,
}

impl Found {
    fn search(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            match classify(&entry)? {
                Entry::Other => {}
                Entry::Scenario => self.files.push(path),
                Entry::Folder => {
                    if let Err(error) = self.search(&path) {
                        self.errors.push(unreadable_folder(&path, &error));
                    }
                }
                Entry::Refused { message, expected } => {
                    self.refused += 1;
                    self.errors.push(ScenarioError::whole(&path, message, expected));
                }
            }
        }
        Ok(())
    }
}

enum Entry {
    Scenario,
    Folder,
    Refused { message: &'static str, expected: &'static str },
    Other,
}

fn classify(entry: &DirEntry) -> io::Result<Entry> {
    let name = PathBuf::from(entry.file_name());
    let kind = entry.file_type()?;
    let extension = name.extension().unwrap_or_else(|| OsStr::new(""));
    let is_yaml = ["yaml", "yml"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    if name.as_os_str().as_encoded_bytes().starts_with(b".") {
        return Ok(Entry::Other);
    }
    if kind.is_symlink() && (is_yaml || entry.path().is_dir()) {
        return Ok(Entry::Refused {
            message: "a symbolic link",
            expected: "expected the file or folder itself; links are not followed, so that nothing \
                       outside the scenario folder is read",
        });
    }
    Ok(match (kind.is_dir(), is_yaml, extension == "yaml") {
        (true, ..) => Entry::Folder,
        (_, true, false) => Entry::Refused {
            message: "this extension is not read",
            expected: "scenario files end with .yaml; rename the file",
        },
        (_, true, true) if !kind.is_file() => Entry::Refused {
            message: "not a regular file",
            expected: "expected a file with a scenario in it",
        },
        (_, true, true) => Entry::Scenario,
        (_, false, _) => Entry::Other,
    })
}

fn read(folder: &Path, file: &Path) -> Result<Scenario, Vec<ScenarioError>> {
    let relative = file.strip_prefix(folder).unwrap_or(file);
    let name = ScenarioName::from_file(relative).map_err(|error| {
        let expected = "expected a path such as packages/parent-fails.yaml; rename the file or its \
                        folder";
        vec![ScenarioError::whole(file, error.to_string(), expected)]
    })?;
    let text = read_text(file).map_err(|error| vec![error])?;
    parse(file, name, &text)
}

fn read_text(file: &Path) -> Result<String, ScenarioError> {
    let bytes = read_limited(file).map_err(|error| {
        let message = format!("the file cannot be read: {error}");
        ScenarioError::whole(file, message, "expected a readable file")
    })?;
    if bytes.len() as u64 > MAX_BYTES {
        let expected = "scenario files are at most 1 MiB; describe large trees with `generate`";
        return Err(ScenarioError::whole(file, "the file is larger than 1 MiB", expected));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        not_utf8(file, error.as_bytes(), valid)
    })
}

/// The bytes of `file`, cut off after [`MAX_BYTES`] and one more.
fn read_limited(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The error about the byte at `offset`, before which all is well.
fn not_utf8(file: &Path, bytes: &[u8], offset: usize) -> ScenarioError {
    let before = String::from_utf8_lossy(&bytes[..offset]);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = bytes[start..].split(|&byte| byte == b'\n').next().unwrap_or_default();
    let position = Position {
        line: before.matches('\n').count() + 1,
        column: before[start..].chars().count() + 1,
        source_line: String::from_utf8_lossy(rest).into_owned(),
    };
    let message = format!("byte 0x{:02x} at offset {offset} is not UTF-8", bytes[offset]);
    let expected = "expected text in UTF-8; save the file in that encoding";
    ScenarioError { position: Some(position), ..ScenarioError::whole(file, message, expected) }
}
