//! How many processes a child has made.
//!
//! `RLIMIT_NPROC` counts all threads of a user, whoever started them, and does not bind root at all:
//! it is set, with room, as a second line. The members of the child's group are counted, and the group is killed when there are
//! too many: a kill reaches every member at once, whatever they fork meanwhile.
//!
//! A fork bomb makes ten thousand processes a second, with which whoever counts them has to share
//! the cores. So it is looked for often, which must cost next to nothing while there is none: the
//! kernel keeps a count of everything that it schedules, and only when that has risen by more than
//! the limit are groups looked at, newest processes first.

use std::{
    ffi::OsString,
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

use rustix::{
    event::{Timespec, poll},
    process::Pid,
};

/// A limit on the processes of one group.
pub(super) struct Census {
    limit: usize,
    /// The fewest threads that this machine has had since the child was started: what another cell's
    /// bomb adds must not hide ours once that is over.
    fewest: Option<usize>,
}

impl Census {
    /// Starts counting now, before there is a child.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, fewest: threads_of_all() }
    }

    /// Whether `group` has more members than the limit. Never where there is no `/proc`.
    pub(super) fn is_exceeded(&mut self, group: Pid) -> bool {
        let (Some(fewest), Some(now)) = (self.fewest, threads_of_all()) else { return false };
        self.fewest = Some(fewest.min(now));
        now > fewest.saturating_add(self.limit) && has_more_than(group, self.limit)
    }
}

/// A value of `RLIMIT_NPROC` for a child whose group may have `limit` processes: what keeps a bomb of
/// processes small between two counts, for users that are not root.
///
/// Only threads of the same user count, so this is more room than it looks; and never so little that
/// somebody else's start of a browser is felt. It is the same for all children of this process.
pub(super) fn threads_of_user(limit: usize) -> Option<u64> {
    static AT_FIRST: LazyLock<Option<usize>> = LazyLock::new(threads_of_all);
    Some((*AT_FIRST)?.saturating_add(limit.saturating_mul(16)) as u64)
}

/// How many threads this machine has, ours or not: the fourth word of `/proc/loadavg` is
/// `running/existing`.
fn threads_of_all() -> Option<usize> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let (_, existing) = text.split_ascii_whitespace().nth(3)?.split_once('/')?;
    existing.parse().ok()
}

/// Waits until all members of a group that was killed have ended, or gives up after two seconds.
///
/// A thousand processes take a while to die, and what is started meanwhile has to share the cores
/// with them.
pub(super) fn settle(group: Pid) {
    let begun = Instant::now();
    let moment = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
    let alive = || members(group).any(|state| state != 'Z' && state != 'X');
    while begun.elapsed() < Duration::from_secs(2) && alive() {
        let _ = poll(&mut [], Some(&moment));
    }
}

/// Whether `group` has more than `limit` members, zombies included.
fn has_more_than(group: Pid, limit: usize) -> bool {
    members(group).nth(limit).is_some()
}

/// The states of the members of `group`, newest first; none where there is no `/proc`.
fn members(group: Pid) -> impl Iterator<Item = char> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    let number = |name: OsString| name.to_str()?.parse::<u32>().ok();
    let mut processes: Vec<u32> =
        entries.filter_map(|entry| number(entry.ok()?.file_name())).collect();
    processes.sort_unstable_by(|one, other| other.cmp(one));
    // a process may have a name that is no text, and must be counted all the same
    let read = |process| fs::read(format!("/proc/{process}/stat")).ok();
    let line = move |process| Some(String::from_utf8_lossy(&read(process)?).into_owned());
    let found = processes.into_iter().filter_map(move |process| state_and_group(&line(process)?));
    found.filter_map(move |(state, of)| (of == group).then_some(state))
}

/// The state and the process group in a line of `/proc/PID/stat`: `pid (name) state ppid pgrp …`,
/// where the name may hold anything. A process that is being reaped has no group any more: there the
/// number is 0 or -1.
fn state_and_group(stat: &str) -> Option<(char, Pid)> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut words = after_name.split_ascii_whitespace();
    let state = words.next()?.chars().next()?;
    Some((state, process(words.nth(1)?.parse().ok()?)?))
}

/// The process or group of a number that somebody else has told us. None has 0 or less: to the calls
/// that take one these mean other things, such as "everybody".
pub(super) fn process(number: i32) -> Option<Pid> {
    if number > 0 { Pid::from_raw(number) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_a_line_or_none(text: String) {
            let _ = state_and_group(&text);
        }

        #[test]
        fn any_number_is_a_group_or_none(state in "[A-Za-z]", parent: i64, group: i64) {
            let found = state_and_group(&format!("71 (python) {state} {parent} {group} 70"));
            let valid = i32::try_from(group).ok().filter(|group| *group > 0);
            prop_assert_eq!(found.map(|(_, group)| group.as_raw_pid()), valid);
        }
    }

    #[test]
    fn state_and_group_stand_behind_the_name() {
        let read = |stat| state_and_group(stat).map(|(state, group)| (state, group.as_raw_pid()));
        assert_eq!(read("71 (python) S 1 70 70 0 -1 4194304"), Some(('S', 70)));
        assert_eq!(read("71 (a) b (c) R 1 12 70"), Some(('R', 12)));
        for none in ["71 python", "", ")", "71 (a) Z", "71 (a) Z 0 0 0", "71 (a) X 0 -1 -1 0"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn our_own_group_has_a_member() {
        let own = rustix::process::getpgrp();
        assert!(has_more_than(own, 0));
        assert!(!has_more_than(own, 1 << 20));
        assert!(threads_of_all().is_some_and(|threads| threads > 0));
    }
}
