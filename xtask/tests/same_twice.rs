//! `compare` on real runs: of pairs of the same none turns the gate, what is planted does.
//!
//! It takes long, and a machine that has nothing else to do, so `cargo test` leaves it out:
//!
//! ```console
//! $ cargo test -p xtask --test same_twice -- --ignored --nocapture
//! $ TOLLGATE_PAIRS=2 cargo test -p xtask --test same_twice -- --ignored --nocapture
//! $ TOLLGATE_FULL=1 cargo test -p xtask --test same_twice -- --ignored --nocapture    # no `--quick`
//! ```

mod support;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use support::{PYTHON, assert_ran, code, output, records::records, stdout, xtask};
use tempfile::TempDir;

/// How many pairs there are, unless `TOLLGATE_PAIRS` says otherwise.
const PAIRS: usize = 20;
/// The slowdown that is planted.
const PLANTED: f64 = 0.05;
/// For how many seconds each of the two runs measures that are to show it. A quick run says of itself that it cannot exclude
/// a slowdown of this size.
const BUDGET: &[&str] = &["--budget", "400"];

/// A finder that watches. It loses some names, and takes its time over each, as it is told.
const WATCH: &str = "\
import sys

CLAIMS = {'find.start'}


def install(emit):
    now = emit.__self__.now

    class Watch:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if not name.endswith(LOST):
                emit('find.start', name)
            end = now() + NANOS
            while NANOS and now() < end:
                pass

    sys.meta_path.insert(0, Watch)

    def uninstall():
        if Watch in sys.meta_path:
            sys.meta_path.remove(Watch)

    return uninstall
";

/// The finder under the name that all of them have.
fn watch(folder: &TempDir, sort: &str, lost: &str, nanos: u64) -> PathBuf {
    let file = folder.path().join(sort).join("watch.py");
    fs::create_dir(file.parent().expect("a folder")).expect("a folder");
    let source = format!("LOST = '{lost}'\nNANOS = {nanos}\n{WATCH}");
    fs::write(&file, source).expect("written");
    file
}

fn bench(strategy: &Path, effort: &[&str]) -> PathBuf {
    let told = output(
        xtask()
            .args(["bench", "--python", &PYTHON, "--scenario", "packages/*"])
            .args(effort)
            .arg("--strategy")
            .arg(strategy),
    );
    // nobody expects anything of a strategy of one's own
    if code(&told) != Some(3) {
        assert_ran(&told);
    }
    records(&stdout(&told)).parent().expect("a folder").to_owned()
}

fn gate(old: &Path, new: &Path) -> (Option<i32>, String) {
    let told =
        output(xtask().arg("compare").args([old, new]).args(["--fail-on", "behaviour,cost"]));
    (code(&told), stdout(&told))
}

/// What an import of a module that is new takes without a hook, in nanoseconds.
#[expect(clippy::cast_precision_loss, reason = "a sample takes less than 104 days")]
fn import_time(run: &Path) -> f64 {
    let text = fs::read_to_string(run.join("records.jsonl")).expect("the records");
    let records = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record"));
    let cold = |it: &Value| it["record"] == "overhead" && it["workload"] == "cold-100";
    let record = { records }.find(cold).expect("it is timed");
    let pairs = record["nanos"].as_array().expect("launches").iter().filter_map(Value::as_array);
    let mut base: Vec<_> = pairs.flatten().filter_map(|pair| pair[0].as_u64()).collect();
    base.sort_unstable();
    base[base.len() / 2] as f64 / record["operations"].as_f64().expect("a number")
}

#[test]
#[ignore = "takes many minutes, and needs a machine that has nothing else to do"]
fn only_what_is_planted_turns_the_gate() {
    let folder = tempfile::tempdir().expect("a folder");
    let same = watch(&folder, "same", "no such name", 0);
    let pairs = env::var("TOLLGATE_PAIRS").map_or(PAIRS, |it| it.parse().expect("a number"));
    let effort: &[&str] = if env::var_os("TOLLGATE_FULL").is_some() { &[] } else { &["--quick"] };
    let (mut turned, mut open, mut first) = (Vec::new(), 0, None);
    for pair in 1..=pairs {
        let [old, new] = [(); 2].map(|()| bench(&same, effort));
        let (code, told) = gate(&old, &new);
        eprintln!("pair {pair} of {pairs}: {}", code.unwrap_or_default());
        match code {
            Some(0) => {}
            Some(9) => open += 1,
            _ => turned.push(told),
        }
        first.get_or_insert(old);
    }
    eprintln!(
        "of {pairs} pairs of the same {} turned the gate, and {open} left it open",
        turned.len()
    );

    let first = first.expect("a pair");
    let deaf = bench(&watch(&folder, "deaf", "cart", 0), effort);
    let (behaviour, told) = gate(&first, &deaf);
    eprintln!("lost names: {}", behaviour.unwrap_or_default());
    assert_eq!(behaviour, Some(7), "{told}");

    let first = bench(&same, BUDGET);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a time")]
    let nanos = (PLANTED * import_time(&first)) as u64;
    let slow = bench(&watch(&folder, "slow", "no such name", nanos), BUDGET);
    let (cost, told) = gate(&first, &slow);
    eprintln!("{nanos} ns an import more: {}", cost.unwrap_or_default());
    assert_eq!(cost, Some(8), "{told}");
    assert!(turned.is_empty(), "{}", turned.join("\n"));
}
