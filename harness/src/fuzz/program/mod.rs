//! Random programs: package trees, and what runs over them.

mod functions;
mod random;
mod side;
mod step;
mod text;
mod tree;

use proptest::{
    collection::vec,
    prelude::{BoxedStrategy, Strategy},
    prop_oneof,
};

use self::{
    step::Body,
    text::{Place, Writer},
    tree::{Node, Unwritten, files, modules},
};
use crate::{
    scenario::{ByVersion, Isolation, Run, Scenario, SourceFile},
    span::Trace,
    version::VersionRange,
};

/// What programs may use of the library without importing it in sight of a recorder.
const SETUP: &str = "\
import importlib.machinery
import os
import sys
import types
sys.find_and_load = importlib._bootstrap._find_and_load
sys.forks = []
";
/// What the setup of some programs has besides; the others import it in sight of a recorder.
const SETUP_OF_UTIL: &str = "import importlib.util\n";

/// A program: a tree for each thread, and what that thread runs.
#[derive(Clone, Debug)]
pub struct RandomProgram {
    /// One world for the main thread; or several, each for a thread of its own.
    worlds: Vec<World>,
    /// For each world the modules that its code chooses from, if these are not its own.
    modules: Vec<Vec<String>>,
    /// Whether the setup imports `importlib.util`.
    has_util: bool,
}

/// A package tree and code that runs over it.
#[derive(Clone, Debug)]
struct World {
    nodes: Vec<Node>,
    run: Body,
}

/// All programs that the fuzzer knows: three in a hundred have two to four threads.
pub fn programs() -> BoxedStrategy<RandomProgram> {
    let steps = random::step();
    let run = random::run(&steps);
    let world = (random::nodes(&steps), run).prop_map(|(nodes, run)| World { nodes, run }).boxed();
    let worlds = prop_oneof![
        97 => world.clone().prop_map(|world| vec![world]),
        3 => vec(world, 2..=4),
    ];
    let program = |(worlds, has_util)| RandomProgram { worlds, modules: Vec::new(), has_util };
    (worlds, proptest::bool::ANY).prop_map(program).boxed()
}

impl RandomProgram {
    /// The same with the code of `original`, as far as that chooses from the modules there are: a
    /// program that is made smaller must not speak of other modules each time that it loses a file.
    #[must_use]
    pub fn like(self, original: &Self) -> Self {
        let worlds = original.worlds.iter().enumerate();
        let modules = worlds.map(|(number, world)| {
            let root = original.root(number);
            modules(&world.files(&root))
        });
        Self { modules: modules.collect(), ..self }
    }

    /// The package that holds a world: none if there is only one.
    fn root(&self, world: usize) -> String {
        if self.worlds.len() == 1 { String::new() } else { format!("t{world}") }
    }

    /// The files of each world, and the text of what runs.
    fn write(&self) -> Vec<(Vec<SourceFile>, String)> {
        let worlds = self.worlds.iter().enumerate();
        worlds
            .map(|(number, world)| {
                let modules = self.modules.get(number).map(Vec::as_slice);
                world.write(&self.root(number), modules)
            })
            .collect()
    }

    /// The program as a scenario called `name`, without a trace.
    pub fn scenario(&self, name: &str, summary: &str) -> Scenario {
        let mut worlds = self.write();
        let (files, run) = if worlds.len() == 1 { worlds.remove(0) } else { in_threads(worlds) };
        Scenario {
            name: name.parse().expect("the fuzzer names scenarios well"),
            summary: summary.to_owned(),
            see: Vec::new(),
            python: VersionRange::from_minimum(),
            files,
            generate: None,
            setup: Some(SETUP.to_owned() + if self.has_util { SETUP_OF_UTIL } else { "" }),
            run: Run::Code(run),
            isolation: Isolation::Any,
            raises: ByVersion::Always(None),
            exits: ByVersion::Always(None),
            trace: ByVersion::Always(Trace::default()),
            digest: String::new(),
        }
    }
}

impl World {
    /// Its files below the package `root`, if that is not empty.
    fn files(&self, root: &str) -> Vec<Unwritten<'_>> {
        const EMPTY: &Body = &Body::new();
        let mut unwritten = Vec::new();
        if root.is_empty() {
            files(&self.nodes, "", &mut unwritten);
        } else {
            unwritten.push(Unwritten { path: format!("{root}/__init__.py"), body: EMPTY });
            files(&self.nodes, &format!("{root}/"), &mut unwritten);
        }
        unwritten
    }

    /// The files, and the text of what runs. Code chooses from `names`, or from the modules of the
    /// files.
    fn write(&self, root: &str, names: Option<&[String]>) -> (Vec<SourceFile>, String) {
        let unwritten = self.files(root);
        let mut names = names.map_or_else(|| modules(&unwritten), <[String]>::to_vec);
        if names.is_empty() {
            // folders with nothing in them: there is no tree at all
            names.push("a".to_owned());
        }
        let prefix = if root.is_empty() { String::new() } else { format!("{root}.") };
        let file = |file: &Unwritten<'_>| SourceFile {
            path: file.path.parse().expect("names are plain words"),
            body: Writer::write(&names, &prefix, file.body, Place::Module),
        };
        let place = if root.is_empty() { Place::Run } else { Place::Function };
        let run = Writer::write(&names, &prefix, &self.run, place);
        (unwritten.iter().map(file).collect(), run)
    }
}

/// Each world below a package of its own, in a thread of its own, which the main thread waits for.
fn in_threads(worlds: Vec<(Vec<SourceFile>, String)>) -> (Vec<SourceFile>, String) {
    let (mut all, count) = (Vec::new(), worlds.len());
    let mut run = "import _thread\n".to_owned();
    for (number, (files, text)) in worlds.into_iter().enumerate() {
        all.extend(files);
        let body = text.replace('\n', "\n        ");
        run += &WORK.replace("BODY", body.trim_end()).replace("{}", &number.to_string());
    }
    for action in ["_thread.start_new_thread(work{}, ())\n", "done{}.acquire()\n"] {
        for number in 0..count {
            run += &action.replace("{}", &number.to_string());
        }
    }
    (all, run)
}

/// What a thread does, and a lock that it releases in the end.
const WORK: &str = "\
done{} = _thread.allocate_lock()
done{}.acquire()
def work{}():
    try:
        pass
        BODY
    except BaseException:
        pass
    finally:
        done{}.release()
";
