//! The functions of `importlib._bootstrap` as values: importlib calls each by its name there, which a
//! program may make stand for a function of its own.

use crate::model::{
    fault::Fault,
    importing::{bootstrap::Importer, importlib::parameters},
    language::call::Arguments,
    machine::Machine,
    object::{
        heap::MapId,
        map::Text,
        native::{Function, Native},
        value::{Spec, Value},
    },
    stop::{Outcome, doubt, outside},
};

pub(crate) const FIND_AND_LOAD: &str = "_frozen_importlib._find_and_load";
pub(crate) const FIND_SPEC: &str = "_frozen_importlib._find_spec";
pub(crate) const LOAD_UNLOCKED: &str = "_frozen_importlib._load_unlocked";
pub(crate) const EXEC: &str = "_frozen_importlib._exec";
pub(crate) const GCD_IMPORT: &str = "_frozen_importlib._gcd_import";

/// Those that may be replaced, with the names under which they are called.
pub(crate) const REPLACEABLE: [&str; 4] = [FIND_AND_LOAD, FIND_SPEC, LOAD_UNLOCKED, EXEC];

/// What stands for the names of the functions where threads may get in each other's way.
pub(crate) const NAMES: &str = "<importlib._bootstrap>";

impl Machine<'_> {
    /// What a program has put in the place of one of [`REPLACEABLE`]; nothing if that is there.
    pub(crate) fn replacement(&mut self, function: &'static str) -> Outcome<Option<Value>> {
        self.record.read(NAMES);
        let name = function.rsplit('.').next().unwrap_or(function);
        if self.rules.has(Fault::FunctionsStay) {
            return Ok(None);
        }
        match self.heap.map(self.bootstrap).get(name) {
            Some(Value::Native(Native::Library(found))) if *found == function => Ok(None),
            Some(found) => Ok(Some(found.clone())),
            None => doubt(format!("importlib without `{name}`"), "versions differ on the error"),
        }
    }

    /// The names that modules of the library have for the functions and for their module.
    pub(crate) fn fill_with_bootstrap(&mut self, module: &str, dict: MapId) {
        match module {
            "_frozen_importlib" => self.bootstrap = dict,
            "importlib" => {
                let modules = self.heap.map_mut(self.modules);
                let Some(own) = modules.get("_frozen_importlib").cloned() else { return };
                modules.insert("importlib._bootstrap", own.clone());
                self.heap.map_mut(dict).insert("_bootstrap", own);
                let name = Value::text("importlib._bootstrap");
                self.heap.map_mut(self.bootstrap).insert("__name__", name);
            }
            "importlib.util" => {
                let search = Value::Native(Native::Library(FIND_SPEC));
                self.heap.map_mut(dict).insert("_find_spec", search);
            }
            _ => {}
        }
    }

    /// A call of one of the functions by a program.
    pub(crate) fn call_bootstrap(
        &mut self,
        function: &'static str,
        arguments: Arguments,
    ) -> Outcome<Value> {
        match function {
            FIND_AND_LOAD => {
                let [name, importer] = parameters(arguments, ["name", "import_"])?;
                let importer = match importer {
                    Some(Value::Native(Native::Function(Function::DunderImport))) => {
                        Importer::Builtin
                    }
                    Some(Value::Native(Native::Library(GCD_IMPORT))) => Importer::Gcd,
                    _ => return outside("an importer of a program's own"),
                };
                self.find_and_load_itself(&text(name)?, importer)
            }
            FIND_SPEC => {
                let [name, path, target] = parameters(arguments, ["name", "path", "target"])?;
                let [path, target] = [path, target].map(|it| it.unwrap_or(Value::None));
                self.find_spec_itself(&text(name)?, &path, &target)
            }
            GCD_IMPORT => {
                let [name] = parameters(arguments, ["name"])?;
                let name = text(name)?;
                if name.is_empty() {
                    return Err(self.error("ValueError", "Empty module name"));
                }
                self.gcd_import(&name)
            }
            EXEC => match parameters(arguments, ["spec", "module"])? {
                [Some(spec), Some(module)] => {
                    self.exec_itself(&spec, &module)?;
                    let (_, Spec { name, .. }) = self.spec(&spec)?;
                    self.required_module(&name)
                }
                _ => outside("a call without its arguments"),
            },
            _ => {
                let [spec] = parameters(arguments, ["spec"])?;
                let Some(spec) = spec else { return outside("a call without its arguments") };
                match function {
                    LOAD_UNLOCKED => self.load_unlocked_itself(&spec),
                    _ => self.deeper(1, |machine| machine.load_unlocked(&spec)),
                }
            }
        }
    }
}

fn text(name: Option<Value>) -> Outcome<Text> {
    match name {
        Some(Value::Text(name)) => Ok(name),
        _ => outside("a name that is no text"),
    }
}
