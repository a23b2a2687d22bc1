//! The texts of a program: files in memory, parsed and checked as CPython compiles them.

pub(crate) mod check;
pub(crate) mod parse;
pub(crate) mod program;
pub(crate) mod sources;
pub(crate) mod start;
pub(crate) mod warning;
