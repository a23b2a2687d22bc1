//! Benches live in `benches/*.rs` of this package; see `METHODOLOGY.md`.
