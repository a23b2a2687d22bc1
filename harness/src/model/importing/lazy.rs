//! Lazy imports (PEP 810), from 3.15 on: `_PyImport_LazyImportModuleLevelObject` and
//! `_PyImport_LoadLazyImportTstate` of `Python/import.c`.

use std::collections::BTreeSet;

use crate::model::{
    importing::bootstrap::Importer,
    language::call::Arguments,
    machine::{Frame, FrameKind, Machine},
    object::{
        heap::MapId,
        map::Text,
        value::{LazyImport, Module, Object, Value},
    },
    stop::Outcome,
};

/// What decides which statements are lazy.
#[derive(Debug)]
pub(crate) struct Laziness {
    pub(crate) mode: Mode,
    /// What `sys.set_lazy_imports_filter()` was given.
    pub(crate) filter: Value,
    /// `sys.lazy_modules`: the submodules that an attribute of their package imports.
    pub(crate) pending: BTreeSet<String>,
}

/// `sys.set_lazy_imports(mode)`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Normal,
    All,
    None,
}

/// A statement that may be lazy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement<'n> {
    /// As it is written, without dots in front.
    pub(crate) name: &'n Text,
    /// How many dots there are.
    pub(crate) level: u32,
    /// Of a `from`.
    pub(crate) names: Option<&'n [Text]>,
    /// Whether it says `lazy`.
    pub(crate) is_marked: bool,
    /// Whether it stands where a lazy one may stand: in a module, outside `try`.
    pub(crate) may_be_lazy: bool,
}

impl Laziness {
    pub(crate) fn new(all: bool) -> Self {
        let mode = if all { Mode::All } else { Mode::Normal };
        Self { mode, filter: Value::None, pending: BTreeSet::new() }
    }
}

impl<'a> Machine<'a> {
    /// The absolute name that a statement imports lazily; nothing for an eager one.
    pub(crate) fn lazily(
        &mut self,
        frame: &Frame<'a>,
        statement: Statement<'_>,
    ) -> Outcome<Option<Text>> {
        let Statement { name, level, names, is_marked, may_be_lazy } = statement;
        let is_star = names.is_some_and(|names| names.iter().any(|name| &**name == "*"));
        let in_module = matches!(frame.kind, FrameKind::Module);
        if !self.rules.since(15) || !may_be_lazy || !in_module || is_star {
            return Ok(None);
        }
        let absolute = if level == 0 {
            Text::clone(name)
        } else {
            self.resolve_name(name, frame.globals, level)?
        };
        let wanted = is_marked
            || self.laziness.mode == Mode::All
            || self.is_named_lazy(frame.globals, &absolute)?;
        if !wanted || self.laziness.mode == Mode::None {
            return Ok(None);
        }
        if !self.laziness.filter.is_none() {
            let filter = self.laziness.filter.clone();
            let importer = self.heap.map(frame.globals).get("__name__").cloned();
            let fromlist = match names {
                Some(names) => self.tuple(names.iter().cloned().map(Value::Text).collect()),
                None => Value::None,
            };
            let told =
                [importer.unwrap_or(Value::None), Value::Text(Text::clone(&absolute)), fromlist];
            let answer = self.call(&filter, Arguments::positional(told))?;
            if !self.truth(&answer)? {
                return Ok(None);
            }
        }
        Ok(Some(absolute))
    }

    /// Whether the module's `__lazy_modules__` has the name.
    fn is_named_lazy(&mut self, globals: MapId, name: &Text) -> Outcome<bool> {
        match self.heap.map(globals).get("__lazy_modules__").cloned() {
            Some(named) => self.contains(&named, &Value::Text(Text::clone(name))),
            None => Ok(false),
        }
    }

    /// What a lazy statement binds.
    pub(crate) fn lazy_import(
        &mut self,
        module: &Text,
        attribute: Option<&Text>,
        binds_top: bool,
    ) -> Value {
        let pending = match attribute {
            Some(attribute) => format!("{module}.{attribute}"),
            None => module.to_string(),
        };
        if pending.contains('.') {
            self.laziness.pending.insert(pending);
        }
        let (module, attribute) = (Text::clone(module), attribute.cloned());
        let lazy = LazyImport { module, attribute, binds_top };
        Value::Object(self.heap.add(Object::LazyImport(lazy)))
    }

    /// The value of a name or of a module's attribute: a lazy import is done now, and its result kept.
    pub(crate) fn resolved(&mut self, names: MapId, name: &str, value: Value) -> Outcome<Value> {
        let Some(lazy) = self.as_lazy(&value) else { return Ok(value) };
        let found = self.import_now(&lazy)?;
        self.heap.map_mut(names).insert(Text::from(name), found.clone());
        Ok(found)
    }

    pub(crate) fn as_lazy(&self, value: &Value) -> Option<LazyImport> {
        match value {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::LazyImport(lazy) => Some(lazy.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    fn import_now(&mut self, lazy: &LazyImport) -> Outcome<Value> {
        let LazyImport { module, attribute, binds_top } = lazy;
        let globals = self.sys;
        if let Some(attribute) = attribute {
            let names = [Text::clone(attribute)];
            let module = self.import_name(module, globals, Some(&names), 0)?;
            return self.import_from(&module, attribute);
        }
        let Some((top, rest)) = module.split_once('.') else {
            return self.import_name(module, globals, None, 0);
        };
        if *binds_top {
            return self.import_name(&top.into(), globals, None, 0);
        }
        let mut found = self.import_name(module, globals, None, 0)?;
        for part in rest.split('.') {
            found = self.import_from(&found, &part.into())?;
        }
        Ok(found)
    }

    /// A submodule that a lazy statement has named and that nobody has imported yet.
    /// If there is no such submodule, that is an error unless it `may_lack`.
    pub(crate) fn lazy_submodule(
        &mut self,
        module: Module,
        name: &str,
        may_lack: bool,
    ) -> Outcome<Option<Value>> {
        if self.laziness.pending.is_empty() {
            return Ok(None);
        }
        let Some(Value::Text(package)) = self.heap.map(module.dict).get("__name__").cloned() else {
            return Ok(None);
        };
        let full = format!("{package}.{name}");
        if !self.laziness.pending.contains(&full) || self.module(&full)?.is_some() {
            return Ok(None);
        }
        let full: Text = full.into();
        let importer = if may_lack { Importer::LazySubmodule } else { Importer::Builtin };
        let found = self.find_and_load(&full, importer)?;
        if found.is_none() {
            return Ok(None);
        }
        self.laziness.pending.remove(&*full);
        Ok(self.heap.map(module.dict).get(name).cloned())
    }
}
