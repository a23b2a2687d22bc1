//! Two runs held against each other, in text.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ratio,
    words::{count, listed, plain, table},
};
use crate::{
    command::Places,
    compare::{About, BehaviourChange, Comparison, CostChange, CostVerdict, Sizes, Sort},
};

/// How many interpreters or scenarios a line names.
const NAMED: usize = 6;
/// How many scenarios a line names in which the same has changed.
const FOLDED: usize = 3;

/// What has changed, what could not be compared, and how much was.
pub fn comparison(comparison: &Comparison, sizes: Sizes) -> String {
    let [old, new] = comparison.runs.each_ref().map(|run| plain(run));
    let parts = [
        format!("Run {new} against run {old}.\n"),
        notes(comparison),
        behaviour(comparison),
        unclear(comparison),
        costs(&comparison.costs, sizes),
    ];
    super::paragraphs(&parts)
}

fn notes(comparison: &Comparison) -> String {
    let notes = comparison.notes.iter().map(|note| format!("Note: {}.\n", plain(note)));
    let not = comparison.incomparable.iter().map(|(reason, records)| {
        format!("Not compared: {} ({}).\n", plain(reason), count(*records, "record"))
    });
    let [old, new] = comparison.alone;
    let alone = [(old, "old"), (new, "new")].into_iter().filter(|(records, _)| *records > 0);
    let alone = alone.map(|(records, run)| {
        format!("Not compared: {} in the {run} run alone.\n", count(records, "behaviour"))
    });
    notes.chain(not).chain(alone).collect()
}

/// A line for each change, with all scenarios and interpreters in which it is the same.
fn behaviour(comparison: &Comparison) -> String {
    let compared = count(comparison.compared, "behaviour");
    if comparison.changes.is_empty() {
        return match comparison.compared {
            0 => "No behaviour was compared.\n".to_owned(),
            _ => format!("Behaviour: no change in {compared}.\n"),
        };
    }
    let mut lines: BTreeMap<_, Vec<&BehaviourChange>> = BTreeMap::new();
    for change in &comparison.changes {
        lines.entry((change.sort, who(&change.about), &change.text)).or_default().push(change);
    }
    let changes = count(comparison.changes.len(), "change");
    let line = |((sort, who, text), of): ((Sort, String, &String), Vec<&BehaviourChange>)| {
        let on: BTreeSet<_> = of.iter().map(|it| plain(&it.interpreter)).collect();
        let (on, text) = (listed(on, NAMED), plain(text));
        let scenarios: BTreeSet<_> = of.iter().filter_map(|it| scenario(&it.about)).collect();
        let about = match scenarios.len() {
            0 | 1 => of[0].about.to_string(),
            many => {
                let named = listed(scenarios.iter().map(|name| plain(name)), FOLDED);
                format!("{who} in {} ({named})", count(many, "scenario"))
            }
        };
        let repro = repro(of[0], &comparison.places).filter(|_| sort != Sort::Gone);
        let repro = repro.map(|command| format!("\n      {command}")).unwrap_or_default();
        format!("  {}: {} on {on}: {text}{repro}\n", word(sort), plain(&about))
    };
    let lines: String = lines.into_iter().map(line).collect();
    format!("Behaviour: {changes} in {compared}.\n{lines}")
}

/// What a change is about, without the scenario.
fn who(about: &About) -> String {
    match about {
        About::Truth { .. } => "what happens".to_owned(),
        About::Cell { strategy, .. } => strategy.clone(),
        About::Footprint { .. } => about.to_string(),
        About::Company { company, .. } => company.clone(),
    }
}

fn scenario(about: &About) -> Option<&str> {
    match about {
        About::Truth { scenario }
        | About::Cell { scenario, .. }
        | About::Company { scenario, .. } => Some(scenario),
        About::Footprint { .. } => None,
    }
}

fn word(sort: Sort) -> &'static str {
    match sort {
        Sort::New => "new",
        Sort::Gone => "gone",
        Sort::Different => "different",
    }
}

/// The command that writes a script which shows it.
fn repro(change: &BehaviourChange, commands: &Places) -> Option<String> {
    let About::Cell { scenario, strategy } = &change.about else { return None };
    Some(commands.repro(scenario, strategy, &change.interpreter).to_string())
}

fn unclear(comparison: &Comparison) -> String {
    if comparison.unclear.is_empty() {
        return String::new();
    }
    let names = comparison.unclear.iter().map(|(about, on)| format!("{about} on {on}"));
    let names = listed(names.map(|name| plain(&name).into_owned()), NAMED);
    format!("Nothing was shown, in one of the runs, of {names}.\n")
}

fn costs(costs: &[CostChange], sizes: Sizes) -> String {
    if costs.is_empty() {
        return "No cost was compared.\n".to_owned();
    }
    let of = |verdict| costs.iter().filter(move |cost| cost.verdict == verdict);
    let [slower, faster, unclear] =
        [CostVerdict::Slower, CostVerdict::Faster, CostVerdict::Inconclusive]
            .map(|it| of(it).count());
    let target = ratio::percent(sizes.target);
    let sum = format!(
        "Costs: {slower} slower, {faster} faster, {unclear} inconclusive (a slowdown of {target} cannot \
         be excluded) of {}.\n",
        costs.len()
    );
    let told: Vec<_> = costs.iter().filter(|it| it.verdict != CostVerdict::Unchanged).collect();
    if told.is_empty() {
        return sum;
    }
    let header = ["workload", "strategy", "python", "change", "p (Holm)", "noise", ""];
    let rows: Vec<_> = told.into_iter().map(row).collect();
    let legend = "Change: of the ratio to no hook, with its 95 % interval. p: of as large a change by \
                  chance, corrected\nfor all comparisons. Noise: how far the baseline was from itself, \
                  in both runs together.\n";
    format!("{sum}\n{}\n{legend}", table(&header, &rows))
}

fn row(cost: &CostChange) -> Vec<String> {
    let change = cost.change.map(|it| ratio::with_interval(it.factor, [it.low, it.high]));
    let probability = cost.corrected.map(|it| format!("{it:.3}"));
    let noise = cost.noise.map(ratio::percent);
    let verdict = match cost.verdict {
        CostVerdict::Slower => "slower",
        CostVerdict::Faster => "faster",
        CostVerdict::Inconclusive => "inconclusive",
        CostVerdict::Unchanged => "unchanged",
    };
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    vec![
        cost.workload.clone(),
        cost.strategy.clone(),
        cost.interpreter.clone(),
        or_dash(change),
        or_dash(probability),
        or_dash(noise),
        verdict.to_owned(),
    ]
}
