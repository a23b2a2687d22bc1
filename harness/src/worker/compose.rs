//! Composition: several hooks in one child, installed and removed step by step.

use std::{fmt, path::Path};

use tollgate_event::{Event, decode};

use super::{
    Failure, Job, Runner, Target,
    answer::Answer,
    cell_folder::CellFolder,
    frames::push,
    observe::{behaviour, executed, scenario_sources},
    preamble::preamble,
};
use crate::{
    child::{Ended, Ending},
    scenario::Scenario,
    strategy::Strategy,
    verdict::Behaviour,
};

/// One step of what is done in the child. Members are named by their position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Install a member's hook.
    Install(usize),
    /// Remove it.
    Remove(usize),
    /// Run the program, as if none of its modules had been imported before.
    Run,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Install(member) => write!(f, "install {member}"),
            Self::Remove(member) => write!(f, "remove {member}"),
            Self::Run => f.write_str("run"),
        }
    }
}

/// What is done in one child.
#[derive(Clone, Copy, Debug)]
pub struct Play<'a> {
    /// The program and its files. Its interpreter starts as all do.
    pub scenario: &'a Scenario,
    /// The hooks; one strategy may be there more than once. None may need options.
    pub members: &'a [&'a Strategy],
    /// What is done with them; [`Step::Run`] at least once.
    pub steps: &'a [Step],
}

/// What was seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performance {
    /// The thread that ran the program, as events name it.
    pub main_thread: u64,
    /// One for each [`Step::Run`].
    pub stages: Vec<Stage>,
    /// What members refused, in words: `install 1`, `remove 0` or `finish 0`, and why.
    pub failures: Vec<(String, String)>,
}

/// One run of the program. The output is that of the whole child, and told of the last stage; so is
/// the import state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// How the program behaved.
    pub behaviour: Behaviour,
    /// What each member reported meanwhile, installed or not.
    pub events: Vec<Vec<Event>>,
}

/// Performs `play` in a child of its own, and if its zygote dies, in another.
pub(super) fn compose(
    runner: &Runner,
    target: &Target,
    play: Play<'_>,
) -> Result<Performance, Failure> {
    let tree = runner.lease(target, play.scenario)?;
    let request = request(runner, target, play, tree.path())?;
    let imports = preamble(play.scenario);
    let once = |alone| -> Result<(Ended, CellFolder), Failure> {
        let work = CellFolder::new()?;
        let folder = work.path();
        let job = Job { alone, imports: &imports, ..Job::new(target, &request, folder) };
        Ok((runner.start.start(job)?, work))
    };
    let attempted = once(false)?;
    // whose fault it was is seen when nobody else is there
    let (ended, work) =
        if attempted.0.ending == Ending::Orphaned { once(true)? } else { attempted };
    let settled = |text: &str| {
        let own = [(tree.path(), "<tree>"), (work.path(), "<work>")];
        let files = play.members.iter().map(|member| (member.path.as_path(), "<strategy>"));
        own.into_iter().chain(files).fold(text.to_owned(), |text, (path, name)| {
            text.replace(&*path.to_string_lossy(), name)
        })
    };
    read(&ended, play.members.len(), &settled)
}

fn request(
    runner: &Runner,
    target: &Target,
    play: Play<'_>,
    tree: &Path,
) -> Result<Vec<u8>, Failure> {
    let mut request = Vec::new();
    let mut push = |key: &str, value: &[u8]| push(&mut request, key, value);
    push("mode", b"compose");
    push("probe", target.probe.as_os_str().as_encoded_bytes());
    let further = play.members.len().saturating_sub(1);
    for copy in runner.probes.copies(&target.probe, further)? {
        push("further-probe", copy.as_os_str().as_encoded_bytes());
    }
    push("tree", tree.as_os_str().as_encoded_bytes());
    let own = scenario_sources(play.scenario);
    let of_members = play.members.iter().map(|it| ("strategy-source", it.source.as_str()));
    for (key, source) in own.chain(of_members) {
        let code = runner.code(target, source);
        push(key, source.as_bytes());
        push(&format!("{key}-code"), code.as_deref().unwrap_or_default());
    }
    for member in play.members {
        push("strategy-path", member.path.as_os_str().as_encoded_bytes());
    }
    let steps: Vec<_> = play.steps.iter().map(ToString::to_string).collect();
    push("steps", steps.join("\n").as_bytes());
    Ok(request)
}

fn read(
    ended: &Ended,
    members: usize,
    settled: &dyn Fn(&str) -> String,
) -> Result<Performance, Failure> {
    let answer = Answer::read(ended)?;
    let thread = answer.frame("thread")?.text();
    let garbage = || Failure::Garbage(format!("thread `{thread}`"));
    let mut stages: Vec<_> = answer
        .parts("stage")
        .iter()
        .map(|part| stage(part, members, settled))
        .collect::<Result<_, _>>()?;
    let last = stages.last_mut().ok_or_else(|| Failure::Garbage("it has no stage".to_owned()))?;
    let output = |bytes: &[u8]| settled(&String::from_utf8_lossy(bytes));
    last.behaviour.stdout = output(&ended.stdout);
    last.behaviour.stderr = output(&ended.stderr);
    last.behaviour.traces.state = answer.frame("state")?.lines();
    let executed = executed(&answer, settled);
    for stage in &mut stages {
        stage.behaviour.traces.executed = executed.clone();
    }
    let failed = answer.frames().iter().filter(|frame| frame.key == "failed").map(|frame| {
        let text = settled(&frame.text());
        let (step, reason) = text.split_once('\n').unwrap_or((&text, ""));
        (step.to_owned(), reason.to_owned())
    });
    Ok(Performance {
        main_thread: thread.parse().map_err(|_| garbage())?,
        failures: failed.collect(),
        stages,
    })
}

fn stage(
    answer: &Answer<'_>,
    members: usize,
    settled: &dyn Fn(&str) -> String,
) -> Result<Stage, Failure> {
    let buffers = answer.frames().iter().filter(|frame| frame.key == "events");
    let decoded = buffers.map(|frame| decode(frame.value)).collect::<Result<Vec<_>, _>>();
    let events = decoded.map_err(|error| Failure::Garbage(error.to_string()))?;
    if events.len() != members {
        let message = format!("{} frames `events` for {members} hooks", events.len());
        return Err(Failure::Garbage(message));
    }
    Ok(Stage { behaviour: behaviour(answer, Vec::new(), settled)?, events })
}
