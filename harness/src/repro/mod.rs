//! A cell as a folder that shows the failure without Tollgate: a script that needs the standard
//! library alone, beside the program's files and the hook.

use std::fmt::Write as _;

use crate::{
    scenario::{Run, Scenario, StartUp},
    strategy::Strategy,
    verdict::Divergence,
};

/// The script's name in its folder.
pub const SCRIPT: &str = "repro.py";
/// The folder of the program's files within it.
pub const TREE: &str = "tree";

/// The script, without what is particular to a cell.
const TEMPLATE: &str = include_str!("repro.py");

/// What a script is to show.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The program.
    pub scenario: &'a Scenario,
    /// The hook.
    pub strategy: &'a Strategy,
    /// What sees the truth.
    pub recorder: &'a Strategy,
    /// Label of the interpreter.
    pub interpreter: &'a str,
    /// What the hook gets wrong there.
    pub divergences: &'a [Divergence],
}

/// Why a cell cannot be shown without Tollgate; nothing if it can.
pub fn unfit(scenario: &Scenario, strategy: &Strategy) -> Option<&'static str> {
    unfit_strategy(strategy).or_else(|| unfit_scenario(scenario))
}

fn unfit_strategy(strategy: &Strategy) -> Option<&'static str> {
    if strategy.source.contains("emit.__self__") {
        return Some("the strategy is native code of Tollgate's probe");
    }
    let has_options = strategy.source.contains("\nOPTIONS");
    has_options
        .then_some("the strategy needs an interpreter that is started with options of its own")
}

fn unfit_scenario(scenario: &Scenario) -> Option<&'static str> {
    let site = scenario.start_up().is_some_and(|it| !it.site.is_empty());
    site.then_some("the scenario has files in the user's site directory")
}

/// The names of those whose cells cannot be shown without Tollgate.
pub fn bound(scenarios: &[Scenario], strategies: &[Strategy]) -> Vec<String> {
    let scenarios = scenarios.iter().filter(|it| unfit_scenario(it).is_some());
    let strategies = strategies.iter().filter(|it| unfit_strategy(it).is_some());
    let names = strategies.map(|it| it.name.to_string());
    scenarios.map(|it| it.name.to_string()).chain(names).collect()
}

/// The files beside the program's own: names and texts.
pub fn files(case: &Case<'_>) -> Vec<(&'static str, String)> {
    let mut files = vec![
        (SCRIPT, script(case)),
        ("hook.py", case.strategy.source.clone()),
        ("recorder.py", case.recorder.source.clone()),
    ];
    if let Run::Code(text) = &case.scenario.run {
        files.push(("program.py", text.clone()));
    }
    if let Some(setup) = &case.scenario.setup {
        files.push(("before.py", setup.clone()));
    }
    files
}

fn script(case: &Case<'_>) -> String {
    let (scenario, strategy) = (case.scenario.name.to_string(), case.strategy.name.as_str());
    let plain = StartUp::default();
    let start_up = case.scenario.start_up().unwrap_or(&plain);
    let module = match &case.scenario.run {
        Run::Code(_) => "",
        Run::Module(module) => module,
    };
    let isolated = !start_up.configures_by_environment();
    let environment: Vec<_> = start_up.environment.iter().collect();
    let expected: Vec<_> = case.divergences.iter().map(expected).collect();
    let mut about = String::new();
    for (name, value) in [
        ("SCENARIO", literal(&scenario)),
        ("SUMMARY", literal(&case.scenario.summary)),
        ("HOOK", literal(strategy)),
        ("INTERPRETER", literal(case.interpreter)),
        ("OPTIONS", literal(&start_up.options)),
        ("ISOLATED", if isolated { "True" } else { "False" }.to_owned()),
        ("ENVIRONMENT", literal(&environment)),
        ("MODULE", literal(module)),
        ("EXPECTED", literal(&expected).replace("],[", "],\n    [").replace("[[", "[\n    [")),
    ] {
        let _ = writeln!(about, "{name} = {value}");
    }
    TEMPLATE.replace("# <the case>\n", &about)
}

/// Sort, kind of event or aspect, module, and all of it in words.
fn expected(divergence: &Divergence) -> [String; 4] {
    let (what, module) = match divergence {
        Divergence::Disturbed { aspect, .. } => (aspect.to_string(), String::new()),
        other => other.point().map(|it| (it.kind.to_string(), it.name.clone())).unwrap_or_default(),
    };
    [divergence.word().to_owned(), what, module, divergence.to_string()]
}

/// Texts and lists of them are written in JSON as in Python.
fn literal<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("texts are JSON")
}
