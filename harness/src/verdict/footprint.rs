//! What a hook takes of stack and memory, and what shows of it, whatever the program is.

use super::{Aspect, Divergence, traces::difference};

/// What one strategy takes on one interpreter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// The import state while the hook is installed.
    pub installed: Vec<String>,
    /// The import state after it was removed.
    pub removed: Vec<String>,
    /// Frames below the body of a module that another one imports.
    pub depth: usize,
    /// How many modules may import one another before the stack is full.
    pub headroom: usize,
    /// How often the hook was installed and removed for the figures below.
    pub rounds: u32,
    /// Blocks of memory that there are more after the rounds than before.
    pub blocks: i64,
    /// References to importlib's functions and the like that there are more.
    pub references: i64,
}

/// Everything in which `under` differs from the baseline's footprint.
pub fn footprint_differences(baseline: &Footprint, under: &Footprint) -> Vec<Divergence> {
    let line = |text: String| [text];
    let depth = |it: &Footprint| line(format!("{} frames below a nested module", it.depth));
    let headroom = |it: &Footprint| line(format!("{} nested imports", it.headroom));
    let memory = |it: &Footprint| line(memory(it));
    [
        difference(Aspect::InstalledState, &baseline.installed, &under.installed),
        difference(Aspect::State, &baseline.removed, &under.removed),
        difference(Aspect::Depth, &depth(baseline), &depth(under)),
        difference(Aspect::Headroom, &headroom(baseline), &headroom(under)),
        difference(Aspect::Memory, &memory(baseline), &memory(under)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What one round leaves, to the nearest whole block: caches that fill up are no leak.
fn memory(footprint: &Footprint) -> String {
    let each = |left: i64| {
        let rounds = i64::from(footprint.rounds.max(1));
        (left + rounds / 2).div_euclid(rounds)
    };
    let left = [(each(footprint.blocks), "block"), (each(footprint.references), "reference")];
    let told = |(number, noun): &(i64, &str)| {
        format!("{number} {noun}{}", if *number == 1 { "" } else { "s" })
    };
    let told: Vec<_> = left.iter().filter(|(number, _)| *number != 0).map(told).collect();
    let told = if told.is_empty() { "nothing".to_owned() } else { told.join(" and ") };
    format!("{told} left a round")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl Fn(&mut Footprint)) -> Vec<String> {
        let baseline = Footprint { depth: 12, headroom: 160, rounds: 1000, ..Footprint::default() };
        let mut under = baseline.clone();
        change(&mut under);
        footprint_differences(&baseline, &under).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_differs_is_told_before_and_after() {
        assert_eq!(check(|it| it.blocks = 499), [""; 0]);
        assert_eq!(
            check(|it| it.blocks = 5003),
            ["changed the program's memory from nothing left a round to 5 blocks left a round"]
        );
        assert_eq!(
            check(|it| it.references = 1000),
            ["changed the program's memory from nothing left a round to 1 reference left a round"]
        );
        assert_eq!(
            check(|it| it.headroom = 120),
            [
                "changed the program's recursion headroom from 160 nested imports to 120 nested imports"
            ]
        );
        assert_eq!(
            check(|it| it.installed = vec!["builtins.__import__ is f".to_owned()]),
            ["changed the program's import state from nothing to builtins.__import__ is f"]
        );
    }
}
