//! How bad a divergence is, so that the worst is told first.

use crate::{record::DivergenceRecord, verdict::Aspect};

/// From here on what a program shows of a hook is told after what the hook reports: a frame more in a traceback is
/// less than an event that did not happen.
const MINOR: u8 = Aspect::Traceback.severity();

/// What to sort by; the worst is the least. A program that ends in another way, or prints something else, comes
/// before every report, and reports that are wrong before those that are missing.
pub(super) fn severity(divergence: &DivergenceRecord) -> (u8, u8) {
    let is_other = divergence.meaning.is_some();
    of(&divergence.kind, &divergence.subject, is_other)
}

/// The same of a divergence of which only its kind and subject are known.
pub(super) fn of(kind: &str, subject: &str, has_other_meaning: bool) -> (u8, u8) {
    let reports = ["unexpected", "duplicated", "out-of-order", "wrong-field", "missing"];
    let place = reports.iter().position(|known| *known == kind);
    match place.and_then(|place| u8::try_from(place).ok()) {
        Some(_) if has_other_meaning => (3, 0),
        Some(place) => (1, place),
        None => {
            let aspect = Aspect::ALL.into_iter().find(|aspect| aspect.words() == subject);
            let severity = aspect.map_or(0, Aspect::severity);
            (if severity < MINOR { 0 } else { 2 }, severity)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_program_comes_first_and_its_modules_last() {
        let told = [
            ("disturbed", "end"),
            ("disturbed", "standard output"),
            ("unexpected", "shop"),
            ("missing", "shop"),
            ("disturbed", "traceback"),
            ("disturbed", "sys.modules"),
        ];
        let ranks = told.map(|(kind, subject)| of(kind, subject, false));
        assert!(ranks.is_sorted(), "{ranks:?}");
        assert!(of("unexpected", "shop", true) > of("disturbed", "sys.modules", false));
    }
}
