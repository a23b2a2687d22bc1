//! Colours of the picture: one hue, in steps that every eye tells apart, on light and on dark paper.

use serde::Serialize;

/// How many steps there are from little to all.
const LEVELS: usize = 5;

/// What a picture is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Tone {
    /// Both, as they are written.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The word in the names of files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(super) const fn ink(self) -> Ink {
        match self {
            Self::Light => LIGHT,
            Self::Dark => DARK,
        }
    }
}

/// Every colour of a picture.
#[derive(Debug, Serialize)]
pub(super) struct Ink {
    paper: &'static str,
    text: &'static str,
    muted: &'static str,
    rule: &'static str,
    cost: &'static str,
    /// From little to all.
    shades: [Shade; LEVELS],
}

/// A background and what is legible on it.
#[derive(Debug, Serialize)]
struct Shade {
    background: &'static str,
    foreground: &'static str,
}

const fn shade(background: &'static str, foreground: &'static str) -> Shade {
    Shade { background, foreground }
}

const LIGHT: Ink = Ink {
    paper: "#ffffff",
    text: "#1f2328",
    muted: "#59636e",
    rule: "#d1d9e0",
    cost: "#0a3069",
    shades: [
        shade("#ddecfc", "#1f2328"),
        shade("#b6d6f7", "#1f2328"),
        shade("#7fb4ee", "#10161d"),
        shade("#2566b8", "#ffffff"),
        shade("#0a3069", "#ffffff"),
    ],
};

const DARK: Ink = Ink {
    paper: "#0d1117",
    text: "#e6edf3",
    muted: "#9198a1",
    rule: "#30363d",
    cost: "#a5d0ff",
    shades: [
        shade("#10243f", "#e6edf3"),
        shade("#173a68", "#e6edf3"),
        shade("#1f5597", "#ffffff"),
        shade("#6fa8ea", "#0d1117"),
        shade("#b9dbff", "#0d1117"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The luminance of `#rrggbb` as WCAG has it.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_stands_out() {
        for tone in Tone::ALL {
            let ink = tone.ink();
            let on_paper = [ink.text, ink.muted].map(|text| (text, ink.paper));
            let on_shades = ink.shades.iter().map(|it| (it.foreground, it.background));
            for (text, ground) in on_paper.into_iter().chain(on_shades) {
                let contrast = contrast(text, ground);
                assert!(contrast >= 4.5, "{tone:?}: {text} on {ground} has {contrast:.2}");
            }
        }
    }

    #[test]
    fn more_is_further_from_the_paper() {
        for tone in Tone::ALL {
            let ink = tone.ink();
            let distances = ink.shades.map(|shade| contrast(shade.background, ink.paper));
            assert!(distances.is_sorted(), "{tone:?}: {distances:?}");
        }
    }
}
