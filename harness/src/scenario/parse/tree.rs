//! The files of a scenario, written out or generated.

use std::str::FromStr;

use super::Reader;
use crate::scenario::{
    GenerateError, Generated, Packages, Shape, SourceFile, TreePath,
    path::Collisions,
    wire::{Located, WireGenerate, WirePackages, WireShape},
};

impl Reader<'_> {
    /// The files whose paths are good, each at the place of its path.
    pub(super) fn files(
        &mut self,
        wire: Vec<(Located<String>, Located<String>)>,
    ) -> Vec<Located<SourceFile>> {
        let mut collisions = Collisions::default();
        let mut files = Vec::with_capacity(wire.len());
        for (key, body) in wire {
            let Some(path) = self.path(&key) else { continue };
            if let Err(other) = collisions.add(&path) {
                let expected = "expected paths that can exist beside each other, also where ways to write an \
                                accent, or upper and lower case, are the same";
                self.fail(key.at, format!("the path collides with `{other}`"), expected);
            }
            files.push(Located { value: SourceFile { path, body: body.value }, at: key.at });
        }
        files
    }

    fn path(&mut self, text: &Located<String>) -> Option<TreePath> {
        let expected = "expected a path within the tree, relative and with `/`, as in pkg/mod.py";
        let path = TreePath::from_str(&text.value);
        path.map_err(|error| self.fail(text.at, format!("the path {error}"), expected)).ok()
    }

    /// The generated tree; `files` are those that lie beside it.
    pub(super) fn generated(
        &mut self,
        wire: &Located<WireGenerate>,
        files: &[Located<SourceFile>],
    ) -> Option<Generated> {
        let tree = described(&wire.value);
        let tree = tree.map_err(|error| self.generate_error(&wire.value, error)).ok()?;
        let is_tree = matches!(wire.value.shape, WireShape::Tree);
        if let Some(branching) = wire.value.branching.as_ref().filter(|_| !is_tree) {
            let expected = "expected it only with `shape: tree`";
            self.fail(branching.at, "`branching` without a tree", expected);
        }
        let root = tree.root().to_lowercase();
        for file in files {
            let top_level = file.value.path.top_level().map(str::to_lowercase);
            if top_level.as_deref() == Some(&root) {
                let message = format!("the path lies in the generated package `{}`", tree.root());
                let expected = "expected another path, or another `root` for the generated tree";
                self.fail(file.at, message, expected);
            }
        }
        Some(tree)
    }

    fn generate_error(&mut self, wire: &WireGenerate, error: GenerateError) {
        let (value, message) = match error {
            GenerateError::Modules => (Some(wire.modules.at), "bad number of modules"),
            GenerateError::Branching => {
                (wire.branching.as_ref().map(|it| it.at), "too little branching")
            }
            GenerateError::Root => (wire.root.as_ref().map(|it| it.at), "bad root package"),
        };
        let at = value.unwrap_or(wire.modules.at);
        self.fail(at, message, format!("expected {error}"));
    }
}

fn described(wire: &WireGenerate) -> Result<Generated, GenerateError> {
    let branching = wire.branching.as_ref().map_or(Generated::DEFAULT_BRANCHING, |it| it.value);
    let shape = match wire.shape {
        WireShape::Chain => Shape::Chain,
        WireShape::FanOut => Shape::FanOut,
        WireShape::Tree => Shape::Tree { branching },
    };
    let packages = match wire.packages {
        WirePackages::Regular => Packages::Regular,
        WirePackages::Namespace => Packages::Namespace,
    };
    let root = wire.root.as_ref().map_or(Generated::DEFAULT_ROOT, |it| &it.value);
    let body = wire.body.as_deref().unwrap_or_default();
    Ok(Generated::new(shape, packages, wire.modules.value)?.with_root(root)?.with_body(body))
}
