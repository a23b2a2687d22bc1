//! From steps to Python.

use proptest::sample::Index;

use super::functions;
use super::step::{
    Access, Attribute, Block, Body, Call, Entry, Failure, FinderSort, Getattr, Guarded, ModuleName,
    Own, Step,
};

/// Writes the bodies of one tree.
pub(crate) struct Writer<'a> {
    /// The tree's modules, at least one.
    modules: &'a [String],
    /// What stands before the names of modules that the tree may not have: empty, or ends with a dot.
    prefix: &'a str,
    text: String,
    pub(super) depth: usize,
    pub(super) place: Place,
    /// Whether other threads may run at the same time: then there are no forks, whose children would
    /// wait for locks that nobody holds any more, and no further threads.
    pub(super) in_company: bool,
}

/// Where a body stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a module of the tree.
    Module,
    /// In the scenario's own code, which must be Python.
    Run,
    /// In a function, where no star may stand.
    Function,
}

impl<'a> Writer<'a> {
    /// The text of a body. What it needs of the standard library it imports first.
    pub(crate) fn write(
        modules: &'a [String],
        prefix: &'a str,
        body: &Body,
        place: Place,
    ) -> String {
        let in_company = !prefix.is_empty();
        let mut writer = Self { modules, prefix, text: String::new(), depth: 0, place, in_company };
        writer.steps(body);
        let text = writer.text;
        let needs = [
            ("importlib.", "import importlib\n"),
            ("importlib.util.", "import importlib.util\n"),
            ("os.", "import os\n"),
            ("_thread.", "import _thread\n"),
            ("_bootstrap.", "from importlib import _bootstrap\n"),
            ("sys.", "import sys\n"),
            ("SimpleNamespace(", "from types import SimpleNamespace\n"),
            ("ModuleSpec(", "from importlib.machinery import ModuleSpec\n"),
        ];
        let needed = needs.iter().filter(|(use_of, _)| text.contains(use_of));
        let imports: String = needed.map(|(_, import)| *import).collect();
        imports + &text
    }

    pub(super) fn line(&mut self, line: &str) {
        let indent = self.depth * 4;
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(super) fn block(&mut self, head: &str, body: &Body) {
        self.line(head);
        self.depth += 1;
        if body.is_empty() {
            self.line("pass");
        }
        self.steps(body);
        self.depth -= 1;
    }

    pub(super) fn steps(&mut self, body: &Body) {
        for Guarded { guard, step } in body {
            let Some(guard) = guard else {
                self.step(step);
                continue;
            };
            self.line("try:");
            self.depth += 1;
            self.step(step);
            self.depth -= 1;
            self.line(&format!("except {guard}:"));
            self.line("    pass");
        }
    }

    /// Runs `write` for the body of a function.
    pub(super) fn function(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, Place::Function);
        write(self);
        self.place = outer;
    }

    /// A star, or a name where none may stand.
    fn star(&self) -> &'static str {
        if self.place == Place::Function { "x" } else { "*" }
    }

    fn existing(&self, index: Index) -> &'a str {
        &self.modules[index.index(self.modules.len())]
    }

    /// A module's name.
    fn name(&self, module: &ModuleName) -> String {
        match module {
            ModuleName::Existing(index) => self.existing(*index).to_owned(),
            ModuleName::Child(index, child) => format!("{}.{child}", self.existing(*index)),
            ModuleName::Any(name) => format!("{}{name}", self.prefix),
        }
    }

    pub(crate) fn quoted(&self, module: &ModuleName) -> String {
        format!("\"{}\"", self.name(module))
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Import(module) => self.line(&format!("import {}", self.name(module))),
            Step::ImportAs(module) => self.line(&format!("import {} as t", self.name(module))),
            Step::From(module, names) => {
                self.line(&format!("from {} import {}", self.name(module), names.join(", ")));
            }
            Step::FromAs(module, name) => {
                self.line(&format!("from {} import {name} as t", self.name(module)));
            }
            Step::Star(module) => {
                self.line(&format!("from {} import {}", self.name(module), self.star()));
            }
            Step::Relative(level, tail, names) => {
                self.line(&format!("from {} import {}", dotted(*level, *tail), names.join(", ")));
            }
            Step::RelativeStar(level, tail) => {
                self.line(&format!("from {} import {}", dotted(*level, *tail), self.star()));
            }
            Step::Call(call) => self.call(call),
            Step::Function(function) => self.line(&functions::line(self, function)),
            Step::Fork(body, leave) => self.fork(body, *leave),
            Step::Thread(body) => self.thread(body),
            Step::Modules(entry) => self.entry(entry),
            Step::Own(own) => self.own(own),
            Step::Attribute(access, module, name) => self.attribute(*access, module, name),
            Step::Raise(failure) => self.raise(failure),
            Step::Block { whole: true, block } => self.compound(block),
            Step::Block { whole: false, block } => self.inner(block),
            Step::Getattr(getattr) => self.getattr(getattr),
            Step::Finder(sort, module) => self.finder(*sort, module),
        }
    }

    fn call(&mut self, call: &Call) {
        let line = match call {
            Call::ImportModule(module) => {
                format!("importlib.import_module({})", self.quoted(module))
            }
            Call::ImportModuleRelative(level, tail, package) => {
                let name = dotted(*level, Some(tail));
                format!("importlib.import_module(\"{name}\", {})", self.quoted(package))
            }
            Call::DunderImport(module, names) => {
                format!("__import__({}, fromlist={})", self.quoted(module), list(names))
            }
            Call::DunderImportRelative(level, name, names) => {
                format!("__import__(\"{name}\", globals(), None, {}, {level})", list(names))
            }
            Call::Reload(module) => {
                format!("importlib.reload(sys.modules[{}])", self.quoted(module))
            }
            Call::FindSpec(module) => format!("importlib.util.find_spec({})", self.quoted(module)),
            Call::InvalidateCaches => "importlib.invalidate_caches()".to_owned(),
        };
        self.line(&line);
    }

    fn entry(&mut self, entry: &Entry) {
        let at = |module: &ModuleName| format!("sys.modules[{}]", self.quoted(module));
        let line = match entry {
            Entry::Delete(module) => format!("del {}", at(module)),
            Entry::Pop(module) => format!("sys.modules.pop({}, None)", self.quoted(module)),
            Entry::Block(module) => format!("{} = None", at(module)),
            Entry::New(module, name) => {
                format!("{} = type(sys)({})", at(module), self.quoted(name))
            }
            Entry::Alias(module, of) => {
                format!("{} = sys.modules.get({})", at(module), self.quoted(of))
            }
            Entry::Object(module, name) => {
                let fields = "__path__=[], __spec__=None, __name__";
                let name_of = self.quoted(module);
                format!("{} = SimpleNamespace({name}=1, {fields}={name_of})", at(module))
            }
            Entry::Expect(module) => format!("assert {} in sys.modules", self.quoted(module)),
        };
        self.line(&line);
    }

    fn own(&mut self, own: &Own) {
        let line = match own {
            Own::Bind(name) => format!("{name} = 1"),
            Own::Unbind(name) | Own::Delete(name) => format!("del {name}"),
            Own::Use(name, attribute) => format!("{name}.{attribute}"),
            Own::All(names) => format!("__all__ = {}", list(names)),
            Own::Leave => "del sys.modules[__name__]".to_owned(),
            Own::ReplaceBy(module) => {
                format!("sys.modules[__name__] = sys.modules.get({})", self.quoted(module))
            }
            Own::ReplaceByObject(name) => {
                format!("sys.modules[__name__] = SimpleNamespace({name}=1)")
            }
            Own::ForgetPackage => "__package__ = None".to_owned(),
            Own::Rename(module) => format!("__name__ = {}", self.quoted(module)),
            Own::Path(module) => format!("__path__ = [{}]", self.folder(module)),
            Own::MorePath(module) => format!("__path__.append({})", self.folder(module)),
        };
        self.line(&line);
    }

    /// The folder where a package of this name would be.
    fn folder(&self, module: &ModuleName) -> String {
        format!("sys.path[0] + \"/{}\"", self.name(module).replace('.', "/"))
    }

    fn attribute(&mut self, access: Access, module: &ModuleName, name: &str) {
        let module = format!("sys.modules[{}]", self.quoted(module));
        self.line(&match access {
            Access::Get => format!("{module}.{name}"),
            Access::Has => format!("hasattr({module}, \"{name}\")"),
            Access::Set => format!("{module}.{name} = 1"),
            Access::Delete => format!("del {module}.{name}"),
        });
    }

    fn raise(&mut self, failure: &Failure) {
        let line = match failure {
            Failure::Value => "raise ValueError(__name__)".to_owned(),
            Failure::Import(module) => {
                format!("raise ImportError(\"planned\", name={})", self.quoted(module))
            }
            Failure::NotFound(module) => {
                format!("raise ModuleNotFoundError(\"planned\", name={})", self.quoted(module))
            }
            Failure::Attribute => "raise AttributeError(\"planned\")".to_owned(),
            Failure::Division => "1 / 0".to_owned(),
            Failure::Exit => "raise SystemExit(3)".to_owned(),
            Failure::Again => "raise".to_owned(),
            Failure::From => "raise KeyError(__name__) from ValueError()".to_owned(),
            Failure::Name => "unbound".to_owned(),
            Failure::Syntax if self.place == Place::Module => "this is no Python".to_owned(),
            Failure::Syntax => "raise SyntaxError".to_owned(),
        };
        self.line(&line);
    }

    fn compound(&mut self, block: &Block) {
        match block {
            Block::Try { body, catches, handler } => {
                self.block("try:", body);
                self.block(&format!("except {catches}:"), handler);
            }
            Block::TryElse { body, catches, handler, orelse } => {
                self.block("try:", body);
                self.block(&format!("except {catches} as e:"), handler);
                self.block("else:", orelse);
            }
            Block::Finally { body, last } => {
                self.block("try:", body);
                self.block("finally:", last);
            }
            Block::If { module, then, orelse } => {
                self.block(&format!("if {} in sys.modules:", self.quoted(module)), then);
                self.block("else:", orelse);
            }
            Block::Twice(body) => self.block("for i in range(2):", body),
            Block::Once(body) => {
                self.block("while True:", body);
                self.depth += 1;
                self.line("break");
                self.depth -= 1;
            }
            Block::Function(body) => {
                self.function(|writer| writer.block("def f():", body));
                self.line("f()");
            }
        }
    }

    /// What the block holds that runs if all goes well.
    fn inner(&mut self, block: &Block) {
        let (body, last) = match block {
            Block::Try { body, .. }
            | Block::Twice(body)
            | Block::Once(body)
            | Block::Function(body) => (body, None),
            Block::TryElse { body, orelse: last, .. } | Block::Finally { body, last } => {
                (body, Some(last))
            }
            Block::If { then, .. } => (then, None),
        };
        if body.is_empty() {
            self.line("pass");
        }
        self.steps(body);
        if let Some(last) = last {
            self.steps(last);
        }
    }

    fn getattr(&mut self, getattr: &Getattr) {
        self.line("def __getattr__(name):");
        self.depth += 1;
        let head = format!("if name == \"{}\":", getattr.name);
        self.function(|writer| writer.block(&head, &getattr.body));
        if getattr.answers {
            self.depth += 1;
            self.line("return 1");
            self.depth -= 1;
        }
        self.line("raise AttributeError(name)");
        self.depth -= 1;
    }

    fn finder(&mut self, sort: FinderSort, module: &ModuleName) {
        let name = self.quoted(module);
        self.line("class Finder:");
        self.depth += 1;
        let found = match sort {
            FinderSort::Blind => "return None".to_owned(),
            FinderSort::Refusing => format!("if name == {name}: raise ImportError(name)"),
            FinderSort::Serving | FinderSort::Breaking => {
                format!("return ModuleSpec(name, self) if name == {name} else None")
            }
        };
        self.method("find_spec(self, name, path, target=None)", &found);
        if let FinderSort::Serving | FinderSort::Breaking = sort {
            self.method("create_module(self, spec)", "return None");
            let loads = if let FinderSort::Serving = sort { "module.x = 1" } else { "1 / 0" };
            self.method("exec_module(self, module)", loads);
        }
        self.depth -= 1;
        self.line("sys.meta_path.insert(0, Finder())");
    }

    fn method(&mut self, head: &str, body: &str) {
        self.line(&format!("def {head}:"));
        self.depth += 1;
        self.line(body);
        self.depth -= 1;
    }
}

fn dotted(level: usize, tail: Option<Attribute>) -> String {
    format!("{}{}", ".".repeat(level), tail.unwrap_or_default())
}

pub(crate) fn list(names: &[Attribute]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[{}]", quoted.join(", "))
}
