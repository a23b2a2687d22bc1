//! Where a run ran, as far as its times depend on it.

use std::{fmt, fs, thread};

use serde::{Deserialize, Serialize};

/// A sort of machine: what two machines have in common whose ratios can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Operating system and processor architecture, such as `linux x86_64`.
    pub host: String,
    /// What the processor calls itself; nothing where it does not say.
    pub processor: Option<String>,
    /// How many threads run at a time.
    pub threads: Option<usize>,
    /// Whether it is a virtual one, as its processor says; `false` where it says nothing.
    #[serde(default)]
    pub is_virtual: bool,
    /// How the kernel chooses the processors' frequency, such as `performance`; nothing where it does not.
    #[serde(default)]
    pub governor: Option<String>,
}

impl Machine {
    /// This one; nothing if its processor does not say what it is, for then two of the same name may
    /// differ.
    pub fn of_this_host() -> Option<Self> {
        let text = fs::read_to_string("/proc/cpuinfo").ok()?;
        let processor = processor(&text)?;
        let governor = fs::read_to_string("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
        Some(Self {
            host: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            processor: Some(processor),
            threads: thread::available_parallelism().ok().map(usize::from),
            is_virtual: is_virtual(&text),
            governor: governor.ok().map(|text| text.trim().to_owned()),
        })
    }
}

/// x86 has a bit by which hypervisors say that they are there.
fn is_virtual(text: &str) -> bool {
    let flags = text.lines().find(|line| line.starts_with("flags"));
    flags.is_some_and(|line| line.split_whitespace().any(|flag| flag == "hypervisor"))
}

/// The name in `/proc/cpuinfo`: `model name` on x86, `CPU part` with its implementer on ARM.
fn processor(text: &str) -> Option<String> {
    let field = |name: &str| {
        let named = |line: &str| {
            line.split_once(':')
                .filter(|(key, _)| key.trim() == name)
                .map(|(_, value)| value.trim().to_owned())
        };
        text.lines().find_map(named)
    };
    field("model name").or_else(|| {
        let (implementer, part) = (field("CPU implementer")?, field("CPU part")?);
        Some(format!("CPU part {part} of implementer {implementer}"))
    })
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        if let Some(processor) = &self.processor {
            write!(f, ", {processor}")?;
        }
        match self.threads {
            Some(1) => f.write_str(", 1 thread"),
            Some(threads) => write!(f, ", {threads} threads"),
            None => Ok(()),
        }?;
        if self.is_virtual {
            f.write_str(", virtual")?;
        }
        match &self.governor {
            Some(governor) => write!(f, ", governor {governor}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hypervisors_say_that_they_are_there() {
        assert!(is_virtual("processor: 0\nflags\t\t: fpu hypervisor lahf_lm\n"));
        assert!(!is_virtual("processor: 0\nflags\t\t: fpu lahf_lm\nmodel name: hypervisor\n"));
    }

    #[test]
    fn processors_say_what_they_are_in_their_own_ways() {
        for (text, expected) in [
            (
                "processor\t: 0\nmodel name\t: A CPU @ 2 GHz\nmodel name\t: B\n",
                Some("A CPU @ 2 GHz"),
            ),
            (
                "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n",
                Some("CPU part 0xd0c of implementer 0x41"),
            ),
            ("processor\t: 0\n", None),
        ] {
            assert_eq!(processor(text).as_deref(), expected);
        }
    }
}
