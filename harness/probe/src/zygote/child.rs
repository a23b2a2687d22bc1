//! What a forked child does before any Python runs in it.

use std::{io, os::fd::OwnedFd};

use rustix::process::{
    Resource, Rlimit, Signal, fchdir, getppid, getrlimit, set_parent_process_death_signal,
    setrlimit, setsid,
};
use tollgate_event::ForkRequest;

use super::message::Request;
use crate::raw;

/// Makes this process what the request says: group, streams, directory, limits.
pub(super) fn become_cell(request: Request) -> io::Result<()> {
    let parent = getppid();
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // The signal is not sent for a parent that was gone before it was asked for.
    if getppid() != parent {
        return Err(io::Error::other("the zygote is gone"));
    }
    // A session is a group that no terminal belongs to; and where the kernel shares the cores out
    // by session, a bomb of processes has one share.
    setsid()?;
    fchdir(&request.directory)?;
    drop((request.directory, request.leash));
    streams(&[request.stdin, request.stdout, request.stderr, request.answer])?;
    limit(&request.limits)
}

/// Puts the streams at their numbers, 0 to 3, and closes the originals.
fn streams(streams: &[OwnedFd; 4]) -> io::Result<()> {
    for (number, stream) in streams.iter().enumerate() {
        raw::duplicate_to(stream, i32::try_from(number).unwrap_or(i32::MAX))?;
    }
    Ok(())
}

/// Sets what the child may use: never more than the zygote itself may.
fn limit(limits: &ForkRequest) -> io::Result<()> {
    let wanted = [
        (Resource::Core, Some(0)),
        (Resource::As, limits.memory_bytes),
        (Resource::Fsize, limits.file_bytes),
        (Resource::Nofile, Some(limits.open_files)),
        (Resource::Nproc, limits.threads_of_user),
    ];
    for (resource, wanted) in wanted {
        let Some(wanted) = wanted else { continue };
        let most = getrlimit(resource).maximum;
        let value = Some(most.map_or(wanted, |most| most.min(wanted)));
        setrlimit(resource, Rlimit { current: value, maximum: value })?;
    }
    Ok(())
}
