//! From what an evaluation found to its record.

use std::collections::BTreeMap;

use tollgate_event::EventKind;

use super::{
    CandidateRecord, EvaluationRecord, FORMAT, FiresWord, FlawRecord, PatchCostRecord, ProbeRecord,
    PromiseRecord, RatioRecord, RuleRecord, ShownRecord, TwinsRecord,
};
use crate::{
    command::Places,
    conformance::{Beside, Heard},
    contract::{Contract, EventRule, Fires, Promise, Topic},
    evaluation::{Answer, Entrant, Found, Sum, Summary, Unanswered},
    measure::Estimate,
    overhead::{Counted, Versus, WorkloadKind},
    record::{
        Provenance,
        convert::interpreter,
        inputs::digest,
        overhead::{bounds, counted},
    },
    scenario::Scenario,
    span::Scope,
    worker::Target,
};

/// What was evaluated, and by what.
#[derive(Clone, Copy, Debug)]
pub struct EvaluatedBy<'a> {
    /// The candidates.
    pub entrants: &'a [Entrant],
    /// What came of them.
    pub sum: &'a Sum,
    /// The scenarios that were run.
    pub scenarios: &'a [Scenario],
    /// The interpreters of the truth.
    pub targets: &'a [Target],
}

/// The record of an evaluation; `command` is what makes it again.
pub fn evaluation_record(
    evaluated: EvaluatedBy<'_>,
    command: &str,
    costs: Vec<PatchCostRecord>,
    provenance: Provenance,
) -> EvaluationRecord {
    let scopes: BTreeMap<_, _> =
        evaluated.scenarios.iter().map(|it| (it.name.to_string(), it.scope())).collect();
    let candidates = evaluated.entrants.iter().enumerate();
    EvaluationRecord {
        format: FORMAT,
        command: command.to_owned(),
        candidates: candidates
            .map(|(index, entrant)| candidate(evaluated, &scopes, (index, entrant)))
            .collect(),
        twins: twins(evaluated),
        costs,
        provenance,
        places: Places::default(),
    }
}

fn candidate(
    evaluated: EvaluatedBy<'_>,
    scopes: &BTreeMap<String, Scope>,
    (index, entrant): (usize, &Entrant),
) -> CandidateRecord {
    let contract = &entrant.candidate.contract;
    let summaries = evaluated.sum.of(index);
    let own = evaluated.targets.iter().filter_map(|target| {
        let label = target.interpreter.label();
        let (_, summary) = summaries.iter().find(|(python, _)| *python == label)?;
        let heard = evaluated.sum.heard_on(index, &label);
        let heard = heard.filter_map(|(scenario, heard)| {
            let told = own_events(heard, scopes.get(scenario)?, contract);
            Some((scenario.to_owned(), told))
        });
        let mut answers: Vec<_> =
            evaluated.sum.answers(index).filter(|answer| answer.python == label).collect();
        answers.sort_by_key(|answer| (answer.probe, answer.edge));
        Some(ShownRecord {
            heard: heard.collect(),
            probes: answers.into_iter().map(|answer| probe(answer, contract)).collect(),
            ..shown(target, summary)
        })
    });
    CandidateRecord {
        name: entrant.candidate.name.clone(),
        summary: contract.summary.clone(),
        link: contract.link.clone(),
        digest: digest(entrant.listener.source.as_bytes()),
        is_build: entrant.build.is_some(),
        places_import: contract.import_event != crate::contract::ImportEvent::Unspecified,
        rules: contract.events.iter().map(rule).collect(),
        promises: promises(contract),
        shown: own.collect(),
    }
}

fn promises(contract: &Contract) -> Vec<PromiseRecord> {
    let record = |(edge, topic, promise): (EventKind, Topic, Option<Promise>)| PromiseRecord {
        edge: edge.word().to_owned(),
        event: contract.event_for(edge),
        topic: topic.word().to_owned(),
        promise: promise.map(|promise| promise.word().to_owned()),
    };
    contract.topics().into_iter().map(record).collect()
}

fn rule(rule: &EventRule) -> RuleRecord {
    let words = |kinds: Vec<EventKind>| kinds.iter().map(|it| it.word().to_owned()).collect();
    RuleRecord {
        event: rule.name.clone(),
        edges: words(rule.marks.kinds()),
        arguments: rule.arguments.iter().map(|it| it.word().to_owned()).collect(),
        fires: match rule.fires {
            Fires::Always => FiresWord::Always,
            Fires::OnSuccess => FiresWord::OnSuccess,
            Fires::OnFailure => FiresWord::OnFailure,
        },
        may_miss: rule.may_miss.clone(),
        may_repeat: rule.may_repeat.clone(),
        may_add: rule.may_add.clone(),
    }
}

/// All but what was heard and probed.
fn shown(target: &Target, summary: &Summary) -> ShownRecord {
    let stood = |place| summary.beside.get(&place).copied().unwrap_or_default();
    ShownRecord {
        interpreter: interpreter(target),
        judged: summary.judged,
        conforming: summary.conforming,
        kept: summary.kept,
        missed: summary.missed,
        repeated: summary.repeated,
        not_applicable: summary.not_applicable,
        inconclusive: summary.inconclusive.clone(),
        flaws: summary.flaws.iter().map(|(sort, found)| (sort.clone(), flaw(found))).collect(),
        import_stood: [Beside::Before, Beside::After, Beside::Absent].map(stood),
        locks: summary.locks.clone(),
        heard: BTreeMap::new(),
        probes: Vec::new(),
    }
}

fn flaw(found: &Found) -> FlawRecord {
    FlawRecord {
        count: found.count,
        scenarios: found.scenarios.clone(),
        example: found.example.clone(),
        shown_in: found.shown_in.as_ref().map(|(scenario, _)| scenario.clone()),
        is_plain: found.shown_in.as_ref().is_some_and(|(_, is_plain)| *is_plain),
        rank: found.rank as u8,
    }
}

/// The events of a contract about the modules of a scenario.
fn own_events(heard: &[Heard], scope: &Scope, contract: &Contract) -> Vec<(String, String)> {
    let own = heard.iter().filter(|it| contract.named(&it.event).next().is_some());
    own.filter_map(|it| {
        let module = it.name().filter(|module| scope.contains(module))?;
        Some((it.event.clone(), module.to_owned()))
    })
    .collect()
}

fn probe(answer: &Answer, contract: &Contract) -> ProbeRecord {
    ProbeRecord {
        probe: answer.probe.name().to_owned(),
        edge: answer.edge.map(|edge| edge.word().to_owned()),
        event: answer.edge.map(|edge| contract.event_for(edge)),
        facts: answer.facts.clone().unwrap_or_default(),
        ending: answer.facts.as_ref().err().map(|unanswered| match unanswered {
            Unanswered::Ended(ending) | Unanswered::NotJudged(ending) => ending.clone(),
        }),
    }
}

fn twins(evaluated: EvaluatedBy<'_>) -> Vec<TwinsRecord> {
    let EvaluatedBy { entrants, sum, .. } = evaluated;
    let builds = entrants.iter().enumerate().filter(|(_, it)| it.build.is_some());
    let pairs = builds.filter_map(|(index, built)| {
        let name = &built.candidate.name;
        let is_overlay = |it: &Entrant| it.build.is_none() && it.candidate.name == *name;
        Some((name, entrants.iter().position(is_overlay)?, index))
    });
    let told = pairs.flat_map(|(name, overlay, build)| {
        sum.of(overlay).into_iter().map(move |(python, _)| {
            let (scenarios, differing) = sum.differences(overlay, build, python);
            TwinsRecord {
                candidate: name.clone(),
                interpreter: python.to_owned(),
                scenarios,
                differing: differing.into_iter().map(ToOwned::to_owned).collect(),
            }
        })
    });
    told.collect()
}

/// What a cost is of.
#[derive(Clone, Copy, Debug)]
pub struct CostOf<'a> {
    /// The candidate's name.
    pub candidate: &'a str,
    /// `build` or `overlay`.
    pub way: &'a str,
    /// The interpreter without it.
    pub base: &'a Target,
    /// The workload.
    pub kind: WorkloadKind,
    /// Who listens.
    pub listener: &'a str,
}

/// The record of what one candidate costs.
pub fn cost_record(
    CostOf { candidate, way, base, kind, listener }: CostOf<'_>,
    versus: Option<&Versus>,
    instructions: Option<&Counted>,
) -> PatchCostRecord {
    PatchCostRecord {
        candidate: candidate.to_owned(),
        way: way.to_owned(),
        interpreter: base.interpreter.label(),
        workload: kind.name().to_owned(),
        listener: listener.to_owned(),
        changed: versus.map(|it| ratio(&it.estimate)),
        again: versus.map(|it| ratio(&it.again)),
        counted: instructions.map(counted),
    }
}

fn ratio(estimate: &Estimate) -> RatioRecord {
    RatioRecord {
        ratio: estimate.ratio,
        interval: bounds(estimate),
        detectable: estimate.detectable,
        verdict: estimate.verdict.to_string(),
        launches: estimate.launches,
    }
}
