//! Modules of the standard library: made, taken in without spans, and what may be in their way.

use crate::model::{
    importing::library::{
        IMPORT_UTIL, IMPORTABLE, PACKAGES, PRELOADED, STDLIB_ENTRY, TREE, attributes, is_built_in,
        is_busy, is_library, is_module, lacks_child, leaf, top_level,
    },
    importing::patched::REPLACEABLE,
    machine::Machine,
    natives::{functions_of, text_of},
    object::{
        map::{Map, Text},
        native::{Finder, Native},
        value::{Module, ModuleClass, Object, Spec, Value},
    },
    source::sources::FileId,
    stop::{Outcome, doubt},
};

impl Machine<'_> {
    /// Fills `sys` and `sys.modules` as they are before a program starts.
    pub(crate) fn preload(&mut self) {
        let main = self.new_module("__main__", false);
        for name in PRELOADED {
            self.add_library_module(name);
        }
        self.set_module("__main__", main);
        let [zip, lib, dynload] = ["", "/lib", "/lib-dynload"]
            .map(|end| Value::Text(format!("{STDLIB_ENTRY}{end}").into()));
        let path = self.list(vec![Value::text(TREE), zip, lib, dynload]);
        let finders = [Finder::Builtin, Finder::Frozen, Finder::Path];
        let meta_path = self.list(finders.map(|one| Value::Native(Native::Finder(one))).into());
        let version = self.rules.version;
        let numbers = [version.major, version.minor, version.micro];
        let mut info: Vec<_> = numbers.map(|number| Value::Int(number.into())).into();
        info.extend([Value::text("final"), Value::Int(0)]);
        let info = self.tuple(info);
        let modules = Value::Dict(self.modules);
        self.preload_path_hooks();
        let sys = self.heap.map_mut(self.sys);
        for (name, value) in [
            ("modules", modules),
            ("path", path),
            ("meta_path", meta_path),
            ("version_info", info),
            ("flags", Value::Native(Native::Flags)),
        ] {
            sys.insert(name, value);
        }
    }

    fn add_library_module(&mut self, name: &str) -> Value {
        let dict = if name == "sys" { self.sys } else { self.heap.add_map(Map::default()) };
        let spec = Spec::new(name.into(), Value::None);
        let spec = Value::Object(self.heap.add(Object::Spec(spec)));
        let path = PACKAGES.contains(&name).then(|| format!("{STDLIB_ENTRY}/{name}"));
        let path = path.map(|path| self.list(vec![Value::Text(path.into())]));
        let map = self.heap.map_mut(dict);
        map.insert("__name__", Value::text(name));
        map.insert("__spec__", spec);
        if let Some(path) = path {
            map.insert("__path__", path);
        }
        for (attribute, function) in attributes(name) {
            map.insert(*attribute, Value::Native(Native::Function(*function)));
        }
        for function in functions_of(name) {
            let attribute = function.rsplit('.').next().unwrap_or(function);
            map.insert(attribute, Value::Native(Native::Library(function)));
        }
        self.fill_machinery(name, dict);
        self.fill_with_bootstrap(name, dict);
        let module = Module { dict, class: ModuleClass::Plain, library: true };
        let module = Value::Object(self.heap.add(Object::Module(module)));
        self.heap.map_mut(self.modules).insert(Text::from(name), module.clone());
        if let Some((parent, child)) = name.rsplit_once('.')
            && let Some(Value::Object(parent)) = self.heap.map(self.modules).get(parent).cloned()
            && let Object::Module(parent) = *self.heap.get(parent)
        {
            self.heap.map_mut(parent.dict).insert(Text::from(child), module.clone());
        }
        module
    }

    /// Takes in a module of the library, if `name` is one and not a simple one. Returns nothing for
    /// what the finders are to look for.
    pub(crate) fn import_library(&mut self, name: &str) -> Outcome<Option<Value>> {
        let is_simple = leaf(name).is_some() || lacks_child(name);
        if !is_library(name) || is_simple || self.is_in_tree(name) {
            return Ok(None);
        }
        if let Some(module) = self.heap.map(self.modules).get(name) {
            return Ok(Some(module.clone()).filter(|module| !module.is_none()));
        }
        self.check_unchanged_search(name)?;
        if !IMPORTABLE.contains(&name) {
            let why = "the model does not know what the standard library's modules do";
            return doubt(format!("an import of `{name}`"), why);
        }
        if let Some((parent, _)) = name.rsplit_once('.') {
            self.import_library(parent)?;
        }
        match name {
            "os.path" => return self.import_library("posixpath"),
            "importlib._bootstrap" => return Ok(self.heap.map(self.modules).get(name).cloned()),
            _ => {}
        }
        let imports_util = match name {
            "importlib.metadata" => !self.rules.since(15),
            "unittest.mock" => self.rules.since(11),
            _ => IMPORT_UTIL.contains(&name),
        };
        if imports_util {
            self.import_library("importlib.util")?;
        }
        let module = self.add_library_module(name);
        if name == "os" {
            let path = self.import_library("posixpath")?.unwrap_or(Value::None);
            if let Some(Module { dict, .. }) = self.as_module(&module) {
                self.heap.map_mut(dict).insert("path", path);
            }
        }
        if let (Some(text), Some(of)) = (text_of(name), self.as_module(&module)) {
            let file = FileId::Library(text);
            let body = self.body_of(file)?;
            self.run_module_code(file, of, body)?;
        }
        Ok(Some(module))
    }

    /// A module of the library is found only as long as nothing comes before it.
    pub(crate) fn check_unchanged_search(&mut self, name: &str) -> Outcome<()> {
        for function in REPLACEABLE {
            if self.replacement(function)?.is_some() {
                let why = "what the library imports is handed to a function of the program, too";
                return doubt(format!("an import of `{name}`"), why);
            }
        }
        let finders = [Finder::Builtin, Finder::Frozen, Finder::Path];
        let expected = finders.map(|one| Value::Native(Native::Finder(one)));
        let same_finders = self.list_of_sys("meta_path").is_some_and(|found| *found == expected);
        let is_stdlib =
            |entry: &Value| matches!(entry, Value::Text(text) if text.starts_with(STDLIB_ENTRY));
        let path = self.list_of_sys("path").map_or(&[][..], Vec::as_slice);
        let first = path.iter().position(is_stdlib).unwrap_or(path.len());
        let whole = path.iter().filter(|entry| is_stdlib(entry)).count() == 3;
        let has_none = |entry: &Value| match entry {
            Value::Text(entry) if &**entry == TREE => !self.sources.program().shadows_library(),
            Value::Text(entry) => self
                .disk
                .absolute(entry)
                .is_ok_and(|path| !self.disk.names_in(&path).iter().any(|name| is_module(name))),
            _ => true,
        };
        if same_finders && whole && path[..first].iter().all(has_none) {
            return Ok(());
        }
        let why = "finders, sys.path or files of the tree are in the library's way";
        doubt(format!("an import of `{name}`"), why)
    }

    /// The contents of `sys.path` or `sys.meta_path`, if it is a list.
    pub(crate) fn list_of_sys(&self, name: &str) -> Option<&Vec<Value>> {
        match self.heap.map(self.sys).get(name)? {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::List(items) => Some(items),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_in_tree(&self, module: &str) -> bool {
        let (program, name) = (self.sources.program(), top_level(module));
        program.entry(name).is_some() || program.entry(&format!("{name}.py")).is_some()
    }

    /// Nothing of the tree may have the name of a module that the library needs.
    pub(crate) fn check_tree(&self) -> Outcome<()> {
        let files = self.sources.program().files().iter();
        let is_taken = |name: &&str| is_busy(name) && !is_built_in(name);
        match files.filter_map(|file| file.path.top_level()).find(is_taken) {
            None => Ok(()),
            Some(name) => {
                let why = "built-in and frozen modules come first, others are in use";
                doubt(format!("a module `{name}` of the tree beside the library's"), why)
            }
        }
    }
}
