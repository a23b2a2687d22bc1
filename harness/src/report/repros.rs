//! How to show without Tollgate what strategies get wrong.

use std::collections::BTreeMap;

use super::{
    findings::{Findings, by_name},
    repro_command,
    words::plain,
};

/// A command for each strategy that gets something wrong: for the first scenario by name, on the
/// first interpreter. Empty if none does.
pub(super) fn repros(findings: &Findings) -> String {
    let mut first: BTreeMap<_, (&str, &str)> = BTreeMap::new();
    for cell in findings.cells.iter().filter(|cell| !cell.divergences.is_empty()) {
        let place = (&*cell.scenario, findings.place(&cell.interpreter));
        let known = first.entry(by_name(&cell.strategy)).or_insert((place.0, &cell.interpreter));
        if place < (known.0, findings.place(known.1)) {
            *known = (place.0, &cell.interpreter);
        }
    }
    if first.is_empty() {
        return String::new();
    }
    let line = |((_, strategy), (scenario, interpreter)): ((bool, &str), (&str, &str))| {
        format!("  {}\n", plain(&repro_command(scenario, strategy, interpreter)))
    };
    let lines: String = first.into_iter().map(line).collect();
    format!(
        "A script that shows it without Tollgate, for these and any other scenario and version:\n{lines}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::fixtures;

    #[test]
    fn each_strategy_that_diverges_has_a_command() {
        let records = [
            fixtures::cell_that_missed("b", &["shop"]),
            fixtures::cell_that_missed("a", &["shop"]),
            fixtures::cell_that_missed("0", &[]),
        ];
        let told = repros(&records.into_iter().collect());
        let command = "  cargo xtask repro a audit --python 3.13.0\n";
        assert_eq!(told.split_once('\n').map(|(_, lines)| lines), Some(command));
        let nothing = [fixtures::cell_that_missed("0", &[])];
        assert_eq!(repros(&nothing.into_iter().collect()), "");
    }
}
