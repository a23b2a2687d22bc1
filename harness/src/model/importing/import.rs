//! What statements and `__import__()` do: `PyImport_ImportModuleLevelObject` and its surroundings in
//! `Python/import.c`, and `IMPORT_FROM` in `Python/ceval.c`.

use crate::model::{
    fault::Fault,
    importing::{bootstrap::Importer, module::parent_of},
    machine::{Frame, FrameKind, Machine},
    object::{
        heap::MapId,
        map::Text,
        native::{Function, Native},
        text::repr_text,
        value::{Object, Value},
    },
    stop::{Outcome, Stop, doubt},
};

/// The names in the `from` part of a statement; nothing for a plain `import`.
pub(crate) type FromList<'n> = Option<&'n [Text]>;

impl<'a> Machine<'a> {
    /// What a statement does: `builtins.__import__()` of the module that it is in.
    pub(crate) fn import_as_builtins_say(
        &mut self,
        frame: &Frame<'a>,
        name: &Text,
        fromlist: FromList<'_>,
        level: u32,
    ) -> Outcome<Value> {
        let Some(function) = self.builtin_of(frame, "__import__")? else {
            return Err(self.error("ImportError", "__import__ not found"));
        };
        if function == Value::Native(Native::Function(Function::DunderImport)) {
            return self.import_name(name, frame.globals, fromlist, level);
        }
        let locals = match frame.kind {
            FrameKind::Function(_) => Value::None,
            FrameKind::Module | FrameKind::Class => Value::Dict(frame.locals),
        };
        let names = match fromlist {
            Some(names) => self.tuple(names.iter().cloned().map(Value::Text).collect()),
            None => Value::None,
        };
        let (name, level) = (Value::Text(Text::clone(name)), Value::Int(level.into()));
        self.call_with(&function, [name, Value::Dict(frame.globals), locals, names, level])
    }

    /// `__import__(name)`, absolute and without names.
    pub(crate) fn import_level_0(&mut self, name: &Text) -> Outcome<Value> {
        self.import_absolute(name, None)
    }

    /// `PyImport_ImportModuleLevelObject(name, globals, fromlist, level)`.
    pub(crate) fn import_name(
        &mut self,
        name: &Text,
        globals: MapId,
        fromlist: FromList<'_>,
        level: u32,
    ) -> Outcome<Value> {
        if level == 0 {
            return self.import_absolute(name, fromlist);
        }
        let absolute = self.resolve_name(name, globals, level)?;
        let module = self.import_module_at(&absolute)?;
        match fromlist {
            Some(names) if !names.is_empty() => {
                self.with_fromlist(module, names, Importer::Builtin)
            }
            _ if name.is_empty() => Ok(module),
            // The package up to the first dot of what the statement says.
            _ => match name.find('.') {
                None => Ok(module),
                Some(dot) => {
                    let end = absolute.len() - (name.len() - dot);
                    let package = &absolute[..end];
                    let Some(module) = self.module(package)? else {
                        let message =
                            format!("{} not in sys.modules as expected", repr_text(package));
                        return Err(self.error("KeyError", message));
                    };
                    Ok(module)
                }
            },
        }
    }

    fn import_absolute(&mut self, name: &Text, fromlist: FromList<'_>) -> Outcome<Value> {
        if name.is_empty() {
            return Err(self.error("ValueError", "Empty module name"));
        }
        let module = self.import_module_at(name)?;
        match (fromlist, name.split_once('.')) {
            (Some(names), _) if !names.is_empty() => {
                self.with_fromlist(module, names, Importer::Builtin)
            }
            (_, Some((top, _))) => self.deeper(0, |machine| machine.import_level_0(&top.into())),
            (_, None) => Ok(module),
        }
    }

    /// The module of an absolute name, from `sys.modules` or imported.
    fn import_module_at(&mut self, name: &Text) -> Outcome<Value> {
        if let Some(module) = self.import_library(name)? {
            return Ok(module);
        }
        let Some(module) = self.module(name)?.filter(|module| !module.is_none()) else {
            if !self.rules.since(15) {
                self.audit_import(name)?;
            }
            return self.find_and_load(name, Importer::Builtin);
        };
        // import_ensure_initialized: waiting for another thread leaves no trace, but looking at
        // `__spec__` may run the program's code. Up to 3.12 what it raises is swallowed.
        match self.is_initializing(&module) {
            Err(Stop::Raised(_)) if !self.rules.since(13) => {}
            asked => drop(asked?),
        }
        if self.rules.since(13) && self.module(name)?.as_ref() != Some(&module) {
            if self.rules.since(14) {
                return self.find_and_load(name, Importer::Builtin);
            }
            let construct = "a module that replaces itself when its spec is looked at";
            return doubt(construct, "releases of 3.13 do the one or the other");
        }
        Ok(module)
    }

    /// The module, with those submodules imported that a `from` names.
    pub(crate) fn with_fromlist(
        &mut self,
        module: Value,
        names: &[Text],
        importer: Importer,
    ) -> Outcome<Value> {
        if self.optional(&module, "__path__")?.is_some() {
            self.handle_fromlist(&module, names, importer)?;
        }
        Ok(module)
    }

    /// `resolve_name` of `import.c`.
    pub(crate) fn resolve_name(&mut self, name: &str, globals: MapId, level: u32) -> Outcome<Text> {
        let package = self.package_of(globals)?;
        let mut package = match &package {
            Value::Text(package) => &**package,
            _ => return doubt("a package name that is no text", "versions differ on the error"),
        };
        if package.is_empty() {
            let message = "attempted relative import with no known parent package";
            return Err(self.error("ImportError", message));
        }
        let is_package = self.heap.map(globals).contains("__path__");
        let off_by_one = u32::from(self.rules.has(Fault::RelativeLevelOffByOne) && is_package);
        for _ in 1..level + off_by_one {
            let Some((parent, _)) = package.rsplit_once('.') else {
                let message = "attempted relative import beyond top-level package";
                return Err(self.error("ImportError", message));
            };
            package = parent;
        }
        Ok(if name.is_empty() { package.into() } else { format!("{package}.{name}").into() })
    }

    /// What a relative import in a module with these globals is relative to.
    fn package_of(&mut self, globals: MapId) -> Outcome<Value> {
        let names = self.heap.map(globals);
        let get = |name| names.get(name).cloned().unwrap_or(Value::None);
        let (package, spec) = (get("__package__"), get("__spec__"));
        if !package.is_none() {
            self.check_parent(&package, &spec)?;
            return Ok(package);
        }
        if !spec.is_none() {
            return self.attribute(&spec, "parent");
        }
        let (is_package, name) = (names.contains("__path__"), get("__name__"));
        self.warns("ImportWarning")?;
        match name {
            Value::Text(name) if is_package => Ok(Value::Text(name)),
            Value::Text(name) => Ok(Value::text(parent_of(&name))),
            _ => doubt("a module without `__name__`", "versions differ on the error"),
        }
    }

    /// A package that its module's spec does not name draws a warning.
    fn check_parent(&mut self, package: &Value, spec: &Value) -> Outcome<()> {
        if self.sources.program().start().raised_warnings.is_none() || spec.is_none() {
            return Ok(());
        }
        if self.attribute(spec, "parent")? != *package {
            self.warns("ImportWarning")?;
            self.warns("DeprecationWarning")?;
        }
        Ok(())
    }

    /// `IMPORT_FROM`: an attribute of the module, or failing that a module from `sys.modules`.
    pub(crate) fn import_from(&mut self, module: &Value, name: &Text) -> Outcome<Value> {
        if let Some(value) = self.optional(module, name)? {
            return Ok(value);
        }
        let package = self.optional(module, "__name__")?;
        if let Some(Value::Text(package)) = &package
            && let Some(found) = self.module(&format!("{package}.{name}"))?
        {
            return Ok(found);
        }
        if package.is_none() && !self.rules.since(13) && self.origin(module)?.is_some() {
            let why = "before 3.13 one error is raised while another is set, and either may come";
            return doubt("a `from` of a module without `__name__`", why);
        }
        let message = self.cannot_import(module, name, package.as_ref())?;
        let package = package.unwrap_or(Value::None);
        Err(self.import_error("ImportError", message, package))
    }

    fn cannot_import(
        &mut self,
        module: &Value,
        name: &str,
        package: Option<&Value>,
    ) -> Outcome<String> {
        let package = match package {
            Some(package) => self.repr_of(package)?,
            None => repr_text("<unknown module name>"),
        };
        let start = format!("cannot import name {} from", repr_text(name));
        let Some(origin) = self.origin(module)? else {
            return Ok(format!("{start} {package} (unknown location)"));
        };
        if self.says_initializing(module)? {
            let cause = "most likely due to a circular import";
            return Ok(format!(
                "{start} partially initialized module {package} ({cause}) ({origin})"
            ));
        }
        Ok(format!("{start} {package} ({origin})"))
    }

    /// [`Self::is_initializing`], as messages ask for it: up to 3.12 errors are swallowed.
    fn says_initializing(&mut self, module: &Value) -> Outcome<bool> {
        match self.is_initializing(module) {
            Err(Stop::Raised(_)) if !self.rules.since(13) => Ok(false),
            asked => asked,
        }
    }

    /// The file that messages name: `__file__`, from 3.14 on the origin of the spec before it.
    fn origin(&mut self, module: &Value) -> Outcome<Option<Text>> {
        if self.rules.since(14) {
            match self.optional(module, "__spec__")? {
                None | Some(Value::None) => return Ok(None),
                Some(Value::Object(spec)) => {
                    if let Object::Spec(spec) = self.heap.get(spec)
                        && let (true, Value::Text(origin)) = (spec.has_location, &spec.origin)
                    {
                        return Ok(Some(Text::clone(origin)));
                    }
                }
                Some(_) => {}
            }
        }
        let Value::Object(handle) = module else { return Ok(None) };
        let Object::Module(module) = *self.heap.get(*handle) else { return Ok(None) };
        match self.heap.map(module.dict).get("__file__") {
            Some(Value::Text(file)) => Ok(Some(Text::clone(file))),
            _ => Ok(None),
        }
    }
}
