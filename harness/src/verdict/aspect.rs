//! What of a program a hook may disturb.

use std::fmt;

/// Something of a program's behaviour that a hook may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Whether it raised, what, with which text and notes.
    End,
    /// The frames of the traceback.
    Traceback,
    /// Names and order in `sys.modules`.
    Modules,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// What the exception came from: its cause, its context, and theirs.
    Context,
    /// Warnings, whether they were shown or not.
    Warnings,
    /// Import-related attributes of modules, and their bindings in their parents.
    Attributes,
    /// `sys.meta_path`, `sys.path_hooks`, `builtins` and the like, after the hook was removed.
    State,
    /// The same while the hook is installed.
    InstalledState,
    /// Frames below a module's body.
    Depth,
    /// How many modules may import one another before the stack is full.
    Headroom,
    /// Memory that is not given back when the hook is removed.
    Memory,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::End,
        Self::Traceback,
        Self::Modules,
        Self::Stdout,
        Self::Stderr,
        Self::Context,
        Self::Warnings,
        Self::Attributes,
        Self::State,
        Self::InstalledState,
        Self::Depth,
        Self::Headroom,
        Self::Memory,
    ];

    /// How bad it is that this differs, the worst being 0: a program that ends in another way is not the same program,
    /// what it prints and raises is seen by its users, a frame more in a traceback by those who read it.
    pub const fn severity(self) -> u8 {
        match self {
            Self::End => 0,
            Self::Stdout => 1,
            Self::Stderr => 2,
            Self::Warnings => 3,
            Self::Context => 4,
            Self::Headroom => 5,
            Self::Traceback => 6,
            Self::Attributes => 7,
            Self::Modules => 8,
            Self::State => 9,
            Self::InstalledState => 10,
            Self::Depth => 11,
            Self::Memory => 12,
        }
    }

    /// The words that reports and records use.
    pub const fn words(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Traceback => "traceback",
            Self::Modules => "sys.modules",
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
            Self::Context => "exception context",
            Self::Warnings => "warnings",
            Self::Attributes => "module attributes",
            Self::State => "state after removal",
            Self::InstalledState => "import state",
            Self::Depth => "stack depth",
            Self::Headroom => "recursion headroom",
            Self::Memory => "memory",
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
