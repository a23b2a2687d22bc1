//! `cargo xtask list`: what there is, for people and for programs.

use anyhow::Result;
use serde_json::{Value, json};
use tollgate::{
    candidate::Candidate,
    child::Limits,
    interpreter::Interpreter,
    layout::Layout,
    model::{Program, Rules, predict},
    scenario::Scenario,
    strategy::Strategy,
    text,
    version::{SUPPORTED_MINORS, Version},
    worker::{Description, Runner, Spawn, Target},
};

use crate::{
    exit::Exit,
    output,
    selected::targets,
    selection::{Selection, candidates},
};

#[derive(clap::Args)]
pub(crate) struct Flags {
    /// What to list.
    what: What,
    /// Only those whose name fits one of the patterns, such as `calls/*`.
    #[arg(value_name = "PATTERN")]
    patterns: Vec<String>,
    /// For people, or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// Name and summary of each scenario, and why the model predicts nothing where it does not.
    Scenarios,
    /// Name, summary and claims of each strategy, by interpreter where they differ.
    Strategies,
    /// Name and summary of each candidate that comes with Tollgate.
    Candidates,
    /// Label and path of each usable interpreter.
    Interpreters,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// One of what is listed.
struct Item {
    lines: Vec<String>,
    json: Value,
}

pub(crate) fn run(flags: &Flags) -> Result<Exit> {
    let layout = Layout::of_this_checkout();
    let (selection, patterns) = (flags.selection.clone(), &flags.patterns);
    let items = match flags.what {
        What::Scenarios => scenarios(&selection.and_scenarios(patterns).scenarios(&layout)?),
        What::Strategies => strategies(&layout, &selection.and_strategies(patterns))?,
        What::Candidates => candidates(&layout, patterns)?.iter().map(candidate).collect(),
        What::Interpreters => {
            let found = selection.and_pythons(patterns).interpreters()?;
            found.usable.iter().map(interpreter).collect()
        }
    };
    match flags.format {
        Format::Text => {
            let lines: Vec<_> = items.into_iter().flat_map(|item| item.lines).collect();
            output::print_lines(&lines)?;
        }
        Format::Json => {
            let items: Vec<_> = items.into_iter().map(|item| item.json).collect();
            output::print_data(&(serde_json::to_string_pretty(&items)? + "\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn interpreter(interpreter: &Interpreter) -> Item {
    let (label, path) = (interpreter.label(), &interpreter.path);
    Item {
        lines: vec![format!("{label:<10} {}", path.display())],
        json: json!({
            "label": label,
            "path": path,
            "version": interpreter.full_version,
            "platform": interpreter.platform,
            "gil": interpreter.gil_enabled,
            "debug": interpreter.debug,
        }),
    }
}

fn candidate(candidate: &Candidate) -> Item {
    let (name, contract) = (&candidate.name, &candidate.contract);
    Item {
        lines: vec![name.clone(), format!("    {}", text::phrase(&contract.summary))],
        json: json!({
            "name": name,
            "summary": contract.summary,
            "link": contract.link,
            "python": contract.python.to_string(),
        }),
    }
}

fn scenarios(scenarios: &[Scenario]) -> Vec<Item> {
    let widths = scenarios.iter().map(|scenario| text::width(scenario.name.as_str()));
    let width = widths.max().unwrap_or_default();
    scenarios.iter().map(|it| scenario(it, width)).collect()
}

fn scenario(scenario: &Scenario, width: usize) -> Item {
    let (name, summary) = (scenario.name.as_str(), text::phrase(&scenario.summary));
    let abstentions = abstentions(scenario);
    let notes = abstentions.iter().map(|why| format!("    {}", text::phrase(why)));
    let head = format!("{}  {summary}", text::padded(name, width));
    Item {
        lines: std::iter::once(head).chain(notes).collect(),
        json: json!({
            "name": name,
            "summary": scenario.summary,
            "python": scenario.python.to_string(),
            "see": scenario.see,
            "abstentions": abstentions,
        }),
    }
}

/// Why the model predicts nothing, by the versions of Python for which it does not.
fn abstentions(scenario: &Scenario) -> Vec<String> {
    let program = Program::from(scenario);
    let versions = SUPPORTED_MINORS.map(|minor| Version::new(3, minor, 0));
    let applies: Vec<_> = versions.filter(|version| scenario.applies_to(version)).collect();
    let mut reasons: Vec<(String, Vec<Version>)> = Vec::new();
    for version in &applies {
        let Err(abstention) = predict(&program, Rules::of(*version)) else { continue };
        let abstention = abstention.to_string();
        match reasons.iter_mut().find(|(known, _)| *known == abstention) {
            Some((_, versions)) => versions.push(*version),
            None => reasons.push((abstention, vec![*version])),
        }
    }
    let told = |(reason, versions): (String, Vec<Version>)| {
        let names: Vec<_> =
            versions.iter().map(|one| format!("{}.{}", one.major, one.minor)).collect();
        let on =
            if versions == applies { String::new() } else { format!(" on {}", names.join(", ")) };
        format!("the model abstains{on}: {reason}")
    };
    reasons.into_iter().map(told).collect()
}

/// Claims may depend on the version, so every interpreter is asked, and told where they differ.
fn strategies(layout: &Layout, selection: &Selection) -> Result<Vec<Item>> {
    let strategies = selection.strategies(layout)?;
    let targets = targets(layout, selection.interpreters()?)?;
    let runner = Runner::new(Spawn::new(Limits::default()))?;
    Ok(strategies.iter().map(|strategy| described(&runner, strategy, &targets)).collect())
}

fn described(runner: &Runner, strategy: &Strategy, targets: &[Target]) -> Item {
    let (mut lines, mut facts) = (Vec::new(), Vec::new());
    let mut before = Vec::new();
    for target in targets {
        let label = target.interpreter.label();
        let (told, mut fact) = match runner.describe(target, strategy) {
            Ok(description) => (told(&description), json(&description)),
            Err(failure) => {
                let failure = failure.to_string();
                (vec![format!("    {}", text::phrase(&failure))], json!({ "failure": failure }))
            }
        };
        if told != before {
            let from =
                if before.is_empty() { String::new() } else { format!(" (from {label} on)") };
            lines.push(format!("{}{from}", strategy.name));
            lines.extend(told.clone());
            before = told;
        }
        fact["interpreter"] = label.into();
        facts.push(fact);
    }
    let json = json!({ "name": strategy.name.as_str(), "path": strategy.path, "on": facts });
    Item { lines, json }
}

fn json(description: &Description) -> Value {
    let Description { summary, claims, not_applicable, options } = description;
    let claims: Vec<_> = claims.iter().map(ToString::to_string).collect();
    json!({
        "summary": summary,
        "claims": claims,
        "not_applicable": not_applicable,
        "options": options,
    })
}

fn told(description: &Description) -> Vec<String> {
    let Description { summary, claims, not_applicable, options } = description;
    let mut lines = vec![format!("    {}", text::phrase(summary))];
    if let Some(reason) = not_applicable {
        lines.push(format!("    not applicable: {}", text::phrase(reason)));
        return lines;
    }
    let claims: Vec<_> = claims.iter().map(ToString::to_string).collect();
    let claims = if claims.is_empty() { "nothing".to_owned() } else { claims.join(", ") };
    lines.push(format!("    claims {claims}"));
    if !options.is_empty() {
        lines.push(format!(
            "    has the interpreter started with {}",
            text::phrase(&options.join(" "))
        ));
    }
    lines
}
