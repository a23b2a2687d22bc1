//! Where a record comes from.

use std::{env, path::Path};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{child, layout::Layout};

/// What a reader must know to repeat or to distrust a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Name of the run's folder.
    pub run: String,
    /// Tollgate's version.
    pub tollgate: String,
    /// The checkout's git revision, with `+` where files differ from it; nothing outside git.
    pub revision: Option<String>,
    /// Operating system and processor of the host, such as `linux x86_64`.
    pub host: String,
    /// The seed of everything that is random in the run.
    pub seed: u64,
}

impl Provenance {
    /// The provenance of a run of this checkout.
    pub fn of_run(layout: &Layout, run: &str, seed: u64) -> Self {
        Self {
            run: run.to_owned(),
            tollgate: env!("CARGO_PKG_VERSION").to_owned(),
            revision: revision(layout.root()),
            host: format!("{} {}", env::consts::OS, env::consts::ARCH),
            seed,
        }
    }
}

fn revision(checkout: &Path) -> Option<String> {
    let revision = git(checkout, &["rev-parse", "--short=12", "HEAD"])?;
    let changed = git(checkout, &["status", "--porcelain"])?;
    let mark = if changed.is_empty() { "" } else { "+" };
    Some(format!("{revision}{mark}"))
}

/// What `git` prints; nothing where there is no git or no repository.
fn git(checkout: &Path, arguments: &[&str]) -> Option<String> {
    // Otherwise `status` writes to the index, and leaves its lock behind if we are killed meanwhile.
    let arguments = ["--no-optional-locks"].iter().chain(arguments);
    let arguments: Vec<_> = arguments.map(Into::into).collect();
    let ended = child::run_tool(Path::new("git"), &arguments, checkout, &[]).ok()?;
    let printed = String::from_utf8(ended.stdout).ok()?;
    (ended.ending == child::Ending::Exited(0)).then(|| printed.trim().to_owned())
}
