//! What a cell shows, as the page has it: texts by their numbers, and the two sides set beside each other.

use std::collections::BTreeMap;

use super::{data::number, pool::Pool};
use crate::{
    record::VerdictWord,
    report::pairing::{Named, Pairing, Rules, claims, pairing},
    span::{Trace, event_name_of},
};

/// What is wrong in a cell, as bits.
const MISSED: u8 = 1;
const WRONG: u8 = 2;
const DISTURBED: u8 = 4;
/// Another meaning, and no lie.
const OF_NO_IMPORT: u8 = 8;

/// Stands for the reason of a divergence that is held against the entries, and that none expects.
const NEW: i64 = -2;

/// One of the bits; its event; the clause; the reason.
type Divergence = (u8, i64, usize, i64);
/// Event, and happened, seen, wrong, misplaced, misstated, claimed.
type Counts = (usize, [usize; 6]);
/// Verdict, flags, reason, divergences, counts, pairing.
pub(super) type Drawn = (u8, u8, i64, Vec<Divergence>, Vec<Counts>, i64);

/// What a cell shows, apart from where. Numbers name texts of the records.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Shown {
    pub(super) verdict: VerdictWord,
    pub(super) reason: Option<usize>,
    pub(super) divergences: Vec<Spoken>,
    pub(super) tally: Vec<Counts>,
    /// Event, module, outcome, thread.
    pub(super) observed: Vec<[usize; 4]>,
}

/// A divergence.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Spoken {
    pub(super) kind: usize,
    pub(super) event: Option<usize>,
    /// The module, or what was disturbed.
    pub(super) subject: usize,
    pub(super) clause: usize,
    pub(super) is_of_no_import: bool,
    pub(super) why: Why,
}

/// Why a divergence is there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Why {
    /// It is held against no entry.
    Unknown,
    /// No entry expects it.
    New,
    /// The number of the reason of the entry that expects it.
    Expected(usize),
}

/// What is shown, set beside the truths that it was judged by. Everything is numbered as it is drawn, so
/// the order of the records makes no difference.
pub(super) struct Drawing {
    shown: Vec<Shown>,
    /// Texts of records by the numbers that records' parts have.
    known: Vec<String>,
    /// Those of entries, by theirs.
    reasons: Vec<String>,
    pub(super) texts: Pool<String>,
    pub(super) pairings: Pool<[usize; 3]>,
    done: BTreeMap<(usize, Option<usize>), usize>,
    pub(super) drawn: Vec<Drawn>,
}

impl Drawing {
    pub(super) fn new(known: Vec<String>, reasons: Vec<String>, shown: Vec<Shown>) -> Self {
        let (texts, pairings) = (Pool::default(), Pool::default());
        Self { shown, known, reasons, texts, pairings, done: BTreeMap::new(), drawn: Vec::new() }
    }

    /// The number on the page of a text of the records.
    pub(super) fn text(&mut self, number: usize) -> usize {
        self.texts.add(self.known[number].as_str())
    }

    /// The number of what is drawn.
    pub(super) fn draw(&mut self, number_of_shown: usize, truth: Option<usize>) -> usize {
        if let Some(done) = self.done.get(&(number_of_shown, truth)) {
            return *done;
        }
        let shown = self.shown[number_of_shown].clone();
        let is_judged = matches!(shown.verdict, VerdictWord::Conforms | VerdictWord::Diverges);
        let pairing = truth.filter(|_| is_judged).and_then(|truth| self.pair(&shown, truth));
        let divergences = shown.divergences.iter().map(|it| self.spoken(it)).collect::<Vec<_>>();
        let flags = divergences.iter().fold(0, |flags, (flag, ..)| flags | flag);
        let verdict = match shown.verdict {
            VerdictWord::Conforms => 0,
            VerdictWord::Diverges => 1,
            VerdictWord::NotApplicable => 2,
            VerdictWord::Inconclusive => 3,
        };
        let reason = number(shown.reason.map(|it| self.text(it)));
        let tally = shown.tally.into_iter().map(|(event, counts)| (self.event(event), counts));
        let tally = tally.collect();
        let drawn = self.drawn.len();
        self.drawn.push((verdict, flags, reason, divergences, tally, number(pairing)));
        self.done.insert((number_of_shown, truth), drawn);
        drawn
    }

    /// The number of an event's name.
    fn event(&mut self, number: usize) -> usize {
        self.texts.add(event_name_of(&self.known[number]))
    }

    fn spoken(&mut self, spoken: &Spoken) -> Divergence {
        let flag = match self.known[spoken.kind].as_str() {
            _ if spoken.is_of_no_import => OF_NO_IMPORT,
            "missing" => MISSED,
            "disturbed" => DISTURBED,
            _ => WRONG,
        };
        let why = match spoken.why {
            Why::Expected(reason) => number(Some(self.texts.add(self.reasons[reason].as_str()))),
            Why::New => NEW,
            Why::Unknown => number(None),
        };
        let event = number(spoken.event.map(|event| self.event(event)));
        (flag, event, self.text(spoken.clause), why)
    }

    /// The reports that are of no import, but for those of which another one is wrong: they look the same.
    fn of_no_import(&self, divergences: &[Spoken]) -> Named {
        let named = |of_no_import: bool| {
            let those = divergences.iter().filter(move |it| it.is_of_no_import == of_no_import);
            those.filter_map(|it| {
                let kind = self.known[it.event?].parse().ok()?;
                Some((self.known[it.kind] != "missing", (kind, self.known[it.subject].clone())))
            })
        };
        let wrong: Named =
            named(false).filter_map(|(is_report, it)| is_report.then_some(it)).collect();
        named(true).map(|(_, it)| it).filter(|it| !wrong.contains(it)).collect()
    }

    fn pair(&mut self, shown: &Shown, truth: usize) -> Option<usize> {
        let text = |number: usize| self.known[number].clone();
        let observed = shown.observed.iter().map(|[event, module, outcome, thread]| {
            crate::record::EventRecord {
                event: text(*event),
                module: text(*module),
                outcome: text(*outcome),
                thread: *thread,
                nanos: 0,
            }
        });
        let observed: Vec<_> = observed.collect();
        let counts = shown.tally.iter().map(|(event, [.., claimed])| crate::record::CountRecord {
            event: text(*event),
            claimed: *claimed == 1,
            ..Default::default()
        });
        let claims = claims(&counts.collect::<Vec<_>>());
        let trace: Trace = self.known[truth].parse().ok()?;
        let rules = Rules { claims, of_no_import: self.of_no_import(&shown.divergences) };
        let Pairing { happened, reported, rows } = pairing(&trace, &observed, &rules);
        let texts = [happened, reported, rows].map(|text| self.texts.add(text.as_str()));
        Some(self.pairings.add(&texts))
    }
}
