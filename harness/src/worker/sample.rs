//! Timing: one parent process that forks a child for every sample of every strategy.

use std::path::Path;

use super::{Failure, Job, Start, Target, answer::Answer, describe::push_strategy, frames::push};
use crate::strategy::Strategy;

/// What is timed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Python that runs before the strategy is installed, to fault in the pages that imports use.
    pub decoy: String,
    /// Python that runs under the strategy and defines the function `timed`, whose call is timed.
    pub timed: String,
}

/// One launch of a parent: which arms are sampled in which order.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The strategy of each arm. The baseline may stand for several.
    pub arms: &'a [&'a Strategy],
    /// Arms by number, one entry a sample.
    pub order: Vec<usize>,
    /// Bytes that the parent allocates first, so that launches differ in their memory's layout.
    pub pad: usize,
}

/// One timed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Which arm.
    pub arm: usize,
    /// How long the call took, in nanoseconds, and how many events were reported during it;
    /// nothing if the child failed.
    pub measured: Option<(u64, u64)>,
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
    let job = Job { target, request: &request, folder: tree, alone: false, imports: "", own: None };
    let ended = start.start(job)?;
    read(&Answer::read(&ended)?)
}

fn request(target: &Target, workload: &Workload, tree: &Path, plan: &Plan<'_>) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"measure");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", tree.as_os_str().as_encoded_bytes());
    for strategy in plan.arms {
        push_strategy(&mut request, strategy);
    }
    push(&mut request, "decoy", workload.decoy.as_bytes());
    push(&mut request, "workload", workload.timed.as_bytes());
    let order: Vec<_> = plan.order.iter().map(ToString::to_string).collect();
    push(&mut request, "order", order.join(" ").as_bytes());
    push(&mut request, "pad", plan.pad.to_string().as_bytes());
    request
}

fn read(answer: &Answer<'_>) -> Result<Launch, Failure> {
    let mut launch = Launch::default();
    for frame in answer.frames() {
        let text = frame.text();
        match frame.key {
            "sample" => launch.samples.push(sample(&text)?),
            "void" => {
                let (arm, complaint) = text.split_once(' ').unwrap_or((&text, ""));
                launch.samples.push(Sample { arm: number(arm)?, measured: None });
                launch.complaint.get_or_insert_with(|| complaint.to_owned());
            }
            _ => {}
        }
    }
    Ok(launch)
}

fn sample(text: &str) -> Result<Sample, Failure> {
    let words: Vec<_> = text.split(' ').collect();
    let [arm, nanos, events] = words[..] else {
        return Err(Failure::Garbage(format!("sample `{text}`")));
    };
    Ok(Sample { arm: number(arm)?, measured: Some((number(nanos)?, number(events)?)) })
}

fn number<T: std::str::FromStr>(word: &str) -> Result<T, Failure> {
    word.parse().map_err(|_| Failure::Garbage(format!("`{word}` is no number")))
}
