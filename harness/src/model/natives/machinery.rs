//! What `importlib.util` and `importlib.machinery` make, and `runpy`.

use crate::model::{
    importing::{importlib::parameters, library::STDLIB_ENTRY},
    language::call::Arguments,
    machine::Machine,
    object::{
        map::Text,
        value::{Loader, Object, Spec, Value},
    },
    stop::{Outcome, outside},
};

/// What `__future__` has that changes nothing any more, or annotations only.
#[rustfmt::skip]
pub(crate) const FEATURES: &[&str] = &[
    "absolute_import", "annotations", "division", "generator_stop", "generators", "nested_scopes",
    "print_function", "unicode_literals", "with_statement",
];

/// What of `typing` stands in annotations, and is in every version.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "Any", "Callable", "ClassVar", "Dict", "Final", "Iterable", "Iterator", "List", "Literal", "Mapping",
    "NoReturn", "Optional", "Sequence", "Set", "Tuple", "Type", "Union",
];

impl Machine<'_> {
    pub(crate) fn call_machinery(
        &mut self,
        name: &'static str,
        arguments: Arguments,
    ) -> Outcome<Value> {
        match name {
            "importlib.__import__" => self.dunder_import_in_python(arguments),
            "importlib.util.cache_from_source" => match &arguments.positional[..] {
                [Value::Text(path)] => Ok(Value::Text(self.cache_from_source(path).into())),
                _ => outside("this call of `cache_from_source`"),
            },
            "importlib.util.LazyLoader" => match &arguments.positional[..] {
                [loader] => self.make_lazy_loader(&loader.clone()),
                _ => outside("this call of `LazyLoader`"),
            },
            "importlib.util.spec_from_file_location" => self.spec_from_file(arguments),
            "importlib.util.spec_from_loader" => self.spec_of_loader(arguments),
            "importlib.machinery.PathFinder.find_spec" => {
                let names = ["fullname", "path", "target"];
                let [name, path, _] = parameters(arguments, names)?;
                let Some(Value::Text(name)) = name else { return outside("a name of no text") };
                let entries = self.path_entries(&path.unwrap_or(Value::None))?;
                self.path_finder(&name, &entries)
            }
            "pkgutil._abstain" => self.call_runtime(name, &arguments),
            "pkgutil._load" => match &arguments.positional[..] {
                [spec] => self.load_unlocked(&spec.clone()),
                _ => outside("this call of `_load`"),
            },
            "pkgutil._names_in_zip" => match &arguments.positional[..] {
                [Value::Object(handle)] => self.names_in_zip(*handle),
                _ => outside("the names in what is no zip file"),
            },
            "pkgutil.get_importer" => match &arguments.positional[..] {
                [Value::Text(entry)] if entry.starts_with(STDLIB_ENTRY) => Ok(Value::None),
                [Value::Text(entry)] => self.importer_of(&Text::clone(entry)),
                _ => outside("this call of `get_importer`"),
            },
            _ => outside(format!("this call of `{name}`")),
        }
    }

    /// `spec_from_file_location(name, location, loader=…, submodule_search_locations=…)`.
    fn spec_from_file(&mut self, arguments: Arguments) -> Outcome<Value> {
        let names = ["name", "location", "loader", "submodule_search_locations"];
        let [name, location, loader, locations] = parameters(arguments, names)?;
        let (Some(Value::Text(name)), Some(Value::Text(path))) = (name, location) else {
            return outside("this call of `spec_from_file_location`");
        };
        let path: Text = self.disk.absolute(&path)?.into();
        let Some(loader) = loader else {
            if ![".py", ".pyc", ".so"].iter().any(|suffix| path.ends_with(suffix)) {
                return Ok(Value::None);
            }
            let package = path.contains("/__init__.") && !name.ends_with(".__init__");
            let spec = self.file_spec(&name, &path, package);
            return self.with_locations(spec, locations);
        };
        let package = match locations {
            Some(_) => false,
            None => self.says_package(&loader, &name)?,
        };
        let spec = self.located_spec(&name, loader, path, package);
        self.with_locations(spec, locations)
    }

    fn with_locations(&mut self, spec: Value, locations: Option<Value>) -> Outcome<Value> {
        let Some(locations) = locations else { return Ok(spec) };
        let (handle, _) = self.spec(&spec)?;
        if let Object::Spec(spec) = self.heap.get_mut(handle) {
            spec.locations = locations;
        }
        Ok(spec)
    }

    /// `loader.is_package(name)`, where the loader has that.
    fn says_package(&mut self, loader: &Value, name: &Text) -> Outcome<bool> {
        let Some(is_package) = self.optional(loader, "is_package")? else { return Ok(false) };
        let answer = match self.call_with(&is_package, [Value::Text(Text::clone(name))]) {
            Err(stop) if self.is_raised(&stop, "ImportError") => return Ok(false),
            answer => answer?,
        };
        self.truth(&answer)
    }

    /// `spec_from_loader(name, loader, origin=…, is_package=…)`.
    fn spec_of_loader(&mut self, arguments: Arguments) -> Outcome<Value> {
        let names = ["name", "loader", "origin", "is_package"];
        let [name, loader, origin, is_package] = parameters(arguments, names)?;
        let (Some(Value::Text(name)), Some(loader)) = (name, loader) else {
            return outside("this call of `spec_from_loader`");
        };
        let origin = origin.unwrap_or(Value::None);
        if origin.is_none() && self.optional(&loader, "get_filename")?.is_some() {
            return outside("`spec_from_loader` of a loader that knows its file");
        }
        let package = match is_package {
            Some(value) if !value.is_none() => self.truth(&value)?,
            _ => self.says_package(&loader, &name)?,
        };
        let mut spec = Spec::new(name, loader);
        spec.origin = origin;
        if package {
            spec.locations = self.list(Vec::new());
        }
        Ok(Value::Object(self.heap.add(Object::Spec(spec))))
    }

    /// `spec_from_loader(name, loader)`.
    pub(crate) fn spec_from_loader(&mut self, name: &Text, loader: &Value) -> Outcome<Value> {
        let arguments = [Value::Text(Text::clone(name)), loader.clone()];
        self.spec_of_loader(Arguments::positional(arguments))
    }

    /// The names of `importlib.machinery` that are neither functions nor classes of the model's.
    pub(crate) fn fill_machinery(&mut self, module: &str, dict: crate::model::object::heap::MapId) {
        use crate::model::{
            importing::file_finder::EXTENSIONS,
            object::native::{ABC_META, Finder, Native},
        };
        match module {
            "importlib.machinery" => {
                let suffixes = self.list(EXTENSIONS.map(Value::text).into());
                let finder = Value::Native(Native::Finder(Finder::Path));
                let names = self.heap.map_mut(dict);
                names.insert("EXTENSION_SUFFIXES", suffixes);
                names.insert("PathFinder", finder);
            }
            "abc" => {
                let meta = Self::class_named(ABC_META);
                self.heap.map_mut(dict).insert(ABC_META, meta);
            }
            "__future__" => {
                for name in FEATURES {
                    let feature = Self::class_named("_Feature");
                    self.heap.map_mut(dict).insert(*name, feature);
                }
            }
            "typing" => {
                for name in TYPES {
                    let class = Self::class_named(name);
                    self.heap.map_mut(dict).insert(*name, class);
                }
            }
            "py_compile" => {
                let modes = Self::class_named("PycInvalidationMode");
                self.heap.map_mut(dict).insert("PycInvalidationMode", modes);
            }
            _ => {}
        }
    }

    /// Attributes of a loader that are no methods.
    pub(crate) fn attribute_of_loader(loader: &Loader, name: &str) -> Option<Value> {
        match (loader, name) {
            (Loader::File { name, .. }, "name") => Some(Value::Text(Text::clone(name))),
            (Loader::File { path, .. }, "path") => Some(Value::Text(Text::clone(path))),
            (Loader::Zip(zip), "archive") => Some(Value::Text(Text::clone(&zip.archive))),
            (Loader::Zip(zip), "prefix") => Some(Value::Text(Text::clone(&zip.prefix))),
            (Loader::Lazy(loader), "loader") => Some((**loader).clone()),
            _ => None,
        }
    }
}
