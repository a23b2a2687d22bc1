//! `cargo xtask calibrate`: how often the measurement is right, on this machine and now.

use std::time::Duration;

use anyhow::Result;
use tollgate::{
    layout::Layout,
    measure::{Estimate, Looking, proportion},
    overhead::{Course, Effort, Known, Series, WorkloadKind, series, versus},
    strategy::{self, BASELINE, Strategy},
    worker::{Settling, Target},
};

use crate::{exit::Exit, output, progress, rivals, selected, selection::Pythons};

#[derive(clap::Args)]
pub(crate) struct Flags {
    #[command(flatten)]
    pythons: Pythons,
    /// How long each part takes. Windows of 60 s need ten times that and more.
    #[arg(long, value_name = "SECONDS", default_value_t = 180)]
    seconds: u64,
    /// One part only.
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// What takes the place of a patched interpreter, such as a copy; the same interpreter unless said.
    #[arg(long, value_name = "PATH")]
    copy: Option<String>,
    /// Seed of all that is random.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// How often none differs from itself.
    Alarms,
    /// How often costs of known size are found.
    Detection,
    /// What an arm with another set-up measures, with pages faulted in in different ways.
    Bias,
    /// What parents of their own make of an interpreter against itself, as for a patch.
    Parents,
    /// The same comparison by other tools, where they are installed.
    Rivals,
}

/// Costs that are planted.
const SIZES: [f64; 4] = [0.005, 0.01, 0.02, 0.05];
/// Launches of a window in which none is compared with itself.
const ALARM_LAUNCHES: usize = 10;
/// Rounds of a launch: as `bench`, and few where there are many launches to make.
const ROUNDS: usize = 18;
const ALARM_ROUNDS: usize = 4;

struct Place {
    target: Target,
    /// What should be as fast.
    copy: Target,
    baseline: Strategy,
    /// One that costs something.
    finder: Strategy,
    time: Duration,
    seed: u64,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let target = selected::newest(&layout, &flags.pythons)?;
    let copy = match &flags.copy {
        Some(path) => selected::newest(&layout, &Pythons::from(path.as_str()))?,
        None => target.clone(),
    };
    let [baseline, finder] = [BASELINE, "meta_path"]
        .map(|name| strategy::read(&layout.strategies().join(format!("{name}.py"))));
    let (baseline, finder) = (baseline?, finder?);
    let seed = flags.seed.unwrap_or_else(rand::random);
    let time = Duration::from_secs(flags.seconds);
    let place = Place { target, copy, baseline, finder, time, seed };
    let label = place.target.interpreter.label();
    output::print(&format!("Calibration on {label}, cold import of 100 modules, seed {seed}\n"))?;
    let is_asked = |part| flags.part.is_none_or(|only| only == part);
    if is_asked(Part::Alarms) {
        output::print(&alarms(&place)?)?;
    }
    if is_asked(Part::Detection) {
        output::print(&detection(&place)?)?;
    }
    if is_asked(Part::Bias) {
        output::print(&bias(&place)?)?;
    }
    if is_asked(Part::Parents) {
        output::print(&parents(&place)?)?;
    }
    if is_asked(Part::Rivals) {
        let Place { target, baseline, finder, time, seed, .. } = &place;
        let text = rivals::compare(target, baseline, finder, (*time, *seed))?;
        output::print(&text)?;
    }
    output::print(
        &Exit::Done
            .line("what was asked for was measured; whether it is good enough is yours to say"),
    )?;
    Ok(Exit::Done)
}

impl Place {
    fn series(&self, arms: &[Known], course: Course, what: &'static str) -> Result<Series> {
        let spinner = progress::spinner(what);
        let taken =
            series(&self.target, &self.baseline, arms, (WorkloadKind::COLD, course), &|| {
                spinner.inc(1);
            });
        spinner.finish_and_clear();
        Ok(taken?)
    }

    fn course(&self, rounds: usize) -> Course {
        Course { time: self.time, rounds, settling: Course::USUAL, seed: self.seed }
    }
}

/// `12 of 240, 5.0 % (2.9 to 8.5 %)`.
fn rate(found: usize, of: usize) -> String {
    let [low, high] = proportion(found, of).map(|rate| 100.0 * rate);
    let share = 100.0 * rivals::number(found) / rivals::number(of.max(1));
    format!("{found} of {of}, {share:.1} % ({low:.1} to {high:.1} %)")
}

fn differs(estimate: &Estimate) -> bool {
    estimate.low > 1.0 || estimate.high < 1.0
}

/// Six arms that are the same make three pairs that share nothing but their launch.
fn alarms(place: &Place) -> Result<String> {
    let arms = [Known::Planted(0.0); 6];
    let taken = place.series(&arms, place.course(ALARM_ROUNDS), "none against itself")?;
    let windows: Vec<_> = [(0, 1), (2, 3), (4, 5)]
        .into_iter()
        .flat_map(|(one, other)| taken.windows_of(one, other, ALARM_LAUNCHES))
        .collect();
    let found = windows.iter().filter(|estimate| differs(estimate)).count();
    Ok(format!(
        "False alarms: none differs from itself (95 % interval of {ALARM_LAUNCHES} launches) in {}\n",
        rate(found, windows.len())
    ))
}

fn detection(place: &Place) -> Result<String> {
    let none = [Known::Planted(0.0); 2];
    let arms: Vec<_> = none.into_iter().chain(SIZES.map(Known::Planted)).collect();
    let taken = place.series(&arms, place.course(ROUNDS), "costs of known size")?;
    let mut lines =
        vec![format!("Detection, in windows of two arms ({} launches):", taken.launches())];
    for seconds in [20, 60] {
        for arm in 1..arms.len() {
            let windows = taken.windows(0, arm, Duration::from_secs(seconds));
            let found =
                windows.iter().filter(|it| if arm == 1 { differs(it) } else { it.low > 1.0 });
            let what = match taken.known(arm) {
                Some(known) => format!("{:+.2} % planted", 100.0 * (known - 1.0)),
                None => "nothing planted".to_owned(),
            };
            let found = rate(found.count(), windows.len());
            lines.push(format!("  {seconds} s, {what}: found in {found}"));
        }
    }
    lines.push("  all launches:".to_owned());
    for arm in 1..arms.len() {
        if let Some(whole) = taken.whole(0, arm) {
            lines.push(format!("    {}", told(&whole)));
        }
    }
    Ok(lines.join("\n") + "\n")
}

/// `+0.51 % (+0.32 to +0.70 %)`.
fn told(estimate: &Estimate) -> String {
    let percent = |ratio: f64| 100.0 * (ratio - 1.0);
    let [ratio, low, high, fast] =
        [estimate.ratio, estimate.low, estimate.high, estimate.fast].map(percent);
    format!("{ratio:+.2} % ({low:+.2} to {high:+.2} %), of the fastest samples {fast:+.2} %")
}

fn bias(place: &Place) -> Result<String> {
    let arms = [Known::Planted(0.0), Known::Planted(0.0), Known::Sham];
    let mut lines = vec!["Bias of an arm with another set-up that is not timed:".to_owned()];
    for (name, settling) in [
        ("pages not faulted in", Settling::Nothing),
        ("a decoy imported", Settling::Decoy),
        ("all pages populated", Settling::Populate),
        ("both", Settling::Both),
    ] {
        let course = Course { settling, time: place.time / 4, ..place.course(ROUNDS) };
        let taken = place.series(&arms, course, "the sham")?;
        let [again, sham] = [1, 2]
            .map(|arm| taken.whole(0, arm).map_or_else(|| "void".to_owned(), |whole| told(&whole)));
        let faults = taken.faults();
        lines.push(format!(
            "  {name} ({faults:.0} faults a sample): sham {sham}; none again {again}"
        ));
    }
    Ok(lines.join("\n") + "\n")
}

/// The interpreter against itself or its copy, without a difference and with a finder.
fn parents(place: &Place) -> Result<String> {
    let Place { target, copy, baseline, finder, time, seed } = place;
    let effort = Effort { launches: usize::MAX, budget: Some(*time / 2), ..Effort::VERSUS };
    let effort = Effort { looking: Looking::Once, ..effort };
    let mut lines = vec!["With parents of their own:".to_owned()];
    for (number, strategy) in (0..).zip([baseline, finder]) {
        let spinner = progress::spinner("parents of their own");
        let course = (effort, seed.wrapping_add(number));
        let strategies = [baseline, strategy];
        let found = versus((target, copy), strategies, WorkloadKind::COLD, course, &|| {
            spinner.inc(1);
        });
        spinner.finish_and_clear();
        let told = found?.map_or_else(
            || "void".to_owned(),
            |it| {
                let again = told(&it.again);
                format!(
                    "{}; none again {again}; {} blocks",
                    told(&it.estimate),
                    it.estimate.launches
                )
            },
        );
        lines.push(format!("  {}: {told}", strategy.name));
    }
    Ok(lines.join("\n") + "\n")
}
