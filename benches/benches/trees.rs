//! Trees at scale: writing them beside `tar`.
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tollgate::{
    child,
    scenario::{Generated, Packages, Shape},
    tree,
};
fn timed(work: impl FnOnce()) -> Duration {
    let s = Instant::now();
    work();
    s.elapsed()
}
fn tar(args: &[&str], dir: &Path) {
    let args: Vec<_> = args.iter().map(Into::into).collect();
    let e = child::run_tool(Path::new("tar"), &args, dir, &[]).expect("tar");
    assert!(e.ending.is_success(), "{}", e.error_tail(5));
}
fn main() {
    for modules in
        std::env::var("N").map_or(vec![1_000, 10_000, 100_000], |n| vec![n.parse().unwrap()])
    {
        for shape in [Shape::Tree { branching: 10 }, Shape::FanOut] {
            let tree = Generated::new(shape, Packages::Regular, modules)
                .unwrap()
                .with_body(&"# a line of text, twenty-five\n".repeat(8));
            let base = tempfile::tempdir_in(tree::place()).unwrap();
            let at = |n: &str| {
                let p = base.path().join(n);
                std::fs::create_dir(&p).unwrap();
                p
            };
            let first = at("first");
            tree::write(&first, tree.sources()).unwrap();
            tar(&["-cf", "../a.tar", "."], &first);
            std::fs::remove_dir_all(&first).unwrap();
            for _ in 0..5 {
                let g = timed(|| {
                    std::hint::black_box(tree.sources().collect::<Vec<_>>());
                });
                let p = at("ours");
                let ours = timed(|| tree::write(&p, tree.sources()).unwrap());
                let r = timed(|| std::fs::remove_dir_all(&p).unwrap());
                let p = at("tar");
                let theirs = timed(|| tar(&["-xf", "../a.tar"], &p));
                std::fs::remove_dir_all(&p).unwrap();
                println!(
                    "{modules} {shape:?} gen {g:?} ours {ours:?} tar {theirs:?} remove {r:?} ratio {:.2}",
                    ours.as_secs_f64() / theirs.as_secs_f64()
                );
            }
        }
    }
}
