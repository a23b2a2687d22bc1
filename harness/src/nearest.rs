//! Names that were meant, where one was given that there is not.

/// How alike two names have to be, from 0 to 1, for one to be taken for a misspelling of the other.
const ALIKE: f64 = 0.6;
/// How many names are listed in an error.
const LISTED: usize = 20;

/// Of the names that are `known` the one that `asked` most likely means; nothing if it is like none.
pub fn nearest<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let rated = known.into_iter().map(|name| (name, likeness(asked, name)));
    let best = rated.filter(|(_, likeness)| *likeness >= ALIKE).reduce(|best, next| {
        // of those that are as alike the first
        if next.1 > best.1 { next } else { best }
    });
    best.map(|(name, _)| name)
}

/// A name without its folder, or a version without its last number, may be all that somebody remembers.
fn likeness(asked: &str, name: &str) -> f64 {
    let parts =
        [Some(name), name.rsplit_once('/').map(|it| it.1), name.rsplit_once('.').map(|it| it.0)];
    let whole = parts.into_iter().enumerate().filter_map(|(place, part)| Some((place, part?)));
    let rated = whole.map(|(place, part)| {
        let likeness = strsim::normalized_damerau_levenshtein(asked, part);
        // the whole name is meant before a part of another
        if place == 0 { likeness } else { likeness * 0.95 }
    });
    rated.fold(0.0, f64::max)
}

/// What to add to an error about a name that is none of those `known`: the one that is meant, all of them if they are
/// few, and the command that `lists` them. It begins with a semicolon.
pub fn instead<'a>(
    asked: &str,
    known: impl IntoIterator<Item = &'a str>,
    lists: Option<&str>,
) -> String {
    let known: Vec<_> = known.into_iter().collect();
    let meant = nearest(asked, known.iter().copied());
    let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    let there = match known.len() {
        0 => "; there is none".to_owned(),
        few if few <= LISTED && meant.is_empty() => format!("; there are {}", known.join(", ")),
        _ if meant.is_empty() => String::new(),
        few if few <= LISTED => format!(" There are {}", known.join(", ")),
        _ => String::new(),
    };
    let separator = if meant.is_empty() || !there.is_empty() { "; " } else { " " };
    let lists = lists.filter(|_| known.len() > LISTED);
    let lists =
        lists.map(|command| format!("{separator}`{command}` names all")).unwrap_or_default();
    [meant, there, lists].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        let scenarios =
            ["calls/import-module", "packages/namespace", "packages/nested", "reload/reload"];
        let strategies = ["none", "audit", "audit_native", "bootstrap", "meta_path"];
        let versions = ["3.9.1", "3.13.0", "3.14.2t"];
        for (asked, known, expected) in [
            ("package/nested", &scenarios[..], Some("packages/nested")),
            ("packages/nestd", &scenarios, Some("packages/nested")),
            ("nested", &scenarios, Some("packages/nested")),
            ("import_module", &scenarios, Some("calls/import-module")),
            ("nothing-like-it", &scenarios, None),
            ("audti", &strategies, Some("audit")),
            ("audit-native", &strategies, Some("audit_native")),
            ("metapath", &strategies, Some("meta_path")),
            ("x", &strategies, None),
            ("3.31", &versions, Some("3.13.0")),
            ("3.13.1", &versions, Some("3.13.0")),
            ("", &versions, None),
        ] {
            assert_eq!(nearest(asked, known.iter().copied()), expected, "{asked}");
        }
    }

    #[test]
    fn an_error_says_what_there_is() {
        let many: Vec<_> = (0..30).map(|number| format!("scenario-{number}")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        let told = [
            instead("audti", ["audit", "none"], Some("list")),
            instead("x", ["audit", "none"], Some("list")),
            instead("x", [], Some("list")),
            instead("scenari-7", many.iter().copied(), Some("list")),
            instead("x", many, Some("list")),
        ];
        insta::assert_snapshot!(told.join("\n"), @r"
        ; did you mean `audit`? There are audit, none
        ; there are audit, none
        ; there is none
        ; did you mean `scenario-7`? `list` names all
        ; `list` names all
        ");
    }
}
