//! The model on programs that are wrong, endless or huge: a prediction or a clean abstention, never
//! a panic or a hang.

mod support;

use std::{fmt::Write as _, fs};

use proptest::prelude::*;
use support::files;
use tollgate::{
    model::{Abstention, End, Fault, Prediction, Program, Rules, predict},
    scenario::SourceFile,
    version::Version,
};

const VERSION: Version = Version::new(3, 13, 0);

/// What a mistake is made of.
const MARKS: &[u8] = b"()[]{}:=.,'\"\\\n #*";

fn program(body: &str, run: &str) -> Program {
    let path = "m.py".parse().expect("a path");
    Program::new([SourceFile { path, body: body.to_owned() }], "", run)
}

fn run(code: &str) -> Result<Prediction, Abstention> {
    predict(&program("", code), Rules::of(VERSION))
}

/// What comes of running `code`, in one line.
fn told(code: &str) -> String {
    match run(code) {
        Err(abstention) => format!("abstains: {abstention}"),
        Ok(Prediction { end: End::Returned, .. }) => "returns".to_owned(),
        Ok(Prediction { end: End::Exited(status), .. }) => format!("exits with {status}"),
        Ok(Prediction { end: End::Raised { exception, message }, .. }) => {
            format!("raises {exception}: {}", message.unwrap_or("?".to_owned()))
        }
    }
}

/// What comes of each program.
fn table(programs: &[&str]) -> String {
    let line = |code: &&str| format!("{code:?}\n    {}\n", told(code));
    programs.iter().map(line).collect::<Vec<_>>().concat()
}

#[test]
fn programs_without_an_end_are_left_alone() {
    let told = table(&[
        "while True:\n    pass",
        "while True:\n    try:\n        import m\n    finally:\n        continue",
        "def f():\n    f()\nf()",
        "x = 'x'\nwhile True:\n    x = x + x",
        "x = [0]\nwhile True:\n    x = x + x",
        "x = []\nfor i in range(1000000):\n    x = [x]\nx == [[]]",
        "for i in range(1000000000):\n    pass",
        "class C:\n    def __getattr__(self, n):\n        return self.x\nC().y",
        "def __getattr__(n):\n    import sys\n    return sys.modules[__name__].x\nimport sys\nsys.modules[__name__].y",
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn deep_nesting_is_left_alone() {
    let mut lines = String::new();
    for [open, middle, close] in [
        ["(", "1", ")"],
        ["[", "", "]"],
        ["not ", "1", ""],
        ["1 + ", "1", ""],
        ["lambda: ", "1", ""],
        ["f'{", "1", "}'"],
        ["", "x", ".x"],
        ["1 if 1 else ", "1", ""],
        ["if 1:", "pass", ""],
    ] {
        let code = format!("{}{middle}{}", open.repeat(10_000), close.repeat(10_000));
        writeln!(lines, "{open:?} {close:?}: {}", told(&code)).expect("room");
    }
    let indented = |depth: usize| format!("{}if 1:\n", " ".repeat(depth));
    let blocks: String = (0..5_000).map(indented).collect();
    writeln!(lines, "blocks: {}", told(&blocks)).expect("room");
    insta::assert_snapshot!(lines);
}

/// A chain of modules as long as CPython's recursion limit allows at most, and one that it does not.
#[test]
fn long_chains_end_in_an_abstention() {
    let chain = |length: usize| {
        let file = |index: usize| SourceFile {
            path: format!("m{index}.py").parse().expect("a path"),
            body: format!("import m{}", index + 1),
        };
        let last = SourceFile {
            path: format!("m{length}.py").parse().expect("a path"),
            body: String::new(),
        };
        let files = (0..length).map(file).chain([last]);
        predict(&Program::new(files, "", "import m0"), Rules::of(VERSION))
    };
    assert_eq!(chain(50).map(|prediction| prediction.modules.len()), Ok(52));
    let abstention = chain(10_000).expect_err("it is too long");
    let expected = "calls or imports near the recursion limit";
    assert_eq!(abstention.construct, expected, "{abstention}");
}

#[test]
fn abstentions_say_where_and_what() {
    let told = table(&[
        "import m\n\nmatch m:\n    case 1: pass",
        "import m\nif 1:\n    x = {i: i for i in (1, 2)}",
        "é = [i for i in ()]",
        "import json\njson.loads('1')",
        "import decimal",
        "eval('m')",
        "x = (",
        "# coding: latin-1\nimport m",
        "import m\0",
        "from __future__ import annotations",
        "import sys\nsys.path = 1\nimport nope",
        "import sys\nsys.path.append('/usr/lib')\nimport nope",
        "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire()",
        "import sys\nsys.modules['builtins'] = None",
        "import sys\nsys.modules.pop('builtins')",
        "import importlib, m\nfrom importlib import _bootstrap as b\nb._find_spec = print\nimportlib.invalidate_caches()",
        "import threading\ndef f():\n    import m\nt = threading.Thread(target=f)\nt.start()\nimport m\nt.join()",
    ]);
    insta::assert_snapshot!(told);
}

/// Texts of the programs that the model is otherwise tested with, to be mutilated.
fn texts() -> Vec<String> {
    let files = files("model-programs");
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("a readable file"));
    texts.flat_map(|text| text.split("\n-- ").map(ToOwned::to_owned).collect::<Vec<_>>()).collect()
}

/// A text with a few of its bytes replaced, doubled or left out.
fn mutilated() -> impl Strategy<Value = String> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 0..6);
    (prop::sample::select(texts()), edits).prop_map(|(text, edits)| {
        let mut bytes = text.into_bytes();
        for (index, how, byte) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, MARKS[usize::from(byte) % MARKS.len()]),
                2 => drop(bytes.remove(at)),
                _ => {
                    let tail = bytes[at..].to_vec();
                    bytes.extend(tail);
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

proptest! {
    #[test]
    fn any_bytes_are_predicted_or_left_alone(bytes: Vec<u8>, minor in 9_u32..=15) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = predict(&program(&text, "import m"), Rules::of(Version::new(3, minor, 0)));
    }

    #[test]
    fn mutilated_programs_are_predicted_or_left_alone(body in mutilated(), run in mutilated(), minor in 9_u32..=15) {
        let rules = Rules::of(Version::new(3, minor, 0));
        let _ = predict(&program(&body, "import m\nimport m.x"), rules);
        let _ = predict(&program(&body, &run), rules);
    }
}

/// A fault that changes no prediction could be found by nobody.
#[test]
fn every_planted_fault_changes_the_prediction_of_some_program() {
    let programs: Vec<_> = support::programs::programs().iter().map(Program::from).collect();
    let predictions = |fault: Option<Fault>| -> Vec<_> {
        let rules = Rules { fault, ..Rules::of(VERSION) };
        programs.iter().map(|program| predict(program, rules)).collect()
    };
    let right = predictions(None);
    for fault in Fault::ALL {
        assert!(right != predictions(Some(fault)), "{fault:?} shows in no program");
    }
}
