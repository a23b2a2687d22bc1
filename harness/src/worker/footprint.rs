//! What a strategy takes of stack and memory: one child, whatever the scenarios are.

use std::{path::Path, str::FromStr};

use super::{
    Failure, Job, Runner, Target, answer::Answer, cell_folder::CellFolder, describe::push_strategy,
    frames::push,
};
use crate::{
    scenario::{self, Scenario},
    strategy::Strategy,
    verdict::Footprint,
};

/// The tree of `harness/worker/footprint.py`. No stack has room for so long a chain: each module
/// takes six frames, and an interpreter starts with a limit of 1,000.
const TREE: &str = "\
summary: What a hook takes of the stack.
files:
  outer.py: import inner
  inner.py: |
    import sys
    frame, depth = sys._getframe().f_back, 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
generate: {shape: chain, modules: 400}
run: pass
trace: \"\"
";

/// Measures what `strategy` takes on `target`.
pub(super) fn footprint(
    runner: &Runner,
    target: &Target,
    strategy: &Strategy,
) -> Result<Footprint, Failure> {
    let description = runner.describe(target, strategy)?;
    if let Some(reason) = description.not_applicable {
        return Err(Failure::NotApplicable(reason));
    }
    let tree = runner.lease(target, &tree())?;
    let folder = CellFolder::new()?;
    let options = description.options;
    let request = request(target, strategy, tree.path(), options.is_empty());
    let job = Job { options: &options, ..Job::new(target, &request, folder.path()) };
    let ended = runner.start.start(job)?;
    read(&Answer::read(&ended)?)
}

fn tree() -> Scenario {
    let name = "footprint".parse().expect("a scenario's name");
    scenario::parse(Path::new("footprint"), name, TREE).expect("a good scenario")
}

fn request(target: &Target, strategy: &Strategy, tree: &Path, is_plain: bool) -> Vec<u8> {
    let mut request = Vec::new();
    push(&mut request, "mode", b"footprint");
    push(&mut request, "probe", target.probe.as_os_str().as_encoded_bytes());
    push(&mut request, "tree", tree.as_os_str().as_encoded_bytes());
    push_strategy(&mut request, strategy);
    if !is_plain {
        push(&mut request, "options", b"");
    }
    request
}

fn read(answer: &Answer<'_>) -> Result<Footprint, Failure> {
    Ok(Footprint {
        installed: answer.frame("installed")?.lines(),
        removed: answer.frame("state")?.lines(),
        depth: number(answer, "depth")?,
        headroom: number(answer, "headroom")?,
        rounds: number(answer, "rounds")?,
        blocks: number(answer, "blocks")?,
        references: number(answer, "references")?,
    })
}

fn number<T: FromStr>(answer: &Answer<'_>, key: &str) -> Result<T, Failure> {
    let text = answer.frame(key)?.text();
    text.parse().map_err(|_| Failure::Garbage(format!("{key} `{text}` is no number")))
}
