//! Whether everybody can use the page, as far as a program can tell: axe-core, which stands beside this file.

use std::path::Path;

use serde_json::json;

use super::{
    example::{page, page_of_companies},
    shared::{SIZES, drawn},
    support::{
        PYTHON,
        browser::{Browser, chromium},
        code, output, stderr, xtask,
    },
};

const AXE: &str = include_str!("../support/axe/axe.min.js");

const LOOK: &str = "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
    'best-practice', 'experimental'] }).then(({ violations, passes }) => [passes.length, \
    violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html])])";

fn check(pages: &[(&Path, &[&str])]) {
    let Some(mut browser) = Browser::start("the page") else { return };
    for ((size, width, height), scheme) in SIZES.into_iter().zip(["light", "dark"]) {
        browser.resize(width, height);
        browser.colours(scheme);
        for (page, views) in pages {
            for hash in *views {
                drawn(&mut browser, page, hash);
                browser.evaluate(AXE);
                let found = browser.evaluate(LOOK);
                assert!(found[0].as_u64() > Some(10), "it looked: {found}");
                assert_eq!(found[1], json!([]), "{size}, {scheme}, {hash}");
            }
        }
    }
}

#[test]
fn axe_finds_nothing() {
    if chromium("the page").is_none() {
        return;
    }
    let views = [
        "#/",
        "#/?python=3.12.1&sort=-wrong",
        "#/?open=audit",
        "#/cost",
        "#/cost?strategy=audit",
        "#/scenarios",
        "#/scenarios?show=missing&strategy=audit",
        "#/cell/3.14.0/dunder_import?packages/nested",
        "#/divergences",
        "#/company",
        "#/run",
    ];
    check(&[(&page(), &views), (&page_of_companies(), &[""])]);
}

#[test]
fn axe_finds_nothing_in_candidates() {
    if chromium("the page").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    let flags = ["--scenario", "calls/import-module", "--python", &PYTHON, "--out", out];
    let told = output(xtask().args(["evaluate", "proposal"]).args(flags));
    let line = |line: &str| line.strip_prefix("Page:").map(|path| path.trim().to_owned());
    let page = stderr(&told).lines().find_map(line);
    let page = page.unwrap_or_else(|| panic!("{:?}: {}", code(&told), stderr(&told)));
    check(&[(Path::new(&page), &["", "#/candidates"])]);
}
