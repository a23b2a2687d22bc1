//! Random package trees.

use super::step::{Attribute, Body};

/// Something in a folder of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: Attribute,
    pub(crate) sort: Sort,
}

#[derive(Clone, Debug)]
pub(crate) enum Sort {
    /// `a.py`
    Module(Body),
    /// `a/__init__.py` and what else is in the folder.
    Package(Body, Vec<Node>),
    /// A folder `a` with something in it.
    Namespace(Vec<Node>),
    /// `a.py` beside a folder `a`, which is not looked at.
    Shadowing(Body, Vec<Node>),
    /// A package `a` beside `a.py`, which is not looked at.
    Shadowed(Body, Body, Vec<Node>),
}

/// A file of the tree before its body is written out.
pub(crate) struct Unwritten<'a> {
    /// Its path, with `/`.
    pub(crate) path: String,
    pub(crate) body: &'a Body,
}

/// The files below `folder`, which is empty or ends with `/`. Of two of one name the first stays.
pub(crate) fn files<'a>(nodes: &'a [Node], folder: &str, into: &mut Vec<Unwritten<'a>>) {
    for (index, node) in nodes.iter().enumerate() {
        if nodes[..index].iter().any(|earlier| earlier.name == node.name) {
            continue;
        }
        let own = format!("{folder}{}", node.name);
        let inner = format!("{own}/");
        match &node.sort {
            Sort::Module(body) => into.push(Unwritten { path: format!("{own}.py"), body }),
            Sort::Package(body, children) => {
                into.push(Unwritten { path: format!("{inner}__init__.py"), body });
                files(children, &inner, into);
            }
            Sort::Namespace(children) => files(children, &inner, into),
            Sort::Shadowing(body, children) => {
                into.push(Unwritten { path: format!("{own}.py"), body });
                files(children, &inner, into);
            }
            Sort::Shadowed(body, module, children) => {
                into.push(Unwritten { path: format!("{inner}__init__.py"), body });
                into.push(Unwritten { path: format!("{own}.py"), body: module });
                files(children, &inner, into);
            }
        }
    }
}

/// Names of the modules and packages that `files` make, parents first, each once.
pub(crate) fn modules(files: &[Unwritten<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let path = file.path.strip_suffix("/__init__.py").or(file.path.strip_suffix(".py"));
        let path = path.unwrap_or(&file.path);
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for name in ends.map(|end| path[..end].replace('/', ".")) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}
