//! The samples of a run in pyperf's format, for `python -m pyperf compare_to`, `stats`, `hist`.
//!
//! A benchmark is a workload on an interpreter under a strategy, a run of it is one launch, and its
//! values are seconds. pyperf compares files by the names of benchmarks; with one strategy a file,
//! names do not have the strategy, so that `none` and another can be held against each other.
//! What that cannot keep is the pairing: Tollgate's own intervals come from ratios within a launch.

use serde_json::{Value, json};

use crate::record::{OverheadRecord, Record};

/// The benchmarks of `records`, in their order; those of one strategy if that is given.
///
/// Nothing if none of the records has a usable sample.
pub fn pyperf(records: impl IntoIterator<Item = Record>, strategy: Option<&str>) -> Option<String> {
    let costs = records.into_iter().filter_map(|record| match record {
        Record::Overhead(cost) if strategy.is_none_or(|it| it == cost.strategy) => Some(cost),
        _ => None,
    });
    let mut benchmarks: Vec<_> = costs
        .filter_map(|cost| {
            let name = name(&cost, strategy.is_some());
            benchmark(&cost, &name).map(|it| (name, it))
        })
        .collect();
    benchmarks.sort_by(|(one, _), (other, _)| one.cmp(other));
    benchmarks.dedup_by(|(one, _), (other, _)| one == other);
    let benchmarks: Vec<Value> = benchmarks.into_iter().map(|(_, it)| it).collect();
    let suite = json!({
        "version": "1.0",
        "metadata": { "unit": "second", "description": "Tollgate" },
        "benchmarks": benchmarks,
    });
    (!benchmarks.is_empty()).then(|| format!("{suite:#}\n"))
}

fn name(cost: &OverheadRecord, is_one_strategy: bool) -> String {
    let (workload, label) = (&cost.workload, &cost.interpreter.label);
    if is_one_strategy {
        format!("{workload} on {label}")
    } else {
        format!("{workload} on {label} under {}", cost.strategy)
    }
}

fn benchmark(cost: &OverheadRecord, name: &str) -> Option<Value> {
    let launches = cost.nanos.iter().map(|pairs| values(pairs)).filter(|it| !it.is_empty());
    let runs: Vec<_> = launches.map(|values| json!({ "values": values })).collect();
    let provenance = &cost.provenance;
    (!runs.is_empty()).then(|| {
        json!({
            "metadata": {
                "name": name,
                "python_version": cost.interpreter.version,
                "python_executable": cost.interpreter.path,
                "platform": cost.interpreter.platform,
                "tollgate_run": provenance.run,
                "tollgate_strategy": cost.strategy,
                "tollgate_workload": cost.workload,
                "tollgate_seed": provenance.seed.to_string(),
            },
            "runs": runs,
        })
    })
}

/// Seconds under the strategy; pyperf refuses zero.
fn values(pairs: &[[Option<u64>; 2]]) -> Vec<f64> {
    let nanos = pairs.iter().filter_map(|[_, under]| *under).filter(|nanos| *nanos > 0);
    #[expect(clippy::cast_precision_loss, reason = "a sample takes less than 104 days")]
    nanos.map(|nanos| nanos as f64 * 1e-9).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::cost;

    fn sampled(strategy: &str, nanos: Vec<Vec<[Option<u64>; 2]>>) -> Record {
        Record::Overhead(OverheadRecord { nanos, ..cost(strategy, "3.13.0", 1.03) })
    }

    #[test]
    fn launches_are_runs_and_void_samples_are_left_out() {
        let records = [
            sampled("none", vec![vec![[Some(100), Some(101)]]]),
            sampled("audit", vec![vec![[Some(100), Some(2_000_000)], [Some(1), None]], vec![]]),
            sampled("void", vec![vec![[Some(100), None]]]),
        ];
        let text = pyperf(records.clone(), Some("audit")).expect("samples");
        let suite: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(suite["benchmarks"][0]["metadata"]["name"], "cold-100 on 3.13.0");
        assert_eq!(suite["benchmarks"][0]["runs"], json!([{ "values": [0.002] }]));
        let all = pyperf(records.clone(), None).expect("samples");
        let all: Value = serde_json::from_str(&all).expect("JSON");
        let names = all["benchmarks"].as_array().expect("a list").iter();
        let names: Vec<_> = names.filter_map(|it| it["metadata"]["name"].as_str()).collect();
        assert_eq!(names, ["cold-100 on 3.13.0 under audit", "cold-100 on 3.13.0 under none"]);
        assert_eq!(pyperf(records, Some("void")), None);
    }
}
