//! Interpreters: their order, their short names, and the words for a group of them.

use std::collections::BTreeSet;

/// An interpreter's position in the order of versions.
pub(super) type Place = usize;

/// The interpreters of a run, by version.
#[derive(Debug)]
pub(super) struct Interpreters {
    labels: Vec<String>,
    names: Vec<String>,
}

/// How many neighbours make a range.
const RANGE: usize = 3;

impl Interpreters {
    /// Puts `labels` in order, each once.
    pub(super) fn new<'a>(labels: impl IntoIterator<Item = &'a str>) -> Self {
        let distinct: BTreeSet<_> = labels.into_iter().collect();
        let mut labels: Vec<_> = distinct.into_iter().map(str::to_owned).collect();
        labels.sort_by(|one, other| natural(one).cmp(&natural(other)));
        let names = labels.iter().map(|label| name(label, &labels)).collect();
        Self { labels, names }
    }

    /// Where the interpreter with this label stands; nothing if it is not among these.
    pub(super) fn place(&self, label: &str) -> Option<Place> {
        self.labels.iter().position(|known| known == label)
    }

    /// The label of the interpreter that stands there.
    pub(super) fn label(&self, place: Place) -> &str {
        &self.labels[place]
    }

    /// Every place there is.
    pub(super) fn places(&self) -> std::ops::Range<Place> {
        0..self.labels.len()
    }

    /// The shortest name that tells this interpreter from the others.
    pub(super) fn name(&self, place: Place) -> &str {
        &self.names[place]
    }

    /// `3.9 to 3.14`, `3.9, 3.15`, from places in ascending order.
    pub(super) fn words(&self, group: impl IntoIterator<Item = Place>) -> String {
        let group: Vec<_> = group.into_iter().collect();
        let neighbours = group.chunk_by(|one, next| one + 1 == *next);
        let parts: Vec<_> = neighbours.flat_map(|run| self.run(run)).collect();
        parts.join(", ")
    }

    fn run(&self, run: &[Place]) -> Vec<String> {
        match run {
            [first, .., last] if run.len() >= RANGE => {
                vec![format!("{} to {}", self.name(*first), self.name(*last))]
            }
            few => few.iter().map(|place| self.name(*place).to_owned()).collect(),
        }
    }
}

/// Puts interpreters with equal values together, in the order of the first of each group.
pub(super) fn merge<T: PartialEq>(
    values: impl IntoIterator<Item = (Place, T)>,
) -> Vec<(Vec<Place>, T)> {
    let mut groups: Vec<(Vec<Place>, T)> = Vec::new();
    for (place, value) in values {
        match groups.iter_mut().find(|(_, known)| *known == value) {
            Some((group, _)) => group.push(place),
            None => groups.push((vec![place], value)),
        }
    }
    groups
}

/// A run of digits, or of anything else.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Number(u64),
    Text(&'a [u8]),
}

/// What to compare so that 3.9 comes before 3.10.
fn natural(label: &str) -> Vec<Part<'_>> {
    let same = |one: &u8, next: &u8| one.is_ascii_digit() == next.is_ascii_digit();
    let part = |bytes| {
        let number = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
        number.map_or(Part::Text(bytes), Part::Number)
    };
    label.as_bytes().chunk_by(same).map(part).collect()
}

/// `3.9` for `3.9.18` and `3.14t` for `3.14.0t`, if there is no other of that feature release.
fn name(label: &str, all: &[String]) -> String {
    let same_feature = |other: &&String| feature(other).0 == feature(label).0;
    match feature(label) {
        (Some(feature), markers) if all.iter().filter(same_feature).count() == 1 => {
            format!("{feature}{markers}")
        }
        _ => label.to_owned(),
    }
}

/// `3.14` and what follows the digits of the bug-fix release.
fn feature(label: &str) -> (Option<&str>, &str) {
    let dots = label.match_indices('.').nth(1);
    dots.map_or((None, ""), |(dot, _)| {
        let markers = label[dot + 1..].trim_start_matches(|c: char| c.is_ascii_digit());
        (Some(&label[..dot]), markers)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(labels: &[&str], group: &[&str]) -> String {
        let interpreters = Interpreters::new(labels.iter().copied());
        let places = interpreters.places();
        let chosen = |place: &Place| group.contains(&interpreters.labels[*place].as_str());
        interpreters.words(places.filter(chosen))
    }

    #[test]
    fn versions_are_ordered_by_number() {
        let labels = ["3.10.1", "3.9.18", "3.13.0t", "3.13.0", "3.13.0#2", "3.13.0#10", "3.13.1"];
        let ordered = Interpreters::new(labels).labels;
        let expected = ["3.9.18", "3.10.1", "3.13.0", "3.13.0#2", "3.13.0#10", "3.13.0t", "3.13.1"];
        assert_eq!(ordered, expected);
    }

    #[test]
    fn a_name_is_as_short_as_it_may_be() {
        assert_eq!(check(&["3.9.18", "3.14.0t"], &["3.9.18", "3.14.0t"]), "3.9, 3.14t");
        assert_eq!(check(&["3.14.0", "3.14.0t"], &["3.14.0", "3.14.0t"]), "3.14.0, 3.14.0t");
        assert_eq!(check(&["odd"], &["odd"]), "odd");
    }

    #[test]
    fn three_neighbours_are_a_range() {
        let all = ["3.9.1", "3.10.1", "3.11.1", "3.12.1", "3.13.1", "3.14.1"];
        assert_eq!(check(&all, &all), "3.9 to 3.14");
        assert_eq!(check(&all, &all[..2]), "3.9, 3.10");
        let gap = ["3.9.1", "3.10.1", "3.11.1", "3.14.1"];
        assert_eq!(check(&all, &gap), "3.9 to 3.11, 3.14");
    }

    #[test]
    fn equal_values_are_merged_where_the_first_stands() {
        let groups = merge([(0, 'a'), (1, 'b'), (2, 'a')]);
        assert_eq!(groups, [(vec![0, 2], 'a'), (vec![1], 'b')]);
    }
}
