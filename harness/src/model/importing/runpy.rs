//! `python -m`: `_run_module_as_main` and `_get_module_details` of `Lib/runpy.py`.

use crate::model::{
    disk::{Contents, Node},
    importing::{code::Code, importlib::parameters, module::parent_of},
    language::call::Arguments,
    machine::Machine,
    object::{
        map::Text,
        text::repr_text,
        value::{Module, Object, Spec, Value},
    },
    stop::{Outcome, Stop, outside},
};

/// What `runpy` and the modules that it imports leave in `sys.modules`.
const LOADED: [&str; 5] = ["importlib", "importlib.machinery", "importlib.util", "io", "os"];

/// What `find_spec()` may raise without its being the program's fault.
const FORGIVEN: [&str; 4] = ["ImportError", "AttributeError", "TypeError", "ValueError"];

/// The module that is run: its spec and its code. Nothing where there is no such module, which ends
/// the program with a message.
type Details = Option<(Value, Code)>;

impl Machine<'_> {
    /// `import runpy`, as the interpreter does for `-m` before it runs anything else.
    pub(crate) fn import_runpy(&mut self) -> Outcome<()> {
        for name in LOADED {
            self.import_library(name)?;
        }
        Ok(())
    }

    /// `_run_module_as_main(name)`.
    pub(crate) fn run_module_as_main(&mut self, name: &Text, main: Module) -> Outcome<()> {
        let Some((value, code)) = self.module_details(name)? else {
            // The message starts with the path of the interpreter.
            return Err(self.error_without_message("SystemExit"));
        };
        let (_, spec) = self.spec(&value)?;
        let package = if spec.locations.is_none() { parent_of(&spec.name) } else { &spec.name };
        let package = Value::text(package);
        let minor = self.rules.version.minor;
        let cached = match &spec.origin {
            Value::Text(origin) => Value::Text(self.cache_from_source(origin).into()),
            _ => Value::None,
        };
        let names = self.heap.map_mut(main.dict);
        names.insert("__name__", Value::text("__main__"));
        names.insert("__file__", spec.origin);
        if minor < 15 {
            names.insert("__cached__", cached);
        }
        names.insert("__doc__", Value::None);
        names.insert("__loader__", spec.loader);
        names.insert("__package__", package);
        names.insert("__spec__", value);
        self.deeper(2, |machine| machine.run_body(code, main))
    }

    /// `run_module()` and `run_path()`.
    pub(crate) fn call_runpy(&mut self, name: &str, arguments: Arguments) -> Outcome<Value> {
        self.import_runpy()?;
        if name == "runpy.run_path" {
            let names = ["path_name", "init_globals", "run_name"];
            let [path, globals, run_name] = parameters(arguments, names)?;
            return match (path, globals) {
                (Some(Value::Text(path)), None) => self.run_path(&path, run_name),
                _ => outside("this call of `run_path`"),
            };
        }
        let names = ["mod_name", "init_globals", "run_name", "alter_sys"];
        let [name, globals, run_name, alter] = parameters(arguments, names)?;
        let (Some(Value::Text(name)), None) = (name, globals) else {
            return outside("this call of `run_module`");
        };
        let Some((spec, code)) = self.module_details(&name)? else {
            return Err(self.error_without_message("ImportError"));
        };
        let (_, Spec { name: found, .. }) = self.spec(&spec)?;
        let run_name = match run_name {
            Some(Value::Text(name)) => name,
            _ => found,
        };
        let alter = match alter {
            Some(alter) => self.truth(&alter)?,
            None => false,
        };
        let module = self.new_module(Text::clone(&run_name), false);
        let run = |machine: &mut Self| machine.run_code_as(&run_name, &spec, code, &module);
        if alter { self.with_module(&run_name, &module, run) } else { run(self) }
    }

    /// `_run_code(code, globals, run_name, spec)`; gives the globals.
    fn run_code_as(
        &mut self,
        run_name: &Text,
        spec: &Value,
        code: Code,
        module: &Value,
    ) -> Outcome<Value> {
        let Some(of) = self.as_module(module) else { return Ok(Value::None) };
        let (origin, loader, package) = if spec.is_none() {
            (Value::Text(Text::clone(&code.1)), Value::None, Value::text(parent_of(run_name)))
        } else {
            let (_, found) = self.spec(spec)?;
            let package =
                if found.locations.is_none() { parent_of(&found.name) } else { &found.name };
            (found.origin.clone(), found.loader.clone(), Value::text(package))
        };
        let names = self.heap.map_mut(of.dict);
        names.insert("__name__", Value::Text(Text::clone(run_name)));
        names.insert("__file__", origin);
        names.insert("__loader__", loader);
        names.insert("__package__", package);
        names.insert("__spec__", spec.clone());
        self.deeper(2, |machine| machine.run_body(code, of))?;
        let names = self.heap.map(of.dict).clone();
        Ok(Value::Dict(self.heap.add_map(names)))
    }

    /// `_TempModule(name)`: `sys.modules` has the module while something runs.
    fn with_module<T>(
        &mut self,
        name: &str,
        module: &Value,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let before = self.module(name)?;
        self.set_module(name, module.clone());
        let result = run(self);
        match before {
            Some(before) => self.set_module(name, before),
            None => drop(self.remove_module(name)),
        }
        result
    }

    fn run_path(&mut self, path: &Text, run_name: Option<Value>) -> Outcome<Value> {
        let run_name = match run_name {
            Some(Value::Text(name)) => name,
            _ => "<run_path>".into(),
        };
        self.import_library("pkgutil")?;
        let module = self.new_module(Text::clone(&run_name), false);
        if self.importer_of(path)?.is_none() {
            let code = self.code_to_run(path)?;
            return self.with_module(&run_name, &module, |machine| {
                machine.run_code_as(&run_name, &Value::None, code, &module)
            });
        }
        self.change_path(|entries| entries.insert(0, Value::Text(Text::clone(path))))?;
        let main: Text = "__main__".into();
        let saved = self.remove_module(&main);
        let details = self.module_details(&main);
        if let Some(saved) = saved {
            self.set_module(Text::clone(&main), saved);
        }
        let result = match details {
            Ok(Some((spec, code))) => self.with_module(&run_name, &module, |machine| {
                machine.run_code_as(&run_name, &spec, code, &module)
            }),
            Ok(None) => Err(self.error_without_message("ImportError")),
            Err(stop) => Err(stop),
        };
        let entry = Value::Text(Text::clone(path));
        self.change_path(|entries| {
            if let Some(position) = entries.iter().position(|one| *one == entry) {
                entries.remove(position);
            }
        })?;
        result
    }

    fn code_to_run(&mut self, path: &Text) -> Outcome<Code> {
        match self.disk.at(&self.disk.absolute(path)?) {
            Some(Node::File(contents @ (Contents::Given(_) | Contents::Bytes(_)))) => {
                Ok((self.source_file(&contents, path)?, Text::clone(path)))
            }
            Some(_) => outside("a file that is run and is no source"),
            None => Err(self.error_without_message("FileNotFoundError")),
        }
    }

    pub(crate) fn change_path(&mut self, change: impl FnOnce(&mut Vec<Value>)) -> Outcome<()> {
        match self.heap.map(self.sys).get("path") {
            Some(Value::Object(handle)) => {
                let handle = *handle;
                match self.heap.get_mut(handle) {
                    Object::List(entries) => change(entries),
                    _ => return outside("a `sys.path` that is no list"),
                }
                Ok(())
            }
            _ => outside("a `sys.path` that is no list"),
        }
    }

    /// `_get_module_details(name)`.
    fn module_details(&mut self, name: &Text) -> Outcome<Details> {
        self.step()?;
        let parent = parent_of(name);
        if !parent.is_empty() {
            self.import_parent(&parent.into())?;
            let existing = self.module(name)?;
            if let Some(module) = existing.filter(|module| !module.is_none())
                && self.optional(&module, "__path__")?.is_none()
            {
                let text = format!(
                    "{} found in sys.modules after import of package {}, but prior to execution \
                     of {}; this may result in unpredictable behaviour",
                    repr_text(name),
                    repr_text(parent),
                    repr_text(name)
                );
                self.warns_that("RuntimeWarning", text)?;
            }
        }
        let arguments = Arguments::positional([Value::Text(Text::clone(name))]);
        let found = match self.util_find_spec(arguments) {
            Err(stop) if FORGIVEN.iter().any(|class| self.is_raised(&stop, class)) => {
                return Ok(None);
            }
            found => found?,
        };
        if found.is_none() {
            return Ok(None);
        }
        let (_, Spec { locations, loader, .. }) = self.spec(&found)?;
        if !locations.is_none() {
            let is_main = name.rsplit('.').next() == Some("__main__");
            return if is_main {
                Ok(None)
            } else {
                self.module_details(&format!("{name}.__main__").into())
            };
        }
        let code = self.code_of(&loader, name)?;
        Ok(code.map(|code| (found, code)))
    }

    /// Imports the parent package; what is missing is left to `find_spec()`.
    fn import_parent(&mut self, parent: &Text) -> Outcome<()> {
        let Err(stop) = self.import_level_0(parent) else { return Ok(()) };
        if !self.is_raised(&stop, "ImportError") {
            return Err(stop);
        }
        let Stop::Raised(exception) = stop else { return Err(stop) };
        match self.attribute(&Value::Object(exception), "name")? {
            Value::Text(name) if name == *parent || parent.starts_with(&format!("{name}.")) => {
                Ok(())
            }
            _ => Err(stop),
        }
    }
}
