//! The probe, built when it is needed and never by hand.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{
    child,
    interpreter::{Interpreter, ProbeKind},
    layout::Layout,
};

/// Why there is no probe.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// `cargo` could not be started.
    #[error("building the probe: {0}")]
    Cargo(#[from] io::Error),
    /// `cargo build` failed.
    #[error("building the probe failed ({ending})\n{log}\nhelp: run `{command}` to see it again")]
    Build {
        /// How `cargo` ended.
        ending: child::Ending,
        /// The end of what it printed.
        log: String,
        /// The command, to be run in the checkout.
        command: String,
    },
}

/// Builds the probe that `interpreter` can load, unless that is done already; returns its path.
///
/// One build with the stable ABI serves every GIL build. A free-threaded interpreter has another
/// layout of objects and gets a build of its own, made against it.
pub fn build(layout: &Layout, interpreter: &Interpreter) -> Result<PathBuf, ProbeError> {
    let folder = layout.probe_builds();
    let manifest = layout.root().join("Cargo.toml");
    match interpreter.probe {
        ProbeKind::StableAbi => {
            let folder = folder.join("stable-abi");
            let library = library(&folder);
            // Asking `cargo` whether there is something to do takes longer than a cell: once is enough.
            let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
            if built.as_ref() != Some(&library) {
                let environment = [("PYO3_NO_PYTHON", "1".into())];
                cargo_build(layout.root(), &manifest, &folder, &[], &environment)?;
                *built = Some(library.clone());
            }
            Ok(library)
        }
        ProbeKind::FreeThreaded => {
            let folder = folder.join(interpreter.label());
            // Run outside the checkout, whose `.cargo/config.toml` tells PyO3 to ask no interpreter.
            let outside = Path::new("/");
            let python = ("PYO3_PYTHON", interpreter.path.clone().into_os_string());
            cargo_build(outside, &manifest, &folder, &["--no-default-features"], &[python])?;
            Ok(library(&folder))
        }
    }
}

/// The build for the stable ABI that this process has seen to.
static BUILT: Mutex<Option<PathBuf>> = Mutex::new(None);

fn cargo_build(
    directory: &Path,
    manifest: &Path,
    folder: &Path,
    options: &[&str],
    environment: &[(&str, OsString)],
) -> Result<(), ProbeError> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut arguments: Vec<OsString> =
        ["build", "--release", "--package", "tollgate-probe"].map(Into::into).to_vec();
    arguments.extend(["--manifest-path".into(), manifest.into()]);
    // A folder of its own: a build within `cargo test` would wait for the other folder's lock.
    arguments.extend(["--target-dir".into(), folder.into()]);
    arguments.extend(options.iter().map(Into::into));
    let environment: Vec<_> =
        environment.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
    let ended = child::run_tool(Path::new(&cargo), &arguments, directory, &environment)?;
    if ended.ending == child::Ending::Exited(0) {
        return Ok(());
    }
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    Err(ProbeError::Build {
        log: ended.error_tail(40),
        command: format!("cargo {}", words.join(" ")),
        ending: ended.ending,
    })
}

fn library(folder: &Path) -> PathBuf {
    let (prefix, suffix) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    folder.join("release").join(format!("{prefix}tollgate_probe{suffix}"))
}
