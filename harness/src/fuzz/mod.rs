//! The fuzzer: random programs, on which the model and the interpreters are held against each other.
//!
//! A program is a random package tree and random code in its bodies, made by proptest strategies
//! from a 64-bit seed. Its names are few, so that imports meet, shadow and break each other. What the
//! model predicts is compared with what the recorder saw, how the program ended and what is left in
//! `sys.modules`; a program on which they differ is shrunk by proptest to one that a person can read.
//!
//! A small campaign is part of the tests. A large one is `cargo xtask fuzz --seconds 28800`, best at night and
//! without `--seed`: each has programs of its own, and the seed that it prints makes them again. What it
//! finds it writes as a scenario; once the model is mended, that goes to `scenarios/found/`, with a sentence
//! on what it taught. `benches/METHODOLOGY.md` says how many programs were compared, and how soon planted
//! faults are found.

mod campaign;
mod case;
mod difference;
mod found;
mod panel;
mod program;
mod reduce;

pub use campaign::{Disagreement, Plan, Tally, run};
pub use case::{program, shrunk};
pub use difference::{Aspect, Difference, Seen, difference};
pub use found::scenario_file;
pub(crate) use found::written;
pub use panel::{Held, Panel};
pub use program::{RandomProgram, programs};
pub(crate) use reduce::{NO_PYTHON, reduced};
