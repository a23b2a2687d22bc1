//! Names of signals, for people.

use rustix::process::Signal;

/// The signals that a crash, a limit, a program or a person at the keyboard brings about.
const NAMED: [(Signal, &str); 18] = [
    (Signal::HUP, "SIGHUP"),
    (Signal::INT, "SIGINT"),
    (Signal::QUIT, "SIGQUIT"),
    (Signal::ILL, "SIGILL"),
    (Signal::TRAP, "SIGTRAP"),
    (Signal::ABORT, "SIGABRT"),
    (Signal::BUS, "SIGBUS"),
    (Signal::FPE, "SIGFPE"),
    (Signal::KILL, "SIGKILL"),
    (Signal::USR1, "SIGUSR1"),
    (Signal::SEGV, "SIGSEGV"),
    (Signal::USR2, "SIGUSR2"),
    (Signal::PIPE, "SIGPIPE"),
    (Signal::ALARM, "SIGALRM"),
    (Signal::TERM, "SIGTERM"),
    (Signal::XCPU, "SIGXCPU"),
    (Signal::XFSZ, "SIGXFSZ"),
    (Signal::SYS, "SIGSYS"),
];

/// The name of a signal, such as `SIGKILL`; nothing for one that hardly ever ends a process.
pub(crate) fn name(number: i32) -> Option<&'static str> {
    NAMED.iter().find(|(signal, _)| signal.as_raw() == number).map(|(_, name)| *name)
}

/// The number of the signal with this name.
pub(crate) fn number(name: &str) -> Option<i32> {
    NAMED.iter().find(|(_, known)| *known == name).map(|(signal, _)| signal.as_raw())
}
