//! Who is set beside whom, and what is done with them.

use std::fmt;

use crate::{strategy::Strategy, worker::Step};

/// How many hooks of the same sort are many.
pub const COPIES: usize = 40;

/// In which order hooks are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Removal {
    /// The one that came last goes first, as if they knew of each other.
    LastFirst,
    /// The one that came first goes first, as happens when each minds its own business.
    FirstFirst,
}

impl Removal {
    /// Both.
    pub const ALL: [Self; 2] = [Self::LastFirst, Self::FirstFirst];

    /// The words that records use.
    pub const fn words(self) -> &'static str {
        match self {
            Self::LastFirst => "last first",
            Self::FirstFirst => "first first",
        }
    }
}

impl fmt::Display for Removal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// When a neighbour comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// Before the strategy.
    Earlier,
    /// After it.
    Later,
}

/// Hooks that are installed in one process.
#[derive(Clone, Debug)]
pub struct Company<'a> {
    /// In the order in which they are installed. One may be alone, or there more than once.
    pub members: Vec<&'a Strategy>,
    /// In which order they are removed.
    pub removal: Removal,
    /// Which of them is no strategy but a neighbour, if one is.
    pub neighbour: Option<usize>,
}

impl<'a> Company<'a> {
    fn of(members: Vec<&'a Strategy>, removal: Removal) -> Self {
        Self { members, removal, neighbour: None }
    }

    /// One hook and no other.
    pub fn alone(strategy: &'a Strategy) -> Self {
        Self::of(vec![strategy], Removal::LastFirst)
    }

    /// Two hooks, in this order.
    pub fn pair(first: &'a Strategy, second: &'a Strategy, removal: Removal) -> Self {
        Self::of(vec![first, second], removal)
    }

    /// Many hooks of the same sort.
    pub fn crowd(strategy: &'a Strategy) -> Self {
        Self::of(vec![strategy; COPIES], Removal::LastFirst)
    }

    /// A strategy beside a neighbour, which comes before it or after it.
    pub fn beside(
        strategy: &'a Strategy,
        neighbour: &'a Strategy,
        (comes, removal): (Comes, Removal),
    ) -> Self {
        let (members, neighbour) = match comes {
            Comes::Earlier => (vec![neighbour, strategy], 0),
            Comes::Later => (vec![strategy, neighbour], 1),
        };
        Self { neighbour: Some(neighbour), ..Self::of(members, removal) }
    }

    /// What tells it from others, apart from the order of removal: `audit, bootstrap`,
    /// `audit \u{d7}40`.
    pub fn name(&self) -> String {
        match self.members[..] {
            [one] => one.name.to_string(),
            [first, second] => format!("{}, {}", first.name, second.name),
            _ => format!("{} \u{d7}{}", self.members[0].name, self.members.len()),
        }
    }

    /// The same company with `other` in the place of every strategy.
    pub(super) fn with(&self, other: &'a Strategy) -> Self {
        let members =
            self.members.iter().enumerate().map(|(number, member)| {
                if self.neighbour == Some(number) { member } else { other }
            });
        Self { members: members.collect(), ..*self }
    }

    /// What is done: the program is run three times. Of two hooks both are there in the first run,
    /// one in the second and none in the third; hooks that are not two are all there in the second.
    pub fn steps(&self) -> Vec<Step> {
        let count = self.members.len();
        let order: Vec<_> = match self.removal {
            Removal::FirstFirst => (0..count).collect(),
            Removal::LastFirst => (0..count).rev().collect(),
        };
        let mut removals = order.into_iter().map(Step::Remove);
        let mut steps: Vec<_> = (0..count).map(Step::Install).collect();
        steps.push(Step::Run);
        if count == 2 {
            steps.extend(removals.by_ref().take(1));
        }
        steps.push(Step::Run);
        steps.extend(removals);
        steps.push(Step::Run);
        steps
    }

    /// Where `member` stands in each run of the program.
    pub(super) fn presence(&self, member: usize) -> Vec<Presence> {
        let (mut removed, mut presence) = (Vec::new(), Vec::new());
        for step in self.steps() {
            match step {
                Step::Install(_) => {}
                Step::Remove(index) => removed.push(index),
                Step::Run if removed.contains(&member) => presence.push(Presence::Gone),
                Step::Run if removed.is_empty() => presence.push(Presence::Together),
                Step::Run => presence.push(Presence::Left),
            }
        }
        presence
    }
}

/// Where a hook stands while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// All are installed.
    Together,
    /// The other one was removed.
    Left,
    /// It was removed itself.
    Gone,
}

#[cfg(test)]
mod tests {
    use Presence::{Gone, Left, Together};

    use super::*;
    use crate::{layout::Layout, strategy};

    fn check(company: &Company<'_>, steps: &str, presences: &[[Presence; 3]]) {
        let told: Vec<_> = company.steps().iter().map(ToString::to_string).collect();
        assert_eq!(told.join(", "), steps);
        for (member, presence) in presences.iter().enumerate() {
            assert_eq!(company.presence(member), presence, "{steps}");
        }
    }

    #[test]
    fn the_program_runs_with_all_with_what_is_left_and_with_none() {
        let strategies = strategy::read_all(&Layout::of_this_checkout().strategies());
        let strategies = strategies.expect("readable strategies");
        let (one, other) = (&strategies[0], &strategies[1]);
        let alone = "install 0, run, run, remove 0, run";
        check(&Company::alone(one), alone, &[[Together, Together, Gone]]);
        check(
            &Company::pair(one, other, Removal::LastFirst),
            "install 0, install 1, run, remove 1, run, remove 0, run",
            &[[Together, Left, Gone], [Together, Gone, Gone]],
        );
        check(
            &Company::pair(one, other, Removal::FirstFirst),
            "install 0, install 1, run, remove 0, run, remove 1, run",
            &[[Together, Gone, Gone], [Together, Left, Gone]],
        );
        let crowd = Company::crowd(one);
        assert_eq!(crowd.presence(COPIES - 1), [Together, Together, Gone]);
        assert_eq!(crowd.name(), "none \u{d7}40");
    }
}
