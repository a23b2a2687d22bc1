//! What strategies cost: a plot a workload, every interval on it, the run's own noise behind them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::scale::{Scale, ratios, told};
use crate::{
    record::OverheadRecord,
    report::{Findings, controls, findings::by_name, ratio},
    strategy::BASELINE,
};

/// Units of the drawing, which the browser scales.
const WIDTH: f64 = 760.0;
const LEFT: f64 = 170.0;
const RIGHT: f64 = 736.0;
const TOP: f64 = 30.0;
const LINE: f64 = 8.0;
const GAP: f64 = 12.0;

/// One plot: numbers are places on the drawing, texts are written as they are.
#[derive(Debug, Serialize)]
pub(super) struct Plot {
    workload: String,
    width: f64,
    height: f64,
    /// The noise floor: left end and width; nothing without an A/A arm.
    noise: Option<[f64; 2]>,
    noise_told: String,
    /// Where there is no difference.
    one: f64,
    ticks: Vec<(f64, String)>,
    rows: Vec<Row>,
    /// Which of its groups are unfit, and why.
    unfit: Vec<String>,
}

impl Plot {
    /// Whether it is of this workload, and anything follows from it.
    pub(super) fn tells_of(&self, workload: &str) -> bool {
        let mut points = self.rows.iter().flat_map(|row| &row.points);
        self.workload == workload && points.any(|point| !point.is_unfit)
    }
}

#[derive(Debug, Serialize)]
struct Row {
    strategy: String,
    title: String,
    top: f64,
    middle: f64,
    height: f64,
    is_even: bool,
    points: Vec<Point>,
}

#[derive(Debug, Serialize)]
struct Point {
    /// Which interpreter.
    place: usize,
    verdict: String,
    /// Whether a control failed beside it.
    is_unfit: bool,
    x: f64,
    y: f64,
    /// Both ends of the interval; nothing if there is none.
    ends: Option<[f64; 2]>,
    told: String,
}

/// A plot for each workload, in the order of the records.
pub(super) fn plots(findings: &Findings) -> Vec<Plot> {
    let mut workloads: Vec<&str> = Vec::new();
    for cost in &findings.overheads {
        if !workloads.contains(&cost.workload.as_str()) {
            workloads.push(&cost.workload);
        }
    }
    let of = |workload: &str| {
        let own = findings.overheads.iter().filter(|cost| cost.workload == workload);
        plot(findings, workload, &own.collect::<Vec<_>>())
    };
    workloads.into_iter().filter_map(of).collect()
}

fn plot(findings: &Findings, workload: &str, costs: &[&OverheadRecord]) -> Option<Plot> {
    let range = range(costs)?;
    let scale = Scale::new(range, [LEFT, RIGHT]);
    let timed = costs.iter().map(|cost| by_name(&cost.strategy));
    let known = findings.strategies().into_iter().filter(|it| *it != BASELINE).map(by_name);
    let strategies: BTreeSet<_> = timed.chain(known).collect();
    let failed = controls::failed(findings, costs);
    let unfit: BTreeSet<_> = failed.iter().map(|(place, _)| *place).collect();
    let mut top = TOP;
    let rows = strategies.into_iter().enumerate().map(|(index, (_, strategy))| {
        let mut own: Vec<_> = costs.iter().filter(|cost| cost.strategy == strategy).collect();
        own.sort_by_key(|cost| findings.place(&cost.interpreter.label));
        let height = LINE * whole(own.len().max(1)) + GAP;
        let points = own.iter().enumerate().filter_map(|(line, cost)| {
            let y = top + GAP / 2.0 + LINE * (whole(line) + 0.5);
            point(findings, cost, &scale, y).map(|point| point.beside(&unfit))
        });
        let title = if strategy == BASELINE { "none again (A/A)" } else { strategy };
        let row = Row {
            strategy: strategy.to_owned(),
            title: title.to_owned(),
            top,
            middle: top + height / 2.0,
            height,
            is_even: index % 2 == 0,
            points: points.collect(),
        };
        top += height;
        row
    });
    let rows: Vec<_> = rows.collect();
    let noise = noise(costs);
    Some(Plot {
        workload: workload.to_owned(),
        width: WIDTH,
        height: top + 4.0,
        noise: noise.map(|[low, high]| [scale.at(low), scale.at(high) - scale.at(low)]),
        noise_told: noise.map(|bounds| bounds.map(told).join(" to ")).unwrap_or_default(),
        one: scale.at(1.0),
        ticks: ratios(range).into_iter().map(|tick| (scale.at(tick), told(tick))).collect(),
        rows,
        unfit: failed.into_iter().map(|(_, why)| why).collect(),
    })
}

impl Point {
    /// The same, marked if a control failed on its interpreter.
    fn beside(mut self, unfit: &BTreeSet<usize>) -> Self {
        self.is_unfit = unfit.contains(&self.place);
        if self.is_unfit {
            self.told.push_str("; unfit");
        }
        self
    }
}

fn whole(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

fn point(findings: &Findings, cost: &OverheadRecord, scale: &Scale, y: f64) -> Option<Point> {
    let ratio = cost.ratio?;
    let place = findings.place(&cost.interpreter.label);
    let value = cost
        .interval
        .map_or_else(|| ratio::short(ratio), |bounds| ratio::with_interval(ratio, bounds));
    let on = findings.interpreters.name(place);
    Some(Point {
        place,
        verdict: cost.verdict.clone(),
        is_unfit: false,
        x: scale.at(ratio),
        y,
        ends: cost.interval.map(|bounds| bounds.map(|bound| scale.at(bound))),
        told: format!("{} on {on}: {value}, {}", cost.strategy, cost.verdict),
    })
}

/// From the lowest to the highest bound, with room on both sides. Nothing if nothing was usable.
fn range(costs: &[&OverheadRecord]) -> Option<[f64; 2]> {
    let ends = costs.iter().flat_map(|cost| {
        let bounds = cost.interval.into_iter().flatten();
        // an interval that says nothing must not make all others a dot
        let bounds = bounds.map(|bound| bound.clamp(0.3, 3.0 * cost.ratio.unwrap_or(1.0)));
        cost.ratio.into_iter().chain(bounds).filter(|it| it.is_finite() && *it > 0.0)
    });
    let [low, high] =
        ends.fold([1.0_f64, 1.0_f64], |[low, high], end| [low.min(end), high.max(end)]);
    let room = (high / low).powf(0.04).max(1.004);
    costs.iter().any(|cost| cost.ratio.is_some()).then_some([low / room, high * room])
}

/// How far the baseline is from itself: the widest bounds of the A/A arms.
fn noise(costs: &[&OverheadRecord]) -> Option<[f64; 2]> {
    let arms = costs.iter().filter(|cost| cost.strategy == BASELINE);
    arms.filter_map(|cost| cost.interval)
        .reduce(|[low, high], [other, next]| [low.min(other), high.max(next)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{record::Record, report::fixtures::cost};

    #[test]
    fn points_stand_where_their_ratios_are_and_noise_behind_them() {
        let records =
            [cost("none", "3.9.1", 1.0), cost("audit", "3.9.1", 1.1), cost("audit", "3.10.1", 2.0)];
        let void = OverheadRecord { ratio: None, interval: None, ..cost("void", "3.9.1", 1.0) };
        let all = records.into_iter().chain([void]).map(Record::Overhead);
        let plots = plots(&all.collect());
        let [plot] = plots.as_slice() else { panic!("{plots:?}") };
        assert_eq!(plot.noise_told, "−1 % to +1 %");
        let [none, audit, void] = plot.rows.as_slice() else { panic!("{plot:?}") };
        assert_eq!((none.title.as_str(), void.points.len()), ("none again (A/A)", 0));
        let [first, second] = audit.points.as_slice() else { panic!("{audit:?}") };
        assert!(plot.one < first.x && first.x < second.x && first.y < second.y);
        assert_eq!(second.told, "audit on 3.10: ×2.00 ±0.01, slower");
        let ends = first.ends.expect("an interval");
        assert!(ends[0] < first.x && first.x < ends[1]);
    }
}
