//! What documents promise: their links lead somewhere, and what the README shows is what one sees.

mod support;

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use support::{command, output, stderr, stdout, xtask};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a checkout").to_owned()
}

/// Every document of the checkout.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("part of the checkout") {
        let path = entry.expect("an entry").path();
        let is_hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden && !path.ends_with("target") {
            documents(&path, found);
        } else if path.extension().is_some_and(|it| it == "md") {
            found.push(path);
        }
    }
}

fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// Where links and pictures of a document lead.
fn links(text: &str) -> Vec<String> {
    let of = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url),
        _ => None,
    };
    events(text).filter_map(of).map(|link| link.to_string()).collect()
}

/// What links into a document may name: its headings, as GitHub writes them.
fn anchors(text: &str) -> HashSet<String> {
    let mut heading: Option<String> = None;
    let mut anchors = HashSet::new();
    for event in events(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|it| slug(&it))),
            _ => {}
        }
    }
    anchors
}

fn slug(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Why a link of a document leads nowhere.
fn broken(document: &Path, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = match file {
        "" => document.to_owned(),
        file => document.parent().expect("a folder").join(file),
    };
    let told = |what| Some(format!("{}: {link}: {what}", document.display()));
    if !path.exists() {
        return told("there is no such file");
    }
    if anchor.is_empty() || path.extension().is_none_or(|it| it != "md") {
        return None;
    }
    let text = fs::read_to_string(&path).expect("a text");
    if anchors(&text).contains(anchor) { None } else { told("there is no such heading") }
}

#[test]
fn every_link_of_every_document_leads_somewhere() {
    let mut found = Vec::new();
    documents(&root(), &mut found);
    let mut links_seen = 0;
    let mut wrong = Vec::new();
    for document in found {
        let links = links(&fs::read_to_string(&document).expect("a text"));
        links_seen += links.len();
        wrong.extend(links.iter().filter_map(|link| broken(&document, link)));
    }
    assert!(links_seen > 50, "{links_seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_to_what_is_not_there_are_found() {
    let readme = root().join("README.md");
    for (link, is_broken) in [
        ("https://example.org/", false),
        ("#two-commands", false),
        ("#three-commands", true),
        ("LICENSE-MIT", false),
        ("LICENSE-GPL", true),
        ("harness/COMMANDS.md#exit-codes", false),
        ("harness/COMMANDS.md#entry-codes", true),
    ] {
        assert_eq!(broken(&readme, link).is_some(), is_broken, "{link}");
    }
}

/// A block of code: its language and its text.
struct Block {
    language: String,
    text: String,
}

/// The blocks of a document.
fn all_blocks(text: &str) -> Vec<Block> {
    sections(text).into_iter().map(|(_, block)| block).collect()
}

/// The blocks of a section, by its heading.
fn blocks(text: &str, section: &str) -> Vec<Block> {
    let own = sections(text).into_iter().filter(|(heading, _)| heading == section);
    own.map(|(_, block)| block).collect()
}

/// Every block, with the heading of its section.
fn sections(text: &str) -> Vec<(String, Block)> {
    let (mut blocks, mut heading, mut in_heading) = (Vec::new(), String::new(), false);
    let mut block: Option<Block> = None;
    for event in events(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading.clear();
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                block = Some(Block { language: language.to_string(), text: String::new() });
            }
            Event::End(TagEnd::CodeBlock) => {
                blocks.extend(block.take().map(|block| (heading.clone(), block)));
            }
            Event::Text(part) if in_heading => heading.push_str(&part),
            Event::Text(part) => {
                if let Some(block) = &mut block {
                    block.text.push_str(&part);
                }
            }
            _ => {}
        }
    }
    blocks
}

/// A recipe of the README.
struct Recipe {
    /// The file that it writes, if it does.
    file: Option<(&'static str, String)>,
    /// The first command that it gives.
    command: String,
    /// A part of what that prints.
    shown: String,
}

impl Recipe {
    fn read(section: &str, file: Option<&'static str>) -> Self {
        let readme = fs::read_to_string(root().join("README.md")).expect("the README");
        let blocks = blocks(&readme, section);
        let of = |language: &str| {
            let block = blocks.iter().find(|it| it.language == language);
            block.unwrap_or_else(|| panic!("{section}: no block of {language}")).text.clone()
        };
        let typed = of("console");
        let command = typed.lines().next().expect("a command").trim_start_matches("$ ");
        let command = command.split('#').next().unwrap_or_default().trim().to_owned();
        let file = file.map(|name| (name, of("python")));
        Self { file, command, shown: of("text") }
    }

    /// What the command prints, without columns of spaces at the ends of lines.
    fn printed(&self) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        if let Some((name, text)) = &self.file {
            fs::write(folder.path().join(name), text).expect("written");
        }
        let words = shlex::split(&self.command).expect("words");
        let given = words.strip_prefix(&["cargo".to_owned(), "xtask".to_owned()]);
        let told = output(xtask().args(given.expect("a task")).current_dir(folder.path()));
        assert!(!told.stdout.is_empty(), "{}: {}", self.command, stderr(&told));
        trimmed(&stdout(&told))
    }
}

fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// Whether an interpreter is there that the README shows something of.
fn has_python(version: &str) -> bool {
    let listed = stdout(&output(xtask().args(["list", "interpreters"])));
    let has = listed.lines().any(|line| line.starts_with(&format!("{version}.")));
    if !has {
        eprintln!("skipped: Python {version}, of which the README shows something, is not there");
    }
    has
}

#[test]
fn the_recipes_of_the_readme_print_what_it_shows() {
    if !has_python("3.13") {
        return;
    }
    for (section, file) in
        [("Judge your own hook", Some("my_hook.py")), ("Judge a patch of CPython", None)]
    {
        let recipe = Recipe::read(section, file);
        let (printed, shown) = (recipe.printed(), trimmed(&recipe.shown));
        assert!(
            printed.contains(&shown),
            "`{}` prints\n{printed}\nand not\n{shown}",
            recipe.command
        );
    }
}

/// A program of `findings.md`, and what it prints.
struct Shown {
    program: String,
    prints: String,
    /// The same on 3.15 and later, where that is something else.
    later: Option<String>,
}

/// The programs of a document, each with the texts that follow it.
fn programs(text: &str) -> Vec<Shown> {
    let mut programs: Vec<Shown> = Vec::new();
    let mut texts = 0;
    for Block { language, text } in all_blocks(text) {
        match (&*language, programs.last_mut(), texts) {
            ("python", ..) => {
                programs.push(Shown { program: text, prints: String::new(), later: None });
                texts = 0;
            }
            ("text", Some(program), 0) => (program.prints, texts) = (text, 1),
            ("text", Some(program), 1) => (program.later, texts) = (Some(text), 2),
            (other, ..) => panic!("a block of {other}, which nothing runs: {text}"),
        }
    }
    programs
}

/// The programs print what the document says, on every interpreter.
#[test]
fn the_programs_of_the_findings_print_what_stands_below_them() {
    let reports = root().join("reports");
    let text = fs::read_to_string(reports.join("findings.md")).expect("the findings");
    let programs = programs(&text);
    assert!(programs.len() > 8, "{}", programs.len());
    let listed = stdout(&output(xtask().args(["list", "interpreters"])));
    let interpreters = listed.lines().map(|line| line.split_once(' ').expect("label and path"));
    let mut wrong = Vec::new();
    for (label, python) in interpreters {
        let is_later = label
            .split('.')
            .nth(1)
            .is_some_and(|minor| minor.parse().is_ok_and(|it: u32| it >= 15));
        for Shown { program, prints, later } in &programs {
            let expected = later.as_ref().filter(|_| is_later).unwrap_or(prints);
            let told = output(
                command(python.trim()).args(["-B", "-c", program]).env("PYTHONPATH", &reports),
            );
            if prints.is_empty() || !told.status.success() || stdout(&told) != *expected {
                let (printed, failed) = (stdout(&told), stderr(&told));
                wrong.push(format!(
                    "on {label}\n{program}\nprints\n{printed}{failed}\nand not\n{expected}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The screen that the README shows has the columns of today.
#[test]
fn the_screen_of_the_readme_is_of_this_version() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let shown = blocks(&readme, "Two commands");
    let screen = shown.iter().find(|it| it.language == "text").expect("a screen");
    let header = screen.text.lines().nth(1).expect("two lines");
    let words = |line: &str| line.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
    // this one is held against what is printed
    let printed = Recipe::read("Judge your own hook", None).shown;
    assert_eq!(words(header), words(printed.lines().next().expect("a header")));
    assert!(screen.text.lines().count() <= 32);
    assert!(screen.text.lines().all(|line| line.chars().count() <= 80));
}
