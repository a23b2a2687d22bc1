//! Tollgate: a conformance and benchmark harness for Python import events.
//!
//! The modules stand in the order in which data flows; each may use those above it, none those
//! below. `ARCHITECTURE.md` has the map.

mod parallel;
mod signal;

pub mod nearest;
pub mod text;

pub mod span;
pub mod version;

pub mod model;
pub mod scenario;
pub mod tree;

pub mod contract;

pub mod child;
pub mod layout;
pub mod stop;

pub mod build;
pub mod interpreter;
pub mod probe;
pub mod strategy;

pub mod command;

pub mod candidate;

pub mod verdict;
pub mod worker;

pub mod agreement;

pub mod measure;

pub mod conformance;
pub mod look;

pub mod fuzz;
pub mod matrix;
pub mod repro;
pub mod shrink;

pub mod evaluation;

pub mod footprint;
pub mod overhead;

pub mod composition;

pub mod bless;

pub mod record;

pub mod compare;
pub mod expected;
pub mod history;
pub mod report;

pub mod publish;
