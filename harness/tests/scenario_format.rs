//! What is published about the scenario format is in step with the code that reads it.

use std::{fs, path::Path};

use tollgate::scenario;

#[test]
fn the_examples_of_the_format_are_scenarios() {
    let page = fs::read_to_string("../scenarios/FORMAT.md").expect("the description");
    let blocks = page.split("```yaml\n").skip(1);
    let examples: Vec<_> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 4, "only {} examples", examples.len());
    for example in examples {
        let name = "an/example".parse().expect("a name");
        if let Err(errors) = scenario::parse(Path::new("FORMAT.md"), name, example) {
            panic!("{}", errors[0]);
        }
    }
}

#[test]
fn the_schema_is_in_step() {
    let published = fs::read_to_string("../scenarios/scenario.schema.json").unwrap_or_default();
    assert!(
        published == scenario::schema(),
        "scenarios/scenario.schema.json is not what the code reads; run `cargo xtask schema`"
    );
}

#[test]
fn the_schemas_of_reports_are_in_step() {
    for (file, written) in [
        ("report.schema.json", tollgate::report::json_schema()),
        ("evaluation.schema.json", tollgate::record::evaluation_schema()),
    ] {
        let published = fs::read_to_string(format!("../reports/{file}")).unwrap_or_default();
        assert!(
            published == written,
            "reports/{file} is not what the code writes; run `cargo xtask schema`, and if it has been \
             published before, raise the format's version"
        );
    }
}
