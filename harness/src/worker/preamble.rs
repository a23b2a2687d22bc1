//! What of a program's `setup` a zygote may have done already: imports from the standard library.
//!
//! Most of what many cells take is the same import of `importlib.util`, `threading` or `zipfile` by
//! their `setup`, which nobody observes. A zygote that has done it can fork children for all of them.

use ruff_python_ast::{Identifier, Stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;

use crate::{model::is_library, scenario::Scenario};

/// Modules that every interpreter has from its start: importing them takes no time.
const PRESENT: [&str; 2] = ["builtins", "sys"];

/// The statements that a zygote may execute before it forks a child for `scenario`, as the child
/// itself would execute them first of all. Empty if that would save nothing.
///
/// They are those with which `setup` begins, as long as they import from the standard library only
/// and the scenario's tree has no module of such a name, which would be found first.
pub(super) fn preamble(scenario: &Scenario) -> String {
    let setup = scenario.setup.as_deref().unwrap_or_default();
    let body = parse_module(setup).map(|parsed| parsed.into_syntax().body).unwrap_or_default();
    let is_safe = |name: &&str| is_library(name) && !has_module(scenario, name);
    let ahead: Vec<&Stmt> = body
        .iter()
        .take_while(|statement| {
            let names = imported(statement);
            !names.is_empty() && names.iter().all(is_safe)
        })
        .collect();
    let takes_time = |statement: &&Stmt| imported(statement).iter().any(|it| !PRESENT.contains(it));
    if !ahead.iter().any(takes_time) {
        return String::new();
    }
    let lines: Vec<&str> = ahead.iter().map(|statement| &setup[statement.range()]).collect();
    lines.join("\n")
}

/// The modules that a statement imports, if it does nothing else.
fn imported(statement: &Stmt) -> Vec<&str> {
    match statement {
        Stmt::Import(import) => import.names.iter().map(|alias| alias.name.as_str()).collect(),
        Stmt::ImportFrom(import) if import.level == 0 => {
            import.module.iter().map(Identifier::as_str).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the scenario's tree has something that `name`, or what contains it, may be found in.
fn has_module(scenario: &Scenario, name: &str) -> bool {
    let top = name.split('.').next().unwrap_or(name);
    scenario.files.iter().any(|file| {
        let first = file.path.as_str().split('/').next().unwrap_or_default();
        first.split('.').next() == Some(top)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::parse;

    fn check(text: &str, expected: &str) {
        let name = "x".parse().expect("a name");
        let text = format!("summary: s\n{text}\ntrace: \"\"\n");
        let scenario = parse(Path::new("x.yaml"), name, &text);
        let scenario = scenario.unwrap_or_else(|errors| panic!("{}\n{text}", errors[0]));
        assert_eq!(preamble(&scenario), expected, "{text}");
    }

    #[test]
    fn imports_that_setup_begins_with_are_done_ahead() {
        check("run: import zipfile", "");
        check("setup: import sys\nrun: x", "");
        check("setup: import sys, zipfile\nrun: x", "import sys, zipfile");
        check("setup: from os import path as p\nrun: x", "from os import path as p");
        let setup = "setup: |\n  import sys  # why\n  import zipfile\n  x = 1\n  import re\nrun: x";
        check(setup, "import sys\nimport zipfile");
        check("setup: |\n  try:\n      import re\n  except E:\n      x\nrun: x", "");
        check("setup: 'import ('\nrun: x", "");
    }

    #[test]
    fn nothing_is_done_ahead_that_the_tree_may_have_a_say_in() {
        check("setup: import shop\nrun: x", "");
        check("setup: import re.shop\nfiles: {re.py: ''}\nrun: x", "");
        check("setup: import re\nfiles: {re/shop.py: ''}\nrun: x", "");
        check("setup: import re\nfiles: {shop/re.py: ''}\nrun: x", "import re");
    }
}
