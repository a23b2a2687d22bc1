//! The harness on a machine on which others start and end processes all the time: what `/proc` lists is gone when it is
//! read, or half gone.
#![cfg(target_os = "linux")]

mod support;

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use support::{first_target, layout, without_hook};
use tollgate::{
    child::Limits,
    scenario::{self, Scenario},
    worker::{Program, Runner, Spawn, Zygotes},
};

/// How long others are at it.
const SPELL: Duration = Duration::from_secs(5);
/// How many processes a second they start and end, at least, on a machine that has nothing else to do.
const RATE: u64 = 2_000;

/// A shell that starts thirty processes, waits for them, and begins again.
const CHURN: &str = "\
while :; do
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do (:) & done
  wait
done
";

/// Shells that churn. Dropping it ends them.
struct Churn(Vec<std::process::Child>);

impl Churn {
    #[expect(
        clippy::disallowed_methods,
        reason = "somebody else's processes, which no harness watches"
    )]
    fn start(shells: usize) -> Self {
        use std::process::{Command, Stdio};
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", CHURN])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self((0..shells).map(|_| command.spawn().expect("a shell")).collect())
    }
}

impl Drop for Churn {
    fn drop(&mut self) {
        for shell in &mut self.0 {
            let _ = shell.kill();
            let _ = shell.wait();
        }
    }
}

/// How many processes and threads this machine has started since it came up.
fn started() -> u64 {
    let text = fs::read_to_string("/proc/stat").expect("Linux has it");
    let line = text.lines().find_map(|line| line.strip_prefix("processes "));
    line.and_then(|number| number.trim().parse().ok()).expect("a number")
}

/// A program that takes long enough for its processes to be counted several times.
fn lingers() -> Scenario {
    let scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    let nested = |it: &Scenario| it.name.to_string() == "packages/nested";
    let nested = scenarios.into_iter().find(nested).expect("it is ours");
    let setup = Some("import time\ntime.sleep(0.3)\n".to_owned());
    Scenario { setup, ..nested }
}

#[test]
fn no_number_of_the_system_ends_a_run() {
    // so few that all processes of the machine are looked at whenever it has a few more than before
    let limits =
        Limits { processes: Some(1), deadline: Duration::from_mins(1), ..Limits::default() };
    let runners: [Runner; 2] =
        [support::runner(Zygotes::new(limits.clone())), support::runner(Spawn::new(limits))];
    let (target, scenario, strategy) = (first_target(), lingers(), without_hook());
    let observe = |runner: &Runner| {
        let program = Program { scenario: &scenario, strategy: &strategy };
        runner.observe(&target, program).unwrap_or_else(|failure| panic!("{failure}"))
    };
    // what is compiled once is compiled
    for runner in &runners {
        observe(runner);
    }
    let (before, begun) = (started(), Instant::now());
    let churn = Churn::start(2);
    let until_over = || {
        let mut cells = 0;
        while begun.elapsed() < SPELL {
            for runner in &runners {
                observe(runner);
            }
            cells += runners.len();
        }
        cells
    };
    let cells: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(until_over)).collect();
        threads.into_iter().map(|it| it.join().expect("no panic")).sum()
    });
    drop(churn);
    let rate = (started() - before) / begun.elapsed().as_secs().max(1);
    eprintln!("{cells} cells beside {rate} processes a second");
    assert!(cells >= 10, "{cells} cells");
    // others may use the cores as well; far fewer would show nothing
    assert!(rate > RATE / 4, "{rate} processes a second");
}
