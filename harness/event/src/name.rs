//! Names of modules and types as texts of ours, which cannot hold all that a Python `str` can.
//!
//! In the *canonical form* a lone surrogate is `\udXXX`, in lower case, and a backslash is doubled; all
//! else stands as it is, line ends included. So two names have the same form only if they are the same
//! name, and every name has one.

use std::{borrow::Cow, fmt::Write as _};

/// The canonical form of a name that has no surrogates.
pub fn canonical(name: &str) -> Cow<'_, str> {
    if name.as_bytes().contains(&b'\\') {
        Cow::Owned(name.replace('\\', "\\\\"))
    } else {
        Cow::Borrowed(name)
    }
}

/// The canonical form of a name that is encoded as Python encodes it with `surrogatepass`: in UTF-8, but
/// with surrogates.
///
/// Bytes that are neither become U+FFFD; Python makes none.
pub fn canonical_with_surrogates(mut bytes: &[u8]) -> String {
    let mut name = String::with_capacity(bytes.len() + 8);
    while !bytes.is_empty() {
        let (valid, rest) = match std::str::from_utf8(bytes) {
            Ok(valid) => (valid, &[][..]),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), rest)
            }
        };
        name.push_str(&canonical(valid));
        bytes = match *rest {
            // the three bytes of a code point from U+D800 to U+DFFF
            [0xed, middle @ 0xa0..=0xbf, last @ 0x80..=0xbf, ref after @ ..] => {
                let low = u32::from(middle & 0x3f) << 6 | u32::from(last & 0x3f);
                let _ = write!(name, "\\u{:04x}", 0xd000 | low);
                after
            }
            [_, ref after @ ..] => {
                name.push(char::REPLACEMENT_CHARACTER);
                after
            }
            [] => rest,
        };
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// UTF-8 with surrogates, as Python writes it.
    fn encoded(name: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for &code in name {
            if let Some(c) = char::from_u32(code) {
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            let part = |shift: u32| 0x80 | u8::try_from(code >> shift & 0x3f).expect("6 bits");
            bytes.extend([0xed, part(6), part(0)]);
        }
        bytes
    }

    #[test]
    fn a_surrogate_and_its_spelling_are_two_names() {
        let check = |name: &[u32], expected: &str| {
            assert_eq!(canonical_with_surrogates(&encoded(name)), expected);
        };
        check(&[0x61, 0xd800, 0x62], r"a\ud800b");
        check(&[0xdfff], r"\udfff");
        check(&[0x5c, 0x75, 0x64, 0x38, 0x30, 0x30], r"\\ud800");
        check(&[0x5c, 0xdc80, 0xdc80, 0x1f600], "\\\\\\udc80\\udc80\u{1f600}");
        assert_eq!(canonical("a\nb"), "a\nb");
        assert_eq!(canonical(r"a\ud800"), r"a\\ud800");
        assert_eq!(canonical_with_surrogates(b"a\xffb"), "a\u{fffd}b");
    }

    proptest! {
        #[test]
        fn different_names_have_different_forms(
            one in prop::collection::vec(prop::sample::select(&[0x5c, 0x75, 0x64, 0x38, 0x30, 0xd800, 0xdc00][..]), 0..8),
            other in prop::collection::vec(prop::sample::select(&[0x5c, 0x75, 0x64, 0x38, 0x30, 0xd800, 0xdc00][..]), 0..8),
        ) {
            let forms = [&one, &other].map(|name| canonical_with_surrogates(&encoded(name)));
            prop_assert_eq!(one == other, forms[0] == forms[1]);
        }

        #[test]
        fn both_ways_to_the_form_agree(name: String) {
            prop_assert_eq!(canonical(&name), canonical_with_surrogates(name.as_bytes()));
        }
    }
}
