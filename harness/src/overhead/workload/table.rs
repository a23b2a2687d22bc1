//! The table of workloads. A row is all that there is to one.
//!
//! `before` and `timed` are Python; `{entry}` is the module that imports the whole tree. The folder with
//! the tree is `sys.path[0]`. What `before` does is not timed, and each sample does it anew. The modules of a tree
//! and the loop around `timed` end laps by themselves; `tollgate_lap()` is for what has neither.

use crate::{
    scenario::{Packages, Shape},
    worker::Subject,
};

/// One workload.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// What is timed, in one line.
    pub(super) summary: &'static str,
    pub(super) tree: Tree,
    pub(super) before: &'static str,
    pub(super) timed: &'static str,
    /// How often `timed` runs in one sample: once, or so often that laps of a loop are equal.
    pub(super) times: usize,
    /// Whether quick runs have it.
    pub(super) quick: bool,
    pub(super) subject: Subject,
}

/// The modules below the workload's folder.
pub(super) enum Tree {
    None,
    Generated { shape: Shape, packages: Packages, modules: usize },
}

const FAN: Tree =
    Tree::Generated { shape: Shape::FanOut, packages: Packages::Regular, modules: 100 };
const TWO: Tree = Tree::Generated { shape: Shape::FanOut, packages: Packages::Regular, modules: 2 };

const COLD: Row = Row {
    name: "",
    summary: "",
    tree: FAN,
    before: "",
    timed: "import {entry}",
    times: 1,
    quick: false,
    subject: Subject::Call,
};
const CACHED: Row = Row { tree: TWO, before: "import {entry}", times: 5_000, ..COLD };
const EVENT: Row = Row { tree: Tree::None, times: 5_000, ..COLD };

/// In the order in which they are run and shown.
pub(super) static TABLE: [Row; 22] = [
    Row {
        name: "cold-100",
        summary: "cold import of a package with 100 modules",
        quick: true,
        ..COLD
    },
    Row {
        name: "chain-50",
        summary: "cold import of a chain of 50 modules",
        // a chain has its package beside its links
        tree: Tree::Generated { shape: Shape::Chain, packages: Packages::Regular, modules: 51 },
        quick: true,
        ..COLD
    },
    Row {
        name: "cached",
        summary: "cached import statement, 5,000 times in a loop",
        quick: true,
        ..CACHED
    },
    Row {
        name: "source-20",
        summary: "cold import of 20 modules that have to be compiled",
        tree: Tree::Generated { shape: Shape::FanOut, packages: Packages::Regular, modules: 20 },
        before: "import sys\nsys.dont_write_bytecode = True",
        ..COLD
    },
    Row {
        name: "deep-101",
        summary: "cold import of packages within packages, two in each",
        tree: Tree::Generated {
            shape: Shape::Tree { branching: 2 },
            packages: Packages::Regular,
            modules: 101,
        },
        ..COLD
    },
    Row {
        name: "wide-500",
        summary: "cold import of a package with 500 modules in one folder",
        tree: Tree::Generated { shape: Shape::FanOut, packages: Packages::Regular, modules: 500 },
        ..COLD
    },
    Row {
        name: "namespace-60",
        summary: "cold import of a tree of namespace packages",
        tree: Tree::Generated {
            shape: Shape::Tree { branching: 4 },
            packages: Packages::Namespace,
            modules: 60,
        },
        ..COLD
    },
    Row {
        name: "zip-100",
        summary: "cold import of 100 modules from a zip file",
        before: include_str!("zip.py"),
        ..COLD
    },
    Row {
        name: "extensions",
        summary: "cold import of extension modules of the standard library",
        tree: Tree::None,
        timed: "import _bisect, _csv, _heapq, _json\ntollgate_lap()\n\
                import _queue, _random, _struct\ntollgate_lap()\n\
                import array, math, select, zlib",
        ..COLD
    },
    Row {
        name: "stdlib",
        summary: "cold import of asyncio, email, http, unittest, xml and multiprocessing",
        tree: Tree::None,
        // byte code of its own: whatever lies beside the interpreter is nobody's to write
        before: "import sys\nsys.pycache_prefix = sys.path[0] + '/byte-code'\n\
                 sys.dont_write_bytecode = False",
        timed: "import collections, re, functools\ntollgate_lap()\n\
                import inspect, logging\ntollgate_lap()\n\
                import socket, subprocess\ntollgate_lap()\n\
                import concurrent.futures, asyncio.base_events\ntollgate_lap()\n\
                import asyncio\ntollgate_lap()\n\
                import email.message\ntollgate_lap()\n\
                import http.client\ntollgate_lap()\n\
                import unittest\ntollgate_lap()\n\
                import xml.dom.minidom\ntollgate_lap()\n\
                import multiprocessing",
        ..COLD
    },
    Row {
        name: "cached-from",
        summary: "`from m import x` of a cached module, 5,000 times",
        timed: "from {entry} import clamp",
        ..CACHED
    },
    Row {
        name: "cached-dotted",
        summary: "`import a.b.c` of cached modules, 5,000 times",
        tree: Tree::Generated { shape: Shape::Chain, packages: Packages::Regular, modules: 3 },
        ..CACHED
    },
    Row {
        name: "cached-call",
        summary: "`importlib.import_module` of a cached module, 5,000 times",
        before: "import {entry}\nfrom importlib import import_module",
        timed: "import_module('{entry}')",
        ..CACHED
    },
    Row {
        name: "optional",
        summary: "import of a module that is not there, caught, 500 times",
        before: "",
        timed: "try:\n    import tollgate_has_no_such_module\nexcept ImportError:\n    pass",
        times: 500,
        ..CACHED
    },
    Row {
        name: "event-audit",
        summary: "`sys.audit` of an event that is not about imports, 5,000 times",
        before: "from sys import audit",
        timed: "audit('tollgate.unrelated')",
        ..EVENT
    },
    Row {
        name: "event-open",
        summary: "audit event `open`: opening a file, 1,000 times",
        before: "import sys\nposix = sys.modules['posix']\nopen_, close = posix.open, posix.close",
        timed: "close(open_('/dev/null', 0))",
        times: 1_000,
        ..EVENT
    },
    Row {
        name: "event-compile",
        summary: "audit event `compile`: compiling an expression, 500 times",
        timed: "compile('1', '<timed>', 'eval')",
        times: 500,
        ..EVENT
    },
    Row {
        name: "event-exec",
        summary: "audit event `exec`: executing a code object, 5,000 times",
        before: "code = compile('', '<timed>', 'exec')\nspace = {}",
        timed: "exec(code, space)",
        ..EVENT
    },
    Row {
        name: "event-getattr",
        summary: "audit event `object.__getattr__`: a function's `__code__`, 5,000 times",
        before: "def function():\n    pass",
        timed: "function.__code__",
        ..EVENT
    },
    Row {
        name: "event-getframe",
        summary: "audit event `sys._getframe`, 5,000 times",
        before: "from sys import _getframe",
        timed: "_getframe()",
        ..EVENT
    },
    Row {
        name: "install",
        summary: "installing the strategy",
        tree: Tree::None,
        timed: "install()",
        subject: Subject::Installation,
        ..COLD
    },
    Row {
        name: "start-up",
        summary: "a whole process that installs the strategy at its start, and ends",
        tree: Tree::None,
        timed: "pass",
        subject: Subject::Process,
        ..COLD
    },
];
