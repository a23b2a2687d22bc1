//! How children are started, and what each may use.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    child::Limits,
    record::Children,
    worker::{Runner, Spawn},
};

/// The flags about children.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Isolation {
    /// How a cell gets its process: forked by a warm interpreter, or a fresh one. Verdicts are the
    /// same; forking is several times faster.
    #[arg(
        long = "isolation",
        value_enum,
        default_value_t = Mode::default(),
        value_name = "MODE"
    )]
    mode: Mode,
    /// Seconds that a cell may take.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = milliseconds)]
    timeout: u64,
    /// Address space of each process, in MiB.
    #[arg(
        long,
        value_name = "MIB",
        default_value_t = 4096,
        value_parser = clap::value_parser!(u64).range(1..=1 << 40)
    )]
    memory: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Mode {
    #[cfg(target_os = "linux")]
    Fork,
    Spawn,
}

impl Default for Mode {
    #[cfg(target_os = "linux")]
    fn default() -> Self {
        Self::Fork
    }

    #[cfg(not(target_os = "linux"))]
    fn default() -> Self {
        Self::Spawn
    }
}

/// Reads seconds; returns milliseconds.
fn milliseconds(text: &str) -> Result<u64, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let milliseconds = seconds.and_then(|time| u64::try_from(time.as_millis()).ok());
    let positive = milliseconds.filter(|&milliseconds| milliseconds > 0);
    positive.ok_or_else(|| "expected seconds above 0, such as 2.5".to_owned())
}

impl Isolation {
    /// What runs the cells. The error is about the place for their trees.
    pub(crate) fn runner(self) -> Result<Runner> {
        let limits = Limits {
            deadline: Duration::from_millis(self.timeout),
            memory_bytes: Some(self.memory << 20),
            ..Limits::default()
        };
        Ok(match self.mode {
            #[cfg(target_os = "linux")]
            Mode::Fork => Runner::new(tollgate::worker::Zygotes::new(limits))?,
            Mode::Spawn => Runner::new(Spawn::new(limits))?,
        })
    }

    /// What was asked for, as it is recorded.
    pub(crate) fn asked(self) -> Children {
        let forked = self.mode != Mode::Spawn;
        Children { forked, deadline_ms: self.timeout, memory_mib: self.memory }
    }
}

impl From<Children> for Isolation {
    fn from(children: Children) -> Self {
        let mode = if children.forked { Mode::default() } else { Mode::Spawn };
        Self { mode, timeout: children.deadline_ms, memory: children.memory_mib }
    }
}
