//! Warnings, as far as they can become exceptions.

use crate::model::{
    language::call::Arguments,
    machine::Machine,
    object::{
        exceptions::{Builtin, ExceptionClass},
        native::Native,
        value::{Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

impl Machine<'_> {
    /// `warnings.warn(message, category=UserWarning, stacklevel=1)`.
    pub(crate) fn warn(&mut self, arguments: Arguments) -> Outcome<Value> {
        let Arguments { positional, keywords } = arguments;
        let mut category = None;
        for (keyword, value) in keywords {
            match &*keyword {
                "category" => category = Some(value),
                "stacklevel" => {}
                _ => return outside(format!("`{keyword}` of `warn`")),
            }
        }
        let (message, category) = match &positional[..] {
            [message] => (message, category),
            [message, category] | [message, category, _] => (message, Some(category.clone())),
            _ => return outside("this call of `warn`"),
        };
        let Value::Text(_) = message else { return outside("a warning that is no text") };
        let class = match category {
            None | Some(Value::None) => self.builtin_class("UserWarning"),
            Some(class) => self.exception_class(&class),
        };
        let warning = self.builtin_class("Warning");
        let Some(class) =
            class.filter(|class| warning.is_some_and(|warning| self.is_subclass(*class, warning)))
        else {
            return outside("a category that is no class of warnings");
        };
        if !self.is_raised_warning(class) {
            // Showing it imports modules of the library.
            self.check_unchanged_search("linecache")?;
            return Ok(Value::None);
        }
        let class = match class {
            ExceptionClass::Builtin(class) => Value::Native(Native::Exception(class)),
            ExceptionClass::User(class) => Value::Object(class),
        };
        let raised = self.call_with(&class, [message.clone()])?;
        match raised {
            Value::Object(handle) if matches!(self.heap.get(handle), Object::Exception(_)) => {
                Err(self.as_exception(&raised)?)
            }
            _ => outside("a warning that is no exception"),
        }
    }

    /// A warning of the library's own, with its text.
    pub(crate) fn warns_that(&mut self, category: &'static str, text: String) -> Outcome<()> {
        match self.builtin_class(category) {
            Some(class) if self.is_raised_warning(class) => Err(self.error(category, text)),
            _ => Ok(()),
        }
    }

    /// The import system itself warns: harmless, unless warnings are raised.
    pub(crate) fn warns(&mut self, category: &'static str) -> Outcome<()> {
        match self.builtin_class(category) {
            Some(class) if self.is_raised_warning(class) => {
                doubt(format!("a `{category}` that is raised"), "its message is not known")
            }
            _ => Ok(()),
        }
    }

    fn is_raised_warning(&self, class: ExceptionClass) -> bool {
        let raised = self.sources.program().start().raised_warnings.as_deref();
        let raised = raised.and_then(|name| self.builtin_class(name));
        let mut raised = raised.iter().chain(&self.raised_warnings);
        raised.any(|raised| self.is_subclass(class, *raised))
    }

    /// `warnings.simplefilter("error", category)`.
    pub(crate) fn raise_warnings(&mut self, category: &Value) -> Outcome<Value> {
        let Some(class) = self.exception_class(category) else {
            return outside("a category that is no class of warnings");
        };
        self.raised_warnings.push(class);
        Ok(Value::None)
    }

    fn builtin_class(&self, name: &str) -> Option<ExceptionClass> {
        Builtin::named(name, self.rules.version.minor).map(ExceptionClass::Builtin)
    }
}
