//! What a listener told: audit events with their arguments, read from its lines.

/// One audit event, as a hook heard it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The thread that raised it.
    pub thread: u64,
    /// Which locks that thread held.
    pub locks: Locks,
    /// Whether the module is bound to its package.
    pub binding: Binding,
    /// The event's name.
    pub event: String,
    /// What it came with.
    pub values: Vec<Value>,
}

/// Locks that are held while a hook runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locks {
    /// The import system's own, by anyone.
    pub global: bool,
    /// That of the module, by the thread that raised the event.
    pub module: bool,
}

/// Whether a package has the module as an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// It has.
    Bound,
    /// It has when the program ends, and not when the event is heard.
    Later,
    /// It never has, or there is no package.
    #[default]
    Never,
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// `sys.path` and the like.
    Of(String),
    /// A spec, with its number, how it stands to the module's own, and its name.
    Spec(usize, Relation, String),
    /// A module, with its number, and how it stands to the one in `sys.modules`.
    Module(usize, Relation),
    /// Something else, with its number, how it stands to `sys.modules`, and its type. The relation
    /// is nothing where it is one of the finders.
    Object(usize, Option<Relation>, String),
}

/// How an object stands to what `sys.modules` has under the event's name at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is the same.
    Same,
    /// There is another.
    Another,
    /// There is none.
    Alone,
}

/// A line that is none of a listener's; with its number, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of what was heard: {text:?} is no event")]
pub struct NotHeard {
    /// From 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

/// Reads what a listener told.
pub fn read(told: &str) -> Result<Vec<Heard>, NotHeard> {
    let lines = told.split('\n').enumerate().filter(|(_, line)| !line.is_empty());
    lines
        .map(|(index, line)| {
            event(line).ok_or_else(|| NotHeard { line: index + 1, text: line.to_owned() })
        })
        .collect()
}

fn event(line: &str) -> Option<Heard> {
    let mut items = line.split('\t');
    let thread = items.next()?.parse().ok()?;
    let locks = items.next()?;
    let binding = match locks.chars().nth(2) {
        Some('b') => Binding::Bound,
        Some('l') => Binding::Later,
        _ => Binding::Never,
    };
    let locks = Locks { global: locks.contains('g'), module: locks.contains('m') };
    let event = unescaped(items.next()?);
    let values = items.map(value).collect::<Option<_>>()?;
    Some(Heard { thread, locks, binding, event, values })
}

fn value(item: &str) -> Option<Value> {
    if let Some(text) = item.strip_prefix('\'') {
        return Some(Value::Text(unescaped(text)));
    }
    let mut words = item.splitn(4, ' ');
    let word = words.next()?;
    let mut number = || words.next()?.parse().ok();
    Some(match word {
        "None" => Value::None,
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        "spec" => Value::Spec(number()?, relation(words.next()?)?, unescaped(words.next()?)),
        "module" => Value::Module(number()?, relation(words.next()?)?),
        "object" => {
            let number = number()?;
            let fact = words.next()?;
            let relation = if fact == "finder" { None } else { Some(relation(fact)?) };
            Value::Object(number, relation, unescaped(words.next()?))
        }
        of if of.starts_with("sys.") => Value::Of(of.to_owned()),
        _ => return None,
    })
}

fn relation(word: &str) -> Option<Relation> {
    match word {
        "=" => Some(Relation::Same),
        "!" => Some(Relation::Another),
        "-" => Some(Relation::Alone),
        _ => None,
    }
}

/// A text in canonical form: of the listener's escapes, those of a backslash and a surrogate stay.
fn unescaped(text: &str) -> String {
    let mut characters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            other => plain.extend(['\\'].into_iter().chain(other)),
        }
    }
    plain
}

impl Heard {
    /// The module's name, if the first argument is a text.
    pub fn name(&self) -> Option<&str> {
        match self.values.first() {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Of(name) => f.write_str(name),
            Self::Spec(_, _, name) => write!(f, "a spec of {name}"),
            Self::Module(..) => f.write_str("a module"),
            Self::Object(_, None, kind) => write!(f, "the finder {kind}"),
            Self::Object(_, _, kind) => write!(f, "an object of type {kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read() {
        let told = "7\t-m\timportlib.module_found\t'a\\tb\tobject 1 finder type\tspec 2 - a b\n\
                    8\tg-\timport\t'x\tNone\tsys.path\tTrue\tmodule 3 !";
        let heard = read(told).expect("lines of a listener");
        assert_eq!(heard[0].name(), Some("a\tb"));
        assert_eq!(heard[0].locks, Locks { global: false, module: true });
        let spec = Value::Spec(2, Relation::Alone, "a b".to_owned());
        assert_eq!(heard[0].values[1..], [Value::Object(1, None, "type".to_owned()), spec]);
        let of = Value::Of("sys.path".to_owned());
        let module = Value::Module(3, Relation::Another);
        assert_eq!(heard[1].values[1..], [Value::None, of, Value::Bool(true), module]);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for told in
            ["x", "1\t-", "1\t--\timport\tspec 1", "1\t--\timport\tspec 1 ? a", "1\t--\ta\tb"]
        {
            assert!(read(told).is_err(), "{told}");
        }
        assert_eq!(read(""), Ok(Vec::new()));
    }
}
