//! Requests from the harness, notices to it.

use std::{
    io::{self, IoSliceMut},
    mem::MaybeUninit,
    os::fd::OwnedFd,
};

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendFlags, recvmsg, send};
use tollgate_event::{Descriptor, ForkRequest, Notice};

/// A request with its descriptors.
pub(super) struct Request {
    pub(super) limits: ForkRequest,
    pub(super) leash: OwnedFd,
    pub(super) stdin: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
    pub(super) answer: OwnedFd,
    pub(super) directory: OwnedFd,
}

/// The next request; nothing when the harness has closed its end.
pub(super) fn receive(control: &OwnedFd) -> io::Result<Option<Request>> {
    let mut bytes = [0; ForkRequest::BYTES + 1];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(Descriptor::ALL.len()))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let received = loop {
        match recvmsg(control, &mut parts, &mut ancillary, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => {}
            // The harness was killed with a request of ours unread.
            Err(rustix::io::Errno::CONNRESET) => return Ok(None),
            other => break other?,
        }
    };
    if received.bytes == 0 {
        return Ok(None);
    }
    let mut descriptors = Vec::with_capacity(Descriptor::ALL.len());
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(fds) = message {
            descriptors.extend(fds);
        }
    }
    let unknown = || io::Error::new(io::ErrorKind::InvalidData, "a request of another version");
    let limits = ForkRequest::decode(&bytes[..received.bytes]).ok_or_else(unknown)?;
    let descriptors: [OwnedFd; Descriptor::ALL.len()] =
        descriptors.try_into().map_err(|_| unknown())?;
    let [leash, stdin, stdout, stderr, answer, directory] = descriptors;
    Ok(Some(Request { limits, leash, stdin, stdout, stderr, answer, directory }))
}

/// Tells the harness; that it may have gone meanwhile is seen elsewhere.
pub(super) fn tell(leash: &OwnedFd, notice: Notice) {
    let _ = send(leash, &notice.encode(), SendFlags::NOSIGNAL);
}
