//! Which scenarios found out which mutant.

use std::fmt::Write as _;

use super::{NAMED, markdown};
use crate::{
    candidate::Mutant,
    evaluation::Sum,
    measure::{Margin, Verdict},
    overhead::{Counted, Versus},
    report::{
        Table, ratio,
        words::{count, listed, plain},
    },
};

/// What a mutant that no scenario found out costs more than the proposal.
#[derive(Clone, Debug)]
pub struct MutantCost {
    /// Its place among the mutants.
    pub mutant: usize,
    /// The workload's name.
    pub workload: &'static str,
    /// Time under the mutant over time under the proposal; nothing if no sample was usable.
    pub versus: Option<Versus>,
    /// Instructions of both, where the clock could not tell and they could be counted.
    pub counted: Option<Counted>,
}

impl MutantCost {
    /// What the clock says, or where it cannot tell what the count of instructions says: that the mutant takes more, if it
    /// does so by what anyone cares for under every hash seed. Nothing if neither says anything.
    pub fn verdict(&self) -> Option<Verdict> {
        let by_clock = self.versus.map(|versus| versus.estimate.verdict);
        let surely_more = |counted: &Counted| counted.range[0] > 1.0 + Margin::default().fraction();
        if !decides(by_clock) && self.counted.as_ref().is_some_and(surely_more) {
            return Some(Verdict::Slower);
        }
        by_clock
    }

    /// Whether clock or count tell if the mutant is slower.
    pub fn is_decided(&self) -> bool {
        decides(self.verdict())
    }
}

fn decides(verdict: Option<Verdict>) -> bool {
    matches!(verdict, Some(Verdict::Slower | Verdict::Equivalent | Verdict::Faster))
}

/// The table of mutants, the entrants of `sum` in their order; then how many were found out, and by how many scenarios
/// and probes at least. One that none of them found out may still be slower.
pub fn mutants(mutants: &[Mutant], sum: &Sum, costs: &[MutantCost]) -> String {
    let (mut survivors, mut undecided, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = Vec::with_capacity(mutants.len());
    for (index, mutant) in mutants.iter().enumerate() {
        let caught = sum.caught_by(index);
        let own = mutant.candidate.name.rsplit('/').next().unwrap_or_default();
        let cost = costs.iter().find(|cost| cost.mutant == index);
        let by = match cost.map(MutantCost::verdict) {
            _ if !caught.is_empty() => {
                counts.push((caught.len(), own));
                listed(&caught, NAMED)
            }
            Some(Some(Verdict::Slower)) => "its cost".to_owned(),
            None | Some(Some(Verdict::Equivalent | Verdict::Faster)) => {
                survivors.push(own);
                "**nobody**".to_owned()
            }
            Some(_) => {
                undecided.push(own);
                "**nobody yet**".to_owned()
            }
        };
        let first = sum.first_flaw(index).or_else(|| cost.map(told)).unwrap_or_default();
        let number = if caught.is_empty() { "–".to_owned() } else { caught.len().to_string() };
        rows.push(vec![own.to_owned(), mutant.summary.clone(), number, by, first]);
    }
    let header = ["mutant", "what is wrong", "found out by", "in", "how, in the first of them"];
    let table = Table::new(header, rows, "");
    let mut text = table.map(|table| markdown(&table)).unwrap_or_default();
    let found = mutants.len() - survivors.len() - undecided.len();
    _ = writeln!(
        text,
        "\n{} of {} found out{}.",
        found,
        count(mutants.len(), "mutant"),
        least(&counts)
    );
    for survivor in survivors {
        _ = writeln!(text, "Survived: {}", plain(survivor));
    }
    for mutant in undecided {
        _ = writeln!(text, "Neither clock nor count could tell: {}", plain(mutant));
    }
    text
}

/// `, each by at least 2 scenarios or probes (no-zip, warns)`: of what scenarios and probes found out.
fn least(counts: &[(usize, &str)]) -> String {
    let Some(least) = counts.iter().map(|(count, _)| *count).min() else { return String::new() };
    let by_least: Vec<_> =
        counts.iter().filter(|(count, _)| *count == least).map(|(_, it)| *it).collect();
    format!(
        ", each by at least {} or {} ({})",
        count(least, "scenario"),
        if least == 1 { "probe" } else { "probes" },
        plain(&listed(&by_least, NAMED)),
    )
}

/// `inconclusive in cold-100, over the proposal: +1.7 ±2.0 %; instructions +2.1 %`.
fn told(cost: &MutantCost) -> String {
    let counted = cost.counted.as_ref().map(|counted| ratio::short(counted.ratio));
    let counted = counted.map(|ratio| format!("; instructions {ratio}")).unwrap_or_default();
    by_clock(cost) + &counted
}

fn by_clock(cost: &MutantCost) -> String {
    let Some(Versus { estimate, .. }) = cost.versus else {
        return format!("no usable sample of {}", cost.workload);
    };
    let figure = ratio::with_interval(estimate.ratio, [estimate.low, estimate.high]);
    format!("{} in {}, over the proposal: {figure}", estimate.verdict, cost.workload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_tells_where_the_clock_cannot() {
        let verdict = |lowest: f64| {
            let range = [lowest, lowest + 0.01];
            let (counts, repeats) = (Vec::new(), [3, 0]);
            let counted = Counted { ratio: lowest, range, added: 1.0, counts, repeats };
            let cost =
                MutantCost { mutant: 0, workload: "w", versus: None, counted: Some(counted) };
            cost.verdict()
        };
        assert_eq!(verdict(1.02), Some(Verdict::Slower));
        assert_eq!(verdict(1.005), None, "by less than anyone cares for");
    }
}
