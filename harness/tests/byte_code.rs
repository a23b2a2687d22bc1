//! Byte code that each interpreter compiles and the harness writes, as the interpreter finds it.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use support::{fake_target, first_target, folder, targets};
use tollgate::{
    child::{self, Ended, Limits},
    scenario::{SourceFile, parse},
    tree::{self, ByteCode, Compile, Store, place},
    worker::{Compiler, Spawn, Target, compile},
};

/// Code within code within code, of which a traceback may show any.
const NESTED: &str = "\
class Outer:
    class Inner:
        method = staticmethod(lambda: [(lambda: item)() for item in (1, 2)])

    async def wait(self):
        def inner():
            yield lambda: None
        return inner


def fail():
    def deeper():
        raise ValueError('here')
    deeper()
";

/// Modules, and whether an interpreter finds byte code for them.
const MODULES: [(&str, &str, &str); 11] = [
    ("plain.py", "x = 1\n", "loaded"),
    ("empty.py", "", "loaded"),
    ("twins/one.py", NESTED, "loaded"),
    ("twins/two.py", NESTED, "loaded"),
    ("twins/inner/__init__.py", NESTED, "loaded"),
    ("latin.py", "# coding: latin-1\nassert len('é') == 2\n", "loaded"),
    ("marked.py", "\u{feff}x = 'é'\nassert len(x) == 1\n", "loaded"),
    ("raises.py", "raise ValueError\n", "loaded"),
    ("warns.py", "x = 1\nassert x is 1\n", "compiled"),
    ("escape.py", "x = '\\d'\n", "compiled"),
    ("broken.py", "def f(:\n", "compiled"),
];

/// Imports modules by name; says which were compiled, and which code names another file.
const PROGRAM: &str = r#"
import sys

tree, *names = sys.argv[1:]
sys.path.insert(0, tree)
compiled = set()
sys.addaudithook(lambda event, args: event == "compile" and compiled.add(args[1]))


def codes(code):
    yield code
    for const in code.co_consts:
        if isinstance(const, type(code)):
            yield from codes(const)


for name in names:
    error = None
    try:
        __import__(name)
    except Exception as raised:
        error = raised
    module = sys.modules.get(name)
    file = module.__file__ if module else "%s/%s.py" % (tree, name)
    print(name, "compiled" if file in compiled else "loaded")
    if hasattr(module, "fail"):
        spec = module.__spec__
        wrong = [c for c in codes(spec.loader.get_code(name)) if c.co_filename != file]
        assert not wrong, wrong
        try:
            module.fail()
        except ValueError as raised:
            traceback = raised.__traceback__
        while traceback.tb_next:
            traceback = traceback.tb_next
            assert traceback.tb_frame.f_code.co_filename == file
"#;

fn run(target: &Target, tree: &Path, names: &[String]) -> Ended {
    let program = child::Program {
        executable: target.interpreter.path.clone(),
        arguments: ["-I", "-S", "-B", "-c", PROGRAM]
            .map(Into::into)
            .into_iter()
            .chain([tree.into()])
            .chain(names.iter().map(Into::into))
            .collect(),
        environment: child::inherited_environment(tree),
        directory: tree.to_owned(),
        input: Vec::new(),
        answer: child::Answer::None,
        descriptors: Vec::new(),
    };
    child::run(&program, &Limits::default()).expect("an interpreter that starts")
}

fn module_name(path: &str) -> String {
    let stem = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py"));
    stem.expect("a module").replace('/', ".")
}

fn spawn() -> Spawn {
    Spawn::new(Limits::default())
}

#[test]
fn modules_are_loaded_from_byte_code_that_names_their_own_file() {
    let source = |&(path, body, _): &(&str, &str, _)| SourceFile {
        path: path.parse().expect("a path within a tree"),
        body: body.to_owned(),
    };
    let sources: Vec<_> = MODULES.iter().map(source).collect();
    let names: Vec<_> = MODULES.iter().map(|(path, ..)| module_name(path)).collect();
    let expected: Vec<_> =
        MODULES.iter().map(|(path, _, how)| format!("{} {how}", module_name(path))).collect();
    for target in targets() {
        let label = target.interpreter.label();
        let root = tempfile::tempdir_in(place()).expect("a folder");
        tree::write(root.path(), sources.clone()).expect("written");
        let before = run(&target, root.path(), &names);
        assert!(!String::from_utf8_lossy(&before.stdout).contains("loaded"), "{label}: {before:?}");

        let start = spawn();
        let compiler = Compiler { start: &start, target: &target };
        let dialect = compiler.dialect().expect("it keeps byte code");
        let code = ByteCode::compile(&sources, &compiler, &dialect).expect("compiled");
        code.write(root.path()).expect("written");

        let after = run(&target, root.path(), &names);
        let stdout = String::from_utf8_lossy(&after.stdout);
        assert_eq!(
            stdout.lines().collect::<Vec<_>>(),
            expected,
            "{label}: {}",
            after.error_tail(9)
        );
        assert!(after.ending.is_success(), "{label}: {}", after.error_tail(9));
        // what the compiler has to say is said to whoever runs the program
        let stderr = String::from_utf8_lossy(&after.stderr);
        assert_eq!(after.stderr, before.stderr, "{label}");
        assert!(stderr.contains("warns.py:2: SyntaxWarning"), "{label}: {stderr}");
    }
}

#[test]
fn an_interpreter_that_imports_leaves_no_trace() {
    let text = "summary: s\ngenerate: {shape: tree, modules: 40}\nrun: import gen\ntrace: \"\"\n";
    let name = "packages/x".parse().expect("a name");
    let scenario = parse(Path::new("x.yaml"), name, text).expect("a scenario");
    let place = tempfile::tempdir_in(place()).expect("a folder");
    let (store, start) = (Store::new_in(place.path(), 1_000).expect("a store"), spawn());
    let mut magics: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for target in targets() {
        for _ in 0..2 {
            let compiler = Compiler { start: &start, target: &target };
            let dialect = compiler.dialect().expect("it keeps byte code");
            magics.entry(dialect.cache_tag).or_default().insert(dialect.magic);
            let lease = store.lease(&scenario, Some(&compiler)).expect("a tree");
            let ended = run(&target, lease.path(), &["gen".to_owned()]);
            assert_eq!(ended.stdout, b"gen loaded\n", "{}", ended.error_tail(9));
        }
    }
    // one serves all, but for pre-releases that have a cache tag in common and not the format
    assert_eq!(Some(store.written()), magics.values().map(BTreeSet::len).max());
}

#[test]
fn code_that_does_not_fit_into_one_answer_comes_in_several() {
    // each line is a constant of 4 KiB, so 5 MiB of code a source, and then one of 40 MiB
    let source = |mark: usize, lines: usize| -> String {
        let lines: Vec<_> =
            (0..lines).map(|line| format!("x = '{mark:02}{line:06}' * 512\n")).collect();
        lines.concat()
    };
    let mut sources: Vec<_> = (0..16).map(|mark| source(mark, 1_280)).collect();
    sources.insert(7, source(99, 10_240));
    let sources: Vec<_> = sources.iter().map(String::as_str).collect();
    let codes = compile(&spawn(), &first_target(), &sources).expect("compiled");
    assert_eq!(codes.len(), sources.len());
    for (code, source) in codes.iter().zip(&sources) {
        let mark = &source[5..13];
        let found =
            code.as_ref().map(|code| code.windows(8).any(|window| window == mark.as_bytes()));
        let expected = if mark.starts_with("99") { None } else { Some(true) };
        assert_eq!(found, expected, "{mark}");
    }
}

#[test]
fn an_interpreter_that_does_not_compile_is_found_out() {
    for (file, reason) in [
        ("missing-frame.sh", "0 frames `code` for 1 sources"),
        ("garbage.sh", "is no frame"),
        ("crash.sh", "killed by signal"),
    ] {
        let target = fake_target(&folder("fake-interpreters").join(file));
        let failure = compile(&spawn(), &target, &["x = 1\n"]).expect_err("a failure").to_string();
        assert!(failure.contains(reason), "{file}: {failure}");
    }
}
