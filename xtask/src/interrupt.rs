//! Ctrl-C and SIGTERM: the run ends within a second, and tidies up.

use std::{
    fmt, io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use signal_hook::{
    consts::{SIGINT, SIGTERM, SIGXFSZ},
    flag,
    iterator::Signals,
    low_level::exit,
};
use tollgate::{child, stop::Stop};

/// A signal that asks for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C at the terminal.
    Interrupt,
    /// What `kill` and CI runners send.
    Terminate,
}

impl Signal {
    /// The exit code that shells use: 128 and the signal's number.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        })
    }
}

/// Turns signals into a request to end the run.
pub(crate) struct Interrupt {
    stop: Stop,
    first: Arc<OnceLock<Signal>>,
    let_go: Arc<AtomicBool>,
}

impl Interrupt {
    /// From now on the first signal asks for the end and kills all children; whoever waits for one
    /// returns, and folders are removed. The second ends this process on the spot.
    pub(crate) fn watch() -> io::Result<Self> {
        // Otherwise a limit on the size of files (`ulimit -f`) kills us, where it should be an error
        // of the write. Children get their default back.
        flag::register(SIGXFSZ, Arc::default())?;
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let watch = Self { stop: Stop::default(), first: Arc::default(), let_go: Arc::default() };
        let (stop, first) = (watch.stop(), Arc::clone(&watch.first));
        let let_go = Arc::clone(&watch.let_go);
        thread::spawn(move || {
            for number in signals.forever() {
                let signal = if number == SIGINT { Signal::Interrupt } else { Signal::Terminate };
                let is_first = first.set(signal).is_ok();
                stop.ask();
                child::end_all();
                if !is_first || let_go.load(Ordering::SeqCst) {
                    exit(signal.exit_code().into());
                }
            }
        });
        Ok(watch)
    }

    /// What the signal asks.
    pub(crate) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The signal that came first, if one did.
    pub(crate) fn signal(&self) -> Option<Signal> {
        self.first.get().copied()
    }

    /// From now on the first signal ends this process on the spot: nothing can be lost any more.
    pub(crate) fn let_go(&self) {
        self.let_go.store(true, Ordering::SeqCst);
    }
}
