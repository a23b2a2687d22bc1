//! Files before and after.

use std::path::Path;

use super::{Blessing, bless, diff};
use crate::{
    scenario::{Scenario, parse},
    span::Trace,
    version::{SUPPORTED_MINORS, Version},
};

const FOUND: &str = "import shop\n  find shop\n  load shop\n";
const MISSED: &str = "import shop !ModuleNotFoundError\n  find shop ?\n";

const FILE: &str = "\
# yaml-language-server: $schema=../scenario.schema.json
summary:   A module   # is imported
trace:
  # until then
  \">=3.9,<3.15\": |
    import shop
      find shop

  \">=3.15\": |
    import shop !ModuleNotFoundError
      find shop ?

# what runs
run: |
  trace: int
  import shop
python: '>=3.9'
";

fn scenario(text: &str) -> Scenario {
    let name = "shop/open".parse().expect("a name");
    parse(Path::new("open.yaml"), name, text).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

/// What every supported version shows: `FOUND` below 3.`minor`, `MISSED` from there on.
fn seen(found_below: u32) -> Vec<(Version, Trace)> {
    let trace = |minor: u32| if minor < found_below { FOUND } else { MISSED };
    let one = |minor| (Version::new(3, minor, 1), trace(minor).parse().expect("a trace"));
    SUPPORTED_MINORS.map(one).collect()
}

/// The difference that blessing makes to a file, or why it makes none.
fn told(text: &str, seen: &[(Version, Trace)]) -> String {
    match bless(&scenario(text), text, seen) {
        Ok(Blessing::Holds) => "holds".to_owned(),
        Ok(Blessing::Rewritten(after)) => diff("open.yaml", text, &after),
        Err(refusal) => format!("refused: {refusal}"),
    }
}

#[test]
fn only_the_trace_is_rewritten() {
    insta::assert_snapshot!("ranges_are_kept", told(FILE, &seen(15)));
    insta::assert_snapshot!("ranges_are_moved", told(FILE, &seen(12)));
    insta::assert_snapshot!("ranges_are_merged", told(FILE, &seen(16)));
}

#[test]
fn every_form_of_a_trace_is_found() {
    let rest = "summary: s\nrun: import shop\n";
    for (before, below, after) in [
        ("trace: \"\"\n", 16, "trace: |\n  import shop\n    find shop\n    load shop\n"),
        ("trace: \"\"", 16, "trace: |\n  import shop\n    find shop\n    load shop\n"),
        (
            "trace: |\n  import shop\n\n# end\n",
            16,
            "trace: |\n  import shop\n    find shop\n    load shop\n\n# end\n",
        ),
        (
            "trace: {\">=3.9\": \"import shop\"}\n",
            9,
            "trace: |\n  import shop !ModuleNotFoundError\n    find shop ?\n",
        ),
        (
            "trace: \"\"\r\nsee: [x]\r\n",
            9,
            "trace: |\r\n  import shop !ModuleNotFoundError\r\n    find shop ?\r\nsee: [x]\r\n",
        ),
    ] {
        let text = format!("{rest}{before}");
        let blessing = bless(&scenario(&text), &text, &seen(below));
        assert_eq!(blessing, Ok(Blessing::Rewritten(format!("{rest}{after}"))), "{before}");
    }
    let nothing: Vec<_> = seen(9).into_iter().map(|(at, _)| (at, Trace::default())).collect();
    let text = format!("{rest}trace: import shop\n");
    let blessing = bless(&scenario(&text), &text, &nothing);
    assert_eq!(blessing, Ok(Blessing::Rewritten(format!("{rest}trace: \"\"\n"))));
}

#[test]
fn what_is_right_is_left_alone() {
    let right = FILE.replace("      find shop\n\n", "      find shop\n      load shop\n\n");
    assert_eq!(told(&right, &seen(15)), "holds");
}

#[test]
fn what_is_not_known_is_refused() {
    let without_3_11: Vec<_> = seen(15).into_iter().filter(|(at, _)| at.minor != 11).collect();
    insta::assert_snapshot!(told(FILE, &without_3_11), @"refused: its trace is for Python 3.11 too, and no interpreter there shows it; `TOLLGATE_PYTHONS` adds some");
    let two = [(Version::new(3, 11, 9), Trace::default())];
    insta::assert_snapshot!(told(FILE, &[&seen(15)[..], &two].concat()), @"refused: 3.11.1 and 3.11.9 differ; ranges cannot tell them apart");
    let flow = "{summary: s, run: import shop, trace: \"\"}\n";
    insta::assert_snapshot!(told(flow, &seen(16)), @"refused: the value of `trace` does not begin on a line of its own, without indentation, or uses what only a person can keep; write it by hand");
}
