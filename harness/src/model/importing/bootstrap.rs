//! `_gcd_import` and `_find_and_load` of `Lib/importlib/_bootstrap.py`, function by function.

use tollgate_event::Operation;

use crate::{
    model::{
        fault::Fault,
        importing::patched::{FIND_AND_LOAD, GCD_IMPORT},
        language::call::Arguments,
        machine::Machine,
        object::{
            map::Text,
            native::{Function, Native},
            text::repr_text,
            value::{Object, Value},
        },
        stop::{Outcome, Stop, doubt},
    },
    span::Ending,
};

/// The `import_` that importlib's functions hand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Importer {
    /// `builtins.__import__`, for what a statement began.
    Builtin,
    /// `_gcd_import`, for what `importlib.import_module()` began. Unlike the other it enters
    /// `_find_and_load` for modules in `sys.modules` too.
    Gcd,
    /// `builtins.__import__` for what an attribute that a lazy statement has named may be, from 3.15 on:
    /// a submodule that is not there is no error.
    LazySubmodule,
}

const RELEASES: &str = "releases of 3.13 do the one or the other";

impl Machine<'_> {
    /// `_gcd_import(name, package, level)`, after `_sanity_check`.
    pub(crate) fn gcd_import(&mut self, name: &Text) -> Outcome<Value> {
        if self.rules.has(Fault::CachedImportModuleUnseen)
            && let Some(module) = self.module(name)?
            && !module.is_none()
        {
            return Ok(module);
        }
        self.find_and_load(name, Importer::Gcd)
    }

    /// `import_(name)`.
    pub(crate) fn import(&mut self, name: &Text, importer: Importer) -> Outcome<()> {
        match importer {
            Importer::Builtin | Importer::LazySubmodule => self.import_level_0(name).map(drop),
            Importer::Gcd => self.gcd_import(name).map(drop),
        }
    }

    /// `_find_and_load(name, import_)`, whatever stands under that name.
    pub(crate) fn find_and_load(&mut self, name: &Text, importer: Importer) -> Outcome<Value> {
        let Some(function) = self.replacement(FIND_AND_LOAD)? else {
            return self.find_and_load_itself(name, importer);
        };
        let importer = Value::Native(match importer {
            Importer::Builtin => Native::Function(Function::DunderImport),
            Importer::Gcd => Native::Library(GCD_IMPORT),
            Importer::LazySubmodule => {
                let construct = "a lazy import under another `_find_and_load`";
                return doubt(construct, "how it is called then is not followed");
            }
        });
        self.call_with(&function, [Value::Text(Text::clone(name)), importer])
    }

    /// importlib's own `_find_and_load(name, import_)`: the span `import`.
    pub(crate) fn find_and_load_itself(
        &mut self,
        name: &Text,
        importer: Importer,
    ) -> Outcome<Value> {
        if let Some(module) = self.import_library(name)? {
            return Ok(module);
        }
        if self.rules.has(Fault::ParentBesideChild)
            && let Some((parent, _)) = name.rsplit_once('.')
            && self.module(parent)?.is_none()
        {
            self.import(&parent.into(), importer)?;
        }
        let find_and_load = |machine: &mut Self| machine.find_and_load_body(name, importer);
        self.span(Operation::Import, name, find_and_load, |_| Ending::Ok)
    }

    fn find_and_load_body(&mut self, name: &Text, importer: Importer) -> Outcome<Value> {
        let mut module = self.usable_module(name)?;
        // Looking at `__spec__._initializing` may run the program's code.
        if let Some(found) = &module
            && self.rules.since(11)
        {
            let initializing = self.is_initializing(found)?;
            let again = self.usable_module(name)?;
            if initializing {
                module = again;
            } else if again != module {
                return self.find_changed(name, importer, found);
            }
        }
        if module.is_none() && self.rules.since(15) {
            self.audit_import(name)?;
            self.resolve_parents(name, importer)?;
            module = self.usable_module(name)?;
        }
        match module {
            None => self.find_and_load_unlocked(name, importer),
            Some(Value::None) => {
                let message = format!("import of {name} halted; None in sys.modules");
                let name = Value::Text(Text::clone(name));
                Err(self.import_error("ModuleNotFoundError", message, name))
            }
            Some(module) => Ok(module),
        }
    }

    /// The module of this name has become another while its spec was looked at.
    fn find_changed(&mut self, name: &Text, importer: Importer, was: &Value) -> Outcome<Value> {
        if self.rules.since(15) && self.replacement(FIND_AND_LOAD)?.is_some() {
            let why = "it is called with another keyword here";
            return doubt("a function of the program in the place of importlib's", why);
        }
        if self.rules.since(14) {
            return self.find_and_load(name, importer);
        }
        if self.rules.since(13) {
            return doubt("a module that replaces itself when its spec is looked at", RELEASES);
        }
        Ok(was.clone())
    }

    /// `sys.modules.get(name)`.
    fn usable_module(&mut self, name: &str) -> Outcome<Option<Value>> {
        let module = self.module(name)?;
        let ignored = self.rules.has(Fault::NoneEntryIgnored) && module == Some(Value::None);
        if module.is_none() && self.rules.has(Fault::DeletionIgnored) {
            return Ok(self.ever_loaded.get(name).cloned());
        }
        Ok(module.filter(|_| !ignored))
    }

    /// `_resolve_parents(name, import_)`, from 3.15 on. Waiting for other threads leaves no trace.
    fn resolve_parents(&mut self, name: &str, importer: Importer) -> Outcome<()> {
        let Some((parent, _)) = name.rsplit_once('.') else { return Ok(()) };
        for (dot, _) in parent.match_indices('.') {
            if let Some(ancestor) = self.module(&parent[..dot])? {
                self.is_initializing(&ancestor)?;
            }
        }
        let needed = match self.module(parent)? {
            None => true,
            Some(module) => self.is_initializing(&module)?,
        };
        if needed { self.import(&parent.into(), importer) } else { Ok(()) }
    }

    /// `_find_and_load_unlocked(name, import_)`.
    fn find_and_load_unlocked(&mut self, name: &Text, importer: Importer) -> Outcome<Value> {
        let Some((parent, child)) = name.rsplit_once('.') else {
            let spec = self.find_spec(name, &Value::None, &Value::None)?;
            return self.load_found(name, &spec, None);
        };
        if self.module(parent)?.is_none() {
            self.import(&parent.into(), importer)?;
        }
        // Crazy side-effects!
        if let Some(module) = self.imported_meanwhile(name)? {
            return Ok(module);
        }
        let parent_module = self.required_module(parent)?;
        let Some(path) = self.optional(&parent_module, "__path__")? else {
            if importer == Importer::LazySubmodule {
                return Ok(Value::None);
            }
            return Err(self.not_a_package(name, parent)?);
        };
        let mut parent_spec = Value::None;
        if self.rules.since(11) {
            parent_spec = self.attribute(&parent_module, "__spec__")?;
        }
        if self.rules.since(14) {
            if self.is_initializing(&parent_module)? {
                self.import(&parent.into(), importer)?;
            }
            if let Some(module) = self.imported_meanwhile(name)? {
                return Ok(module);
            }
        }
        let spec = self.find_spec(name, &path, &Value::None)?;
        if spec.is_none() && importer == Importer::LazySubmodule {
            return Ok(Value::None);
        }
        let module = self.load_found(name, &spec, Some((&parent_spec, child)))?;
        self.bind_to_parent(parent, child, &module)?;
        Ok(module)
    }

    /// `sys.modules[name]`, if importing the parent has put it there.
    fn imported_meanwhile(&mut self, name: &str) -> Outcome<Option<Value>> {
        let found = self.module(name)?;
        let none_counts = !self.rules.since(14);
        Ok(found.filter(|module| none_counts || !module.is_none()))
    }

    fn not_a_package(&mut self, name: &Text, parent: &str) -> Outcome<Stop> {
        if self.rules.has(Fault::NonPackageSearched) {
            let nowhere = self.list(Vec::new());
            self.find_spec(name, &nowhere, &Value::None)?;
        }
        let message =
            format!("No module named {}; {} is not a package", repr_text(name), repr_text(parent));
        Ok(self.import_error("ModuleNotFoundError", message, Value::Text(Text::clone(name))))
    }

    /// Loads what was found, as a child that its parent knows to be unfinished.
    fn load_found(
        &mut self,
        name: &Text,
        spec: &Value,
        parent: Option<(&Value, &str)>,
    ) -> Outcome<Value> {
        if spec.is_none() {
            let message = format!("No module named {}", repr_text(name));
            let name = Value::Text(Text::clone(name));
            return Err(self.import_error("ModuleNotFoundError", message, name));
        }
        if let Some((parent, _)) = parent {
            self.check_parent_spec(parent)?;
        }
        let pending = parent.and_then(|(spec, child)| match spec {
            Value::Object(handle) => Some((*handle, child)),
            _ => None,
        });
        if let Some((parent, child)) = pending
            && let Object::Spec(parent) = self.heap.get_mut(parent)
        {
            parent.uninitialized.push(child.into());
        }
        let loaded = self.load_unlocked(spec);
        if let Some((parent, _)) = pending
            && let Object::Spec(parent) = self.heap.get_mut(parent)
        {
            parent.uninitialized.pop();
        }
        loaded
    }

    /// `parent_spec._uninitialized_submodules`, if the parent's spec is true at all.
    fn check_parent_spec(&mut self, spec: &Value) -> Outcome<()> {
        let is_spec = matches!(spec, Value::Object(handle)
            if matches!(self.heap.get(*handle), Object::Spec(_)));
        if is_spec || !self.truth(spec)? {
            return Ok(());
        }
        self.attribute(spec, "_uninitialized_submodules")?;
        doubt("a parent's spec that is no `ModuleSpec`", "it is not followed")
    }

    /// Sets the module as an attribute of its parent.
    fn bind_to_parent(&mut self, parent: &str, child: &str, module: &Value) -> Outcome<()> {
        if self.rules.has(Fault::ParentNotBound) {
            return Ok(());
        }
        let package = self.required_module(parent)?;
        match self.set_attribute(&package, child, module.clone()) {
            Err(stop) if self.is_raised(&stop, "AttributeError") => {
                let (parent, child) = (repr_text(parent), repr_text(child));
                let text = format!("Cannot set an attribute on {parent} for child module {child}");
                self.warns_that("ImportWarning", text)
            }
            result => result,
        }
    }

    /// `sys.modules[name]`.
    pub(crate) fn required_module(&mut self, name: &str) -> Outcome<Value> {
        match self.module(name)? {
            Some(module) => Ok(module),
            None => Err(self.raise_builtin("KeyError", &[Value::text(name)])),
        }
    }

    /// `getattr(getattr(module, "__spec__", None), "_initializing", False)`, as a truth value.
    pub(crate) fn is_initializing(&mut self, module: &Value) -> Outcome<bool> {
        let Some(Value::Object(spec)) = self.optional(module, "__spec__")? else {
            return Ok(false);
        };
        if let Object::Spec(spec) = self.heap.get(spec) {
            return Ok(spec.initializing);
        }
        match self.optional(&Value::Object(spec), "_initializing")? {
            Some(value) => self.truth(&value),
            None => Ok(false),
        }
    }

    /// `self.find_spec(...)` of a meta path finder and the like: a call with these arguments.
    pub(crate) fn call_with<const N: usize>(
        &mut self,
        function: &Value,
        arguments: [Value; N],
    ) -> Outcome<Value> {
        self.call(function, Arguments::positional(arguments))
    }
}
