//! What a scenario may say about the start of its interpreter, and what it may not.

/// Why a scenario cannot give an option. The message completes "the option …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum OptionError {
    #[error("is not a scenario's to give")]
    Ours,
    #[error("says what to run")]
    Program,
    #[error("needs a value")]
    Value,
    #[error("writes what differs from run to run")]
    Varying,
    #[error("is not among those that scenarios have")]
    Unknown,
}

impl OptionError {
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Ours => {
                "leave it out: without `site`, interpreters start with -I -S -B; with it, with -B"
            }
            Self::Program => "expected that in `run`, or in `module`",
            Self::Value => "expected it in the same item or the next, as in [-X, dev]",
            Self::Varying => "expected options under which two runs of a program are the same",
            Self::Unknown => "expected -X, -W, -O, -OO, -b, -bb or -u, each an item of its own",
        }
    }
}

/// What is wrong with the options of an interpreter, each with the index of its item.
pub(super) fn option_errors(items: &[&str]) -> Vec<(usize, OptionError)> {
    let (mut errors, mut index) = (Vec::new(), 0);
    while let Some((item, rest)) = items[index..].split_first() {
        let value = rest.first().filter(|value| !value.starts_with('-'));
        let (last, checked) = match (*item, value) {
            ("-X" | "-W", Some(value)) => (index + 1, check_value(item, value)),
            ("-X" | "-W", None) => (index, Err(OptionError::Value)),
            _ => (index, check_item(item)),
        };
        errors.extend(checked.err().map(|error| (last, error)));
        index = last + 1;
    }
    errors
}

/// The same for a strategy, which may have the interpreter write what differs from run to run, because
/// its own code reads it. Each error completes "the option …".
pub(crate) fn strategy_option_errors(items: &[&str]) -> Vec<(usize, &'static str)> {
    let is_its_own = |index: &usize| match items[*index] {
        "-v" | "-vv" => true,
        item => {
            let value = item.strip_prefix("-X").unwrap_or(item);
            ["importtime", "showrefcount"].contains(&value.split('=').next().unwrap_or_default())
        }
    };
    let told = |error| match error {
        OptionError::Ours => {
            "is given by Tollgate, or not at all: interpreters start with -I -S -B"
        }
        OptionError::Program => "says what to run, which is the worker",
        OptionError::Value => "needs a value, in the same item or the next, as in ['-X', 'dev']",
        OptionError::Varying => "writes a file, which no strategy is asked to read",
        OptionError::Unknown => {
            "is not among those that leave the worker running: -X, -W, -O, -OO, -b, -bb, -u and -v, each \
             an item of its own"
        }
    };
    let errors = option_errors(items).into_iter();
    let is_wrong = |(index, error): &(usize, OptionError)| {
        !(matches!(error, OptionError::Varying | OptionError::Unknown) && is_its_own(index))
    };
    errors.filter(is_wrong).map(|(index, error)| (index, told(error))).collect()
}

fn check_item(item: &str) -> Result<(), OptionError> {
    match item {
        "-O" | "-OO" | "-b" | "-bb" | "-u" => Ok(()),
        "-I" | "-S" | "-s" | "-E" | "-B" | "-P" => Err(OptionError::Ours),
        "-c" | "-m" | "-" | "-i" => Err(OptionError::Program),
        _ if !item.starts_with('-') => Err(OptionError::Program),
        _ => match item.split_at_checked(2) {
            Some((option @ ("-X" | "-W"), value)) => check_value(option, value),
            _ => Err(OptionError::Unknown),
        },
    }
}

/// Values of `-X` whose output has times or addresses in it, or goes to a file.
const VARYING: [&str; 5] = ["importtime", "showrefcount", "perf", "perf_jit", "pycache_prefix"];

fn check_value(option: &str, value: &str) -> Result<(), OptionError> {
    let name = value.split('=').next().unwrap_or_default();
    if name.is_empty() || value.contains(char::is_control) {
        return Err(OptionError::Value);
    }
    if option == "-X" && VARYING.contains(&name) { Err(OptionError::Varying) } else { Ok(()) }
}

/// Why a scenario cannot set an environment variable. The message completes "the variable …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum VariableError {
    #[error("has a bad name")]
    Name,
    #[error("is not a scenario's to set")]
    Ours,
    #[error("makes the interpreter write what differs from run to run")]
    Varying,
    #[error("has a value that no environment can hold")]
    Value,
}

impl VariableError {
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Name => "expected upper-case letters, digits and `_`, as in PYTHONHASHSEED",
            Self::Ours => {
                "leave it out: where programs, libraries and modules are found is the same for all \
                 scenarios"
            }
            Self::Varying => "expected variables under which two runs of a program are the same",
            Self::Value => "expected a text without the character NUL",
        }
    }
}

/// Set by us for every child, or such that the interpreter would not find itself or the worker.
const OURS: [&str; 15] = [
    "HOME",
    "LANG",
    "PATH",
    "SYSTEMROOT",
    "TMPDIR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONEXECUTABLE",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONNOUSERSITE",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONPYCACHEPREFIX",
    "PYTHONSAFEPATH",
    "PYTHONUSERBASE",
];

/// What the options in [`VARYING`] and `-v` are as variables.
const VARYING_VARIABLES: [&str; 5] = [
    "PYTHONDUMPREFS",
    "PYTHONDUMPREFSFILE",
    "PYTHONPERFSUPPORT",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONVERBOSE",
];

/// Checks one environment variable.
pub(super) fn check_variable(name: &str, value: &str) -> Result<(), VariableError> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let for_the_loader = ["LD_", "DYLD_"].iter().any(|prefix| name.starts_with(prefix));
    match name {
        _ if !starts_well || !name.chars().all(allowed) => Err(VariableError::Name),
        _ if for_the_loader || OURS.contains(&name) => Err(VariableError::Ours),
        _ if VARYING_VARIABLES.contains(&name) => Err(VariableError::Varying),
        _ if value.contains('\0') => Err(VariableError::Value),
        _ => Ok(()),
    }
}

/// Whether `name` is an absolute name of a module.
pub(super) fn is_module(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || c == '_';
    name.split('.').all(|part| {
        part.starts_with(is_letter) && part.chars().all(|c| is_letter(c) || c.is_numeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_good_or_says_why_not() {
        use OptionError::{Ours, Program, Unknown, Value, Varying};
        let check = |items: &[&str]| option_errors(items);
        assert_eq!(check(&["-X", "dev", "-Xutf8=1", "-W", "error", "-Wd", "-OO", "-b"]), []);
        assert_eq!(check(&["-X", "-O"]), [(0, Value)]);
        assert_eq!(check(&["-O", "-W"]), [(1, Value)]);
        assert_eq!(
            check(&["-Xdev", "-S", "-c", "import x", "-Ob"]),
            [(1, Ours), (2, Program), (3, Program), (4, Unknown)]
        );
        assert_eq!(check(&["-X", "importtime=2", "-Xperf"]), [(1, Varying), (2, Varying)]);
        assert_eq!(
            check(&["", "-é", "--version", "-Xa\0"]),
            [(0, Program), (1, Unknown), (2, Unknown), (3, Value)]
        );
    }

    #[test]
    fn a_strategy_may_read_what_differs_and_may_not_run_something_else() {
        let good = ["-X", "importtime=2", "-Ximporttime", "-v", "-X", "frozen_modules=off"];
        assert_eq!(strategy_option_errors(&good), []);
        let bad = ["-c", "pass", "-X", "perf", "-i", "--help", "-S", "-X"];
        let wrong: Vec<_> = strategy_option_errors(&bad).iter().map(|it| it.0).collect();
        assert_eq!(wrong, [0, 1, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_variable_has_a_name_of_its_own() {
        for good in ["PYTHONHASHSEED", "LC_ALL", "_X1"] {
            assert_eq!(check_variable(good, ""), Ok(()), "{good}");
        }
        for bad in ["", "path", "1X", "A=B", "A B", "É"] {
            assert_eq!(check_variable(bad, ""), Err(VariableError::Name), "{bad}");
        }
        for ours in ["PATH", "PYTHONUSERBASE", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES"] {
            assert_eq!(check_variable(ours, ""), Err(VariableError::Ours), "{ours}");
        }
        assert_eq!(check_variable("PYTHONVERBOSE", "1"), Err(VariableError::Varying));
        assert_eq!(check_variable("A", "\0"), Err(VariableError::Value));
    }

    #[test]
    fn a_module_is_named_absolutely() {
        for (name, good) in [
            ("shop", true),
            ("shop.cart_2", true),
            ("läden", true),
            ("", false),
            (".shop", false),
            ("shop.", false),
            ("shop/cart.py", false),
            ("2shop", false),
        ] {
            assert_eq!(is_module(name), good, "{name}");
        }
    }
}
