//! A diff of the user's own, applied by git.

use std::{ffi::OsString, io, path::Path};

use crate::child;

/// The most lines of a hunk that are shown.
const MOST_LINES: usize = 40;

/// Says what is wrong with the diff in `file`, whose text is `text`, for the tree in `folder`, which is
/// not changed: git's words, and the hunk. Nothing if it applies.
pub(super) fn check(file: &Path, text: &str, folder: &Path) -> io::Result<Option<String>> {
    git(&["apply", "--check", "--whitespace=nowarn"], (file, text), folder)
}

/// Applies the diff. Where it does not apply nothing is changed, and what is wrong is returned.
pub(super) fn apply(file: &Path, text: &str, folder: &Path) -> io::Result<Option<String>> {
    git(&["apply", "--whitespace=nowarn"], (file, text), folder)
}

fn git(command: &[&str], (file, text): (&Path, &str), folder: &Path) -> io::Result<Option<String>> {
    let folder = &std::path::absolute(folder)?;
    let mut arguments: Vec<OsString> = command.iter().map(Into::into).collect();
    arguments.push(std::path::absolute(file)?.into_os_string());
    // the folder may lie in somebody's checkout, whose repository has no say in it
    let ceiling = folder.parent().unwrap_or(folder).as_os_str().to_owned();
    let environment = [("GIT_CEILING_DIRECTORIES".into(), ceiling)];
    let ended = child::run_tool(Path::new("git"), &arguments, folder, &environment)?;
    if ended.ending.is_success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let mut told: Vec<String> = said.lines().map(|line| format!("  {line}")).collect();
    if let Some((name, line)) = said.lines().find_map(failed)
        && let Some(hunk) = hunk(text, name, line)
    {
        told.push("the hunk:".to_owned());
        told.extend(hunk.lines().take(MOST_LINES).map(|line| format!("  {line}")));
    }
    Ok(Some(told.join("\n")))
}

/// The file and line of `error: patch failed: Lib/importlib/_bootstrap.py:1310`.
fn failed(line: &str) -> Option<(&str, usize)> {
    let (name, line) = line.strip_prefix("error: patch failed: ")?.rsplit_once(':')?;
    Some((name, line.parse().ok()?))
}

/// The hunk of a diff that begins at this line of this file as it was.
fn hunk(diff: &str, name: &str, line: usize) -> Option<String> {
    let mut is_file = false;
    let mut found: Option<Vec<&str>> = None;
    for text in diff.lines() {
        if let Some(path) = text.strip_prefix("--- ") {
            if found.is_some() {
                break;
            }
            is_file = path.split('\t').next().is_some_and(|path| path.ends_with(name));
        } else if text.starts_with("@@ ") {
            if found.is_some() {
                break;
            }
            if is_file && start(text) == Some(line) {
                found = Some(vec![text]);
            }
        } else if text.starts_with("diff ") && found.is_some() {
            break;
        } else if let Some(lines) = &mut found {
            lines.push(text);
        }
    }
    Some(found?.join("\n"))
}

/// The first line of a hunk, as it was: 1310 in `@@ -1310,7 +1310,9 @@`.
fn start(head: &str) -> Option<usize> {
    head.strip_prefix("@@ -")?.split([',', ' ']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const DIFF: &str = "\
--- a/Lib/a.py
+++ b/Lib/a.py
@@ -1,2 +1,2 @@
 one
-two
+three
";

    /// What is said of the diff, and what it makes of the file.
    fn applied(before: &str) -> (Option<String>, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = folder.path().join("tree");
        fs::create_dir_all(tree.join("Lib")).expect("a folder");
        fs::write(tree.join("Lib/a.py"), before).expect("written");
        let file = folder.path().join("my.diff");
        fs::write(&file, DIFF).expect("written");
        let checked = check(&file, DIFF, &tree).expect("git");
        assert_eq!(fs::read_to_string(tree.join("Lib/a.py")).expect("readable"), before);
        let told = apply(&file, DIFF, &tree).expect("git");
        assert_eq!(checked, told);
        (told, fs::read_to_string(tree.join("Lib/a.py")).expect("readable"))
    }

    #[test]
    fn a_diff_is_applied() {
        assert_eq!(applied("one\ntwo\n"), (None, "one\nthree\n".to_owned()));
    }

    #[test]
    fn a_diff_that_does_not_apply_is_shown_with_its_hunk() {
        let (told, after) = applied("one\nfour\n");
        insta::assert_snapshot!(told.expect("it does not apply"), @r"
          error: patch failed: Lib/a.py:1
          error: Lib/a.py: patch does not apply
        the hunk:
          @@ -1,2 +1,2 @@
           one
          -two
          +three
        ");
        assert_eq!(after, "one\nfour\n");
    }
}
