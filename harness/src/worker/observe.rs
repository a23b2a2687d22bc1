//! Conformance: one run of a program under one strategy, and everything that was seen of it.

use std::{io, path::Path};

use tollgate_event::{Event, decode};

use super::{
    Failure, Header, Job, Runner, Start, Target, answer::Answer, cell_folder::CellFolder,
    frames::push,
};
use crate::{
    child::{Ended, Ending},
    scenario::Scenario,
    strategy::Strategy,
    tree::Lease,
    verdict::{Behaviour, Claims, ProgramEnd},
};

/// What is run: a scenario under a strategy, or under the recorder.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The program and its files.
    pub scenario: &'a Scenario,
    /// What watches it.
    pub strategy: &'a Strategy,
}

/// What one child showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What the worker said before it ran anything.
    pub header: Header,
    /// What the strategy claims to see on this interpreter.
    pub claims: Claims,
    /// What the strategy reported while the program ran.
    pub events: Vec<Event>,
    /// The thread that ran the program, as events name it.
    pub main_thread: u64,
    /// How the program behaved.
    pub behaviour: Behaviour,
}

/// Runs `program` once in a child of its own.
pub(super) fn observe(
    runner: &Runner,
    target: &Target,
    program: Program<'_>,
) -> Result<Observation, Failure> {
    let attempt = |alone| {
        let place =
            Place { tree: runner.lease(target, program.scenario)?, work: CellFolder::new()? };
        let request = request(runner, target, program, place.tree.path());
        let job = Job { target, request: &request, folder: place.work.path(), alone };
        io::Result::Ok((runner.start.start(job)?, place))
    };
    let (mut ended, mut place) = attempt(false)?;
    if ended.ending == Ending::Orphaned {
        // Whose fault it was is seen when nobody else is there.
        (ended, place) = attempt(true)?;
    }
    read(&ended, &place, program.strategy)
}

/// Where a cell runs.
struct Place<'a> {
    tree: Lease<'a>,
    work: CellFolder,
}

impl Place<'_> {
    /// `text` without what differs from cell to cell: where the tree and the directory are.
    fn normalise(&self, text: &str) -> String {
        let (tree, work) = (self.tree.path().to_string_lossy(), self.work.path().to_string_lossy());
        text.replace(tree.as_ref(), "<tree>").replace(work.as_ref(), "<work>")
    }
}

fn request(runner: &Runner, target: &Target, program: Program<'_>, tree: &Path) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"observe");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", tree.as_os_str().as_encoded_bytes());
    push(&mut request, "strategy-path", program.strategy.path.as_os_str().as_encoded_bytes());
    let strategy = ("strategy-source", program.strategy.source.as_str());
    for (key, source) in [strategy].into_iter().chain(scenario_sources(program.scenario)) {
        match runner.code(target, source) {
            Some(code) => push(&mut request, &format!("{key}-code"), &code),
            None => push(&mut request, key, source.as_bytes()),
        }
    }
    request
}

/// A scenario's own code, by the keys of the request.
pub(super) fn scenario_sources(scenario: &Scenario) -> impl Iterator<Item = (&'static str, &str)> {
    let setup = scenario.setup.as_deref().filter(|text| !text.is_empty());
    setup.map(|setup| ("setup", setup)).into_iter().chain([("run", scenario.run.as_str())])
}

pub(super) fn push_strategy(request: &mut Vec<u8>, strategy: &Strategy) {
    push(request, "strategy-path", strategy.path.as_os_str().as_encoded_bytes());
    push(request, "strategy-source", strategy.source.as_bytes());
}

fn read(ended: &Ended, place: &Place<'_>, strategy: &Strategy) -> Result<Observation, Failure> {
    let answer = Answer::read(ended)?;
    let garbage = |error: &dyn ToString| Failure::Garbage(error.to_string());
    let thread = answer.frame("thread")?.text();
    Ok(Observation {
        header: answer.header()?,
        claims: claims(&answer)?,
        events: decode(answer.frame("events")?.value).map_err(|error| garbage(&error))?,
        main_thread: thread.parse().map_err(|_| garbage(&format!("thread `{thread}`")))?,
        behaviour: Behaviour {
            end: program_end(&answer, place, strategy)?,
            modules: answer.frame("modules")?.lines(),
            stdout: place.normalise(&String::from_utf8_lossy(&ended.stdout)),
            stderr: place.normalise(&String::from_utf8_lossy(&ended.stderr)),
        },
    })
}

fn claims(answer: &Answer<'_>) -> Result<Claims, Failure> {
    let parse =
        |word: String| word.parse().map_err(|error| Failure::Strategy(format!("CLAIMS: {error}")));
    answer.frame("claims")?.lines().into_iter().map(parse).collect()
}

fn program_end(
    answer: &Answer<'_>,
    place: &Place<'_>,
    strategy: &Strategy,
) -> Result<ProgramEnd, Failure> {
    if answer.frame("ended")?.value == b"ok" {
        return Ok(ProgramEnd::Returned);
    }
    let file = strategy.path.to_string_lossy();
    let text = |key| -> Result<String, Failure> {
        Ok(place.normalise(&answer.frame(key)?.text()).replace(file.as_ref(), "<strategy>"))
    };
    Ok(ProgramEnd::Raised {
        exception: text("exception")?,
        message: text("message")?,
        notes: text("notes")?,
        frames: text("frames")?.lines().map(ToOwned::to_owned).collect(),
    })
}

/// What a strategy's file says of itself on one interpreter: its summary and its claims.
pub(super) fn describe(
    start: &dyn Start,
    target: &Target,
    strategy: &Strategy,
) -> Result<(String, Claims), Failure> {
    let folder = CellFolder::new()?;
    let mut request = Vec::new();
    push(&mut request, "mode", b"describe");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push_strategy(&mut request, strategy);
    let job = Job { target, request: &request, folder: folder.path(), alone: false };
    let ended = start.start(job)?;
    let answer = Answer::read(&ended)?;
    Ok((answer.frame("summary")?.text(), claims(&answer)?))
}
