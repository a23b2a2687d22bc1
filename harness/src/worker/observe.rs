//! Conformance: one run of a program under one strategy, and everything that was seen of it.

use std::{fs, path::Path};

use tollgate_event::{Event, decode};

use super::{
    Failure, Header, Job, OwnProcess, Runner, Target,
    answer::Answer,
    cell_folder::CellFolder,
    describe::read_stderr,
    frames::{Frame, push},
    preamble::preamble,
};
use crate::{
    child::{Ended, Ending},
    scenario::{ExitStatus, Run, Scenario, StartUp},
    span::{CutShort, Trace, Unbalanced, build},
    strategy::Strategy,
    tree::{self, Lease},
    verdict::{Behaviour, Claims, Executed, ProgramEnd, Traces},
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
    /// What the strategy said in words of its own: a candidate's listener, what it heard.
    pub told: Option<String>,
    /// How the program behaved.
    pub behaviour: Behaviour,
}

impl Observation {
    /// The spans that what was reported are the edges of, if a witness reported it.
    pub fn spans(&self) -> Result<Trace, Unbalanced> {
        let cut = match self.behaviour.end {
            ProgramEnd::Exited(_) => CutShort::All,
            ProgramEnd::Returned | ProgramEnd::Raised { .. } => CutShort::Others,
        };
        build(&self.events, self.main_thread, cut)
    }
}

/// Runs `program` once in a child of its own. The first time that a strategy asks for options of an
/// interpreter it gets a second child, which is started with them.
pub(super) fn observe(
    runner: &Runner,
    target: &Target,
    program: Program<'_>,
) -> Result<Observation, Failure> {
    let may_exit = program.exits_on(target);
    let mut options = runner.options.of(target, program.strategy);
    let (mut ended, mut place) = attempt(runner, target, program, &options)?;
    let asked = asked_options(&answer_of(&ended, may_exit)?.0)?;
    if options.is_empty() && !asked.is_empty() {
        (ended, place) = attempt(runner, target, program, &asked)?;
        runner.options.remember(target, program.strategy, &asked);
        options = asked;
    }
    let observation = read(&ended, &place, program.strategy, may_exit)?;
    if options.is_empty() {
        return Ok(observation);
    }
    read_stderr(runner, target, program.strategy, observation)
}

impl Program<'_> {
    /// Whether the scenario says that the program ends its own process there.
    fn exits_on(&self, target: &Target) -> bool {
        self.scenario.exits_for(&target.interpreter.version).is_some()
    }
}

fn answer_of(ended: &Ended, may_exit: bool) -> Result<(Answer<'_>, Option<ExitStatus>), Failure> {
    if may_exit { Answer::read_of_program(ended) } else { Ok((Answer::read(ended)?, None)) }
}

/// Runs a child, and if its zygote dies, another.
fn attempt<'a>(
    runner: &'a Runner,
    target: &Target,
    program: Program<'_>,
    options: &[String],
) -> Result<(Ended, Place<'a>), Failure> {
    let imports = preamble(program.scenario);
    let once = |alone| {
        let start_up = own_start_up(program.scenario, options);
        let place = Place::prepare(runner, target, program.scenario, start_up.as_ref())?;
        let request = request(runner, target, program, (place.tree.path(), options));
        let own = place.own_process(start_up.as_ref());
        let folder = place.work.path();
        // an interpreter of its own has them already
        let options = if own.is_some() { &[] } else { options };
        // a zygote for each pair of options and imports would serve one cell of a scenario
        let imports = if options.is_empty() { imports.as_str() } else { "" };
        let job = Job { alone, imports, options, own, ..Job::new(target, &request, folder) };
        Result::<_, Failure>::Ok((runner.start.start(job)?, place))
    };
    let attempted = once(false)?;
    // Whose fault it was is seen when nobody else is there.
    if attempted.0.ending == Ending::Orphaned { once(true) } else { Ok(attempted) }
}

/// How the interpreter starts, if the scenario wants a fresh one: as it says, and with the strategy's options.
fn own_start_up(scenario: &Scenario, options: &[String]) -> Option<StartUp> {
    let mut start_up = scenario.start_up()?.clone();
    start_up.options.extend_from_slice(options);
    Some(start_up)
}

/// The options that the strategy asks for and this child was not started with. The error says that
/// the strategy does not apply to this interpreter.
fn asked_options(answer: &Answer<'_>) -> Result<Vec<String>, Failure> {
    if let Some(reason) = answer.optional("not-applicable") {
        return Err(Failure::NotApplicable(reason.text()));
    }
    let is_done = ["ended", "runs"].iter().any(|key| answer.optional(key).is_some());
    let options = answer.optional("options").filter(|_| !is_done);
    Ok(options.map(|options| options.lines()).unwrap_or_default())
}

/// Where a cell runs.
struct Place<'a> {
    tree: Lease<'a>,
    work: CellFolder,
    /// For an interpreter that has to start in a way of its own.
    user: Option<CellFolder>,
}

impl<'a> Place<'a> {
    fn prepare(
        runner: &'a Runner,
        target: &Target,
        scenario: &Scenario,
        start_up: Option<&StartUp>,
    ) -> Result<Self, Failure> {
        let tree = runner.lease(target, scenario)?;
        let user = start_up.map(|start_up| user_base(runner, target, start_up));
        Ok(Self { tree, work: CellFolder::new()?, user: user.transpose()? })
    }

    fn own_process<'b>(&'b self, start_up: Option<&'b StartUp>) -> Option<OwnProcess<'b>> {
        Some(OwnProcess { start_up: start_up?, user_base: self.user.as_ref()?.path() })
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

fn request(
    runner: &Runner,
    target: &Target,
    program: Program<'_>,
    (tree, options): (&Path, &[String]),
) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"observe");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", tree.as_os_str().as_encoded_bytes());
    push(&mut request, "strategy-path", program.strategy.path.as_os_str().as_encoded_bytes());
    if !options.is_empty() {
        push(&mut request, "options", options.join("\n").as_bytes());
    }
    if program.exits_on(target) {
        push(&mut request, "exits", b"");
    }
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

/// Whether code may be compiled by another process than the scenario's own: an interpreter that starts with
/// options or variables may also compile in another way. Start-up files and a module that is run change nothing of that.
pub(super) fn compiles_ahead(scenario: &Scenario) -> bool {
    scenario.start_up().is_none_or(StartUp::is_configured_as_always)
}

/// A scenario's own code, by the keys of the request.
pub(super) fn scenario_sources(scenario: &Scenario) -> impl Iterator<Item = (&'static str, &str)> {
    let setup = scenario.setup.as_deref().filter(|text| !text.is_empty());
    let setup = setup.map(|setup| ("setup", setup));
    setup.into_iter().chain(scenario.run.code().map(|run| ("run", run)))
}

fn read(
    ended: &Ended,
    place: &Place<'_>,
    strategy: &Strategy,
    may_exit: bool,
) -> Result<Observation, Failure> {
    let (answer, exited) = answer_of(ended, may_exit)?;
    let garbage = |error: &dyn ToString| Failure::Garbage(error.to_string());
    let thread = answer.frame("thread")?.text();
    let file = strategy.path.to_string_lossy();
    let settled = |text: &str| place.normalise(text).replace(file.as_ref(), "<strategy>");
    let header = answer.header()?;
    let claims = claims(&answer)?;
    let events = events(&answer)?;
    let executed = executed(&answer, &settled);
    let mut told = if let Some(status) = exited {
        exited_with(status)
    } else {
        let state = answer.frame("state")?.lines();
        behaviour(&answer, state.iter().map(|line| settled(line)).collect(), &settled)?
    };
    told.traces.executed = executed;
    Ok(Observation {
        header,
        claims,
        events,
        main_thread: thread.parse().map_err(|_| garbage(&format!("thread `{thread}`")))?,
        told: answer.optional("told").map(|told| told.text()),
        behaviour: Behaviour {
            stdout: place.normalise(&String::from_utf8_lossy(&ended.stdout)),
            stderr: place.normalise(&String::from_utf8_lossy(&ended.stderr)),
            ..told
        },
    })
}

/// All events: those that came one by one, then those that came together.
fn events(answer: &Answer<'_>) -> Result<Vec<Event>, Failure> {
    let mut events = Vec::new();
    for frame in answer.frames().iter().filter(|frame| matches!(frame.key, "event" | "events")) {
        let decoded = decode(frame.value);
        events.extend(decoded.map_err(|error| Failure::Garbage(error.to_string()))?);
    }
    Ok(events)
}

/// What is known of a program that ended its own process, beside its output.
fn exited_with(status: ExitStatus) -> Behaviour {
    Behaviour {
        end: ProgramEnd::Exited(status),
        modules: Vec::new(),
        stdout: String::new(),
        stderr: String::new(),
        traces: Traces::default(),
    }
}

/// How the program behaved, without its output. `settled` takes out of a text what differs from cell
/// to cell; `state` is the import state after the hook was removed.
pub(super) fn behaviour(
    answer: &Answer<'_>,
    state: Vec<String>,
    settled: &dyn Fn(&str) -> String,
) -> Result<Behaviour, Failure> {
    let settle = |frame: Frame<'_>| frame.lines().iter().map(|line| settled(line)).collect();
    let told = |key| answer.frame(key).map(settle);
    let context = answer.optional("context").map(settle);
    Ok(Behaviour {
        end: program_end(answer, settled)?,
        modules: answer.frame("modules")?.names(),
        stdout: String::new(),
        stderr: String::new(),
        traces: Traces {
            context: context.unwrap_or_default(),
            warnings: told("warnings")?,
            attributes: told("attributes")?,
            state,
            executed: Executed::default(),
        },
    })
}

/// What executing the strategy's file did; told only where it did something.
pub(super) fn executed(answer: &Answer<'_>, settled: &dyn Fn(&str) -> String) -> Executed {
    let lines = |key| {
        let told = answer.optional(key).map(|frame| frame.lines()).unwrap_or_default();
        told.iter().map(|line| settled(line)).collect()
    };
    Executed {
        imported: answer.optional("imported").map(|names| names.names()).unwrap_or_default(),
        before: lines("state-before"),
        after: lines("state-after"),
    }
}

pub(super) fn claims(answer: &Answer<'_>) -> Result<Claims, Failure> {
    let parse =
        |word: String| word.parse().map_err(|error| Failure::Strategy(format!("CLAIMS: {error}")));
    answer.frame("claims")?.lines().into_iter().map(parse).collect()
}

fn program_end(
    answer: &Answer<'_>,
    settled: &dyn Fn(&str) -> String,
) -> Result<ProgramEnd, Failure> {
    if answer.frame("ended")?.value == b"ok" {
        return Ok(ProgramEnd::Returned);
    }
    let text = |key| -> Result<String, Failure> { Ok(settled(&answer.frame(key)?.text())) };
    let list = |key| -> Result<Vec<String>, Failure> {
        Ok(answer.frame(key)?.lines().iter().map(|line| settled(line)).collect())
    };
    Ok(ProgramEnd::Raised {
        exception: text("exception")?,
        message: text("message")?,
        notes: list("notes")?.join("\n"),
        frames: list("frames")?,
    })
}
