//! The frames in which requests and answers travel: `key length\n`, that many bytes, `\n`.
//!
//! The worker reads and writes them with builtins alone; `worker/PROTOCOL.md` is the contract.

/// Appends one frame to a request.
pub(super) fn push(request: &mut Vec<u8>, key: &str, value: &[u8]) {
    request.extend_from_slice(format!("{key} {}\n", value.len()).as_bytes());
    request.extend_from_slice(value);
    request.push(b'\n');
}

/// One frame of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a [u8],
}

impl Frame<'_> {
    /// The value as text, whatever the child wrote there.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.value).into_owned()
    }

    /// The value as a list of texts, one a line; an empty value is an empty list.
    pub(super) fn lines(&self) -> Vec<String> {
        self.items("\\")
    }

    /// The value as a list of names in canonical form, one a line.
    pub(super) fn names(&self) -> Vec<String> {
        self.items("\\\\")
    }

    fn items(&self, backslash: &str) -> Vec<String> {
        self.text().split_terminator('\n').map(|line| unescaped(line, backslash)).collect()
    }
}

/// An item of a list without the escapes that keep it on its line; two backslashes become `backslash`.
fn unescaped(line: &str, backslash: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut characters = escape.chars();
        match characters.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('\\') => text.push_str(backslash),
            // a surrogate
            other => text.extend(['\\'].into_iter().chain(other)),
        }
        rest = characters.as_str();
    }
    text.push_str(rest);
    text
}

/// Bytes that are no frames from some point on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The last frame is not whole.
    Cut,
    /// What stands at this byte is no frame.
    Garbage(usize),
}

/// Longest line that announces a frame: a key and a length.
const LONGEST_HEAD: usize = 64;

/// Splits an answer into frames.
pub(super) fn split(answer: &[u8]) -> Result<Vec<Frame<'_>>, Broken> {
    let mut frames = Vec::new();
    let mut offset = 0;
    while offset < answer.len() {
        let rest = &answer[offset..];
        let (frame, length) = first(rest).map_err(|broken| match broken {
            Broken::Garbage(within) => Broken::Garbage(offset + within),
            Broken::Cut => Broken::Cut,
        })?;
        frames.push(frame);
        offset += length;
    }
    Ok(frames)
}

fn first(bytes: &[u8]) -> Result<(Frame<'_>, usize), Broken> {
    let window = &bytes[..bytes.len().min(LONGEST_HEAD)];
    let Some(head_bytes) = window.iter().position(|&byte| byte == b'\n') else {
        let plausible = window.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        let whole = window.len() < LONGEST_HEAD;
        return Err(if plausible && whole { Broken::Cut } else { Broken::Garbage(0) });
    };
    let head = std::str::from_utf8(&bytes[..head_bytes]).map_err(|_| Broken::Garbage(0))?;
    let (key, length) = head.split_once(' ').ok_or(Broken::Garbage(0))?;
    let length: usize = length.parse().map_err(|_| Broken::Garbage(0))?;
    let start = head_bytes + 1;
    let end = start.checked_add(length).ok_or(Broken::Garbage(0))?;
    match bytes.get(end) {
        None => Err(Broken::Cut),
        Some(b'\n') => Ok((Frame { key, value: &bytes[start..end] }, end + 1)),
        Some(_) => Err(Broken::Garbage(end)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn items_of_lists_are_told_apart() {
        let frame = |value| Frame { key: "modules", value };
        let listed = frame(b"sys\n\na\\nb\na\\\\nb\n\\ud800\n\\\\ud800\n \n");
        let names = ["sys", "", "a\nb", r"a\\nb", r"\ud800", r"\\ud800", " "];
        assert_eq!(listed.names(), names);
        assert_eq!(listed.lines()[2..4], ["a\nb", r"a\nb"]);
        assert_eq!(frame(b"").lines(), [""; 0]);
        assert_eq!(frame(b"\n").names(), [""]);
        assert_eq!(frame(b"only\\").lines(), ["only\\"]);
    }

    proptest! {
        #[test]
        fn what_is_pushed_is_split(pairs: Vec<(u8, Vec<u8>)>) {
            let keys: Vec<_> = pairs.iter().map(|(key, _)| format!("key{key}")).collect();
            let mut bytes = Vec::new();
            for (key, (_, value)) in keys.iter().zip(&pairs) {
                push(&mut bytes, key, value);
            }
            let frames = split(&bytes).expect("whole frames");
            prop_assert_eq!(frames.len(), pairs.len());
            for ((frame, key), (_, value)) in frames.iter().zip(&keys).zip(&pairs) {
                prop_assert_eq!((frame.key, frame.value), (key.as_str(), value.as_slice()));
            }
        }

        #[test]
        fn a_cut_answer_is_cut(value: Vec<u8>, cut in 1usize..5) {
            let mut bytes = Vec::new();
            push(&mut bytes, "events", &value);
            prop_assert_eq!(split(&bytes[..bytes.len() - cut]), Err(Broken::Cut));
        }

        #[test]
        fn any_bytes_are_frames_or_broken(bytes: Vec<u8>) {
            let _ = split(&bytes);
        }
    }

    #[test]
    fn garbage_is_told_from_a_cut() {
        assert_eq!(split(b"<html>\n"), Err(Broken::Garbage(0)));
        assert_eq!(split(b"end 0\nx"), Err(Broken::Garbage(6)));
        assert_eq!(split(b"hello 1\na\n\xff\xff\xff"), Err(Broken::Garbage(10)));
        assert_eq!(split(b"hel"), Err(Broken::Cut));
    }
}
