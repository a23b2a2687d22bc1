//! What people read for the kinds of events: the names that gh-149466 proposes, and names made alike for the rest.

use tollgate_event::{Edge, EventKind, Operation};

/// `import_started` for `import.start`, and so on.
pub const fn event_name(kind: EventKind) -> &'static str {
    match (kind.operation, kind.edge) {
        (Operation::Import, Edge::Start) => "import_started",
        (Operation::Import, Edge::End) => "import_ended",
        (Operation::Load, Edge::Start) => "module_loading",
        (Operation::Load, Edge::End) => "module_loaded",
        (Operation::Find, Edge::Start) => "search_started",
        (Operation::Find, Edge::End) => "search_ended",
        (Operation::Exec, Edge::Start) => "body_started",
        (Operation::Exec, Edge::End) => "body_ended",
        (Operation::Call, Edge::Start) => "call_started",
        (Operation::Call, Edge::End) => "call_ended",
    }
}

/// The same for a word of a record; a word that stands for no kind is left as it is.
pub fn event_name_of(word: &str) -> &str {
    word.parse::<EventKind>().map_or(word, |kind| event_name(kind))
}
