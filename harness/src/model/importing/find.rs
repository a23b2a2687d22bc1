//! Finding: `_find_spec` of `Lib/importlib/_bootstrap.py`, and the finders of
//! `_bootstrap_external.py`.

use tollgate_event::Operation;

use crate::{
    model::{
        importing::{library, patched::FIND_SPEC},
        language::call::Arguments,
        machine::Machine,
        object::{
            map::Text,
            native::{Finder, Native},
            value::{Loader, Object, Spec, Value},
        },
        record::SEARCH,
        stop::{Outcome, doubt},
    },
    span::Ending,
};

impl Machine<'_> {
    /// `_find_spec(name, path, target)`, whatever stands under that name. `None` where no finder
    /// knows the module.
    pub(crate) fn find_spec(
        &mut self,
        name: &Text,
        path: &Value,
        target: &Value,
    ) -> Outcome<Value> {
        let Some(function) = self.replacement(FIND_SPEC)? else {
            return self.find_spec_itself(name, path, target);
        };
        let mut arguments = vec![Value::Text(Text::clone(name)), path.clone()];
        // a reload alone has something there, and passes it
        arguments.extend(Some(target).filter(|target| !target.is_none()).cloned());
        self.call(&function, Arguments::positional(arguments))
    }

    /// importlib's own `_find_spec(name, path, target)`: the span `find`.
    pub(crate) fn find_spec_itself(
        &mut self,
        name: &Text,
        path: &Value,
        target: &Value,
    ) -> Outcome<Value> {
        let ending = |spec: &Value| if spec.is_none() { Ending::NotFound } else { Ending::Ok };
        let find = |machine: &mut Self| machine.ask_finders(name, path, target);
        self.span(Operation::Find, name, find, ending)
    }

    /// The body of `_find_spec`.
    pub(crate) fn ask_finders(
        &mut self,
        name: &Text,
        path: &Value,
        target: &Value,
    ) -> Outcome<Value> {
        let is_reload = self.module(name)?.is_some();
        self.record.read(SEARCH);
        if self.heap.map(self.sys).get("meta_path") == Some(&Value::None) {
            let message = "sys.meta_path is None, Python is likely shutting down";
            return Err(self.error("ImportError", message));
        }
        let Some(finders) = self.list_of_sys("meta_path").cloned() else {
            return doubt("`sys.meta_path`", "it is no list any more");
        };
        let mut asked = 0;
        while let Some(finder) = self.next_finder(&finders, asked)? {
            asked += 1;
            let spec = match finder {
                Value::Native(Native::Finder(finder)) => self.ask_own_finder(finder, name, path)?,
                _ => self.ask_users_finder(&finder, name, path, target.clone())?,
            };
            if spec.is_none() {
                continue;
            }
            if is_reload {
                return Ok(spec);
            }
            // The parent import may have already imported this module.
            let Some(module) = self.module(name)? else { return Ok(spec) };
            let imported = self.optional(&module, "__spec__")?.unwrap_or(Value::None);
            return Ok(if imported.is_none() { spec } else { imported });
        }
        Ok(Value::None)
    }

    /// The finder that is asked after `asked` others. CPython walks the list itself until 3.12 and a
    /// copy, `finders`, from 3.14 on (gh-130094); releases of 3.13 do the one or the other.
    fn next_finder(&self, finders: &[Value], asked: usize) -> Outcome<Option<Value>> {
        let copied = finders.get(asked).cloned();
        if self.rules.since(14) {
            return Ok(copied);
        }
        let Some(list) = self.list_of_sys("meta_path") else {
            return doubt("`sys.meta_path`", "it is no list any more");
        };
        let live = list.get(asked).cloned();
        if self.rules.since(13) && live != copied {
            return doubt("`sys.meta_path`", "it changes while it is walked");
        }
        Ok(live)
    }

    fn ask_own_finder(&mut self, finder: Finder, name: &Text, path: &Value) -> Outcome<Value> {
        match finder {
            Finder::Builtin => {
                let Some(package) = library::leaf(name) else { return Ok(Value::None) };
                let in_file = name.starts_with("encodings.");
                let loader = self.loader(if in_file { Loader::Library } else { Loader::Inert });
                let mut spec = Spec::new(Text::clone(name), loader);
                if library::is_built_in(name) {
                    spec.origin = Value::text("built-in");
                }
                if package {
                    spec.locations = self.list(Vec::new());
                }
                Ok(Value::Object(self.heap.add(Object::Spec(spec))))
            }
            // What is frozen and not of the library's own business is a leaf, found above.
            Finder::Frozen => Ok(Value::None),
            Finder::Path => {
                let entries = self.path_entries(path)?;
                self.path_finder(name, &entries)
            }
        }
    }

    fn ask_users_finder(
        &mut self,
        finder: &Value,
        name: &Text,
        path: &Value,
        target: Value,
    ) -> Outcome<Value> {
        let name = Value::Text(Text::clone(name));
        if let Some(find_spec) = self.optional(finder, "find_spec")? {
            return self.call(&find_spec, Arguments::positional([name, path.clone(), target]));
        }
        if self.rules.since(12) {
            return Ok(Value::None);
        }
        // _find_spec_legacy
        self.warns("ImportWarning")?;
        let find_module = self.attribute(finder, "find_module")?;
        let loader =
            self.call(&find_module, Arguments::positional([name.clone(), path.clone()]))?;
        match (loader, name) {
            (Value::None, _) => Ok(Value::None),
            (loader, Value::Text(name)) => {
                let spec = Object::Spec(Spec::new(name, loader));
                Ok(Value::Object(self.heap.add(spec)))
            }
            _ => Ok(Value::None),
        }
    }

    pub(crate) fn loader(&mut self, loader: Loader) -> Value {
        Value::Object(self.heap.add(Object::Loader(loader)))
    }
}
