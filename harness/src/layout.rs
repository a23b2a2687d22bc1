//! Where things are in a checkout.

use std::path::{Path, PathBuf};

/// The folders of one checkout of Tollgate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    root: PathBuf,
    /// Where runs and evaluations go, if not below `target`.
    out: Option<PathBuf>,
}

impl Layout {
    /// The checkout that this library was compiled in.
    pub fn of_this_checkout() -> Self {
        let harness = Path::new(env!("CARGO_MANIFEST_DIR"));
        // the manifest of this crate is in `harness/`, so it has a parent
        Self::at(harness.parent().unwrap_or(harness))
    }

    /// The checkout whose top folder is `root`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), out: None }
    }

    /// The same, with runs and evaluations in the folder `out`, if there is one.
    #[must_use]
    pub fn with_out(self, out: Option<PathBuf>) -> Self {
        Self { out, ..self }
    }

    /// The checkout's top folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The scenarios that come with Tollgate.
    pub fn scenarios(&self) -> PathBuf {
        self.root.join("scenarios")
    }

    /// The strategies that come with Tollgate.
    pub fn strategies(&self) -> PathBuf {
        self.root.join("harness/strategies")
    }

    /// Hooks that behave badly, which strategies are set beside: those of `earlier` are installed
    /// before a strategy, those of `later` after it.
    pub fn neighbours(&self) -> PathBuf {
        self.root.join("harness/neighbours")
    }

    /// The files of the program that runs in every child, in the order in which they are executed.
    pub fn worker(&self) -> Vec<PathBuf> {
        let files = [
            "asking.py",
            "state.py",
            "promises.py",
            "footprint.py",
            "compose.py",
            "measure.py",
            "worker.py",
        ];
        files.map(|file| self.root.join("harness/worker").join(file)).into()
    }

    /// The recorder of the truth.
    pub fn recorder(&self) -> PathBuf {
        self.root.join("harness/worker/recorder.py")
    }

    /// What tells, with the recorder, who asks for modules.
    pub fn requests(&self) -> PathBuf {
        self.root.join("harness/worker/requests.py")
    }

    /// What has the modules testify.
    pub fn testimony(&self) -> PathBuf {
        self.root.join("harness/worker/testimony.py")
    }

    /// What is published.
    pub fn reports(&self) -> PathBuf {
        self.root.join("reports")
    }

    /// What hears the events of candidates.
    pub fn listener(&self) -> PathBuf {
        self.root.join("harness/worker/listener.py")
    }

    /// What reports the events of candidates as a strategy does.
    pub fn reporter(&self) -> PathBuf {
        self.root.join("harness/worker/reporter.py")
    }

    /// What lays a candidate over importlib.
    pub fn overlay(&self) -> PathBuf {
        self.root.join("harness/worker/overlay.py")
    }

    /// The candidates that come with Tollgate, one folder each.
    pub fn candidates(&self) -> PathBuf {
        self.root.join("harness/candidates")
    }

    /// Where interpreters are kept that were built from source.
    pub fn python_builds(&self) -> PathBuf {
        self.root.join("target/tollgate/pythons")
    }

    /// Where runs leave their records, one folder a run.
    pub fn runs(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| self.root.join("target/tollgate/runs"))
    }

    /// Where evaluations leave their records, one folder each.
    pub fn evaluations(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| self.root.join("target/tollgate/evaluations"))
    }

    /// Where scripts that show failures are written.
    pub fn repros(&self) -> PathBuf {
        self.root.join("target/tollgate/repro")
    }

    /// Where the worker is kept as byte code of each interpreter.
    pub fn worker_builds(&self) -> PathBuf {
        self.root.join("target/tollgate/worker")
    }

    /// Where the builds of the probe are kept.
    pub fn probe_builds(&self) -> PathBuf {
        self.root.join("target/tollgate/probe")
    }
}
