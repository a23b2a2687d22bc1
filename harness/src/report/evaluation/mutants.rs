//! Which scenarios found out which mutant.

use std::fmt::Write as _;

use super::{NAMED, markdown};
use crate::{
    candidate::Mutant,
    evaluation::Sum,
    measure::Verdict,
    overhead::Versus,
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
}

/// The table of mutants, the entrants of `sum` in their order; then how many were found out. One that no scenario found
/// out may still be slower.
pub fn mutants(mutants: &[Mutant], sum: &Sum, costs: &[MutantCost]) -> String {
    let (mut survivors, mut undecided) = (Vec::new(), Vec::new());
    let mut rows = Vec::with_capacity(mutants.len());
    for (index, mutant) in mutants.iter().enumerate() {
        let caught = sum.caught_by(index);
        let own = mutant.candidate.name.rsplit('/').next().unwrap_or_default();
        let cost = costs.iter().find(|cost| cost.mutant == index);
        let by = match cost.map(verdict) {
            _ if !caught.is_empty() => listed(&caught, NAMED),
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
        rows.push(vec![own.to_owned(), mutant.summary.clone(), by, first]);
    }
    let header = ["mutant", "what is wrong", "found out in", "how, in the first of them"];
    let table = Table::new(header, rows, "");
    let mut text = table.map(|table| markdown(&table)).unwrap_or_default();
    let found = mutants.len() - survivors.len() - undecided.len();
    _ = writeln!(text, "\n{} of {} found out.", found, count(mutants.len(), "mutant"));
    for survivor in survivors {
        _ = writeln!(text, "Survived: {}", plain(survivor));
    }
    for mutant in undecided {
        _ = writeln!(text, "The clock could not tell: {}", plain(mutant));
    }
    text
}

fn verdict(cost: &MutantCost) -> Option<Verdict> {
    cost.versus.map(|versus| versus.estimate.verdict)
}

/// `slower than the proposal in cold-100: 1.021 [1.016, 1.026]`.
fn told(cost: &MutantCost) -> String {
    let Some(Versus { estimate, .. }) = cost.versus else {
        return format!("no usable sample of {}", cost.workload);
    };
    let figure = ratio::with_interval(estimate.ratio, [estimate.low, estimate.high]);
    format!("{} in {}, over the proposal: {figure}", estimate.verdict, cost.workload)
}
