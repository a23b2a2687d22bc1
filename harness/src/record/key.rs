//! What tells records apart.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::Record;

/// What a record is about. No two records of a run have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key<'a> {
    /// What really happens in a scenario on an interpreter.
    Truth {
        /// The interpreter's label.
        interpreter: &'a str,
        /// The scenario's name.
        scenario: &'a str,
    },
    /// What a strategy showed of it.
    Cell {
        /// The interpreter's label.
        interpreter: &'a str,
        /// The scenario's name.
        scenario: &'a str,
        /// The strategy's name.
        strategy: &'a str,
    },
    /// What a strategy costs in a workload on an interpreter.
    Cost {
        /// The interpreter's label.
        interpreter: &'a str,
        /// The workload's name.
        workload: &'a str,
        /// The strategy's name.
        strategy: &'a str,
    },
    /// What a strategy takes of stack and memory on an interpreter.
    Footprint {
        /// The interpreter's label.
        interpreter: &'a str,
        /// The strategy's name.
        strategy: &'a str,
    },
    /// What became of a company in a scenario on an interpreter.
    Composition {
        /// The interpreter's label.
        interpreter: &'a str,
        /// The scenario's name.
        scenario: &'a str,
        /// The company's name.
        company: &'a str,
        /// In which order it was dissolved.
        removal: &'a str,
    },
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth { interpreter, scenario } => {
                write!(f, "the truth of {scenario} on {interpreter}")
            }
            Self::Cell { interpreter, scenario, strategy } => {
                write!(f, "{scenario} under {strategy} on {interpreter}")
            }
            Self::Cost { interpreter, workload, strategy } => {
                write!(f, "the cost of {strategy} in {workload} on {interpreter}")
            }
            Self::Footprint { interpreter, strategy } => {
                write!(f, "the footprint of {strategy} on {interpreter}")
            }
            Self::Composition { interpreter, scenario, company, removal } => {
                write!(f, "{scenario} under {company} ({removal}) on {interpreter}")
            }
        }
    }
}

impl Record {
    /// The label of the interpreter that this record is about.
    pub fn interpreter(&self) -> &str {
        match self.key() {
            Key::Truth { interpreter, .. }
            | Key::Cell { interpreter, .. }
            | Key::Cost { interpreter, .. }
            | Key::Footprint { interpreter, .. }
            | Key::Composition { interpreter, .. } => interpreter,
        }
    }

    /// What this record is about.
    pub fn key(&self) -> Key<'_> {
        match self {
            Self::Truth(truth) => {
                Key::Truth { interpreter: &truth.interpreter.label, scenario: &truth.scenario }
            }
            Self::Cell(cell) => Key::Cell {
                interpreter: &cell.interpreter.label,
                scenario: &cell.scenario,
                strategy: &cell.strategy,
            },
            Self::Overhead(cost) => Key::Cost {
                interpreter: &cost.interpreter.label,
                workload: &cost.workload,
                strategy: &cost.strategy,
            },
            Self::Footprint(footprint) => Key::Footprint {
                interpreter: &footprint.interpreter.label,
                strategy: &footprint.strategy,
            },
            Self::Composition(composition) => Key::Composition {
                interpreter: &composition.interpreter.label,
                scenario: &composition.scenario,
                company: &composition.company,
                removal: &composition.removal,
            },
        }
    }
}

/// A set of keys. Every name is kept once, so that the keys of 100,000 cells fit in 4 MB.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    names: HashMap<Box<str>, u32>,
    keys: HashSet<Packed>,
}

/// The sort of the key and the numbers of its names, of which some have fewer than others.
type Packed = (u8, [u32; 4]);

impl Keys {
    /// Adds a key; says whether it is new.
    pub fn insert(&mut self, key: Key<'_>) -> bool {
        let (sort, names) = parts(key);
        let numbers = names.map(|name| self.number(name));
        self.keys.insert((sort, numbers))
    }

    /// Whether the key is among these.
    pub fn contains(&self, key: Key<'_>) -> bool {
        let (sort, names) = parts(key);
        // 0 is no name's number, so a name that was never seen makes a key that is not there
        let numbers = names.map(|name| self.names.get(name).copied().unwrap_or_default());
        self.keys.contains(&(sort, numbers))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len() + 1).expect("names fit in memory");
        self.names.insert(name.into(), number);
        number
    }
}

pub(super) fn parts(key: Key<'_>) -> (u8, [&str; 4]) {
    match key {
        Key::Truth { interpreter, scenario } => (0, [interpreter, scenario, "", ""]),
        Key::Cell { interpreter, scenario, strategy } => (1, [interpreter, scenario, strategy, ""]),
        Key::Cost { interpreter, workload, strategy } => (2, [interpreter, workload, strategy, ""]),
        Key::Footprint { interpreter, strategy } => (3, [interpreter, strategy, "", ""]),
        Key::Composition { interpreter, scenario, company, removal } => {
            (4, [interpreter, scenario, company, removal])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_in_anything_are_different() {
        let (interpreter, scenario, strategy) = ("3.13.0", "a", "none");
        let all = [
            Key::Truth { interpreter, scenario },
            Key::Truth { interpreter: "3.14.0", scenario },
            Key::Truth { interpreter, scenario: "b" },
            Key::Cell { interpreter, scenario, strategy },
            Key::Cell { interpreter, scenario, strategy: "audit" },
            Key::Cell { interpreter: scenario, scenario: interpreter, strategy },
            Key::Cost { interpreter, workload: scenario, strategy },
            Key::Footprint { interpreter, strategy },
            Key::Composition { interpreter, scenario, company: strategy, removal: "last first" },
            Key::Composition { interpreter, scenario, company: strategy, removal: "first first" },
        ];
        let mut keys = Keys::default();
        for (known, key) in all.into_iter().enumerate() {
            assert!(!keys.contains(key), "{key}");
            assert!(keys.insert(key), "{key}");
            assert!(keys.contains(key) && !keys.insert(key), "{key}");
            assert_eq!(keys.len(), known + 1);
        }
    }
}
