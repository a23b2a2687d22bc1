//! Trees at scale beside the tools that do the same: `tar` and `rm` for files, `compileall` for byte
//! code. Prints ratios; `METHODOLOGY.md` says what they mean.
//!
//! Arguments are the parts to run (`memory`, `disk`, `lending`, `byte-code`; without any, all) and
//! interpreters as for `--python` (without any, the newest).

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tollgate::{
    child::{Limits, run_tool},
    interpreter::{self, Interpreter},
    layout::Layout,
    scenario::{Generated, Packages, Scenario, Shape, SourceFile, parse},
    tree::{self, ByteCode, Compile, Store},
    worker::{Compiler, Spawn, Target},
};

/// Pairs of measurements behind a ratio. Their order alternates.
const ROUNDS: usize = 7;
/// What a small module does: about 250 bytes.
const BODY: &str = "\
LIMIT = 10\n\n\n\
def clamp(value, low=0, high=LIMIT):\n    \
    \"\"\"Returns the number nearest to value that lies between low and high.\"\"\"\n    \
    return max(low, min(value, high))\n\n\n\
class Range:\n    \
    def __init__(self, low, high):\n        \
        self.low, self.high = low, high\n";

/// What can be left out by naming others.
const PARTS: [&str; 4] = ["memory", "disk", "lending", "byte-code"];

fn main() {
    // what cargo itself passes starts with a dash
    let arguments = env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (parts, pythons): (Vec<_>, Vec<_>) =
        arguments.partition(|argument| PARTS.contains(&argument.as_str()));
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|named| named == part);
    println!("median of {ROUNDS} pairs; the ratio is ours ÷ theirs, with its range\n");
    if wanted("memory") {
        let memory = Place { name: "in memory", folder: tree::place(), rounds_kept: 1 };
        files(&memory, "tree", &tree_of(Shape::Tree { branching: 10 }, 100_000));
        files(&memory, "fan-out", &tree_of(Shape::FanOut, 100_000));
    }
    if wanted("disk") {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let disk = Place { name: "on disk", folder, rounds_kept: ROUNDS };
        files(&disk, "tree", &tree_of(Shape::Tree { branching: 10 }, 10_000));
    }
    if wanted("lending") {
        lending();
    }
    if wanted("byte-code") {
        for target in targets(&pythons) {
            byte_code("as generated", &target, &generated(10_000));
            byte_code("all distinct", &target, &distinct(10_000));
        }
    }
}

/// The interpreters that were asked for, or the newest.
fn targets(wanted: &[String]) -> Vec<Target> {
    let found = interpreter::select(wanted).unwrap_or_else(|error| panic!("{error}"));
    let skip = if wanted.is_empty() { found.usable.len().saturating_sub(1) } else { 0 };
    let target = |interpreter: Interpreter| {
        Target::new(&Layout::of_this_checkout(), interpreter)
            .unwrap_or_else(|error| panic!("{error}"))
    };
    found.usable.into_iter().skip(skip).map(target).collect()
}

fn tree_of(shape: Shape, modules: usize) -> Generated {
    Generated::new(shape, Packages::Regular, modules).expect("a size within bounds").with_body(BODY)
}

/// Packages of ten modules each; leaves are all alike.
fn generated(modules: usize) -> Vec<SourceFile> {
    tree_of(Shape::Tree { branching: 10 }, modules).sources().collect()
}

/// The same, but no two alike.
fn distinct(modules: usize) -> Vec<SourceFile> {
    let mut sources = generated(modules);
    for (number, source) in sources.iter_mut().enumerate() {
        source.body.push_str("NUMBER = ");
        source.body.push_str(&number.to_string());
    }
    sources
}

/// Where trees are written.
struct Place {
    name: &'static str,
    folder: PathBuf,
    /// After how many rounds what they wrote is removed. ext4 does not use the number of a file again
    /// within seconds of its removal, and passes over all of these at each new file: whoever writes
    /// after a removal is slower by a factor of ten. In memory there is no room for many rounds.
    rounds_kept: usize,
}

/// Writing and removing `tree`, beside `tar` unpacking and `rm` removing the same files.
fn files(place: &Place, name: &str, tree: &Generated) {
    let base = TempDir::with_prefix_in("tollgate-bench-", &place.folder).expect("a folder");
    let sample = fresh(&base, "sample");
    tree::write(&sample, tree.sources()).expect("written");
    tool(&sample, "tar", &["-cf", "../tree.tar", "."]);

    let (mut writing, mut removing) = (Pairs::default(), Pairs::default());
    let rounds: Vec<_> = (0..ROUNDS).collect();
    for rounds in rounds.chunks(place.rounds_kept) {
        for &round in rounds {
            let write = || {
                let folder = fresh(&base, &format!("ours-{round}"));
                timed(|| tree::write(&folder, tree.sources()).expect("written"))
            };
            let unpack = || {
                let folder = fresh(&base, &format!("theirs-{round}"));
                timed(|| tool(&folder, "tar", &["-xf", "../tree.tar"]))
            };
            writing.push(in_turns(round, write, unpack));
        }
        for &round in rounds {
            let folder = base.path().join(format!("ours-{round}"));
            let remove = || timed(|| tree::remove(&folder).expect("removed"));
            let rm = || timed(|| tool(base.path(), "rm", &["-r", &format!("theirs-{round}")]));
            removing.push(in_turns(round, remove, rm));
        }
    }
    let what = format!("a {name} of {} modules {}", tree.modules(), place.name);
    writing.print(&format!("writing {what}"), "tar");
    removing.print(&format!("removing {what}"), "rm");
}

/// A lease of a tree that is there, beside one for which it has to be written.
fn lending() {
    let mut pairs = Pairs::default();
    let scenario = scenario(100_000);
    for _ in 0..ROUNDS {
        let store = Store::new().expect("a store");
        let lend = || timed(|| drop(store.lease(&scenario, None).expect("a tree")));
        let first = lend();
        pairs.push((lend(), first));
    }
    pairs.print("lending a tree of 100,000 again", "the first time");
}

fn scenario(modules: usize) -> Scenario {
    let text = format!(
        "summary: s\ngenerate: {{shape: tree, modules: {modules}}}\nrun: import gen\ntrace: \"\"\n"
    );
    let name = "packages/large".parse().expect("a name");
    parse(Path::new("large.yaml"), name, &text).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

/// Compiling and writing `.pyc` files, beside `compileall`.
fn byte_code(kind: &str, target: &Target, sources: &[SourceFile]) {
    let base = TempDir::with_prefix_in("tollgate-bench-", tree::place()).expect("a folder");
    let start = Spawn::new(Limits::default());
    let compiler = Compiler { start: &start, target };
    let dialect = compiler.dialect().expect("it keeps byte code");
    let python = target.interpreter.path.to_str().expect("UTF-8");
    let mut pairs = Pairs::default();
    for round in 0..ROUNDS {
        let written = |name| {
            let folder = fresh(&base, name);
            tree::write(&folder, sources.iter().cloned()).expect("written");
            folder
        };
        let ours = || {
            let folder = written("ours");
            let time = timed(|| {
                let code = ByteCode::compile(sources, &compiler, &dialect).expect("compiled");
                code.write(&folder).expect("written");
            });
            tree::remove(&folder).expect("removed");
            time
        };
        let theirs = || {
            let folder = written("theirs");
            let time =
                timed(|| tool(&folder, python, &["-I", "-S", "-m", "compileall", "-q", "."]));
            tree::remove(&folder).expect("removed");
            time
        };
        pairs.push(in_turns(round, ours, theirs));
    }
    let label = target.interpreter.label();
    pairs.print(&format!("byte code of {} modules, {kind}, {label}", sources.len()), "compileall");
}

fn fresh(base: &TempDir, name: &str) -> PathBuf {
    let folder = base.path().join(name);
    fs::create_dir(&folder).expect("a folder");
    folder
}

fn tool(directory: &Path, name: &str, arguments: &[&str]) {
    let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
    let ended = run_tool(Path::new(name), &arguments, directory, &[]);
    let ended = ended.unwrap_or_else(|error| panic!("{error}"));
    assert!(ended.ending.is_success(), "{name}: {}\n{}", ended.ending, ended.error_tail(5));
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// Does both, every other round in the other order.
fn in_turns<T>(round: usize, ours: impl FnOnce() -> T, theirs: impl FnOnce() -> T) -> (T, T) {
    if round.is_multiple_of(2) {
        let ours = ours();
        (ours, theirs())
    } else {
        let theirs = theirs();
        (ours(), theirs)
    }
}

/// Times of the same work done in two ways, side by side, in seconds.
#[derive(Default)]
struct Pairs {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Pairs {
    fn push(&mut self, (ours, theirs): (Duration, Duration)) {
        self.ours.push(ours.as_secs_f64());
        self.theirs.push(theirs.as_secs_f64());
    }

    fn print(&self, what: &str, theirs: &str) {
        let ratios: Vec<_> = self.ours.iter().zip(&self.theirs).map(|(a, b)| a / b).collect();
        let ratios = sorted(&ratios);
        println!(
            "{what}: {:.2} of {theirs} ({:.2} to {:.2}); {:.0} ms, {:.0} ms",
            median(&ratios),
            ratios[0],
            ratios[ratios.len() - 1],
            median(&sorted(&self.ours)) * 1e3,
            median(&sorted(&self.theirs)) * 1e3,
        );
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle of an odd number of sorted values.
fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
