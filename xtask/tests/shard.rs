//! Runs in parts, and putting the parts together.

mod support;

use std::path::Path;

use support::{
    PLAIN, assert_ran, code, output,
    records::{records, report, settled},
    run, scenarios, stderr, stdout, xtask,
};

const FAILS: &str = "\
summary: A module is not there.
run: |
  try:
      import nowhere
  except ImportError:
      pass
trace: |
  import nowhere !ModuleNotFoundError
    find nowhere ?
";

fn folder(records: &Path) -> &str {
    records.parent().and_then(Path::to_str).expect("a UTF-8 path")
}

/// The page of a run, without the run's name.
fn page(records: &Path) -> String {
    let page = std::fs::read_to_string(records.with_file_name("report.html")).expect("the page");
    let run = records.parent().and_then(Path::file_name).expect("the run's name");
    page.replace(run.to_str().expect("UTF-8"), "RUN")
}

#[test]
fn two_shards_merged_are_one_run() {
    let all = scenarios(&[("plain.yaml", PLAIN), ("fails.yaml", FAILS), ("again.yaml", PLAIN)]);
    let part = |more: &[&str]| {
        let told =
            [&["--seed", "7", "--strategy", "audit", "--strategy", "bootstrap"], more].concat();
        let output = run("check", all.path(), &told);
        assert_eq!(code(&output), Some(0), "{}", stderr(&output));
        records(&stdout(&output))
    };
    let whole = part(&[]);
    let [first, second] = ["1/2", "2/2"].map(|shard| part(&["--shard", shard]));
    let lengths = [&first, &second].map(|records| settled(records).len());
    assert!(lengths.iter().all(|&length| 1 < length && length < settled(&whole).len()));

    let merged = output(xtask().args(["merge", folder(&second), folder(&first)]));
    assert_eq!(code(&merged), Some(0), "{}", stderr(&merged));
    let merged = records(&stdout(&merged));
    assert_eq!(settled(&merged), settled(&whole));
    assert_eq!(report(&merged), report(&whole));
    assert_eq!(page(&merged), page(&whole), "with what the scenarios say");
    assert!(page(&merged).contains("import nowhere"));

    let half = output(xtask().args(["merge", folder(&first)]));
    assert_eq!((code(&half), stdout(&half)), (Some(2), String::new()));
    assert!(stderr(&half).contains("are 1/2; expected each of 1 to N once"), "{}", stderr(&half));
}

#[test]
fn the_shards_of_a_composition_fit_together_too() {
    let all = scenarios(&[("plain.yaml", PLAIN)]);
    let part = |more: &[&str]| {
        let told = [&["--compose", "--seed", "7", "--strategy", "meta_path"], more].concat();
        let output = run("bench", all.path(), &told);
        assert_ran(&output);
        records(&stdout(&output))
    };
    let parts = ["1/2", "2/2"].map(|shard| part(&["--shard", shard]));
    let lines = |records: &Path| {
        let text = std::fs::read_to_string(records).expect("the records");
        let lines: std::collections::BTreeSet<_> = text
            .lines()
            .skip(1)
            .map(|line| {
                let record: serde_json::Value = serde_json::from_str(line).expect("a record");
                let names = ["record", "company", "removal", "workload", "strategy"];
                names.map(|name| record[name].to_string())
            })
            .collect();
        assert_eq!(lines.len(), text.lines().count() - 1, "no two are about the same");
        lines
    };
    let [first, second] = [&parts[0], &parts[1]].map(|records| lines(records));
    assert!(!first.is_empty() && !second.is_empty() && first.is_disjoint(&second));
    let merged = output(xtask().arg("merge").args(parts.iter().map(|it| folder(it))));
    assert_ran(&merged);
    let merged = lines(&records(&stdout(&merged)));
    assert_eq!(merged, first.union(&second).cloned().collect());
    // alone, in a crowd, twice beside itself and twice beside each of seven neighbours; and the costs of
    // the three controls and the crowd
    assert_eq!(merged.len(), 18 + 4);
}

#[test]
fn shards_need_numbers_and_a_seed() {
    for (arguments, part) in [
        (&["check", "--shard", "1/2"][..], "--seed"),
        (&["check", "--seed", "1", "--shard", "3/2"], "is no part of a run"),
        (&["merge"], "RUN"),
        (&["merge", "nowhere"], "there is no such run"),
    ] {
        let output = output(xtask().args(arguments));
        assert_eq!((code(&output), stdout(&output)), (Some(2), String::new()), "{arguments:?}");
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}
