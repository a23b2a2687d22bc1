//! Conformance: one run of a program under one strategy, and everything that was seen of it.

use std::{fs, path::Path};

use tollgate_event::{Event, decode};

use super::{
    Failure, Header, Job, OwnProcess, Runner, Start, Target, answer::Answer,
    cell_folder::CellFolder, frames::push,
};
use crate::{
    child::{Ended, Ending},
    scenario::{Run, Scenario, StartUp},
    strategy::Strategy,
    tree::{self, Lease},
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
        let place = Place::prepare(runner, target, program.scenario)?;
        let request = request(runner, target, program, place.tree.path());
        let own = place.own_process(program.scenario);
        let job = Job { target, request: &request, folder: place.work.path(), alone, own };
        Result::<_, Failure>::Ok((runner.start.start(job)?, place))
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
    /// For a scenario that says how its interpreter starts.
    user: Option<CellFolder>,
}

impl<'a> Place<'a> {
    fn prepare(runner: &'a Runner, target: &Target, scenario: &Scenario) -> Result<Self, Failure> {
        let tree = runner.lease(target, scenario)?;
        let user = scenario.start_up().map(|start_up| user_base(runner, target, start_up));
        Ok(Self { tree, work: CellFolder::new()?, user: user.transpose()? })
    }

    fn own_process(&self, scenario: &'a Scenario) -> Option<OwnProcess<'_>> {
        let (start_up, user) = (scenario.start_up()?, self.user.as_ref()?);
        Some(OwnProcess { start_up, user_base: user.path() })
    }

    /// `text` without what differs from cell to cell: where the folders are.
    fn normalise(&self, text: &str) -> String {
        let user = self.user.as_ref().map(|user| (user.path(), "<user>"));
        let named = [(self.tree.path(), "<tree>"), (self.work.path(), "<work>")];
        named.iter().chain(&user).fold(text.to_owned(), |text, (path, name)| {
            text.replace(path.to_string_lossy().as_ref(), name)
        })
    }
}

/// A folder for `site` to find, with the files that the scenario wants there.
fn user_base(runner: &Runner, target: &Target, start_up: &StartUp) -> Result<CellFolder, Failure> {
    let base = CellFolder::new()?;
    if !start_up.site.is_empty() {
        let user_site = runner.user_site(target)?;
        user_site.admits(&start_up.site).map_err(Failure::NotApplicable)?;
        let site = base.path().join(&user_site.path);
        fs::create_dir_all(&site)?;
        tree::write(&site, start_up.site.iter().cloned())?;
    }
    Ok(base)
}

fn request(runner: &Runner, target: &Target, program: Program<'_>, tree: &Path) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"observe");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", tree.as_os_str().as_encoded_bytes());
    push(&mut request, "strategy-path", program.strategy.path.as_os_str().as_encoded_bytes());
    if let Run::Module(name) = &program.scenario.run {
        push(&mut request, "module", name.as_bytes());
    }
    let ahead = compiles_ahead(program.scenario);
    let strategy = ("strategy-source", program.strategy.source.as_str());
    for (key, source) in [strategy].into_iter().chain(scenario_sources(program.scenario)) {
        match if ahead { runner.code(target, source) } else { None } {
            Some(code) => push(&mut request, &format!("{key}-code"), &code),
            None => push(&mut request, key, source.as_bytes()),
        }
    }
    request
}

/// Whether code may be compiled by another process than the scenario's own: an interpreter that
/// starts in another way may also compile in another way.
pub(super) fn compiles_ahead(scenario: &Scenario) -> bool {
    scenario.start_up().is_none_or(StartUp::is_plain)
}

/// A scenario's own code, by the keys of the request.
pub(super) fn scenario_sources(scenario: &Scenario) -> impl Iterator<Item = (&'static str, &str)> {
    let setup = scenario.setup.as_deref().filter(|text| !text.is_empty());
    let setup = setup.map(|setup| ("setup", setup));
    setup.into_iter().chain(scenario.run.code().map(|run| ("run", run)))
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
    let job = Job { target, request: &request, folder: folder.path(), alone: false, own: None };
    let ended = start.start(job)?;
    let answer = Answer::read(&ended)?;
    Ok((answer.frame("summary")?.text(), claims(&answer)?))
}
