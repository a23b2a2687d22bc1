//! Timing: one parent process that forks a child for every sample of every arm.

use std::path::Path;

use super::{
    Failure, Job, Seat, Start, Target, answer::Answer, describe::push_strategy, frames::push,
};
use crate::strategy::Strategy;

/// What is timed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Python that runs before the strategy is installed, to fault in the pages that imports use.
    pub decoy: String,
    /// Python that runs under the strategy and defines the function `timed`, whose call is timed.
    pub timed: String,
    /// What the clock is about.
    pub subject: Subject,
    /// How many calls of `tollgate_lap()`, a builtin function while it is timed, make one lap.
    pub stride: usize,
}

/// What the clock is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A call of `timed`, under a strategy that was installed before.
    Call,
    /// A call of `timed`, which installs the strategy by calling `install()`.
    Installation,
    /// A whole process that installs the strategy at its start: see [`super::launch_processes`].
    Process,
}

/// One of the things that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'a> {
    /// What is installed before the clock starts.
    pub strategy: &'a Strategy,
    /// A cost that is added to each lap, as a fraction of it; 0 for none.
    pub planted: f64,
}

impl<'a> Arm<'a> {
    /// An arm to which nothing is added.
    pub fn plain(strategy: &'a Strategy) -> Self {
        Self { strategy, planted: 0.0 }
    }
}

/// How a child comes to have copies of its own of the pages that it is going to write to, so that
/// the clock does not run while the kernel makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// Not at all.
    Nothing,
    /// It imports other modules of the same kind first.
    Decoy,
    /// The kernel is asked to copy all of them (Linux 5.14 and later).
    Populate,
    /// Both, in this order.
    Both,
}

impl Settling {
    /// The words of the request.
    pub fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Decoy => "decoy",
            Self::Populate => "populate",
            Self::Both => "decoy populate",
        }
    }
}

/// What is measured of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// How long it takes.
    Time,
    /// How many instructions it executes. Nothing without callgrind, which counts them.
    Counts,
    /// How much memory it leaves in use.
    Memory,
}

/// One launch of a parent: which arms are sampled in which order.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The arms. The baseline may stand for several.
    pub arms: &'a [Arm<'a>],
    /// Arms by number, one entry a sample. Where time is measured those that follow the warming up are taken in rounds of as
    /// many as there are arms. The samples of a round run in lockstep: each does a lap in its turn.
    pub order: Vec<usize>,
    /// How many of the first samples only warm the parent up, each on its own. They are answered like all others.
    pub warm_up: usize,
    /// Bytes that the parent allocates first, so that launches differ in their memory's layout.
    pub pad: usize,
    /// The core that parent and children keep to: others may run at another pace. Nothing where cores can't be chosen.
    pub core: Option<usize>,
    /// Its place among parents that are in lockstep with it, where there are any.
    pub seat: Option<Seat>,
    /// How pages are faulted in before the clock starts.
    pub settling: Settling,
    /// What is measured.
    pub quantity: Quantity,
}

/// What a child answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// How long each lap of the call took, in nanoseconds; or all that is kept, in bytes.
    pub laps: Vec<u64>,
    /// Stands for the events that were reported, and for the modules that were there afterwards.
    pub digest: u64,
    /// Page faults during the call that needed no disk.
    pub faults: u64,
    /// How often the child lost its core during the call.
    pub switches: u64,
}

/// One run of the workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Which arm.
    pub arm: usize,
    /// The number of the child's process.
    pub child: u32,
    /// What it answered; nothing if it failed.
    pub measured: Option<Measured>,
}

/// The samples of one launch, in the order of its plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// One entry for each entry of [`Plan::order`].
    pub samples: Vec<Sample>,
    /// What a failed child said, the first time.
    pub complaint: Option<String>,
}

/// Launches one parent and lets it take all samples of `plan`.
///
/// `tree` is where the workload's modules are; the children write their byte code into it.
pub fn launch(
    start: &dyn Start,
    target: &Target,
    (workload, tree): (&Workload, &Path),
    plan: &Plan<'_>,
) -> Result<Launch, Failure> {
    let request = request(target, workload, tree, plan);
    let descriptors = plan.seat.as_ref().map_or(&[][..], |seat| &seat.descriptors);
    let job = Job { descriptors, ..Job::new(target, &request, tree) };
    let ended = start.start(job)?;
    read(&Answer::read(&ended)?, plan.quantity)
}

fn request(target: &Target, workload: &Workload, tree: &Path, plan: &Plan<'_>) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"measure");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", tree.as_os_str().as_encoded_bytes());
    for arm in plan.arms {
        push_strategy(&mut request, arm.strategy);
    }
    let planted: Vec<_> = plan.arms.iter().map(|arm| arm.planted.to_string()).collect();
    let order: Vec<_> = plan.order.iter().map(ToString::to_string).collect();
    let quantity = match plan.quantity {
        Quantity::Time => "time",
        Quantity::Counts => "counts",
        Quantity::Memory => "memory",
    };
    for (key, value) in [
        ("planted", planted.join(" ").as_str()),
        ("decoy", &workload.decoy),
        ("workload", &workload.timed),
        ("order", &order.join(" ")),
        ("warm-up", &plan.warm_up.to_string()),
        ("pad", &plan.pad.to_string()),
        ("stride", &workload.stride.to_string()),
        ("settle", plan.settling.words()),
        ("measure", quantity),
    ] {
        push(&mut request, key, value.as_bytes());
    }
    if let Some(core) = plan.core {
        push(&mut request, "core", core.to_string().as_bytes());
    }
    if let Some(seat) = &plan.seat {
        push(&mut request, "ring", seat.size.to_string().as_bytes());
    }
    if workload.subject == Subject::Installation {
        push(&mut request, "installs", b"");
    }
    request
}

fn read(answer: &Answer<'_>, quantity: Quantity) -> Result<Launch, Failure> {
    let mut launch = Launch::default();
    for frame in answer.frames().iter().filter(|frame| ["sample", "void"].contains(&frame.key)) {
        let text = frame.text();
        let words: Vec<_> = text.splitn(3, ' ').collect();
        let [arm, child, rest] = words[..] else {
            return Err(Failure::Garbage(format!("{} `{text}`", frame.key)));
        };
        let measured = if frame.key == "sample" {
            Some(measured(rest, quantity)?)
        } else {
            launch.complaint.get_or_insert_with(|| rest.to_owned());
            None
        };
        launch.samples.push(Sample { arm: number(arm)?, child: number(child)?, measured });
    }
    Ok(launch)
}

fn measured(text: &str, quantity: Quantity) -> Result<Measured, Failure> {
    let numbers: Vec<u64> = text.split(' ').map(number).collect::<Result<_, _>>()?;
    match (quantity, &numbers[..]) {
        (Quantity::Time, &[digest, faults, switches, ref laps @ ..]) if !laps.is_empty() => {
            Ok(Measured { laps: laps.to_vec(), digest, faults, switches })
        }
        (Quantity::Counts, &[digest]) => Ok(Measured { digest, ..Measured::default() }),
        // modules are what every sample has to agree on
        (Quantity::Memory, &[bytes, digest]) => {
            Ok(Measured { laps: vec![bytes], digest, ..Measured::default() })
        }
        _ => Err(Failure::Garbage(format!("sample `{text}`"))),
    }
}

fn number<T: std::str::FromStr>(word: &str) -> Result<T, Failure> {
    word.parse().map_err(|_| Failure::Garbage(format!("`{word}` is no number")))
}
