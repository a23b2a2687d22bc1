//! What the documents and `--help` say of the command line, held against the command line.

use std::{fs, path::Path};

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use tollgate::layout::Layout;

use super::Flags;

/// Reads a command as it is printed. Prose may leave out what is needed.
fn parse(command: &str) -> Result<(), String> {
    let words = shlex::split(command).ok_or("a quote is not closed")?;
    // one letter stands for a number
    let is_letter = |word: &str| word.len() == 1 && word.chars().all(char::is_uppercase);
    let words = words.iter().skip(1).map(|it| if is_letter(it) { "1" } else { it });
    match Flags::try_parse_from(words) {
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => Ok(()),
        Err(error) if error.use_stderr() => Err(error.to_string()),
        _ => Ok(()),
    }
}

#[test]
fn the_flags_do_not_contradict_each_other() {
    Flags::command().debug_assert();
}

/// In one line, with an example that can be given.
#[test]
fn every_task_says_what_it_is_for() {
    for task in Flags::command().get_subcommands() {
        let name = task.get_name();
        let about = task.get_about().expect("a sentence").to_string();
        assert!(!about.contains('\n') && about.len() <= 100, "{name}: {about}");
        let after = task.get_after_help().expect("an example").to_string();
        let example = after.lines().find_map(|line| line.strip_prefix("Example: "));
        let example = example.expect("an example");
        assert!(example.starts_with(&format!("cargo xtask {name}")), "{example}");
        parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
}

/// The documents that name commands.
fn documents(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("part of the checkout") {
        let path = entry.expect("an entry").path();
        let is_hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden && !path.ends_with("target") {
            documents(&path, found);
        } else if path.extension().is_some_and(|it| it == "md") {
            found.push(fs::read_to_string(path).expect("a text"));
        }
    }
}

/// The commands in a document: between backticks, and in lines that begin with `$`.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    let inline = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let typed = text.lines().filter_map(|line| line.strip_prefix("$ "));
    let whole = inline.chain(typed);
    whole
        .filter_map(|line| line.split(['#', '>']).next())
        .map(str::trim)
        .filter(|it| it.starts_with("cargo xtask "))
}

#[test]
fn every_command_of_the_documents_can_be_given() {
    let mut texts = Vec::new();
    documents(Layout::of_this_checkout().root(), &mut texts);
    // what is left out, or stands for something
    let is_whole = |command: &&str| !command.contains(['…', '<', '[', '|', '&', '$']);
    let commands: Vec<_> = texts.iter().flat_map(|it| commands(it)).filter(is_whole).collect();
    assert!(commands.len() > 30, "{commands:?}");
    let wrong: Vec<_> = commands
        .iter()
        .filter_map(|command| parse(command).err().map(|error| format!("{command}: {error}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
