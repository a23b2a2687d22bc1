//! How the interpreter starts, as far as the model follows it.

use std::sync::LazyLock;

use crate::{
    model::source::program::Entries,
    scenario::{SourceFile, StartUp},
};

/// A construct that is not followed, and why.
pub(crate) type Unknown = (String, &'static str);

/// What a start changes in what a program does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// `-I`, which a start by `PYTHON*` variables goes without.
    pub(crate) isolated: bool,
    /// `-O`.
    pub(crate) optimised: bool,
    /// The category of warnings that are raised (`-W error`, `PYTHONWARNINGS`).
    pub(crate) raised_warnings: Option<String>,
    /// `-X lazy_imports=all`.
    pub(crate) all_lazy: bool,
    /// Files of the user's site directory; where there are some, `site` runs.
    pub(crate) site: Vec<SourceFile>,
    /// What is at each path of that directory.
    pub(crate) site_entries: Entries,
}

impl Start {
    /// The start that scenarios have which ask for nothing.
    pub(crate) fn usual() -> &'static Self {
        static USUAL: LazyLock<Start> =
            LazyLock::new(|| Start { isolated: true, ..Start::default() });
        &USUAL
    }

    /// Reads what a scenario asks for.
    pub(crate) fn of(asked: &StartUp) -> Result<Self, Unknown> {
        let isolated = !asked.configures_by_environment() && asked.site.is_empty();
        let (site, site_entries) = (asked.site.clone(), Entries::of(&asked.site));
        let mut start = Self { isolated, site, site_entries, ..Self::default() };
        for (name, value) in &asked.environment {
            match name.as_str() {
                "PYTHONWARNINGS" => start.filter(value)?,
                _ => return Err((format!("the environment variable `{name}`"), EFFECT)),
            }
        }
        let mut options = asked.options.iter();
        while let Some(option) = options.next() {
            match (option.as_str(), option.strip_prefix("-W")) {
                ("-O", _) => start.optimised = true,
                ("-X", _) if options.as_slice().first().is_some_and(|it| it == ALL_LAZY) => {
                    options.next();
                    start.all_lazy = true;
                }
                ("-W", _) => start.filter(options.next().map_or("", String::as_str))?,
                (_, Some(filter)) => start.filter(filter)?,
                _ => return Err((format!("the option `{}`", asked.options.join(" ")), EFFECT)),
            }
        }
        Ok(start)
    }

    /// `error` and `error::Category`, once.
    fn filter(&mut self, filter: &str) -> Result<(), Unknown> {
        let category = match filter.strip_prefix("error") {
            Some("") => "Warning",
            Some(rest) => rest.strip_prefix("::").unwrap_or_default(),
            None => "",
        };
        let is_name = category.ends_with("Warning") && !category.contains([':', ',', '.']);
        if !is_name || self.raised_warnings.is_some() {
            return Err((format!("the warning filter `{filter}`"), "only `error` is followed"));
        }
        self.raised_warnings = Some(category.to_owned());
        Ok(())
    }
}

const ALL_LAZY: &str = "lazy_imports=all";
const EFFECT: &str = "it may change what the program does";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(options: &[&str], environment: &[(&str, &str)], expected: &Result<Start, &str>) {
        let options = options.iter().map(ToString::to_string).collect();
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let start = Start::of(&StartUp { options, environment, site: Vec::new() });
        let construct = start.as_ref().map_err(|(construct, _)| construct.as_str());
        assert_eq!(construct, expected.as_ref().map_err(|construct| *construct));
    }

    #[test]
    fn a_start_is_followed_or_named() {
        let plain = Start::usual().clone();
        let raising =
            |category: &str| Start { raised_warnings: Some(category.to_owned()), ..plain.clone() };
        check(&[], &[], &Ok(plain.clone()));
        check(&["-O"], &[], &Ok(Start { optimised: true, ..plain.clone() }));
        check(&["-W", "error"], &[], &Ok(raising("Warning")));
        check(&["-Werror::ImportWarning"], &[], &Ok(raising("ImportWarning")));
        let by_variable = Start { isolated: false, ..raising("UserWarning") };
        check(&[], &[("PYTHONWARNINGS", "error::UserWarning")], &Ok(by_variable));
        check(&["-W", "ignore"], &[], &Err("the warning filter `ignore`"));
        check(&["-W", "error:a"], &[], &Err("the warning filter `error:a`"));
        check(&["-X", "dev"], &[], &Err("the option `-X dev`"));
        check(&[], &[("LC_ALL", "C")], &Err("the environment variable `LC_ALL`"));
    }
}
