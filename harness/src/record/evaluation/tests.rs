use std::{collections::BTreeMap, fs};

use super::*;
use crate::{layout::Layout, record::fixtures};

fn evaluation() -> EvaluationRecord {
    EvaluationRecord {
        format: FORMAT,
        command: "cargo xtask evaluate".to_owned(),
        candidates: vec![CandidateRecord {
            name: "proposal".to_owned(),
            summary: "Four events.".to_owned(),
            link: "https://example.org".to_owned(),
            digest: "ba7816bf8f01cfea".to_owned(),
            is_build: false,
            places_import: false,
            rules: vec![RuleRecord {
                event: "begun".to_owned(),
                edges: vec!["import.start".to_owned()],
                arguments: vec!["name".to_owned()],
                fires: FiresWord::OnSuccess,
                may_miss: None,
                may_repeat: None,
                may_add: None,
            }],
            promises: vec![PromiseRecord {
                edge: "import.start".to_owned(),
                event: "begun".to_owned(),
                topic: "module-lock".to_owned(),
                promise: Some("free".to_owned()),
            }],
            shown: Vec::new(),
        }],
        twins: Vec::new(),
        costs: vec![PatchCostRecord {
            candidate: "proposal".to_owned(),
            way: "overlay".to_owned(),
            interpreter: "3.13.0".to_owned(),
            workload: "cached".to_owned(),
            listener: "nobody".to_owned(),
            changed: None,
            again: None,
            counted: None,
        }],
        provenance: fixtures::truth("a").provenance().clone(),
        places: Places::default(),
    }
}

#[test]
fn an_evaluation_is_read_back_by_its_name_its_path_and_as_the_latest() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = Layout::at(folder.path());
    let own = EvaluationFolder::create(&layout).expect("a folder");
    let nothing = find_evaluation(&layout, "latest").expect("readable");
    assert!(nothing.expect_err("it is not written").to_string().contains("no such evaluation"));
    let path = own.write(&evaluation()).expect("written");
    let place = path.parent().expect("a folder").to_str().expect("UTF-8");
    for request in [&own.id().to_string(), "latest", place] {
        let found = find_evaluation(&layout, request).expect("readable").expect("it is there");
        assert_eq!(found, evaluation(), "{request}");
    }
    let text = fs::read_to_string(&path).expect("the record");
    for (other, told) in [
        (text.replace("\"format\":3", "\"format\":2"), "format 2; this Tollgate reads format 3"),
        (text.replace("\"costs\"", "\"prices\""), "unknown field `prices`"),
    ] {
        fs::write(&path, other).expect("written");
        let error = find_evaluation(&layout, "latest").expect_err("another format").to_string();
        assert!(error.contains("evaluation.json") && error.contains(told), "{error}");
    }
}

#[test]
fn a_rule_is_found_by_the_edge_that_it_marks() {
    let evaluation = evaluation();
    let candidate = &evaluation.candidates[0];
    let found: BTreeMap<_, _> = EventKind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind.word(), candidate.rule(kind)?.event.as_str())))
        .collect();
    assert_eq!(found, BTreeMap::from([("import.start", "begun")]));
}
