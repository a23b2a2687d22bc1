//! Talking with the worker: the Python program that runs in every child.
//!
//! A request goes in, an answer comes back, and whatever a child does instead of answering is a
//! [`Failure`]. `harness/worker/PROTOCOL.md` is the contract between the two sides.

mod answer;
mod cell_folder;
mod codes;
mod compile;
mod compose;
mod describe;
mod failure;
mod footprint;
mod frames;
mod known_options;
mod observe;
mod preamble;
mod probes;
mod process;
mod ring;
mod runner;
mod sample;
mod start;
mod target;
mod try_out;
mod user_site;
#[cfg(target_os = "linux")]
mod zygotes;

pub use answer::Header;
pub use compile::{Compiler, compile};
pub use compose::{Performance, Play, Stage, Step};
pub use describe::Description;
pub use failure::Failure;
pub use observe::{Observation, Program};
pub use process::launch_processes;
pub use ring::{Seat, ring};
pub use runner::Runner;
pub use sample::{
    Arm, Launch, Measured, Plan, Quantity, Sample, Settling, Subject, Workload, launch,
};
pub use start::{Job, OwnProcess, Spawn, Start};
pub use target::{Target, TargetError};
pub use try_out::Problem;
#[cfg(target_os = "linux")]
pub use zygotes::{Memory, Zygotes};
