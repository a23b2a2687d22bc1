//! The programs of `model-programs/`, in the format that its `README.md` describes.

use std::fs;

use tollgate::{
    scenario::{ByVersion, Isolation, Run, Scenario, SourceFile, StartUp},
    span::Trace,
    version::VersionRange,
};

use super::files;

/// Every program, as a scenario without a trace; its title is the summary.
pub(crate) fn programs() -> Vec<Scenario> {
    let is_text = |file: &std::path::PathBuf| file.extension().is_some_and(|end| end == "txt");
    let texts = files("model-programs").into_iter().filter(is_text);
    let texts = texts.map(|file| fs::read_to_string(file).expect("a readable file"));
    texts.flat_map(|text| read(&text)).collect()
}

fn read(text: &str) -> Vec<Scenario> {
    format!("\n{text}").split("\n== ").skip(1).map(program).collect()
}

fn program(text: &str) -> Scenario {
    let (title, body) = text.split_once('\n').expect("a title and a body");
    let mut program = Scenario {
        name: "model/program".parse().expect("a name"),
        summary: title.trim().to_owned(),
        see: Vec::new(),
        python: VersionRange::from_minimum(),
        files: Vec::new(),
        generate: None,
        setup: None,
        run: Run::Code(String::new()),
        isolation: Isolation::Any,
        raises: ByVersion::Always(None),
        exits: ByVersion::Always(None),
        trace: ByVersion::Always(Trace::default()),
        digest: String::new(),
    };
    for section in format!("\n{body}").split("\n-- ").skip(1) {
        let (path, text) = section.split_once('\n').unwrap_or((section, ""));
        let body = format!("{}\n", text.trim_end());
        match path.trim() {
            "run" => program.run = Run::Code(body),
            "python" => program.python = text.trim().parse().expect("a range of versions"),
            "module" => program.run = Run::Module(text.trim().to_owned()),
            "options" => program.isolation = started_with(text),
            "setup" => program.setup = Some(body),
            path => {
                let path = path.parse().unwrap_or_else(|error| panic!("{title}: {path} {error}"));
                program.files.push(SourceFile { path, body });
            }
        }
    }
    // A module is run as `-m` runs it, which has a process to itself.
    if matches!((&program.run, &program.isolation), (Run::Module(_), Isolation::Any)) {
        program.isolation = Isolation::Spawn(StartUp::default());
    }
    assert!(program.run.code() != Some(""), "{title} has no `-- run`");
    program
}

fn started_with(options: &str) -> Isolation {
    let options = options.split_whitespace().map(ToOwned::to_owned).collect();
    Isolation::Spawn(StartUp { options, ..StartUp::default() })
}
