//! The statistics as a user meets them: how often they are right on machines of known noise, and
//! what they make of data that nobody would wish for.

use super::{simulation::Machine, *};

/// Runs of 8 launches of 8 rounds on each machine: a rate of 5 % is then known to about ±1.5 %.
const RUNS: u64 = 800;

/// A machine that others use too.
const BUSY: Machine = Machine {
    jitter: 0.02,
    delay: 0.03,
    spikes: 0.05,
    drift: 0.10,
    shifts: 0.0,
    offset: 0.20,
    layout: 0.002,
    position: 0.0,
};

const MACHINES: [(&str, Machine); 7] = [
    ("calm", Machine::CALM),
    ("drifting", Machine { drift: 0.5, ..Machine::CALM }),
    ("spiky", Machine { spikes: 0.05, ..Machine::CALM }),
    ("uneven launches", Machine { offset: 0.3, layout: 0.005, ..Machine::CALM }),
    ("slower later in a round", Machine { position: 0.1, ..Machine::CALM }),
    ("busy", BUSY),
    ("noisy", Machine { jitter: 0.15, shifts: 0.1, position: 0.02, ..BUSY }),
];

/// Estimates of arm 1, which takes `cost` times the baseline's time, from runs of other seeds each.
fn estimates(machine: Machine, cost: f64) -> Vec<Estimate> {
    let estimate = |seed| {
        let launches = machine.start(seed).launches(8, 8, &[1.0, cost]);
        compare(&launches, 0, 1, Margin::default()).expect("all samples are valid")
    };
    (0..RUNS).map(estimate).collect()
}

fn share(estimates: &[Estimate], which: impl Fn(&Estimate) -> bool) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).expect("few runs"));
    count(estimates.iter().filter(|estimate| which(estimate)).count()) / count(estimates.len())
}

#[test]
fn intervals_hold_the_true_ratio() {
    for (name, machine) in MACHINES {
        let covered = share(&estimates(machine, 1.05), |it| it.low <= 1.05 && 1.05 <= it.high);
        assert!(covered >= 0.93, "{name}: {covered}");
    }
}

#[test]
fn the_baseline_against_itself_rarely_raises_an_alarm() {
    let mut all = Vec::new();
    for (name, machine) in MACHINES {
        let estimates = estimates(machine, 1.0);
        let alarms = share(&estimates, is_alarm);
        // Each rate may exceed the 5 % by chance, all of them together may not.
        assert!(alarms <= 0.065, "{name}: {alarms}");
        all.extend(estimates);
    }
    let alarms = share(&all, is_alarm);
    assert!(alarms <= 0.05, "{alarms}");
}

fn is_alarm(estimate: &Estimate) -> bool {
    matches!(estimate.verdict, Verdict::Slower | Verdict::Faster)
}

#[test]
fn five_percent_is_found() {
    let slower = share(&estimates(BUSY, 1.05), |it| it.verdict == Verdict::Slower);
    let faster = share(&estimates(BUSY, 0.95), |it| it.verdict == Verdict::Faster);
    assert!(slower >= 0.95, "slower: {slower}");
    assert!(faster >= 0.95, "faster: {faster}");
}

#[test]
fn an_effect_of_the_detectable_size_is_told_from_none_in_four_of_five_runs() {
    // The spread of a single run is itself uncertain; what is stated has to hold about, on average.
    let stated: f64 = estimates(Machine::CALM, 1.0).iter().filter_map(|it| it.detectable).sum();
    let runs = f64::from(u32::try_from(RUNS).expect("few runs"));
    let found = share(&estimates(Machine::CALM, 1.0 + stated / runs), |it| it.low > 1.0);
    assert!((0.72..0.85).contains(&found), "{found}");
}

#[test]
fn a_calm_baseline_is_equivalent_to_itself() {
    let still = Machine { jitter: 0.005, ..Machine::CALM };
    let equivalent = share(&estimates(still, 1.0), |it| it.verdict == Verdict::Equivalent);
    assert!(equivalent >= 0.99, "{equivalent}");
    let beyond = share(&estimates(still, 1.0101), |it| it.verdict == Verdict::Equivalent);
    assert!(beyond <= 0.06, "{beyond}");
}

fn launch(rounds: &[[Option<u64>; 2]]) -> Launch {
    Launch { rounds: rounds.iter().map(|nanos| Round { nanos: nanos.to_vec() }).collect() }
}

fn second_to_first(launches: &[Launch]) -> Option<Estimate> {
    compare(launches, 0, 1, Margin::default())
}

fn near(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 1e-5
}

#[test]
fn samples_that_do_not_vary_have_the_interval_of_the_floor() {
    let same = launch(&[[Some(1000), Some(1000)]; 4]);
    let estimate = second_to_first(&[same.clone(), same]).expect("valid samples");
    assert!(near(estimate.ratio, 1.0) && near(estimate.high, 1.002), "{estimate:?}");
    assert!(near(noise(&estimate).expect("an interval"), 0.002));
    assert_eq!(estimate.verdict, Verdict::Equivalent);

    let twice = launch(&[[Some(1000), Some(2000)]; 4]);
    let estimate = second_to_first(&[twice.clone(), twice]).expect("valid samples");
    assert!(near(estimate.ratio, 2.0), "{estimate:?}");
    assert_eq!(estimate.verdict, Verdict::Slower);
}

#[test]
fn one_launch_proves_nothing() {
    let estimate = second_to_first(&[launch(&[[Some(1000), Some(2000)]; 9])]).expect("samples");
    assert!(near(estimate.ratio, 2.0));
    assert_eq!((estimate.low, estimate.high), (0.0, f64::INFINITY));
    assert_eq!((estimate.launches, estimate.samples), (1, 9));
    assert_eq!((estimate.detectable, noise(&estimate)), (None, None));
    assert_eq!(estimate.verdict, Verdict::Inconclusive);
}

#[test]
fn without_a_valid_pair_there_is_no_estimate() {
    assert_eq!(second_to_first(&[]), None);
    assert_eq!(second_to_first(&[Launch::default()]), None);
    let unpaired = [[None, Some(7)], [Some(7), None], [None, None], [Some(0), Some(7)]];
    assert_eq!(second_to_first(&[launch(&unpaired), launch(&unpaired)]), None);
    assert_eq!(compare(&[launch(&[[Some(7), Some(7)]])], 0, 2, Margin::default()), None);
}

#[test]
fn launches_of_unequal_counts_weigh_the_same() {
    let long = launch(&[[Some(1000), Some(1000)]; 30]);
    let short = launch(&[[Some(1000), Some(1210)], [None, Some(1)], [Some(1), Some(0)]]);
    let empty = launch(&[[None, Some(1)]]);
    let estimate = second_to_first(&[long, short, empty]).expect("valid samples");
    assert!(near(estimate.ratio, 1.1), "{estimate:?}");
    assert_eq!((estimate.launches, estimate.samples, estimate.void), (2, 31, 3));
}

#[test]
fn the_extremes_of_a_clock_are_borne() {
    let extreme = launch(&[[Some(1), Some(u64::MAX)]]);
    let reverse = launch(&[[Some(u64::MAX), Some(1)]]);
    let estimate = second_to_first(&[extreme, reverse]).expect("valid samples");
    assert!(near(estimate.ratio, 1.0), "{estimate:?}");
    assert!(estimate.low >= 0.0 && estimate.high > 1e9, "{estimate:?}");
    assert_eq!(estimate.verdict, Verdict::Inconclusive);
}

#[test]
fn a_margin_is_a_fraction() {
    for wrong in [0.0, -0.01, 1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Margin::new(wrong), None);
    }
    assert_eq!(Margin::new(0.01), Some(Margin::default()));
}

#[test]
fn a_difference_within_the_noise_floor_is_no_verdict() {
    let slower = Estimate {
        ratio: 1.03,
        low: 1.02,
        high: 1.04,
        launches: 8,
        samples: 64,
        void: 0,
        detectable: Some(0.01),
        verdict: Verdict::Slower,
    };
    assert_eq!(slower.above(0.02).verdict, Verdict::Slower);
    assert_eq!(slower.above(0.04).verdict, Verdict::Inconclusive);
    assert_eq!(slower.above(f64::INFINITY).verdict, Verdict::Inconclusive);
    let same = Estimate { ratio: 1.0, verdict: Verdict::Equivalent, ..slower };
    assert_eq!(same.above(f64::INFINITY).verdict, Verdict::Equivalent);
}
