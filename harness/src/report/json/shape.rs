//! The published shape. It changes only with its version, whatever becomes of the records.

use schemars::JsonSchema;
use serde::Serialize;

/// A report on a run, for programs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(
    title = "A Tollgate report",
    extend("$id" = "tollgate-report-2.schema.json"),
    deny_unknown_fields
)]
pub(super) struct Report {
    /// Version of this format. A field that is added or changes its meaning makes a new one.
    #[schemars(range(min = 2, max = 2))]
    pub(super) format: u32,
    /// The runs that the records come from; one, unless runs were merged.
    pub(super) runs: Vec<Run>,
    /// The interpreters, by version.
    pub(super) interpreters: Vec<Interpreter>,
    /// What really happened, by scenario and interpreter.
    pub(super) truths: Vec<Truth>,
    /// What strategies showed of it, by strategy, scenario and interpreter.
    pub(super) cells: Vec<Cell>,
    /// Whether the controls of the timing hold; null where nothing was timed. Where they do not, no cost is to be
    /// shown, and each has the verdict `unfit`.
    pub(super) is_fit: Option<bool>,
    /// What strategies cost, by workload, strategy and interpreter.
    pub(super) costs: Vec<Cost>,
}

/// Where records come from.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names that are published")]
pub(super) struct Run {
    /// Its name.
    pub(super) run: String,
    /// Tollgate's version.
    pub(super) tollgate: String,
    /// The checkout's git revision, with `+` where files differ from it; null outside git.
    pub(super) revision: Option<String>,
    /// Operating system and processor.
    pub(super) host: String,
    /// The seed, as decimal digits: it does not fit into a double.
    pub(super) seed: String,
}

/// An interpreter.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Interpreter {
    /// Version with build markers; unique within a report.
    pub(super) label: String,
    /// `sys.version`, first line.
    pub(super) version: String,
    /// The executable.
    pub(super) path: String,
    /// Platform it was built for.
    pub(super) platform: String,
}

/// What really happened in a scenario.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names that are published")]
pub(super) struct Truth {
    /// Name of the scenario.
    pub(super) scenario: String,
    /// Label of the interpreter.
    pub(super) interpreter: String,
    /// Digest of the scenario's file.
    pub(super) digest: String,
    /// Whether the witnesses agree.
    pub(super) truth: TruthWord,
    /// Why, unless they do.
    pub(super) reason: Option<String>,
    /// The witnesses that say nothing.
    pub(super) silent: Vec<String>,
    /// Everything that happened, as trace text: one span a line, indented by nesting.
    pub(super) trace: String,
}

/// Whether the witnesses agree.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TruthWord {
    Agreed,
    Disputed,
    NotApplicable,
    Unknown,
}

/// What a strategy showed of a scenario on an interpreter.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Cell {
    /// Name of the strategy.
    pub(super) strategy: String,
    /// Name of the scenario.
    pub(super) scenario: String,
    /// Label of the interpreter.
    pub(super) interpreter: String,
    /// What it came to.
    pub(super) verdict: Verdict,
    /// Why, where nothing was judged.
    pub(super) reason: Option<String>,
    /// What differs.
    pub(super) divergences: Vec<Divergence>,
    /// Counts by kind of event.
    pub(super) counts: Vec<Count>,
    /// What was reported, in order.
    pub(super) events: Vec<Event>,
}

/// What a cell came to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Conforms,
    Diverges,
    NotApplicable,
    Inconclusive,
}

/// One difference.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Divergence {
    /// `missing`, `unexpected`, `duplicated`, `out-of-order`, `wrong-field` or `disturbed`.
    pub(super) kind: String,
    /// Kind of the event; null for a disturbance.
    pub(super) event: Option<String>,
    /// The module; for a disturbance what was disturbed.
    pub(super) subject: String,
    /// `request` or `search`, where the report is of that and of no import: another meaning, and no lie; else null.
    pub(super) meaning: Option<String>,
    /// All of it, as a clause that completes “the strategy …”.
    pub(super) text: String,
}

/// Counts of one kind of event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Count {
    /// Kind of event, such as `import.start`.
    pub(super) event: String,
    /// Whether the strategy claims this kind.
    pub(super) claimed: bool,
    /// How many happened.
    pub(super) truth: usize,
    /// How many of those were reported in their place.
    pub(super) seen: usize,
    /// How many reports were wrong.
    pub(super) wrong: usize,
    /// How many reports had another meaning, and were no lie.
    pub(super) other: usize,
    /// How many of those were of what happened in another place.
    pub(super) misplaced: usize,
    /// How many of those were in their place, and so among the seen, with a wrong outcome.
    pub(super) misstated: usize,
}

/// One reported event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names that are published")]
pub(super) struct Event {
    /// Kind of event, such as `import.start`.
    pub(super) event: String,
    /// The module.
    pub(super) module: String,
    /// Its outcome: `unstated`, `ok`, `not found` or `raised` and the type of the exception.
    pub(super) outcome: String,
    /// 1 for the thread that ran the program, others in the order of their first event.
    pub(super) thread: usize,
    /// Nanoseconds since the first event of the cell.
    pub(super) nanos: u64,
}

/// What a strategy costs in a workload on an interpreter.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Cost {
    /// Name of the workload.
    pub(super) workload: String,
    /// Name of the strategy; `none` is the baseline against itself, the noise.
    pub(super) strategy: String,
    /// Label of the interpreter.
    pub(super) interpreter: String,
    /// Time under the strategy over time without; null if no sample was usable.
    pub(super) ratio: Option<f64>,
    /// Bounds of its 95 % interval.
    pub(super) interval: Option<[f64; 2]>,
    /// Smallest effect, as a fraction, that this run would have seen with 80 % power.
    pub(super) detectable: Option<f64>,
    /// `slower`, `faster`, `equivalent`, `inconclusive`, `conflict` or `unfit`.
    pub(super) verdict: String,
    /// How many launches it is from.
    pub(super) launches: usize,
    /// Pairs of samples that count.
    pub(super) samples: usize,
    /// Samples that do not.
    pub(super) void: usize,
}
