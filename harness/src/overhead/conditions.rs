//! Under which conditions a launch took its samples.
//!
//! They are recorded and shown, and no sample is left out because of them: whoever looks at the arm of
//! a sample before deciding whether it counts decides what comes out.

use std::fs;

use crate::worker;

/// What a launch was given, and what it met.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// Seed of `hash()` for strings.
    pub hash_seed: u32,
    /// Bytes added to the environment.
    pub environment_pad: usize,
    /// Bytes allocated before the first sample.
    pub heap_pad: usize,
    /// The core that parent and children kept to; nothing where they could not be kept.
    pub core: Option<usize>,
    /// Share of the processors' time that the hypervisor gave to others; nothing where nobody says.
    pub stolen: Option<f64>,
    /// Processes that wanted a core, on average over the minute before; nothing where nobody says.
    pub load: Option<f64>,
    /// How fast the first processor ran when the launch was over, in MHz; nothing where nobody says.
    pub megahertz: Option<f64>,
    /// Page faults while the clock ran, all samples together.
    pub faults: u64,
    /// How often a sample lost its core while the clock ran.
    pub switches: u64,
    /// How many samples there were.
    pub samples: usize,
}

/// Ticks of all processors since the start of the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticks {
    all: u64,
    stolen: u64,
}

impl Ticks {
    /// As of now; nothing where `/proc/stat` is not there.
    pub(super) fn now() -> Option<Self> {
        Self::parse(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// The first line: `cpu`, then user, nice, system, idle, iowait, irq, softirq, steal.
    fn parse(text: &str) -> Option<Self> {
        let words = text.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
        let ticks: Vec<u64> = words.take(8).map(str::parse).collect::<Result<_, _>>().ok()?;
        Some(Self { all: ticks.iter().sum(), stolen: *ticks.get(7)? })
    }

    /// The share that was stolen since then.
    fn stolen_since(self, then: Self) -> Option<f64> {
        let number = |ticks: u64| f64::from(u32::try_from(ticks).unwrap_or(u32::MAX));
        let all = self.all.checked_sub(then.all).filter(|all| *all > 0)?;
        Some(number(self.stolen.saturating_sub(then.stolen)) / number(all))
    }
}

impl Conditions {
    /// Adds what was met between `then` and now by `launch`.
    pub(super) fn met(self, then: Option<Ticks>, launch: &worker::Launch) -> Self {
        let measured = || launch.samples.iter().filter_map(|sample| sample.measured.as_ref());
        Self {
            stolen: then.zip(Ticks::now()).and_then(|(then, now)| now.stolen_since(then)),
            load: load(),
            megahertz: megahertz(),
            faults: measured().map(|measured| measured.faults).sum(),
            switches: measured().map(|measured| measured.switches).sum(),
            samples: measured().count(),
            ..self
        }
    }
}

fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

/// From the driver that scales frequencies; where there is none, as in most virtual machines, from what
/// the processor is said to have.
fn megahertz() -> Option<f64> {
    let scaled = fs::read_to_string("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq");
    let kilohertz = scaled.ok().and_then(|text| text.trim().parse::<f64>().ok());
    kilohertz
        .map(|it| it / 1000.0)
        .or_else(|| said_megahertz(&fs::read_to_string("/proc/cpuinfo").ok()?))
}

fn said_megahertz(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("cpu MHz"))?;
    line.split_once(':')?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_say_how_fast_they_are() {
        let text = "processor\t: 0\ncpu MHz\t\t: 2599.998\nprocessor\t: 1\ncpu MHz\t\t: 800\n";
        assert_eq!(said_megahertz(text), Some(2599.998));
        assert_eq!(
            [said_megahertz("processor\t: 0\n"), said_megahertz("cpu MHz: fast")],
            [None; 2]
        );
    }

    #[test]
    fn stolen_time_is_a_share_of_all_time() {
        let then = Ticks::parse("cpu  10 0 10 70 0 0 0 10 0 0\ncpu0 1\n").expect("ticks");
        let now = Ticks::parse("cpu  60 0 20 90 0 0 0 30 0 0\n").expect("ticks");
        assert_eq!(now.stolen_since(then), Some(0.2));
        assert_eq!(then.stolen_since(then), None);
        for text in ["", "cpu  1 2\n", "cpu  a 0 0 0 0 0 0 0\n", "intr 1\n"] {
            assert!(Ticks::parse(text).is_none(), "{text}");
        }
    }
}
