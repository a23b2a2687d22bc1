//! How many processes a child has made.
//!
//! `RLIMIT_NPROC` counts all processes of a user, whoever started them, and does not bind root at
//! all. So the members of the child's group are counted now and then, and the group is killed when
//! there are too many: a kill reaches every member at once, whatever they fork meanwhile.

use std::fs;

use rustix::process::Pid;

/// The members of `group`, zombies included; none where there is no `/proc` to look at.
pub(super) fn in_group(group: Pid) -> usize {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let is_process = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let stats = names
        .filter(|name| is_process(name))
        .filter_map(|process| fs::read_to_string(format!("/proc/{process}/stat")).ok());
    stats.filter(|stat| group_of(stat) == Some(group)).count()
}

/// The process group in a line of `/proc/PID/stat`: `pid (name) state ppid pgrp …`, where the name
/// may hold anything.
fn group_of(stat: &str) -> Option<Pid> {
    let (_, after_name) = stat.rsplit_once(')')?;
    Pid::from_raw(after_name.split_ascii_whitespace().nth(2)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_stands_behind_the_name() {
        let group = |stat| group_of(stat).map(Pid::as_raw_pid);
        assert_eq!(group("71 (python) S 1 70 70 0 -1 4194304"), Some(70));
        assert_eq!(group("71 (a) b (c) R 1 12 70"), Some(12));
        assert_eq!(group("71 python"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn our_own_group_has_a_member() {
        let own = rustix::process::getpgrp();
        assert!(in_group(own) >= 1);
    }
}
