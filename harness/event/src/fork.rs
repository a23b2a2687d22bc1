//! What the harness and a zygote say to each other, beside the frames of a cell.
//!
//! The zygote's control socket keeps the limits of messages, so neither side has to look for the
//! end of one. `worker/PROTOCOL.md` has the whole conversation.

/// What the harness asks for: a child, with its descriptors attached to the message in the order of
/// [`Descriptor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForkRequest {
    /// Address space of the child, in bytes.
    pub memory_bytes: Option<u64>,
    /// Size of each file that it writes, in bytes.
    pub file_bytes: Option<u64>,
    /// How many descriptors it may have open.
    pub open_files: u64,
    /// Threads of its user, whoever started them, above which it can start no other.
    pub threads_of_user: Option<u64>,
}

/// What each descriptor of a [`ForkRequest`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// The cell's own socket, which stays with the zygote: notices come over it, and the child is
    /// killed when the harness lets go of its end.
    Leash,
    /// The child's standard input.
    Stdin,
    /// The child's standard output.
    Stdout,
    /// The child's standard error.
    Stderr,
    /// The child's descriptor 3.
    Answer,
    /// The child's working directory.
    Directory,
}

impl Descriptor {
    /// All of them, in the order of the message.
    pub const ALL: [Self; 6] =
        [Self::Leash, Self::Stdin, Self::Stdout, Self::Stderr, Self::Answer, Self::Directory];
}

impl ForkRequest {
    /// Length of the message.
    pub const BYTES: usize = 32;

    /// The message: four little-endian numbers, of which the greatest stands for “no limit”.
    pub fn encode(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let numbers = [
            self.memory_bytes.unwrap_or(u64::MAX),
            self.file_bytes.unwrap_or(u64::MAX),
            self.open_files,
            self.threads_of_user.unwrap_or(u64::MAX),
        ];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// The request in a message; nothing if its length is wrong.
    pub fn decode(message: &[u8]) -> Option<Self> {
        let message: &[u8; Self::BYTES] = message.try_into().ok()?;
        let number = |index: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&message[index * 8..][..8]);
            u64::from_le_bytes(bytes)
        };
        let limit = |index| Some(number(index)).filter(|&number| number != u64::MAX);
        Some(Self {
            memory_bytes: limit(0),
            file_bytes: limit(1),
            open_files: number(2),
            threads_of_user: limit(3),
        })
    }
}

/// What a zygote says over a cell's leash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The child runs, under this process number, which is that of its process group too.
    Started(i32),
    /// The child has ended with this wait status (as `waitpid` gives it), and its group with it.
    Ended(i32),
    /// No child could be made; the number is the operating system's error.
    Failed(i32),
}

impl Notice {
    /// Length of the message.
    pub const BYTES: usize = 5;

    /// The message: a letter and a little-endian number.
    pub fn encode(self) -> [u8; Self::BYTES] {
        let (letter, number) = match self {
            Self::Started(process) => (b'S', process),
            Self::Ended(status) => (b'E', status),
            Self::Failed(error) => (b'F', error),
        };
        let [a, b, c, d] = number.to_le_bytes();
        [letter, a, b, c, d]
    }

    /// The notice in a message; nothing if it is none.
    pub fn decode(message: &[u8]) -> Option<Self> {
        let &[letter, a, b, c, d] = message else { return None };
        let number = i32::from_le_bytes([a, b, c, d]);
        match letter {
            b'S' => Some(Self::Started(number)),
            b'E' => Some(Self::Ended(number)),
            b'F' => Some(Self::Failed(number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn requests_are_read_as_they_were_written(
            memory_bytes in proptest::option::of(0..u64::MAX),
            file_bytes in proptest::option::of(0..u64::MAX),
            open_files: u64,
            threads_of_user in proptest::option::of(0..u64::MAX),
        ) {
            let request =
                ForkRequest { memory_bytes, file_bytes, open_files, threads_of_user };
            prop_assert_eq!(ForkRequest::decode(&request.encode()), Some(request));
        }

        #[test]
        fn notices_are_read_as_they_were_written(number: i32, which in 0_usize..3) {
            let notice = [Notice::Started, Notice::Ended, Notice::Failed][which](number);
            prop_assert_eq!(Notice::decode(&notice.encode()), Some(notice));
        }

        #[test]
        fn any_other_bytes_are_no_message(bytes: Vec<u8>) {
            prop_assume!(bytes.len() != ForkRequest::BYTES);
            prop_assert_eq!(ForkRequest::decode(&bytes), None);
            if bytes.len() != Notice::BYTES || !b"SEF".contains(&bytes[0]) {
                prop_assert_eq!(Notice::decode(&bytes), None);
            }
        }
    }
}
