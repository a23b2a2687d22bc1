//! Links from names of scenarios to their files, each defined once at the end of a page.

use std::collections::BTreeSet;

use crate::report::table::escaped;

/// From a page in a folder of `reports/`.
const SCENARIOS: &str = "../../scenarios";

/// The scenarios that were linked so far.
#[derive(Default)]
pub(super) struct Links(BTreeSet<String>);

impl Links {
    /// A link to the scenario with this name.
    pub(super) fn to(&mut self, scenario: &str) -> String {
        let shown = escaped(scenario);
        // a name that is none of a file leads nowhere
        let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
        if !scenario.chars().all(is_path) {
            return shown;
        }
        self.0.insert(scenario.to_owned());
        format!("[{shown}]")
    }

    /// The same of several, one after the other.
    pub(super) fn all(&mut self, scenarios: &[&str]) -> String {
        scenarios.iter().map(|name| self.to(name)).collect::<Vec<_>>().join(", ")
    }

    /// Where they all lead, a line each.
    pub(super) fn definitions(&self) -> String {
        let line = |name: &String| format!("[{}]: {SCENARIOS}/{name}.yaml\n", escaped(name));
        self.0.iter().map(line).collect()
    }
}
