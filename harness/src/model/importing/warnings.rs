//! Warnings: which become exceptions, and which a program listens to.
//!
//! Where a warning is shown, it goes to the standard error, which is not predicted. What decides is the
//! first filter that fits; without one, a warning is shown once for each place.

use crate::model::{
    importing::importlib::parameters,
    language::call::Arguments,
    machine::Machine,
    object::{
        exceptions::{Builtin, ExceptionClass},
        heap::Handle,
        map::Text,
        native::Native,
        value::{Object, Value},
    },
    stop::{Outcome, Stop, doubt, outside},
};

/// `warnings.filters` and who listens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warnings {
    /// Of the program's own, the first that is asked in front.
    filters: Vec<Filter>,
    /// Whether the filters that the interpreter starts with are there behind them.
    is_reset: bool,
    /// The list of `catch_warnings(record=True)`, and the class of its items.
    log: Option<(Value, Value)>,
    /// What was shown since the filters last changed: a text and the class.
    shown: Vec<(String, ExceptionClass)>,
    /// What [`Machine::save_warnings`] has kept.
    saved: Vec<Self>,
}

#[derive(Clone, Debug)]
struct Filter {
    action: Text,
    /// How the text begins, in lower case.
    message: String,
    category: ExceptionClass,
}

/// The categories that the interpreter ignores at the start, of `DeprecationWarning` those that are
/// not blamed on `__main__`.
const IGNORED: [&str; 4] =
    ["DeprecationWarning", "PendingDeprecationWarning", "ImportWarning", "ResourceWarning"];

impl Machine<'_> {
    /// `warnings.warn(message, category=UserWarning, stacklevel=1)`.
    pub(crate) fn warn(&mut self, arguments: Arguments) -> Outcome<Value> {
        let names = ["message", "category", "stacklevel", "source"];
        let [message, category, ..] = parameters(arguments, names)?;
        let Some(message) = message else { return outside("a `warn` of nothing") };
        let (class, warning) = match &message {
            Value::Object(handle) if matches!(self.heap.get(*handle), Object::Exception(_)) => {
                (self.class_of_exception(*handle), *handle)
            }
            Value::Text(_) => {
                let class = self.category(category.as_ref())?;
                (class, self.warning_of(class, &message)?)
            }
            _ => return outside("a warning that is no text"),
        };
        if !self.is_warning(class) {
            return outside("a category that is no class of warnings");
        }
        self.issue(class, warning)?;
        Ok(Value::None)
    }

    fn is_warning(&self, class: ExceptionClass) -> bool {
        self.builtin_class("Warning").is_some_and(|warning| self.is_subclass(class, warning))
    }

    fn category(&self, category: Option<&Value>) -> Outcome<ExceptionClass> {
        let class = match category {
            None | Some(Value::None) => self.builtin_class("UserWarning"),
            Some(class) => self.exception_class(class),
        };
        match class.filter(|class| self.is_warning(*class)) {
            Some(class) => Ok(class),
            None => outside("a category that is no class of warnings"),
        }
    }

    fn warning_of(&mut self, class: ExceptionClass, message: &Value) -> Outcome<Handle> {
        let class = match class {
            ExceptionClass::Builtin(class) => Value::Native(Native::Exception(class)),
            ExceptionClass::User(class) => Value::Object(class),
        };
        match self.call_with(&class, [message.clone()])? {
            Value::Object(handle) if matches!(self.heap.get(handle), Object::Exception(_)) => {
                Ok(handle)
            }
            _ => outside("a warning that is no exception"),
        }
    }

    /// A warning of the library's own, with its text.
    pub(crate) fn warns_that(&mut self, category: &'static str, text: String) -> Outcome<()> {
        let Some(class) = self.builtin_class(category) else { return Ok(()) };
        let warning = self.new_exception(class, [Value::Text(text.into())].into());
        self.issue(class, warning)
    }

    /// The import system itself warns, with a text that is not known.
    pub(crate) fn warns(&mut self, category: &'static str) -> Outcome<()> {
        let Some(class) = self.builtin_class(category) else { return Ok(()) };
        let warning = self.new_exception(class, [].into());
        if let Object::Exception(exception) = self.heap.get_mut(warning) {
            exception.unknown_message = true;
        }
        if &*self.action_for(class, "")? == "error" {
            return doubt(format!("a `{category}` that is raised"), "its message is not known");
        }
        self.issue(class, warning)
    }

    /// What becomes of a warning.
    fn issue(&mut self, class: ExceptionClass, warning: Handle) -> Outcome<()> {
        let text = self.message_of(warning).unwrap_or_default();
        let action = self.action_for(class, &text)?;
        let seen = (text, class);
        match &*action {
            "error" => return Err(Stop::Raised(warning)),
            "ignore" => return Ok(()),
            "always" | "all" => {}
            "default" if !self.warnings.shown.contains(&seen) => self.warnings.shown.push(seen),
            _ if self.warnings.log.is_none() => {}
            _ => return doubt("a warning that comes again", "where it is blamed on decides"),
        }
        let Some((log, item)) = self.warnings.log.clone() else {
            // Showing it imports modules of the library.
            return self.check_unchanged_search("linecache");
        };
        let class = match class {
            ExceptionClass::Builtin(class) => Value::Native(Native::Exception(class)),
            ExceptionClass::User(class) => Value::Object(class),
        };
        let entry = self.call_with(&item, [Value::Object(warning), class])?;
        if let Value::Object(log) = log
            && let Object::List(items) = self.heap.get_mut(log)
        {
            items.push(entry);
        }
        Ok(())
    }

    /// What the filters say about a warning.
    fn action_for(&self, class: ExceptionClass, text: &str) -> Outcome<Text> {
        let text = text.to_lowercase();
        let fits = |filter: &&Filter| {
            self.is_subclass(class, filter.category) && text.starts_with(&filter.message)
        };
        if let Some(filter) = self.warnings.filters.iter().find(fits) {
            return Ok(Text::clone(&filter.action));
        }
        let raised = self.sources.program().start().raised_warnings.as_deref();
        let raised = raised.and_then(|name| self.builtin_class(name));
        if !self.warnings.is_reset && raised.is_some_and(|raised| self.is_subclass(class, raised)) {
            return Ok("error".into());
        }
        let is_a =
            |name: &str| self.builtin_class(name).is_some_and(|it| self.is_subclass(class, it));
        if self.warnings.is_reset || !IGNORED.iter().any(|name| is_a(name)) {
            return Ok("default".into());
        }
        if is_a("DeprecationWarning") && self.warnings.log.is_some() {
            let why = "it is shown if it is blamed on `__main__`";
            return doubt("a `DeprecationWarning` without a filter for it", why);
        }
        Ok("ignore".into())
    }

    /// `simplefilter(action, category)` and `filterwarnings(action, message, category)`.
    pub(crate) fn filter_warnings(&mut self, name: &str, arguments: Arguments) -> Outcome<Value> {
        let (action, message, category, append) = if name == "warnings.simplefilter" {
            let names = ["action", "category", "lineno", "append"];
            let [action, category, lineno, append] = parameters(arguments, names)?;
            if lineno.is_some() {
                return outside("a warning filter for one line");
            }
            (action, None, category, append)
        } else {
            let names = ["action", "message", "category", "module", "lineno", "append"];
            let [action, message, category, module, lineno, append] = parameters(arguments, names)?;
            if lineno.is_some() || module.is_some() {
                return outside("a warning filter for one module or line");
            }
            (action, message, category, append)
        };
        let Some(Value::Text(action)) = action else { return outside("this warning filter") };
        let message = match message {
            None => String::new(),
            // a pattern that means itself
            Some(Value::Text(text)) if text.chars().all(|c| c.is_alphanumeric() || c == ' ') => {
                text.to_lowercase()
            }
            Some(_) => return outside("a warning filter with a pattern"),
        };
        let category = match category {
            Some(category) => self.category(Some(&category))?,
            None => match self.builtin_class("Warning") {
                Some(class) => class,
                None => return Ok(Value::None),
            },
        };
        let filter = Filter { action, message, category };
        self.warnings.shown.clear();
        match append {
            Some(append) if self.truth(&append)? => return outside("a warning filter at the end"),
            _ => self.warnings.filters.insert(0, filter),
        }
        Ok(Value::None)
    }

    /// `warnings.resetwarnings()`
    pub(crate) fn reset_warnings(&mut self) -> Value {
        self.warnings.filters.clear();
        self.warnings.shown.clear();
        self.warnings.is_reset = true;
        Value::None
    }

    /// Keeps the filters and the listener; gives what [`Self::restore_warnings`] asks for.
    pub(crate) fn save_warnings(&mut self) -> Value {
        let kept = Warnings { saved: Vec::new(), ..self.warnings.clone() };
        self.warnings.saved.push(kept);
        self.warnings.shown.clear();
        Value::Int(i64::try_from(self.warnings.saved.len() - 1).unwrap_or(i64::MAX))
    }

    pub(crate) fn restore_warnings(&mut self, number: i64) -> Value {
        let saved = std::mem::take(&mut self.warnings.saved);
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(kept) = saved.get(number) {
            self.warnings = kept.clone();
            self.warnings.shown.clear();
        }
        self.warnings.saved = saved;
        Value::None
    }

    /// Has warnings put into a list, as items of a class.
    pub(crate) fn listen_to_warnings(&mut self, log: &Value, item: &Value) -> Value {
        self.warnings.log = Some((log.clone(), item.clone()));
        Value::None
    }

    fn builtin_class(&self, name: &str) -> Option<ExceptionClass> {
        Builtin::named(name, self.rules.version.minor).map(ExceptionClass::Builtin)
    }
}
