//! What a report keeps of the record of a company.

use crate::record::{
    CompositionRecord, DivergenceRecord, MemberRecord, RepeatedRecord, ShareRecord, VerdictWord,
};

/// One company in one program on one interpreter.
#[derive(Debug)]
pub(in crate::report) struct CompanyFact {
    pub(in crate::report) interpreter: String,
    pub(super) scenario: String,
    pub(super) hooks: Vec<String>,
    pub(super) neighbour: Option<usize>,
    pub(super) copies: usize,
    pub(super) is_last_first: bool,
    pub(super) verdict: VerdictWord,
    pub(super) reason: Option<String>,
    pub(super) members: Vec<MemberFact>,
    pub(super) program: Vec<DivergenceRecord>,
}

/// One strategy in it.
#[derive(Debug)]
pub(super) struct MemberFact {
    pub(super) strategy: String,
    pub(super) position: usize,
    pub(super) fate: FateFact,
}

/// What became of a strategy, in numbers, which add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FateFact {
    /// Why it could not be installed or removed, the first time.
    pub(super) refused: Option<(String, String)>,
    pub(super) together: ShareFact,
    pub(super) left: ShareFact,
    /// Reports after its own removal.
    pub(super) afterwards: usize,
}

/// Counts of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ShareFact {
    pub(super) due: usize,
    pub(super) lost: usize,
    pub(super) doubled: usize,
    /// Wrong in another way.
    pub(super) wrong: usize,
}

impl From<CompositionRecord> for CompanyFact {
    fn from(record: CompositionRecord) -> Self {
        Self {
            interpreter: record.interpreter.label,
            scenario: record.scenario,
            hooks: record.hooks,
            neighbour: record.neighbour,
            copies: record.copies,
            is_last_first: record.removal == "last first",
            verdict: record.verdict,
            reason: record.reason,
            members: record.members.into_iter().map(MemberFact::from).collect(),
            program: record.program,
        }
    }
}

impl From<MemberRecord> for MemberFact {
    fn from(record: MemberRecord) -> Self {
        let refused = record.refused.into_iter().next().map(|it| (it.step, it.reason));
        let fate = FateFact {
            refused,
            together: share(&record.together),
            left: share(&record.left),
            afterwards: record.afterwards.iter().map(|it| it.times).sum(),
        };
        Self { strategy: record.strategy, position: record.position, fate }
    }
}

fn share(record: &ShareRecord) -> ShareFact {
    let mut share = ShareFact { due: record.due, ..ShareFact::default() };
    for RepeatedRecord { times, divergence } in &record.divergences {
        *match divergence.kind.as_str() {
            "missing" => &mut share.lost,
            "duplicated" => &mut share.doubled,
            _ => &mut share.wrong,
        } += times;
    }
    share
}

impl FateFact {
    pub(super) fn add(&mut self, other: &Self) {
        if self.refused.is_none() {
            self.refused.clone_from(&other.refused);
        }
        self.together.add(other.together);
        self.left.add(other.left);
        self.afterwards += other.afterwards;
    }
}

impl ShareFact {
    fn add(&mut self, other: Self) {
        self.due += other.due;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.wrong += other.wrong;
    }
}
