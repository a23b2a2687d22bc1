//! The functions of `Lib/importlib/__init__.py` and `util.py`, and `__import__()` as a call.

use crate::model::{
    fault::Fault,
    importing::{bootstrap::Importer, module::parent_of},
    language::call::Arguments,
    machine::Machine,
    object::{
        heap::MapId,
        map::Text,
        text::repr_text,
        value::{Loader, Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

/// What a call of `__import__()` asks for.
struct Asked {
    name: Text,
    /// Those that a relative name is relative to.
    globals: MapId,
    fromlist: Vec<Text>,
    level: u32,
}

impl Machine<'_> {
    /// `builtins.__import__(name, globals, locals, fromlist, level)`.
    pub(crate) fn dunder_import(&mut self, arguments: Arguments) -> Outcome<Value> {
        let Asked { name, globals, fromlist, level } = self.asked(arguments)?;
        self.import_name(&name, globals, Some(&fromlist), level)
    }

    /// `importlib.__import__()`, the same in Python: each step is an import of its own.
    pub(crate) fn dunder_import_in_python(&mut self, arguments: Arguments) -> Outcome<Value> {
        let Asked { name, globals, fromlist, level } = self.asked(arguments)?;
        let absolute = match level {
            0 if name.is_empty() => return Err(self.error("ValueError", "Empty module name")),
            0 => Text::clone(&name),
            _ => self.resolve_name(&name, globals, level)?,
        };
        let module = self.deeper(2, |machine| machine.gcd_import(&absolute))?;
        if !fromlist.is_empty() {
            return self.with_fromlist(module, &fromlist, Importer::Gcd);
        }
        let top = name.split('.').next().unwrap_or(&name);
        if level == 0 {
            return self.deeper(2, |machine| machine.gcd_import(&top.into()));
        }
        if name.is_empty() {
            return Ok(module);
        }
        let own = self.attribute(&module, "__name__")?;
        let own = self.str_of(&own)?;
        let end = own.len().saturating_sub(name.len() - top.len());
        match own.get(..end) {
            Some(package) => self.required_module(package),
            None => outside("a module with another name than that of its import"),
        }
    }

    fn asked(&mut self, arguments: Arguments) -> Outcome<Asked> {
        let names = ["name", "globals", "locals", "fromlist", "level"];
        let [name, globals, _, fromlist, level] = parameters(arguments, names)?;
        let Some(Value::Text(name)) = name else { return outside("a name that is no text") };
        let level = match level {
            None => 0,
            Some(Value::Int(level)) if level < 0 => {
                return Err(self.error("ValueError", "level must be >= 0"));
            }
            Some(Value::Int(level)) => u32::try_from(level).unwrap_or(u32::MAX),
            Some(_) => return outside("a level that is no integer"),
        };
        let globals = match globals {
            None | Some(Value::None) if level == 0 => self.sys,
            Some(Value::Dict(globals)) => globals,
            _ => return doubt("a relative `__import__()` without globals", "versions differ"),
        };
        let fromlist = self.fromlist(fromlist)?;
        if level > 1_000 {
            return outside("a level of more than a thousand");
        }
        Ok(Asked { name, globals, fromlist, level })
    }

    fn fromlist(&mut self, value: Option<Value>) -> Outcome<Vec<Text>> {
        let mut names = Vec::new();
        let value = match value {
            None | Some(Value::None) => return Ok(names),
            Some(value) => value,
        };
        for item in self.items(&value)? {
            match item {
                Value::Text(name) => names.push(name),
                _ => return outside("a `fromlist` of other things than text"),
            }
        }
        Ok(names)
    }

    /// `importlib.import_module(name, package=None)`.
    pub(crate) fn import_module(&mut self, arguments: Arguments) -> Outcome<Value> {
        let [name, package] = parameters(arguments, ["name", "package"])?;
        let Some(Value::Text(name)) = name else { return outside("a name that is no text") };
        let package = package.unwrap_or(Value::None);
        let rest = name.trim_start_matches('.');
        let level = name.len() - rest.len();
        if level == 0 {
            if name.is_empty() {
                return Err(self.error("ValueError", "Empty module name"));
            }
            // a slice of it is a plain text, whatever its class
            let name = Text::from(&*name);
            return self.deeper(2, |machine| machine.gcd_import(&name));
        }
        if !self.truth(&package)? {
            let message = "the 'package' argument is required to perform a relative import for";
            let message = format!("{message} {}", repr_text(&name));
            return Err(self.error("TypeError", message));
        }
        let Value::Text(package) = package else {
            return Err(self.error("TypeError", "__package__ not set to a string"));
        };
        let name = self.absolute(rest, &package, level)?;
        self.deeper(2, |machine| machine.gcd_import(&name))
    }

    /// `_bootstrap._resolve_name(name, package, level)`.
    fn absolute(&mut self, name: &str, package: &str, level: usize) -> Outcome<Text> {
        let mut base = package;
        for _ in 1..level {
            let Some((parent, _)) = base.rsplit_once('.') else {
                let message = "attempted relative import beyond top-level package";
                return Err(self.error("ImportError", message));
            };
            base = parent;
        }
        Ok(if name.is_empty() { base.into() } else { format!("{base}.{name}").into() })
    }

    /// `importlib.invalidate_caches()`: folders are listed anew, and entries without a finder are
    /// asked for again.
    pub(crate) fn invalidate_caches(&mut self) -> Outcome<Value> {
        self.namespace_epoch += 1;
        let finders = self.list_of_sys("meta_path").cloned().unwrap_or_default();
        for finder in finders.iter().filter(|finder| !matches!(finder, Value::Native(_))) {
            if let Some(invalidate) = self.optional(finder, "invalidate_caches")? {
                self.call(&invalidate, Arguments::default())?;
            }
        }
        let importers = self.heap.map(self.importers).iter();
        let importers: Vec<_> =
            importers.map(|(key, value)| (key.clone(), value.clone())).collect();
        for (entry, finder) in importers {
            // a relative path may lead elsewhere by now (gh-93461), and its finder is told nothing
            let is_relative = !entry.starts_with(['<', '/']) && self.rules.since(11);
            if finder.is_none() || is_relative {
                self.heap.map_mut(self.importers).remove(&entry);
                continue;
            }
            let Value::Object(handle) = finder else { continue };
            match self.heap.get_mut(handle) {
                Object::FileFinder(finder) => finder.listing = None,
                Object::Loader(Loader::Zip(zip)) => {
                    let archive = Text::clone(&zip.archive);
                    self.invalidate_zip(handle, &archive)?;
                }
                Object::Loader(_) => {}
                _ => {
                    if let Some(invalidate) = self.optional(&finder, "invalidate_caches")? {
                        self.call(&invalidate, Arguments::default())?;
                    }
                }
            }
        }
        if self.rules.since(13) {
            // `PathFinder` tells the finder of packages' metadata, which it imports for that
            self.import_library("importlib.metadata")?;
        }
        Ok(Value::None)
    }

    /// `importlib.util.find_spec(name, package=None)`.
    pub(crate) fn util_find_spec(&mut self, arguments: Arguments) -> Outcome<Value> {
        let [name, package] = parameters(arguments, ["name", "package"])?;
        let Some(Value::Text(given)) = name else { return outside("a name that is no text") };
        let name = match (given.strip_prefix('.'), package) {
            (None, _) => Text::clone(&given),
            (Some(_), Some(Value::Text(package))) if !package.is_empty() => {
                let rest = given.trim_start_matches('.');
                self.absolute(rest, &package, given.len() - rest.len())?
            }
            (Some(_), _) => {
                let start = format!("no package specified for {}", repr_text(&given));
                let message = format!("{start} (required for relative module names)");
                return Err(self.error("ImportError", message));
            }
        };
        if self.rules.has(Fault::FindSpecImportsLeaf) {
            self.import_level_0(&name)?;
        }
        if let Some(module) = self.module(&name)? {
            return self.spec_of_loaded(&module, &given);
        }
        let path = self.path_of_parent(&name)?;
        if self.rules.has(Fault::FindSpecUnseen) {
            return self.ask_finders(&name, &path, &Value::None);
        }
        self.find_spec_itself(&name, &path, &Value::None)
    }

    fn path_of_parent(&mut self, name: &Text) -> Outcome<Value> {
        let parent = parent_of(name);
        if parent.is_empty() {
            return Ok(Value::None);
        }
        let fromlist: Text = "__path__".into();
        let globals = self.sys;
        let package = self.import_name(&parent.into(), globals, Some(&[fromlist]), 0)?;
        if let Some(path) = self.optional(&package, "__path__")? {
            return Ok(path);
        }
        let message = format!("__path__ attribute not found on {}", repr_text(parent));
        let message = format!("{message} while trying to find {}", repr_text(name));
        let name = Value::Text(Text::clone(name));
        Err(self.import_error("ModuleNotFoundError", message, name))
    }

    /// `pickle.loads()` of a global by module and name, the one thing in a pickle that imports.
    pub(crate) fn unpickle(&mut self, pickle: &str) -> Outcome<Value> {
        let global = pickle.strip_prefix('c').and_then(|rest| rest.strip_suffix("\n."));
        let Some((module, name)) = global.and_then(|global| global.split_once('\n')) else {
            return outside("a pickle of anything but a global");
        };
        if name.contains(['\n', '.']) {
            return outside("a pickle of anything but a global");
        }
        let module: Text = module.into();
        self.import_level_0(&module)?;
        let module = self.required_module(&module)?;
        match self.optional(&module, name)? {
            Some(found) => Ok(found),
            None => Err(self.error_without_message("AttributeError")),
        }
    }

    fn spec_of_loaded(&mut self, module: &Value, name: &str) -> Outcome<Value> {
        if module.is_none() {
            return Ok(Value::None);
        }
        match self.optional(module, "__spec__")? {
            None => Err(self.error("ValueError", format!("{name}.__spec__ is not set"))),
            Some(Value::None) => Err(self.error("ValueError", format!("{name}.__spec__ is None"))),
            Some(spec) => Ok(spec),
        }
    }
}

/// Arguments by the names of their parameters; nothing for what was not given.
pub(crate) fn parameters<const N: usize>(
    arguments: Arguments,
    names: [&str; N],
) -> Outcome<[Option<Value>; N]> {
    let mut found = [const { None }; N];
    if arguments.positional.len() > N {
        return outside("a call with too many arguments");
    }
    for (slot, value) in found.iter_mut().zip(arguments.positional) {
        *slot = Some(value);
    }
    for (keyword, value) in arguments.keywords {
        match names.iter().position(|name| **name == *keyword) {
            Some(position) if found[position].is_none() => found[position] = Some(value),
            _ => return outside(format!("the argument `{keyword}`")),
        }
    }
    Ok(found)
}
