//! Whether what a run says of costs is to be believed: its controls, and the conditions it met.

use std::collections::BTreeMap;

use super::{
    findings::Findings,
    interpreters::Place,
    ratio::percent,
    words::{count, listed, plain},
};
use crate::{
    measure::{self, Control, Unfit},
    record::{ConditionsRecord, OverheadRecord},
};

/// How many groups with failed controls are named.
const NAMED: usize = 6;

impl Findings {
    /// Whether the controls of all that was timed hold, as far as chance lets them.
    pub fn fitness(&self) -> Result<(), Unfit> {
        fitness(&self.overheads.iter().collect::<Vec<_>>())
    }
}

/// The same for some of the costs.
pub(super) fn fitness(costs: &[&OverheadRecord]) -> Result<(), Unfit> {
    measure::fitness(&groups(costs).into_values().collect::<Vec<_>>())
}

/// A workload on an interpreter.
type Group<'a> = (&'a str, &'a str, &'a str);

/// The controls that failed in each group that has any control.
fn groups<'a>(costs: &[&'a OverheadRecord]) -> BTreeMap<Group<'a>, Vec<Control>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for cost in costs {
        let Some(record) = &cost.control else { continue };
        let group =
            (cost.workload.as_str(), cost.interpreter.label.as_str(), cost.provenance.run.as_str());
        let failed = groups.entry(group).or_default();
        failed.extend(record.control().filter(|_| !record.holds));
    }
    groups
}

/// Where a control of one workload failed, and which, in words.
pub(super) fn failed(findings: &Findings, costs: &[&OverheadRecord]) -> Vec<(Place, String)> {
    let groups = groups(costs);
    let failed = groups.iter().filter(|(_, controls)| !controls.is_empty());
    let told = failed.map(|((_, label, _), controls)| {
        let place = findings.place(label);
        let why: Vec<_> = controls.iter().map(|control| word(*control)).collect();
        (place, format!("{} on {}", why.join(" and "), findings.interpreters.name(place)))
    });
    told.collect()
}

/// What the controls showed. Empty without controls.
pub(super) fn controls(findings: &Findings, costs: &[&OverheadRecord]) -> String {
    let groups = groups(costs);
    let failed: Vec<_> = groups.iter().filter(|(_, controls)| !controls.is_empty()).collect();
    if groups.is_empty() {
        return String::new();
    }
    if failed.is_empty() {
        return format!("Controls: all hold in {}.\n", count(groups.len(), "group"));
    }
    let named = failed.iter().flat_map(|((workload, label, _), controls)| {
        let on = findings.interpreters.name(findings.place(label));
        controls
            .iter()
            .map(move |control| format!("{} in {} on {on}", word(*control), plain(workload)))
    });
    let told = format!(
        "Controls: not all hold in {} of {} ({}).\n",
        failed.len(),
        count(groups.len(), "group"),
        listed(named.collect::<Vec<_>>().into_iter(), NAMED)
    );
    told + &fitness(costs).err().map(unfit).unwrap_or_default()
}

fn word(control: Control) -> &'static str {
    match control {
        Control::Again => "none differs from itself",
        Control::Sham => "the sham differs",
        Control::Planted => "the planted cost was missed",
    }
}

fn unfit(unfit: Unfit) -> String {
    let why = match unfit {
        Unfit::SeesWhatIsNotThere { groups, of } => {
            format!(
                "arms differ that are the same, in {groups} of {of} groups, more than by chance"
            )
        }
        Unfit::MissesWhatIsThere { groups, of } => {
            format!("a cost of known size was not found in {groups} of {of} groups")
        }
    };
    format!(
        "UNFIT: {why}. No verdict is given.\nhelp: repeat the run when less else is running, or with \
         more time (`--budget`)\n"
    )
}

/// What the launches met on their way. Empty where nobody told.
pub(super) fn conditions(costs: &[&OverheadRecord]) -> String {
    let all: Vec<&ConditionsRecord> = costs.iter().flat_map(|cost| &cost.conditions).collect();
    if all.is_empty() {
        return String::new();
    }
    let mut words = Vec::new();
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let load: Vec<f64> = all.iter().filter_map(|it| it.load).collect();
    if !load.is_empty() {
        words.push(format!("load {:.1} to {:.1}", least(&load), most(&load)));
    }
    let stolen: Vec<f64> = all.iter().filter_map(|it| it.stolen).collect();
    if !stolen.is_empty() {
        words.push(format!("at most {} of a launch's time stolen", percent(most(&stolen))));
    }
    let megahertz: Vec<f64> = all.iter().filter_map(|it| it.megahertz).collect();
    if !megahertz.is_empty() {
        let [low, high] = [least(&megahertz), most(&megahertz)].map(|it| format!("{it:.0}"));
        let range = if low == high { low } else { format!("{low} to {high}") };
        words.push(format!("processors at {range} MHz"));
    }
    let samples: usize = all.iter().map(|it| it.samples).sum();
    let each = |total: u64| {
        let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        number(total) / number(samples.max(1) as u64)
    };
    let faults = each(all.iter().map(|it| it.faults).sum());
    let switches = each(all.iter().map(|it| it.switches).sum());
    words.push(format!("{faults:.0} page faults and {switches:.2} lost cores a sample"));
    format!("Conditions of {}: {}.\n", launches(all.len()), words.join(", "))
}

fn launches(number: usize) -> String {
    if number == 1 { "1 launch".to_owned() } else { format!("{number} launches") }
}
