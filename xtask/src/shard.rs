//! Which part of a run this machine runs, from the flag or from the variables of its engine.

use std::env;

use tollgate::record::Shard;

/// Where a job array or a CI matrix says which of its jobs this one is.
struct Engine {
    name: &'static str,
    /// This job's number.
    number: &'static str,
    /// The number of the first job: a variable, or the number itself.
    first: &'static str,
    /// How far apart the numbers of jobs are; nothing where it is always 1.
    step: Option<&'static str>,
    /// What says how many jobs there are.
    jobs: Jobs,
    /// A variable that only this engine sets, where another one uses the same names otherwise.
    only_with: Option<&'static str>,
}

/// How the number of jobs is told.
enum Jobs {
    Count(&'static str),
    /// As the number of the last.
    Last(&'static str),
}

const fn ci(
    name: &'static str,
    number: &'static str,
    first: &'static str,
    count: &'static str,
) -> Engine {
    Engine { name, number, first, step: None, jobs: Jobs::Count(count), only_with: None }
}

/// From the engines' own documentation. GitHub Actions has no such variables: its matrices write
/// `--shard ${{ matrix.shard }}/4`.
const ENGINES: [Engine; 12] = [
    Engine {
        step: Some("SLURM_ARRAY_TASK_STEP"),
        jobs: Jobs::Last("SLURM_ARRAY_TASK_MAX"),
        ..ci("SLURM", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "")
    },
    Engine {
        step: Some("SGE_TASK_STEPSIZE"),
        jobs: Jobs::Last("SGE_TASK_LAST"),
        ..ci("Grid Engine", "SGE_TASK_ID", "SGE_TASK_FIRST", "")
    },
    Engine { jobs: Jobs::Last("LSB_JOBINDEX_END"), ..ci("LSF", "LSB_JOBINDEX", "1", "") },
    ci("AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "0", "AWS_BATCH_JOB_ARRAY_SIZE"),
    // GitLab counts from 1, Cirrus and most of those who copied the names from 0
    Engine { only_with: Some("GITLAB_CI"), ..ci("GitLab", "CI_NODE_INDEX", "1", "CI_NODE_TOTAL") },
    Engine {
        only_with: Some("CIRRUS_CI"),
        ..ci("Cirrus CI", "CI_NODE_INDEX", "0", "CI_NODE_TOTAL")
    },
    ci("CircleCI", "CIRCLE_NODE_INDEX", "0", "CIRCLE_NODE_TOTAL"),
    ci("Buildkite", "BUILDKITE_PARALLEL_JOB", "0", "BUILDKITE_PARALLEL_JOB_COUNT"),
    ci("Azure Pipelines", "SYSTEM_JOBPOSITIONINPHASE", "1", "SYSTEM_TOTALJOBSINPHASE"),
    ci("Bitbucket", "BITBUCKET_PARALLEL_STEP", "0", "BITBUCKET_PARALLEL_STEP_COUNT"),
    ci("Semaphore", "SEMAPHORE_JOB_INDEX", "1", "SEMAPHORE_JOB_COUNT"),
    ci("Tollgate's own", "TOLLGATE_SHARD_NUMBER", "1", "TOLLGATE_SHARDS"),
];

/// Reads the value of `--shard`.
pub(crate) fn parse(text: &str) -> Result<Shard, String> {
    match text {
        "auto" => from_variables(&|name| env::var(name).ok()),
        numbers => numbers.parse().map_err(|error| format!("{error}, or `auto`")),
    }
}

type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

fn from_variables(variable: Variables<'_>) -> Result<Shard, String> {
    let is_here = |engine: &&Engine| {
        let is_sure = engine.only_with.is_none_or(|name| variable(name).is_some());
        is_sure && variable(engine.number).is_some_and(|number| !number.is_empty())
    };
    let here: Vec<_> = ENGINES.iter().filter(is_here).collect();
    match here[..] {
        [engine] => engine.shard(variable).map_err(|what| format!("{}: {what}", engine.name)),
        [] => Err("there are no variables of a job array or CI matrix that are known; say K/N. \
             (CI_NODE_INDEX alone is ambiguous: some count from 0, some from 1)"
            .to_owned()),
        _ => {
            let names: Vec<_> = here.iter().map(|engine| engine.name).collect();
            Err(format!("there are the variables of {}; say K/N", names.join(" and ")))
        }
    }
}

impl Engine {
    fn shard(&self, variable: Variables<'_>) -> Result<Shard, String> {
        let number = |name: &str| {
            let text = variable(name).ok_or_else(|| format!("{name} is not set"))?;
            text.trim().parse::<u32>().map_err(|_| format!("{name} is `{text}`, not a number"))
        };
        let (this, step) = (number(self.number)?, self.step.map_or(Ok(1), number)?.max(1));
        let first = self.first.parse().or_else(|_| number(self.first))?;
        let jobs = match self.jobs {
            Jobs::Count(name) => number(name)?,
            Jobs::Last(name) => number(name)?.saturating_sub(first) / step + 1,
        };
        let position = this.checked_sub(first).map(|offset| offset / step + 1);
        let shard = position.and_then(|position| Shard::new(position, jobs));
        shard.ok_or_else(|| format!("{} is {this}, which is none of {jobs} jobs", self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `auto` makes of variables that are written as a shell would.
    fn told(variables: &str) -> String {
        let lookup = |name: &str| {
            let named = |word: &str| word.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
            variables.split(' ').find_map(named)
        };
        from_variables(&lookup).map_or_else(|error| error, |shard| shard.to_string())
    }

    #[test]
    fn each_engine_is_understood() {
        for (variables, shard) in [
            (
                "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1",
                "4/8",
            ),
            (
                "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=9 SLURM_ARRAY_TASK_STEP=4",
                "2/3",
            ),
            ("SGE_TASK_ID=2 SGE_TASK_FIRST=1 SGE_TASK_LAST=4 SGE_TASK_STEPSIZE=1", "2/4"),
            ("LSB_JOBINDEX=4 LSB_JOBINDEX_END=4", "4/4"),
            ("AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=2", "1/2"),
            ("GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=2", "1/2"),
            ("CIRRUS_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=2", "2/2"),
            ("CIRCLE_NODE_INDEX=1 CIRCLE_NODE_TOTAL=2", "2/2"),
            ("BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=3", "1/3"),
            ("SYSTEM_JOBPOSITIONINPHASE=3 SYSTEM_TOTALJOBSINPHASE=3", "3/3"),
            ("BITBUCKET_PARALLEL_STEP=2 BITBUCKET_PARALLEL_STEP_COUNT=3", "3/3"),
            ("SEMAPHORE_JOB_INDEX=1 SEMAPHORE_JOB_COUNT=3", "1/3"),
            ("TOLLGATE_SHARD_NUMBER=2 TOLLGATE_SHARDS=3", "2/3"),
        ] {
            assert_eq!(told(variables), shard, "{variables}");
        }
    }

    #[test]
    fn what_is_not_clear_is_refused() {
        for (variables, part) in [
            ("", "say K/N"),
            ("CI_NODE_INDEX=1 CI_NODE_TOTAL=2", "CI_NODE_INDEX alone is ambiguous"),
            ("CIRCLE_NODE_INDEX=1", "CircleCI: CIRCLE_NODE_TOTAL is not set"),
            ("CIRCLE_NODE_INDEX=2 CIRCLE_NODE_TOTAL=2", "which is none of 2 jobs"),
            ("BUILDKITE_PARALLEL_JOB=x BUILDKITE_PARALLEL_JOB_COUNT=3", "is `x`, not a number"),
            (
                "SEMAPHORE_JOB_INDEX=1 SEMAPHORE_JOB_COUNT=3 TOLLGATE_SHARD_NUMBER=2 TOLLGATE_SHARDS=3",
                "Semaphore and Tollgate's own; say K/N",
            ),
        ] {
            assert!(told(variables).contains(part), "{variables}: {}", told(variables));
        }
    }
}
