//! How children are started, and what each may use.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    child::Limits,
    worker::{Runner, Spawn},
};

use crate::exit::UsageError;

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
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    timeout: f64,
    /// Address space of each process, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
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

impl Isolation {
    /// What each child may use.
    pub(crate) fn limits(&self) -> Result<Limits> {
        let deadline =
            Duration::try_from_secs_f64(self.timeout).ok().filter(|time| !time.is_zero());
        let deadline = deadline.ok_or_else(|| {
            UsageError(format!("--timeout {}: expected seconds above 0, such as 2.5", self.timeout))
        })?;
        let memory_bytes = self.memory.checked_mul(1 << 20).filter(|&bytes| bytes > 0);
        let memory_bytes = memory_bytes.ok_or_else(|| {
            UsageError(format!("--memory {}: expected a number of MiB above 0", self.memory))
        })?;
        Ok(Limits { deadline, memory_bytes: Some(memory_bytes), ..Limits::default() })
    }

    /// What runs the cells.
    pub(crate) fn runner(&self) -> Result<Runner> {
        let limits = self.limits()?;
        Ok(match self.mode {
            #[cfg(target_os = "linux")]
            Mode::Fork => Runner::new(tollgate::worker::Zygotes::new(limits))?,
            Mode::Spawn => Runner::new(Spawn::new(limits))?,
        })
    }
}
