//! JSON for programs, in a published and versioned shape (`reports/report.schema.json`).

mod convert;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use convert::Sorted;
use schemars::schema_for;

use super::{controls::fitness, findings::by_name, interpreters::Interpreters};
use crate::record::{Keys, OverheadRecord, Record};

/// The report on these records. Of records with the same key the first counts; in which order they
/// come makes no difference.
pub fn json(records: impl IntoIterator<Item = Record>) -> String {
    let (mut keys, mut sorted) = (Keys::default(), Sorted::default());
    let mut timed = Vec::new();
    for record in records {
        if keys.insert(record.key()) {
            if let Record::Overhead(cost) = &record {
                timed.push(OverheadRecord { nanos: Vec::new(), ..cost.clone() });
            }
            sorted.add(record);
        }
    }
    let Sorted { runs, interpreters, mut truths, mut cells, mut costs } = sorted;
    let order = Interpreters::new(interpreters.keys().map(String::as_str));
    let place = |label: &str| order.place(label);
    truths.sort_by(|one, other| {
        (&one.scenario, place(&one.interpreter)).cmp(&(&other.scenario, place(&other.interpreter)))
    });
    cells.sort_by(|one, other| {
        let key = |cell: &shape::Cell| place(&cell.interpreter);
        (by_name(&one.strategy), &one.scenario, key(one)).cmp(&(
            by_name(&other.strategy),
            &other.scenario,
            key(other),
        ))
    });
    costs.sort_by(|one, other| {
        let key = |cost: &shape::Cost| place(&cost.interpreter);
        (&one.workload, by_name(&one.strategy), key(one)).cmp(&(
            &other.workload,
            by_name(&other.strategy),
            key(other),
        ))
    });
    let mut interpreters: BTreeMap<_, _> =
        interpreters.into_iter().map(|(label, it)| (place(&label), it)).collect();
    let interpreters = std::mem::take(&mut interpreters).into_values().collect();
    let runs = runs.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let is_fit = (!timed.is_empty()).then(|| fitness(&timed.iter().collect::<Vec<_>>()).is_ok());
    if is_fit == Some(false) {
        for cost in &mut costs {
            "unfit".clone_into(&mut cost.verdict);
        }
    }
    let report = shape::Report { format: 2, runs, interpreters, truths, cells, is_fit, costs };
    serde_json::to_string(&report).expect("numbers, texts and lists are JSON") + "\n"
}

/// The JSON Schema of [`json`].
pub fn json_schema() -> String {
    let schema = schema_for!(shape::Report);
    serde_json::to_string_pretty(&schema).expect("a schema is plain JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::TruthWord,
        report::fixtures::{cell, claimed, cost, counting, disturbed, diverging, truth},
    };

    fn records() -> Vec<Record> {
        let cell = counting(cell("audit", "a", "3.9.1"), &[claimed("import.start", [2, 1, 0])]);
        vec![
            Record::Cell(diverging(cell, &[disturbed("4 frames")])),
            truth("a", "3.10.1", (TruthWord::Unknown, Some("hangs"))),
            truth("a", "3.9.1", (TruthWord::Agreed, None)),
            Record::Overhead(cost("audit", "3.9.1", 1.03)),
        ]
    }

    #[test]
    fn the_order_of_records_makes_no_difference() {
        let told = json(records());
        insta::assert_snapshot!(told);
        assert_eq!(json(records().into_iter().rev()), told);
        assert_eq!(json(records().into_iter().chain(records())), told);
    }

    /// No more than this test asks of a schema; the README names the validator that is run by hand.
    #[test]
    fn every_key_is_in_the_schema_and_required() {
        let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("JSON");
        let report: serde_json::Value = serde_json::from_str(&json(records())).expect("JSON");
        let keys = |value: &serde_json::Value| -> BTreeSet<String> {
            value.as_object().expect("an object").keys().cloned().collect()
        };
        assert_eq!(keys(&report), keys(&schema["properties"]));
        for (list, shape) in
            [("runs", "Run"), ("truths", "Truth"), ("cells", "Cell"), ("costs", "Cost")]
        {
            let definition = &schema["$defs"][shape];
            assert_eq!(keys(&report[list][0]), keys(&definition["properties"]), "{list}");
            assert_eq!(definition["additionalProperties"], false, "{list}");
        }
    }
}
