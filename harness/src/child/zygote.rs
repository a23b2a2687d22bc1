//! A zygote: a program that forks a child for every request.
//!
//! The program serves requests on its descriptor 3, as `tollgate_event::ForkRequest` describes them.
//! Children get their streams from us directly, so all that is said of them comes over a leash of
//! their own: a socket that belongs to one cell, through which the zygote tells the child's start and
//! end, and by whose closing it is told to kill the child. No child can speak for another.

use std::{
    fs::File,
    io::{self, IoSlice, Read, Seek},
    mem::MaybeUninit,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags, open},
    io::Errno,
    net::{
        AddressFamily, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, Shutdown,
        SocketFlags, SocketType, recv, sendmsg, shutdown, socketpair,
    },
    process::{Pid, Signal, kill_process_group},
};
use tollgate_event::{Descriptor, ForkRequest, Notice};

use super::{
    Ended, Ending, Limits, Program,
    group::Group,
    name_failure,
    processes::{process, threads_of_user},
    start::{self, Streams, input_file},
    watch::{self, Process},
};

/// How long a zygote may take to kill a child and say so. It needs a millisecond; one that needs
/// this long was stopped by a child, and is given up.
const PATIENCE: Duration = Duration::from_secs(2);

/// A warm process that forks. Dropping it ends it and all its children.
#[derive(Debug)]
pub struct Zygote {
    control: OwnedFd,
    process: Mutex<Group>,
    errors: File,
}

impl Zygote {
    /// Starts `program` as a zygote. Its `answer` is not looked at: descriptor 3 is the control
    /// socket. Whether it came up is seen by its first child.
    ///
    /// # Errors
    ///
    /// As for [`super::run`].
    pub fn start(program: &Program) -> io::Result<Self> {
        let start = || {
            let (control, theirs) = sockets()?;
            let errors = tempfile::tempfile()?;
            let child = start::server(program, theirs, errors.try_clone()?.into())?;
            Ok(Self { control, process: Mutex::new(Group::new(child)), errors })
        };
        start().map_err(|error: io::Error| {
            name_failure(&program.executable, &program.directory, &error)
        })
    }

    /// Runs one child to its end, or to the limit that it meets first. `input` is what it reads from
    /// its standard input, `directory` where it works.
    ///
    /// If the zygote dies meanwhile, or has died before, the ending is [`Ending::Orphaned`].
    ///
    /// # Errors
    ///
    /// Only if this host failed.
    pub fn run(&self, input: &[u8], directory: &Path, limits: &Limits) -> io::Result<Ended> {
        let (leash, theirs) = sockets()?;
        let Some(streams) = self.request(&theirs, input, directory, limits)? else {
            return Ok(orphaned());
        };
        drop(theirs);
        let mut cell = Leash { zygote: self, socket: leash, group: None, ending: None };
        watch::until_ended(&mut cell, streams, limits)
    }

    /// Asks for a child; nothing if nobody is there to ask.
    fn request(
        &self,
        leash: &OwnedFd,
        input: &[u8],
        directory: &Path,
        limits: &Limits,
    ) -> io::Result<Option<Streams>> {
        let input = input_file(input)?;
        let (stdout, child_stdout) = io::pipe()?;
        let (stderr, child_stderr) = io::pipe()?;
        let (answer, child_answer) = io::pipe()?;
        let directory = open(directory, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let descriptors: [BorrowedFd<'_>; Descriptor::ALL.len()] = [
            leash.as_fd(),
            input.as_fd(),
            child_stdout.as_fd(),
            child_stderr.as_fd(),
            child_answer.as_fd(),
            directory.as_fd(),
        ];
        let request = ForkRequest {
            memory_bytes: limits.memory_bytes,
            file_bytes: limits.file_bytes,
            open_files: limits.open_files,
            threads_of_user: limits.processes.and_then(threads_of_user),
        };
        let mut space =
            [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(Descriptor::ALL.len()))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
        let request = request.encode();
        let message = [IoSlice::new(&request)];
        match sendmsg(&self.control, &message, &mut ancillary, SendFlags::NOSIGNAL) {
            Ok(_) => Ok(Some(Streams { stdout, stderr, answer: Some(answer) })),
            Err(Errno::PIPE | Errno::CONNRESET) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends the zygote; its children die with it.
    fn end(&self) {
        let _ = self.process.lock().unwrap_or_else(PoisonError::into_inner).end();
    }

    /// How a zygote that has died ended, and the last line that it wrote to standard error.
    pub fn last_words(&self) -> String {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let ending = process.end().map_or_else(|error| error.to_string(), |end| end.to_string());
        let mut text = Vec::new();
        let read = (&self.errors).rewind().and_then(|()| (&self.errors).read_to_end(&mut text));
        let text = read.map(|_| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default();
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        last.map_or(ending.clone(), |line| format!("{ending}; its last words: {line}"))
    }
}

fn orphaned() -> Ended {
    Ended { ending: Ending::Orphaned, stdout: Vec::new(), stderr: Vec::new(), answer: Vec::new() }
}

/// Two ends of a socket that keeps messages apart.
fn sockets() -> io::Result<(OwnedFd, OwnedFd)> {
    let (kind, flags) = (SocketType::SEQPACKET, SocketFlags::CLOEXEC);
    Ok(socketpair(AddressFamily::UNIX, kind, flags, None)?)
}

/// A child of a zygote, as long as we hold on to it. Letting go ends it.
struct Leash<'a> {
    zygote: &'a Zygote,
    socket: OwnedFd,
    group: Option<Pid>,
    ending: Option<Ending>,
}

impl Leash<'_> {
    /// Takes in all that the zygote has said so far.
    fn listen(&mut self) -> io::Result<()> {
        while self.ending.is_none() {
            let mut message = [0; Notice::BYTES];
            let received = match recv(&self.socket, &mut message, RecvFlags::DONTWAIT) {
                Ok((_, received)) => received,
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::INTR) => continue,
                Err(Errno::CONNRESET) => 0,
                Err(error) => return Err(error.into()),
            };
            match Notice::decode(&message[..received]) {
                Some(Notice::Started(number)) => self.group = process(number),
                Some(Notice::Ended(status)) => self.ending = Some(Ending::of_wait_status(status)),
                Some(Notice::Failed(error)) => return Err(io::Error::from_raw_os_error(error)),
                None => self.lose(),
            }
        }
        Ok(())
    }

    /// The zygote is gone, or out of its mind. Its children die with it; theirs are in the group.
    fn lose(&mut self) {
        self.zygote.end();
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        self.ending = Some(Ending::Orphaned);
    }
}

impl Process for Leash<'_> {
    fn wake(&self) -> Option<BorrowedFd<'_>> {
        Some(self.socket.as_fd())
    }

    fn group(&self) -> Option<Pid> {
        self.group
    }

    fn has_ended(&mut self) -> io::Result<bool> {
        self.listen()?;
        Ok(self.ending.is_some())
    }

    fn end(&mut self) -> io::Result<Ending> {
        self.listen()?;
        if self.ending.is_none() {
            // Our silence from now on is what tells the zygote to kill the child.
            let _ = shutdown(&self.socket, Shutdown::Write);
        }
        while self.ending.is_none() {
            let patience = Timespec::try_from(PATIENCE).map_err(io::Error::other)?;
            match poll(&mut [PollFd::new(&self.socket, PollFlags::IN)], Some(&patience)) {
                Ok(0) => self.lose(),
                Ok(_) => self.listen()?,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.ending.unwrap_or(Ending::Orphaned))
    }
}
