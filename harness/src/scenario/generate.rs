//! Package trees that are described instead of written out.
//!
//! A generated tree has exactly as many modules as it says, packages included, and importing its
//! [entry](Generated::entry) imports every one of them once, so that a time divided by the number
//! of modules is a time for each.

use std::{fmt::Write as _, ops::Range};

use super::{SourceFile, TreePath};

/// The fewest modules: the root package and one module in it.
const MIN_MODULES: usize = 2;
/// The most modules.
const MAX_MODULES: usize = 100_000;
/// Fewer children would make the tree a chain of folders, deeper than paths can be.
const MIN_BRANCHING: usize = 2;
const MAX_ROOT_CHARS: usize = 64;

/// Which module imports which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// In one package, `m0` imports `m1`, which imports `m2`, and so on.
    Chain,
    /// One package imports all its modules.
    FanOut,
    /// Packages within packages, each of which imports its children.
    Tree {
        /// How many children a package has; the last ones may have fewer.
        branching: usize,
    },
}

/// What makes a folder of the tree a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packages {
    /// An `__init__.py`.
    Regular,
    /// Nothing: namespace packages. They run no code, so a module `top` in the root package imports
    /// what packages would.
    Namespace,
}

/// A package tree to be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    shape: Shape,
    packages: Packages,
    modules: usize,
    root: String,
    head: String,
    body: String,
}

/// Which part of the description of a tree is wrong. The message says what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// Too few or too many modules.
    #[error("{MIN_MODULES} to {MAX_MODULES} modules, packages included")]
    Modules,
    /// Too few children.
    #[error("at least {MIN_BRANCHING} children a package")]
    Branching,
    /// The root is no name of a package.
    #[error("a package name of up to {MAX_ROOT_CHARS} ASCII letters, digits and `_`")]
    Root,
}

impl Generated {
    /// The name of the root package where a scenario gives none.
    pub const DEFAULT_ROOT: &str = "gen";
    /// How many children a package of a tree has where a scenario does not say.
    pub const DEFAULT_BRANCHING: usize = 10;

    /// A tree of `modules` modules, packages included, with empty bodies below the package `gen`.
    pub fn new(shape: Shape, packages: Packages, modules: usize) -> Result<Self, GenerateError> {
        if !(MIN_MODULES..=MAX_MODULES).contains(&modules) {
            return Err(GenerateError::Modules);
        }
        if matches!(shape, Shape::Tree { branching } if branching < MIN_BRANCHING) {
            return Err(GenerateError::Branching);
        }
        let root = Self::DEFAULT_ROOT.to_owned();
        Ok(Self { shape, packages, modules, root, head: String::new(), body: String::new() })
    }

    /// The same tree below another root package.
    pub fn with_root(self, root: &str) -> Result<Self, GenerateError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let starts_well = root.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts_well || !root.chars().all(allowed) || root.len() > MAX_ROOT_CHARS {
            return Err(GenerateError::Root);
        }
        Ok(Self { root: root.to_owned(), ..self })
    }

    /// The same tree with `body` after the imports of every module that has a file.
    #[must_use]
    pub fn with_body(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }

    /// The same tree with `head` before the imports of every module that has a file.
    #[must_use]
    pub fn with_head(self, head: &str) -> Self {
        Self { head: head.to_owned(), ..self }
    }

    /// The module to import so that all are imported.
    pub fn entry(&self) -> String {
        match (self.shape, self.packages) {
            (Shape::Chain, _) => format!("{}.m0", self.root),
            (_, Packages::Regular) => self.root.clone(),
            (_, Packages::Namespace) => format!("{}.top", self.root),
        }
    }

    /// How many modules importing the entry adds to `sys.modules`, packages included.
    pub fn modules(&self) -> usize {
        self.modules
    }

    /// The package that holds the whole tree.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The files, each made when it is asked for.
    pub fn sources(&self) -> impl Iterator<Item = SourceFile> {
        (0..self.modules).filter_map(|index| match self.shape {
            Shape::Chain => self.link(index),
            // A fan-out is a tree whose root has room for all others.
            Shape::FanOut => self.node(self.modules, index),
            Shape::Tree { branching } => self.node(branching, index),
        })
    }

    /// Module `index` of a chain: the package, then `m0`, `m1` and so on.
    fn link(&self, index: usize) -> Option<SourceFile> {
        let root = &self.root;
        let Some(own) = index.checked_sub(1) else { return self.package(root, []) };
        let next = (index + 1 < self.modules).then(|| format!("{root}.m{index}"));
        Some(self.file(&format!("{root}/m{own}.py"), next))
    }

    /// Module `index` of a tree. They are numbered level by level, so that the children of `k` are
    /// `branching * k + 1` and those that follow.
    fn node(&self, branching: usize, index: usize) -> Option<SourceFile> {
        let nodes = self.nodes();
        if index == nodes {
            let leaves = (1..nodes).filter(|&node| children(node, branching, nodes).is_empty());
            let imports = leaves.map(|leaf| self.name(leaf, branching));
            return Some(self.file(&format!("{}/top.py", self.root), imports));
        }
        let path = self.name(index, branching).replace('.', "/");
        let children = children(index, branching, nodes);
        if index > 0 && children.is_empty() {
            return Some(self.file(&format!("{path}.py"), []));
        }
        self.package(&path, children.map(|child| self.name(child, branching)))
    }

    /// How many modules are nodes of the tree: all but `top`.
    fn nodes(&self) -> usize {
        match self.packages {
            Packages::Regular => self.modules,
            Packages::Namespace => self.modules - 1,
        }
    }

    /// The dotted name of a node: each level adds `m` and its number among its siblings.
    fn name(&self, node: usize, branching: usize) -> String {
        let mut steps = Vec::new();
        let mut node = node;
        while let Some(above) = node.checked_sub(1) {
            steps.push(above % branching);
            node = above / branching;
        }
        let mut name = self.root.clone();
        for step in steps.iter().rev() {
            write!(name, ".m{step}").expect("a String takes all text");
        }
        name
    }

    fn package(&self, path: &str, imports: impl IntoIterator<Item = String>) -> Option<SourceFile> {
        match self.packages {
            Packages::Regular => Some(self.file(&format!("{path}/__init__.py"), imports)),
            Packages::Namespace => None,
        }
    }

    fn file(&self, path: &str, imports: impl IntoIterator<Item = String>) -> SourceFile {
        let mut body = self.head.clone();
        for module in imports {
            writeln!(body, "import {module}").expect("a String takes all text");
        }
        body.push_str(&self.body);
        let path: TreePath = path.parse().expect("generated paths are short and relative");
        SourceFile { path, body }
    }
}

fn children(node: usize, branching: usize, nodes: usize) -> Range<usize> {
    let first = branching.saturating_mul(node).saturating_add(1).min(nodes);
    first..first.saturating_add(branching).min(nodes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listing(shape: Shape, packages: Packages, modules: usize) -> String {
        let tree = Generated::new(shape, packages, modules).expect("a tree");
        let mut text = format!("entry {}\n", tree.entry());
        for SourceFile { path, body } in tree.sources() {
            let imports = body.replace("import ", " ").replace('\n', "");
            writeln!(text, "{path}:{imports}").expect("a String takes all text");
        }
        text
    }

    #[test]
    fn a_chain_imports_one_by_one() {
        insta::assert_snapshot!(listing(Shape::Chain, Packages::Regular, 4), @r"
            entry gen.m0
            gen/__init__.py:
            gen/m0.py: gen.m1
            gen/m1.py: gen.m2
            gen/m2.py:
        ");
        insta::assert_snapshot!(listing(Shape::Chain, Packages::Namespace, 4), @r"
            entry gen.m0
            gen/m0.py: gen.m1
            gen/m1.py: gen.m2
            gen/m2.py:
        ");
    }

    #[test]
    fn a_fan_out_imports_all_from_one_place() {
        insta::assert_snapshot!(listing(Shape::FanOut, Packages::Regular, 4), @r"
            entry gen
            gen/__init__.py: gen.m0 gen.m1 gen.m2
            gen/m0.py:
            gen/m1.py:
            gen/m2.py:
        ");
        insta::assert_snapshot!(listing(Shape::FanOut, Packages::Namespace, 4), @r"
            entry gen.top
            gen/m0.py:
            gen/m1.py:
            gen/top.py: gen.m0 gen.m1
        ");
    }

    #[test]
    fn a_tree_imports_from_package_to_package() {
        let shape = Shape::Tree { branching: 2 };
        insta::assert_snapshot!(listing(shape, Packages::Regular, 6), @r"
            entry gen
            gen/__init__.py: gen.m0 gen.m1
            gen/m0/__init__.py: gen.m0.m0 gen.m0.m1
            gen/m1/__init__.py: gen.m1.m0
            gen/m0/m0.py:
            gen/m0/m1.py:
            gen/m1/m0.py:
        ");
        insta::assert_snapshot!(listing(shape, Packages::Namespace, 6), @r"
            entry gen.top
            gen/m1.py:
            gen/m0/m0.py:
            gen/m0/m1.py:
            gen/top.py: gen.m1 gen.m0.m0 gen.m0.m1
        ");
    }

    #[test]
    fn the_imports_stand_between_head_and_body() {
        let tree = Generated::new(Shape::Chain, Packages::Regular, 3).expect("a tree");
        let tree =
            tree.with_root("other").expect("a root").with_head("y = 1\n").with_body("x = 1\n");
        let bodies: Vec<_> = tree.sources().map(|source| source.body).collect();
        assert_eq!(bodies, ["y = 1\nx = 1\n", "y = 1\nimport other.m1\nx = 1\n", "y = 1\nx = 1\n"]);
    }

    #[test]
    fn what_cannot_be_generated_is_refused() {
        let new = |shape, modules| Generated::new(shape, Packages::Regular, modules);
        assert_eq!(new(Shape::Chain, 1), Err(GenerateError::Modules));
        assert_eq!(new(Shape::Chain, 100_001), Err(GenerateError::Modules));
        assert_eq!(new(Shape::Tree { branching: 1 }, 9), Err(GenerateError::Branching));
        let tree = new(Shape::FanOut, 2).expect("a tree");
        for root in ["", "1a", "a.b", "../a", "a-b", &"a".repeat(65)] {
            assert_eq!(tree.clone().with_root(root), Err(GenerateError::Root), "{root}");
        }
    }

    fn shape() -> impl Strategy<Value = Shape> {
        let tree = (2_usize..12).prop_map(|branching| Shape::Tree { branching });
        prop_oneof![Just(Shape::Chain), Just(Shape::FanOut), tree]
    }

    proptest! {
        /// Follows the import statements as Python would: parents first, each module once.
        #[test]
        fn the_entry_imports_every_module(
            shape in shape(),
            packages in prop::sample::select(&[Packages::Regular, Packages::Namespace][..]),
            modules in 2_usize..60,
        ) {
            let tree = Generated::new(shape, packages, modules).expect("a tree");
            let files: std::collections::HashMap<_, _> = tree.sources().map(module).collect();
            let mut imported = std::collections::BTreeSet::new();
            let mut pending = vec![tree.entry()];
            while let Some(name) = pending.pop() {
                pending.extend(name.rsplit_once('.').map(|(parent, _)| parent.to_owned()));
                if imported.insert(name.clone()) {
                    let body = files.get(&name).map_or("", String::as_str);
                    pending.extend(body.lines().map(|line| line.replace("import ", "")));
                }
            }
            prop_assert_eq!(imported.len(), modules);
            prop_assert!(files.keys().all(|file| imported.contains(file)));
        }
    }

    fn module(source: SourceFile) -> (String, String) {
        let path = source.path.as_str();
        let name = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py"));
        (name.expect("a Python file").replace('/', "."), source.body)
    }
}
