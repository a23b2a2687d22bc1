//! Parts of a run that run on machines of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Key, key::parts};

/// One of the parts that a run is divided into: the first is 1.
///
/// Which part a record belongs to depends on its key alone, so it is the same on every machine and
/// does not change when scenarios, strategies or interpreters come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// Part `number` of `of`. Nothing unless `1 <= number <= of`.
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// Which part this is, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many parts there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether what this key is about is run by this part.
    ///
    /// The costs of one workload on one interpreter stay together: they are estimated from the same
    /// launches. A truth has no part of its own: it goes with the cells that are judged by it, and so
    /// into each part that has any of them.
    pub fn owns(self, key: Key<'_>) -> bool {
        let (sort, mut names) = parts(key);
        if let Key::Cost { .. } = key {
            names[2] = "";
        }
        let mut hasher = Sha256::new_with_prefix([sort]);
        for name in names {
            hasher.update(name);
            hasher.update([0]);
        }
        let digest = hasher.finalize();
        let first: [u8; 8] = std::array::from_fn(|index| digest[index]);
        u64::from_be_bytes(first) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// A text that names no part of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of a run; expected K/N with K from 1 to N, such as 2/4")]
pub struct BadShard(String);

impl FromStr for Shard {
    type Err = BadShard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(number, of)| {
            let number = number.trim().parse().ok()?;
            Self::new(number, of.trim().parse().ok()?)
        });
        numbers.ok_or_else(|| BadShard(text.to_owned()))
    }
}

impl TryFrom<String> for Shard {
    type Error = BadShard;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERPRETER: &str = "3.13.0";

    fn owners(key: Key<'_>, of: u32) -> Vec<u32> {
        (1..=of).filter(|&number| Shard::new(number, of).is_some_and(|it| it.owns(key))).collect()
    }

    #[test]
    fn every_cell_is_in_one_part_and_parts_are_about_equal() {
        let names: Vec<_> = (0..2000).map(|number| format!("scenario-{number}")).collect();
        for of in [1, 2, 3, 7] {
            let mut sizes = vec![0_u32; of as usize];
            for scenario in &names {
                let key = Key::Cell { interpreter: INTERPRETER, scenario, strategy: "audit" };
                let [owner] = owners(key, of)[..] else { panic!("one part has {key}") };
                sizes[owner as usize - 1] += 1;
            }
            // five standard deviations of a binomial distribution
            let (mean, chance) = (2000.0 / f64::from(of), 1.0 / f64::from(of));
            let spread = 5.0 * (mean * (1.0 - chance)).sqrt();
            assert!(
                sizes.iter().all(|&size| (f64::from(size) - mean).abs() <= spread),
                "{sizes:?}"
            );
        }
    }

    #[test]
    fn the_costs_of_a_workload_stay_together() {
        for workload in ["cold-100", "chain-50", "cached"] {
            let of =
                |strategy| owners(Key::Cost { interpreter: INTERPRETER, workload, strategy }, 8);
            assert_eq!(of("none"), of("audit"), "{workload}");
        }
    }

    /// Shards of one run may be run by different builds: who has what must not change.
    #[test]
    fn who_has_a_key_is_settled() {
        let interpreter = INTERPRETER;
        let owners = [
            Key::Cell { interpreter, scenario: "packages/nested", strategy: "audit" },
            Key::Cell { interpreter, scenario: "packages/nested", strategy: "none" },
            Key::Cost { interpreter, workload: "cold-100", strategy: "audit" },
            Key::Footprint { interpreter, strategy: "audit" },
        ]
        .map(|key| owners(key, 1000)[0]);
        insta::assert_debug_snapshot!(owners);
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b"] {
            assert_eq!(text.parse::<Shard>(), Err(BadShard(text.to_owned())));
        }
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
    }
}
