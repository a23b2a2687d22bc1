//! Making modules: `module_from_spec` and `_init_module_attrs` of `Lib/importlib/_bootstrap.py`.

use crate::model::{
    machine::Machine,
    object::{
        map::{Map, Text},
        value::{Loader, Module, ModuleClass, Object, Spec, Value},
    },
    source::sources::FileId,
    stop::Outcome,
};

/// Room for what every module has, and a few names of its own.
const ATTRIBUTES: usize = 12;

impl Machine<'_> {
    /// `module_from_spec(spec)`.
    pub(crate) fn module_from_spec(&mut self, value: &Value) -> Outcome<Value> {
        let (_, Spec { name, loader, .. }) = self.spec(value)?;
        let mut module = Value::None;
        if !self.is_own_loader(&loader) && !loader.is_none() {
            if let Some(create) = self.optional(&loader, "create_module")? {
                module = self.call_with(&create, [value.clone()])?;
            } else if self.has_exec_module(&loader)? {
                let message = "loaders that define exec_module() must also define create_module()";
                return Err(self.error("ImportError", message));
            }
        }
        if module.is_none() {
            module = self.new_module(Text::clone(&name), false);
        }
        self.init_module_attrs(value, &module, false)?;
        Ok(module)
    }

    fn is_own_loader(&self, loader: &Value) -> bool {
        matches!(loader, Value::Object(handle) if matches!(self.heap.get(*handle), Object::Loader(_)))
    }

    fn is_zip(&self, loader: &Value) -> bool {
        matches!(loader, Value::Object(handle)
            if matches!(self.heap.get(*handle), Object::Loader(Loader::Zip(_))))
    }

    pub(crate) fn has_exec_module(&mut self, loader: &Value) -> Outcome<bool> {
        // `zipimporter` has it from 3.10 on
        if self.is_own_loader(loader) && (self.rules.since(10) || !self.is_zip(loader)) {
            return Ok(true);
        }
        Ok(self.optional(loader, "exec_module")?.is_some())
    }

    /// `types.ModuleType(name)`.
    pub(crate) fn new_module(&mut self, name: impl Into<Text>, library: bool) -> Value {
        let mut map = Map::with_capacity(ATTRIBUTES);
        map.insert("__name__", Value::Text(name.into()));
        for attribute in ["__doc__", "__package__", "__loader__", "__spec__"] {
            map.insert(attribute, Value::None);
        }
        let dict = self.heap.add_map(map);
        Value::Object(self.heap.add(Object::Module(Module {
            dict,
            class: ModuleClass::Plain,
            library,
        })))
    }

    /// `_init_module_attrs(spec, module, override=reload)`.
    pub(crate) fn init_module_attrs(
        &mut self,
        value: &Value,
        module: &Value,
        reload: bool,
    ) -> Outcome<()> {
        let (handle, mut spec) = self.spec(value)?;
        let package = if spec.locations.is_none() { parent_of(&spec.name) } else { &*spec.name };
        let package = Value::text(package);
        let is_namespace = spec.loader.is_none() && !spec.locations.is_none();
        if is_namespace {
            spec.loader = self.loader(Loader::Namespace);
            if let Object::Spec(stored) = self.heap.get_mut(handle) {
                stored.loader = spec.loader.clone();
            }
            self.set_attribute(module, "__file__", Value::None)?;
        }
        let name = Value::Text(Text::clone(&spec.name));
        for (attribute, attribute_value) in
            [("__name__", name), ("__loader__", spec.loader.clone()), ("__package__", package)]
        {
            self.init_attribute(module, attribute, attribute_value, reload)?;
        }
        self.try_set_attribute(module, "__spec__", value.clone())?;
        if !spec.locations.is_none() {
            self.init_attribute(module, "__path__", spec.locations.clone(), reload)?;
        }
        if spec.has_location {
            self.init_attribute(module, "__file__", spec.origin.clone(), reload)?;
            if let (false, Value::Text(origin)) = (self.rules.since(15), &spec.origin) {
                let cached = self.cache_from_source(origin);
                self.init_attribute(module, "__cached__", Value::Text(cached.into()), reload)?;
            }
        }
        Ok(())
    }

    /// Sets an attribute unless the module has it already; a reload sets it anyway.
    fn init_attribute(
        &mut self,
        module: &Value,
        name: &str,
        value: Value,
        reload: bool,
    ) -> Outcome<()> {
        if !reload && self.optional(module, name)?.is_some_and(|value| !value.is_none()) {
            return Ok(());
        }
        self.try_set_attribute(module, name, value)
    }

    /// Where CPython would keep the byte code of a source file.
    pub(crate) fn cache_from_source(&self, path: &str) -> String {
        let optimised = self.sources.program().start().optimised;
        cache_from_source(path, self.rules.version.minor, optimised)
    }

    pub(crate) fn try_set_attribute(
        &mut self,
        module: &Value,
        name: &str,
        value: Value,
    ) -> Outcome<()> {
        match self.set_attribute(module, name, value) {
            Err(stop) if self.is_raised(&stop, "AttributeError") => Ok(()),
            result => result,
        }
    }

    /// A text as the first statement is the module's `__doc__`.
    pub(crate) fn set_docstring(
        &mut self,
        file: FileId,
        body: &[ruff_python_ast::Stmt],
        module: Module,
    ) -> Outcome<()> {
        if let Some(ruff_python_ast::Stmt::Expr(first)) = body.first()
            && let ruff_python_ast::Expr::StringLiteral(text) = &*first.value
        {
            let text = self.literal(file, &text.value)?;
            self.heap.map_mut(module.dict).insert("__doc__", text);
        }
        Ok(())
    }
}

/// The name of the package that a module lies in.
pub(crate) fn parent_of(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn cache_from_source(path: &str, minor: u32, optimised: bool) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".py").unwrap_or(file);
    let level = if optimised { ".opt-1" } else { "" };
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}__pycache__/{stem}.cpython-3{minor}{level}.pyc")
}
