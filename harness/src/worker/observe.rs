//! Conformance: one run of a program under one strategy, and everything that was seen of it.

use tollgate_event::{Event, decode};

use super::{
    Failure, Header, Job, OwnProcess, Runner, Start, Target, answer::Answer,
    cell_folder::CellFolder, codes::Source, frames::push,
};
use crate::{
    child::{Ended, Ending},
    scenario::{Run, Scenario, StartUp},
    strategy::Strategy,
    tree,
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
        let folder = CellFolder::new()?;
        tree::write(&folder.tree(), program.scenario.sources())?;
        write_site(runner, target, program.scenario, &folder)?;
        let request = request(runner, target, program, &folder);
        let (directory, user_base) = (folder.working_directory(), folder.user_base());
        let own = program.scenario.start_up();
        let own = own.map(|start_up| OwnProcess { start_up, user_base: &user_base });
        let job = Job { target, request: &request, folder: &directory, alone, own };
        Result::<_, Failure>::Ok((runner.start.start(job)?, folder))
    };
    let (mut ended, mut folder) = attempt(false)?;
    if ended.ending == Ending::Orphaned {
        // Whose fault it was is seen when nobody else is there.
        (ended, folder) = attempt(true)?;
    }
    read(&ended, &folder, program.strategy)
}

/// Writes the files that the interpreter's `site` is to process, if there are any.
fn write_site(
    runner: &Runner,
    target: &Target,
    scenario: &Scenario,
    folder: &CellFolder,
) -> Result<(), Failure> {
    let files = scenario.start_up().map_or(&[][..], |start_up| &start_up.site);
    if files.is_empty() {
        return Ok(());
    }
    let user_site = runner.user_site(target)?;
    user_site.admits(files).map_err(Failure::NotApplicable)?;
    let site = folder.create_site(&user_site.path)?;
    Ok(tree::write(&site, files.iter().cloned())?)
}

fn request(runner: &Runner, target: &Target, program: Program<'_>, folder: &CellFolder) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"observe");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", folder.tree().as_os_str().as_encoded_bytes());
    push(&mut request, "strategy-path", program.strategy.path.as_os_str().as_encoded_bytes());
    let ahead = compiles_ahead(program.scenario);
    let ready = |source: &Source| if ahead { runner.code(target, source) } else { None };
    let code = |key: &str, source: Source| match ready(&source) {
        Some(code) => (format!("{key}-code"), code.to_vec()),
        None => (key.to_owned(), source.text.into_bytes()),
    };
    if let Run::Module(name) = &program.scenario.run {
        push(&mut request, "module", name.as_bytes());
    }
    let strategy = Some(("strategy-source", strategy_source(program.strategy)));
    let scenario = scenario_sources(program.scenario);
    for (key, source) in strategy.into_iter().chain(scenario) {
        let (key, value) = code(key, source);
        push(&mut request, &key, &value);
    }
    request
}

/// Whether code may be compiled by another process than the scenario's own: an interpreter that
/// starts in another way may also compile in another way.
pub(super) fn compiles_ahead(scenario: &Scenario) -> bool {
    scenario.start_up().is_none_or(StartUp::is_plain)
}

/// What a strategy's file is compiled from.
pub(super) fn strategy_source(strategy: &Strategy) -> Source {
    Source { name: strategy.path.to_string_lossy().into_owned(), text: strategy.source.clone() }
}

/// What a scenario's own code is compiled from, by the keys of the request.
pub(super) fn scenario_sources(
    scenario: &Scenario,
) -> impl Iterator<Item = (&'static str, Source)> {
    let run = scenario.run.code();
    let run = run.map(|text| Source { name: "<run>".to_owned(), text: text.to_owned() });
    let run = run.map(|run| ("run", run));
    let setup = scenario.setup.clone().filter(|text| !text.is_empty());
    let setup = setup.map(|text| Source { name: "<setup>".to_owned(), text });
    setup.map(|setup| ("setup", setup)).into_iter().chain(run)
}

pub(super) fn push_strategy(request: &mut Vec<u8>, strategy: &Strategy) {
    push(request, "strategy-path", strategy.path.as_os_str().as_encoded_bytes());
    push(request, "strategy-source", strategy.source.as_bytes());
}

fn read(ended: &Ended, folder: &CellFolder, strategy: &Strategy) -> Result<Observation, Failure> {
    let answer = Answer::read(ended)?;
    let garbage = |error: &dyn ToString| Failure::Garbage(error.to_string());
    let thread = answer.frame("thread")?.text();
    Ok(Observation {
        header: answer.header()?,
        claims: claims(&answer)?,
        events: decode(answer.frame("events")?.value).map_err(|error| garbage(&error))?,
        main_thread: thread.parse().map_err(|_| garbage(&format!("thread `{thread}`")))?,
        behaviour: Behaviour {
            end: program_end(&answer, folder, strategy)?,
            modules: answer.frame("modules")?.lines(),
            stdout: folder.normalise(&String::from_utf8_lossy(&ended.stdout)),
            stderr: folder.normalise(&String::from_utf8_lossy(&ended.stderr)),
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
    folder: &CellFolder,
    strategy: &Strategy,
) -> Result<ProgramEnd, Failure> {
    if answer.frame("ended")?.value == b"ok" {
        return Ok(ProgramEnd::Returned);
    }
    let file = strategy.path.to_string_lossy();
    let text = |key| -> Result<String, Failure> {
        Ok(folder.normalise(&answer.frame(key)?.text()).replace(file.as_ref(), "<strategy>"))
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
    let directory = folder.working_directory();
    let job = Job { target, request: &request, folder: &directory, alone: false, own: None };
    let ended = start.start(job)?;
    let answer = Answer::read(&ended)?;
    Ok((answer.frame("summary")?.text(), claims(&answer)?))
}
