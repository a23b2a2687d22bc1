//! `_handle_fromlist` of `Lib/importlib/_bootstrap.py`.

use crate::model::{
    fault::Fault,
    importing::bootstrap::Importer,
    machine::Machine,
    object::{map::Text, value::Value},
    stop::{Outcome, Stop},
};

impl Machine<'_> {
    /// `_handle_fromlist(module, fromlist, import_)`, for names that are all text.
    pub(crate) fn handle_fromlist(
        &mut self,
        module: &Value,
        names: &[Text],
        importer: Importer,
    ) -> Outcome<()> {
        for name in names {
            if &**name != "*" {
                self.import_missing(module, name, importer)?;
                continue;
            }
            if self.rules.has(Fault::StarIgnoresAll) {
                continue;
            }
            if self.optional(module, "__all__")?.is_none() {
                continue;
            }
            // asked for once more, which a module's `__getattr__` notices
            let all = self.attribute(module, "__all__")?;
            for item in self.items(&all)? {
                self.import_listed(module, &item, importer)?;
            }
        }
        Ok(())
    }

    /// One entry of `__all__`, for which the same holds as for a name in the statement.
    fn import_listed(&mut self, module: &Value, item: &Value, importer: Importer) -> Outcome<()> {
        match item {
            Value::Text(name) if &**name == "*" => Ok(()),
            Value::Text(name) => self.import_missing(module, name, importer),
            other => {
                let name = self.attribute(module, "__name__")?;
                let (name, kind) = (self.str_of(&name)?, self.type_name(other));
                let message = format!("Item in {name}.__all__ must be str, not {kind}");
                Err(self.error("TypeError", message))
            }
        }
    }

    /// Tries a submodule for a name that the package does not have.
    fn import_missing(&mut self, module: &Value, name: &Text, importer: Importer) -> Outcome<()> {
        let has = self.optional(module, name)?.is_some();
        if self.rules.has(Fault::NoSubmoduleFallback)
            || (has && !self.rules.has(Fault::SubmoduleBeforeAttribute))
        {
            return Ok(());
        }
        let package = self.attribute(module, "__name__")?;
        let full: Text = format!("{}.{name}", self.str_of(&package)?).into();
        let Err(stop) = self.import(&full, importer) else { return Ok(()) };
        if self.is_raised(&stop, "ModuleNotFoundError") && self.is_missing(&stop, &full)? {
            return Ok(());
        }
        Err(stop)
    }

    /// Whether an import failed because there is no such module, not because of something in it.
    fn is_missing(&mut self, stop: &Stop, full: &str) -> Outcome<bool> {
        let Stop::Raised(exception) = stop else { return Ok(false) };
        let name = self.optional(&Value::Object(*exception), "name")?;
        let same = matches!(name, Some(Value::Text(name)) if &*name == full);
        Ok(same && self.module(full)? != Some(Value::None))
    }
}
