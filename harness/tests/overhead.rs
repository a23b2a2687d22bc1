//! Timing with real interpreters: that every workload does what it says, that samples which did
//! something else are void, and that what is counted can be believed.

mod support;

use std::{path::PathBuf, thread};

use support::{first_target, layout, targets};
use tollgate::{
    child::Limits,
    measure::{Control, Verdict},
    overhead::{Cost, Effort, Overhead, WorkloadKind, count, measure, valgrind, versus},
    strategy::{self, Strategy},
    worker::{
        Arm, Failure, Launch, Plan, Quantity, Seat, Settling, Spawn, Subject, Target, Workload,
        launch, ring,
    },
};

/// As little as shows that something works, however busy the machine is.
const LEAST: Effort = Effort { launches: 2, rounds: 1, confirms: false, ..Effort::FULL };

fn known(name: &str) -> Strategy {
    let file = layout().strategies().join(format!("{name}.py"));
    strategy::read(&file).unwrap_or_else(|error| panic!("{error}"))
}

/// A strategy of these tests.
fn special(name: &str) -> Strategy {
    let folder: PathBuf = support::folder("timed-strategies");
    strategy::read(&folder.join(format!("{name}.py"))).unwrap_or_else(|error| panic!("{error}"))
}

fn time(target: &Target, workload: &str, strategies: &[&Strategy], effort: Effort) -> Vec<Cost> {
    let baseline = known("none");
    let overhead =
        Overhead { baseline: &baseline, strategies: strategies.to_vec(), effort, seed: 1 };
    let workload = WorkloadKind::named(workload).expect("a workload");
    let label = target.interpreter.label();
    measure(&overhead, target, workload, &|| {})
        .unwrap_or_else(|error| panic!("{workload:?} on {label}: {error}"))
}

#[test]
fn every_workload_runs_on_the_oldest_and_the_newest_interpreter() {
    let mut targets = targets();
    targets.sort_by_key(|target| target.interpreter.version);
    targets.drain(1..targets.len().max(2) - 1);
    let effort = Effort { launches: 1, ..LEAST };
    let strategies = [known("audit"), known("meta_path")];
    let strategies: Vec<_> = strategies.iter().collect();
    for target in targets {
        for workload in WorkloadKind::all() {
            let costs = time(&target, workload.name(), &strategies, effort);
            let label = target.interpreter.label();
            let controls = costs.iter().filter(|cost| cost.control.is_some()).count();
            // the sham is none where setting up is what is timed
            let expected = if ["install", "start-up"].contains(&workload.name()) { 2 } else { 3 };
            assert_eq!((controls, costs.len()), (expected, expected + strategies.len()));
            for cost in &costs {
                let what = format!("{} under {} on {label}", workload.name(), cost.strategy);
                assert_eq!((cost.void, &cost.complaint), (0, &None), "{what}");
                assert!(cost.estimate.is_some(), "{what}");
            }
        }
    }
}

#[test]
fn a_run_has_its_controls_and_says_under_which_conditions_it_was_made() {
    let costs = time(&first_target(), "cold-100", &[], LEAST);
    let controls: Vec<_> = costs.iter().map(|cost| cost.control).collect();
    assert_eq!(
        controls,
        [Control::Again, Control::Sham, Control::Planted].map(Some),
        "in this order, and no strategy"
    );
    let planted = costs[2].known.expect("it is known what was planted");
    assert!(planted > 1.0 && planted < 1.1, "{planted}");
    let conditions = &costs[0].conditions;
    assert_eq!(conditions.len(), 2);
    assert_ne!(conditions[0].hash_seed, conditions[1].hash_seed);
    assert_ne!(conditions[0].environment_pad, conditions[1].environment_pad);
    assert!(conditions.iter().all(|it| it.samples == 4 && it.faults > 0), "{conditions:?}");
}

/// An event in the place of another is as many events.
#[test]
fn a_sample_that_reports_other_events_than_the_others_is_void() {
    let strategy = special("lies_at_times");
    let effort = Effort { launches: 2, rounds: 9, ..LEAST };
    let costs = time(&first_target(), "cold-100", &[&strategy], effort);
    let lying = costs.last().expect("its cost");
    assert!(lying.void > 0 && lying.void < 18, "{} of 18 are void", lying.void);
    assert_eq!(costs[0].void, 0);
}

/// Four modules that are not there, and a lap for every two of them.
const LOOKS_FOR_FOUR: &str = "\
def timed():
    for number in range(4):
        try:
            __import__('tollgate_has_no_%d' % number)
        except ImportError:
            tollgate_lap()
";

/// Launches a parent that looks for these modules in each of the samples of `order`.
fn look_for_four(
    target: &Target,
    arms: &[&Strategy],
    order: &[usize],
    seat: Option<Seat>,
) -> Result<Launch, Failure> {
    let workload = Workload {
        decoy: String::new(),
        timed: LOOKS_FOR_FOUR.to_owned(),
        subject: Subject::Call,
        stride: 2,
    };
    let arms: Vec<_> = arms.iter().copied().map(Arm::plain).collect();
    let plan = Plan {
        arms: &arms,
        order: order.to_owned(),
        warm_up: 1,
        pad: 0,
        core: None,
        seat,
        settling: Settling::Nothing,
        quantity: Quantity::Time,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let start = Spawn::new(Limits::default());
    launch(&start, target, (&workload, folder.path()), &plan)
}

#[test]
fn a_child_that_ends_early_leaves_the_others_in_step() {
    let (target, none, leaves) = (first_target(), known("none"), special("leaves_in_the_middle"));
    let order = [0, 0, 1, 2, 2, 1, 0];
    let taken = look_for_four(&target, &[&none, &leaves, &none], &order, None).expect("it runs");
    let laps = taken.samples.iter().map(|sample| Some(sample.measured.as_ref()?.laps.len()));
    // what follows the last lap's end is a lap too
    let all = Some(3);
    assert_eq!(laps.collect::<Vec<_>>(), [all, all, None, all, all, None, all]);
    assert_eq!(taken.complaint.as_deref(), Some("it ended with status 3"));
}

/// What each of these parents answers, when they take turns.
fn in_a_ring(strategies: [&Strategy; 3]) -> Vec<Result<Launch, Failure>> {
    let target = first_target();
    let seats = ring(strategies.len()).expect("pipes");
    thread::scope(|scope| {
        let start = |(strategy, seat)| {
            let target = &target;
            scope.spawn(move || look_for_four(target, &[strategy], &[0; 5], Some(seat)))
        };
        let started: Vec<_> = strategies.into_iter().zip(seats).map(start).collect();
        started.into_iter().map(|it| it.join().expect("no panic")).collect()
    })
}

#[test]
fn a_child_that_ends_early_leaves_other_parents_in_step() {
    let (none, leaves) = (known("none"), special("leaves_in_the_middle"));
    let launches = in_a_ring([&none, &leaves, &none]);
    for (launch, valid) in launches.into_iter().zip([5, 0, 5]) {
        let samples = launch.expect("it runs").samples;
        let measured = samples.iter().filter(|sample| sample.measured.is_some()).count();
        assert_eq!((samples.len(), measured), (5, valid));
    }
}

#[test]
fn parents_that_take_turns_end_when_one_of_them_dies() {
    let (none, killer) = (known("none"), special("kills_its_parent"));
    let told: Vec<_> = in_a_ring([&none, &killer, &none])
        .into_iter()
        .map(|launch| launch.expect_err("it cannot go on").to_string())
        .collect();
    assert!(told[1].contains("SIGKILL"), "{told:?}");
    for place in [0, 2] {
        assert!(told[place].contains("before this one in the ring has ended"), "{told:?}");
    }
}

#[test]
fn a_cost_that_everybody_would_see_is_found_and_confirmed() {
    let strategy = special("takes_its_time");
    let effort = Effort { launches: 6, rounds: 2, confirms: true, planted: 0.5, ..LEAST };
    let costs = time(&first_target(), "cold-100", &[&strategy], effort);
    let slow = costs.last().expect("its cost");
    let estimate = slow.estimate.expect("an estimate");
    assert!(estimate.ratio > 1.5 && estimate.low > 1.1, "{estimate:?}");
    if estimate.verdict == Verdict::Slower {
        assert!(slow.confirmation.expect("fresh launches").low > 1.0);
    } else {
        // nothing is said on a machine that is so busy that its controls fail or move as far
        let is_silent = matches!(estimate.verdict, Verdict::Unfit | Verdict::Inconclusive);
        assert!(is_silent, "{estimate:?}");
    }
}

#[test]
fn an_interpreter_is_compared_with_another_and_with_itself() {
    let (target, none, slow) = (first_target(), known("none"), special("takes_its_time"));
    let effort = Effort { launches: 6, rounds: 2, ..Effort::VERSUS };
    let found = versus((&target, &target), [&none, &slow], WorkloadKind::COLD, (effort, 1), &|| {})
        .expect("it runs")
        .expect("it has samples");
    // twelve samples on a machine that others use too: a cost of twice the time is found, and no more is asked
    assert!(found.estimate.ratio > 1.5 && found.estimate.low > 1.1, "{found:?}");
    assert!(found.again.low < 1.5, "{found:?}");
    assert_eq!(found.estimate.launches, 6);
}

#[test]
fn one_more_audit_event_for_each_import_is_counted_exactly() {
    if let Err(reason) = valgrind() {
        eprintln!("skipped: {reason}");
        return;
    }
    let (baseline, once) = (known("none"), special("audits_each_import"));
    let (twice, hook) = (special("audits_each_import_twice"), known("audit"));
    let strategies = vec![&once, &twice, &hook];
    let overhead = Overhead { baseline: &baseline, strategies, effort: LEAST, seed: 1 };
    let counts = count(&overhead, &first_target(), WorkloadKind::COLD, &|| {}).expect("counts");
    let of = |name: &str| {
        let found = counts.iter().find(|(strategy, _)| strategy.as_str() == name);
        &found.unwrap_or_else(|| panic!("{name} was counted")).1
    };
    let again = of("none");
    assert!(again.added.abs() < 1.0, "the baseline again: {again:?}");
    let (once, twice) = (of("audits_each_import"), of("audits_each_import_twice"));
    assert_eq!(twice.repeats, [3, 0], "{twice:?}");
    let events = |seed: usize| twice.counts[seed].1[1] - once.counts[seed].1[1];
    assert!((5_000..200_000).contains(&events(0)), "{} instructions for 100 events", events(0));
    assert_eq!([events(1), events(2)], [events(0); 2], "whatever the seed");
    // one that notes what it hears: the probe's clock and buffer have to work under valgrind, too
    assert!(of("audit").added > 100.0, "{:?}", of("audit"));
}
