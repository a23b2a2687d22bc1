//! The page in a real browser: Debian's Chromium, headless, where there is one. Without, every test
//! here says that it was skipped and shows nothing; with `CI=true` it fails.

mod support;

#[path = "page/addresses.rs"]
mod addresses;
#[path = "page/axe.rs"]
mod axe;
#[path = "page/example.rs"]
mod example;
#[path = "page/first.rs"]
mod first;
#[path = "page/large.rs"]
mod large;
#[path = "page/layout.rs"]
mod layout;
#[path = "page/moving.rs"]
mod moving;
#[path = "page/pictures.rs"]
mod pictures;
#[path = "page/shared.rs"]
mod shared;
