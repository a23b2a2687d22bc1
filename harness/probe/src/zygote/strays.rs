//! Processes that a child left behind: they left its group, and their parent has ended.
//!
//! The kernel gives them to the zygote without saying whose they were. A stray may belong to any
//! cell that ran when it was found, so it lives until the last of those has ended.

use std::fs;

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};

use super::cell::Cell;

#[derive(Default)]
pub(super) struct Strays(Vec<Stray>);

struct Stray {
    number: Pid,
    /// The cells that it may belong to.
    suspects: Vec<Pid>,
}

impl Strays {
    /// Looks for strays and ends those that belong to none of `cells`, with all that they left
    /// behind in their turn.
    pub(super) fn clear(&mut self, cells: &[Cell]) {
        let running: Vec<Pid> = cells.iter().map(Cell::number).collect();
        loop {
            let children = children();
            self.0.retain(|stray| children.contains(&stray.number));
            for number in children {
                let known = self.0.iter().any(|stray| stray.number == number);
                if !known && !running.contains(&number) {
                    self.0.push(Stray { number, suspects: running.clone() });
                }
            }
            let mut ended = false;
            for stray in &mut self.0 {
                stray.suspects.retain(|suspect| running.contains(suspect));
                if stray.suspects.is_empty() {
                    end(stray.number);
                    ended = true;
                }
            }
            // An end may have brought us orphans.
            if !ended {
                return;
            }
        }
    }
}

fn end(stray: Pid) {
    let _ = kill_process(stray, Signal::KILL);
    while let Err(rustix::io::Errno::INTR) = waitpid(Some(stray), WaitOptions::empty()) {}
}

/// The processes whose parent we are; none where the kernel does not list them.
fn children() -> Vec<Pid> {
    let process = getpid().as_raw_pid();
    let list = fs::read_to_string(format!("/proc/self/task/{process}/children"));
    let list = list.unwrap_or_default();
    list.split_ascii_whitespace().filter_map(pid).collect()
}

/// The process of a number that the kernel lists: 0 and less are none.
fn pid(word: &str) -> Option<Pid> {
    let number: i32 = word.parse().ok()?;
    Pid::from_raw(number.max(0))
}
