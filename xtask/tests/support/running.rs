//! Runs in progress, and waiting for what they do.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::xtask;

/// A scenario that never ends, and whose child says where it is: its number and its directory.
pub(crate) fn hanging(marker: &Path) -> String {
    let marker = marker.to_str().expect("UTF-8");
    format!(
        "summary: A program hangs.\nrun: |\n  import os\n  with open('{marker}.new', 'w') as file:\n    \
         file.write(f'{{os.getpid()}} {{os.getcwd()}}')\n  os.rename('{marker}.new', '{marker}')\n  \
         while True: pass\ntrace: \"\"\n"
    )
}

/// Where runs leave their folders.
pub(crate) const RUNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tollgate/runs");

/// A run in progress.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) id: String,
    /// What it says on standard error after its name, line by line, until it ends.
    told: Receiver<String>,
}

impl Running {
    /// Starts `check` or `bench` with `arguments`, and waits until it says which run it is.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_into(arguments, Stdio::null())
    }

    pub(crate) fn start_into(arguments: &[&str], stdout: impl Into<Stdio>) -> Self {
        let mut command = xtask();
        command.args(arguments).stdout(stdout).stderr(Stdio::piped());
        let mut child = command.spawn().expect("xtask starts");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let (sender, told) = mpsc::channel();
        thread::spawn(move || {
            lines.map_while(Result::ok).take_while(|line| sender.send(line.clone()).is_ok()).count()
        });
        let mut before = Vec::new();
        let id = told.iter().find_map(|line| {
            let id = line.strip_prefix("run ").map(|rest| rest.split(' ').next().unwrap_or(rest));
            let id = id.map(str::to_owned);
            before.push(line);
            id
        });
        let id = id.unwrap_or_else(|| panic!("it does not say which run it is: {before:?}"));
        Self { child, id, told }
    }

    /// Waits for its end, but no longer than `time`. Returns what it said.
    pub(crate) fn ends_within(&self, time: Duration) -> Option<Vec<String>> {
        let (end, mut lines) = (Instant::now() + time, Vec::new());
        loop {
            match self.told.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => return Some(lines),
                Err(RecvTimeoutError::Timeout) => return None,
            }
        }
    }

    pub(crate) fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is there");
    }

    pub(crate) fn reap(mut self) -> ExitStatus {
        self.child.wait().expect("it can be waited for")
    }
}

/// What no child should take, on a machine however busy.
pub(crate) const PATIENT: Duration = Duration::from_mins(2);

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let (_sender, never) = mpsc::channel::<()>();
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENT, "no sign of {what}");
        let _ = never.recv_timeout(Duration::from_millis(2));
    }
}

/// Waits until `file` is there, and reads it.
pub(crate) fn appears(file: &Path) -> String {
    until(&file.display().to_string(), || fs::read_to_string(file).ok())
}

/// Whether a process is there and not only waits to be reaped: orphans of a run wait for init, and
/// the first process of a container may reap nobody.
pub(crate) fn runs(process: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
    let state = |stat: String| stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(stat.ok().and_then(state), None | Some('Z' | 'X'))
}
