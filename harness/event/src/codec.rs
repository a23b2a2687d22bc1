//! Events as bytes: what the probe appends to its buffer and hands over in one piece.
//!
//! An event is a header of [`HEADER_BYTES`] bytes, then the module's name and, where the outcome is
//! an exception, its type's name, both in their [canonical form](crate::canonical), as UTF-8 without
//! terminator. All numbers are little-endian:
//!
//! | bytes | field |
//! |---|---|
//! | 8 | nanoseconds |
//! | 8 | thread |
//! | 1 | kind, [`EventKind::code`] |
//! | 1 | outcome: 0 unstated, 1 ok, 2 not found, 3 raised |
//! | 4 | length of the module's name |
//! | 4 | length of the exception type's name, 0 unless raised |

use std::fmt;

use crate::{Event, EventKind, Outcome, OutcomeRef};

/// Size of what precedes the names of an event, in bytes.
pub const HEADER_BYTES: usize = 26;

/// Appends one event to `buffer`. A name over 4 GiB is left out.
pub fn encode(
    buffer: &mut Vec<u8>,
    nanos: u64,
    thread: u64,
    kind: EventKind,
    name: &str,
    outcome: OutcomeRef<'_>,
) {
    let (code, exception) = match outcome {
        OutcomeRef::Unstated => (0, ""),
        OutcomeRef::Ok => (1, ""),
        OutcomeRef::NotFound => (2, ""),
        OutcomeRef::Raised(exception) => (3, exception),
    };
    let (name, name_bytes) = sized(name);
    let (exception, exception_bytes) = sized(exception);
    buffer.reserve(HEADER_BYTES + name.len() + exception.len());
    buffer.extend_from_slice(&nanos.to_le_bytes());
    buffer.extend_from_slice(&thread.to_le_bytes());
    buffer.extend_from_slice(&[kind.code(), code]);
    buffer.extend_from_slice(&name_bytes.to_le_bytes());
    buffer.extend_from_slice(&exception_bytes.to_le_bytes());
    buffer.extend_from_slice(name);
    buffer.extend_from_slice(exception);
}

fn sized(text: &str) -> (&[u8], u32) {
    u32::try_from(text.len()).map_or((&[], 0), |length| (text.as_bytes(), length))
}

/// Reads every event of `bytes`.
pub fn decode(bytes: &[u8]) -> Result<Vec<Event>, DecodeError> {
    let mut events = Vec::new();
    let mut reader = Reader { bytes, offset: 0 };
    while reader.offset < bytes.len() {
        events.push(reader.event()?);
    }
    Ok(events)
}

struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    fn event(&mut self) -> Result<Event, DecodeError> {
        let nanos = u64::from_le_bytes(self.array()?);
        let thread = u64::from_le_bytes(self.array()?);
        let [kind, outcome] = self.array()?;
        let kind = EventKind::from_code(kind).ok_or_else(|| self.error("no such kind of event"))?;
        let name_bytes = u32::from_le_bytes(self.array()?);
        let exception_bytes = u32::from_le_bytes(self.array()?);
        let name = self.text(name_bytes)?.to_owned();
        let exception = self.text(exception_bytes)?;
        let outcome = match outcome {
            0 => Outcome::Unstated,
            1 => Outcome::Ok,
            2 => Outcome::NotFound,
            3 => Outcome::Raised(exception.to_owned()),
            _ => return Err(self.error("no such outcome")),
        };
        Ok(Event { nanos, thread, kind, name, outcome })
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.offset.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| self.error("the buffer ends within an event"))?;
        let taken = &self.bytes[self.offset..end];
        self.offset = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn text(&mut self, length: u32) -> Result<&'a str, DecodeError> {
        // A length that does not fit the platform's `usize` is past the end in any case.
        let bytes = self.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        std::str::from_utf8(bytes).map_err(|_| self.error("a name is not UTF-8"))
    }

    fn error(&self, reason: &'static str) -> DecodeError {
        DecodeError { offset: self.offset, reason }
    }
}

/// Bytes that are no events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Where reading stopped, in bytes from the start.
    pub offset: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event buffer, byte {}: {}", self.offset, self.reason)
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Unstated),
            Just(Outcome::Ok),
            Just(Outcome::NotFound),
            any::<String>().prop_map(Outcome::Raised),
        ]
    }

    fn event() -> impl Strategy<Value = Event> {
        (any::<u64>(), any::<u64>(), 0..10u8, any::<String>(), outcome()).prop_map(
            |(nanos, thread, code, name, outcome)| {
                let kind = EventKind::from_code(code).expect("a code below 10");
                Event { nanos, thread, kind, name, outcome }
            },
        )
    }

    fn encoded(events: &[Event]) -> Vec<u8> {
        let mut buffer = Vec::new();
        for event in events {
            let outcome = event.outcome.as_ref();
            encode(&mut buffer, event.nanos, event.thread, event.kind, &event.name, outcome);
        }
        buffer
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(events in prop::collection::vec(event(), 0..20)) {
            prop_assert_eq!(decode(&encoded(&events)), Ok(events));
        }

        #[test]
        fn a_cut_buffer_is_an_error(event in event(), cut in 1usize..HEADER_BYTES) {
            let bytes = encoded(&[event]);
            prop_assert!(decode(&bytes[..bytes.len() - cut]).is_err());
        }

        #[test]
        fn any_bytes_are_events_or_an_error(bytes: Vec<u8>) {
            if let Ok(events) = decode(&bytes) {
                prop_assert!(events.len() * HEADER_BYTES <= bytes.len());
            }
        }
    }
}
