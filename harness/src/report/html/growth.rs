//! How costs grow with the tree: workloads of one sort at several sizes, on logarithmic axes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::scale::{Scale, ratios, told};
use crate::{
    record::OverheadRecord,
    report::{Findings, findings::by_name},
};

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 300.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 226.0;
/// Least distance between two names at the ends of lines.
const LINE: f64 = 13.0;

/// One sort of workload on one interpreter.
#[derive(Debug, Serialize)]
pub(super) struct Growth {
    sort: String,
    interpreter: String,
    place: usize,
    width: f64,
    height: f64,
    sizes: Vec<(f64, u64)>,
    ticks: Vec<(f64, String)>,
    curves: Vec<Curve>,
}

#[derive(Debug, Serialize)]
struct Curve {
    strategy: String,
    /// Points of an SVG polyline.
    points: String,
    dots: Vec<(f64, f64, String)>,
    /// Where the name stands.
    label: f64,
    /// Which colour.
    number: usize,
}

/// A plot for each sort of workload that was run at two sizes or more, and each interpreter.
pub(super) fn plots(findings: &Findings) -> Vec<Growth> {
    let mut sorts: BTreeMap<(&str, usize), Vec<(u64, &OverheadRecord)>> = BTreeMap::new();
    for cost in &findings.overheads {
        if let Some((sort, size)) = size(&cost.workload) {
            let place = findings.place(&cost.interpreter.label);
            sorts.entry((sort, place)).or_default().push((size, cost));
        }
    }
    let plot = |((sort, place), costs): ((&str, usize), Vec<(u64, &OverheadRecord)>)| {
        growth(findings, (sort, place), &costs)
    };
    sorts.into_iter().filter_map(plot).collect()
}

/// `cold-100` is of the sort `cold` and has size 100.
fn size(workload: &str) -> Option<(&str, u64)> {
    let (sort, size) = workload.rsplit_once('-')?;
    Some((sort, size.parse().ok().filter(|size| *size > 0)?))
}

fn growth(
    findings: &Findings,
    (sort, place): (&str, usize),
    costs: &[(u64, &OverheadRecord)],
) -> Option<Growth> {
    let sizes: BTreeSet<u64> = costs.iter().map(|(size, _)| *size).collect();
    let (first, last) = (*sizes.first()?, *sizes.last()?);
    if sizes.len() < 2 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no tree has so many modules")]
    let number = |size: u64| size as f64;
    let across = Scale::new([number(first), number(last)], [LEFT, RIGHT]);
    let known = costs.iter().filter_map(|(_, cost)| cost.ratio);
    let [low, high] =
        known.fold([0.99_f64, 1.01_f64], |[low, high], it| [low.min(it), high.max(it)]);
    let range = [low / 1.01, high * 1.01];
    let up = Scale::new(range, [BOTTOM, TOP]);
    let strategies: BTreeSet<_> = costs.iter().map(|(_, cost)| by_name(&cost.strategy)).collect();
    let curve = |(index, (_, strategy)): (usize, (bool, &str))| {
        let mut own: Vec<_> = costs.iter().filter(|(_, cost)| cost.strategy == strategy).collect();
        own.sort_by_key(|(size, _)| *size);
        let dots: Vec<_> = own
            .into_iter()
            .filter_map(|(size, cost)| {
                let ratio = cost.ratio?;
                let title =
                    format!("{strategy}, {size} modules: {}", crate::report::ratio::short(ratio));
                Some((across.at(number(*size)), up.at(ratio), title))
            })
            .collect();
        let points: Vec<_> = dots.iter().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect();
        let label = dots.last()?.1;
        let (strategy, points) = (strategy.to_owned(), points.join(" "));
        Some(Curve { strategy, points, dots, label, number: index % 8 })
    };
    let mut curves: Vec<_> = strategies.into_iter().enumerate().filter_map(curve).collect();
    spread(&mut curves);
    Some(Growth {
        sort: sort.to_owned(),
        interpreter: findings.interpreters.name(place).to_owned(),
        place,
        width: WIDTH,
        height: HEIGHT.max(TOP + LINE * (number(curves.len() as u64) + 2.0)),
        sizes: sizes.iter().map(|size| (across.at(number(*size)), *size)).collect(),
        ticks: ratios(range).into_iter().map(|tick| (up.at(tick), told(tick))).collect(),
        curves,
    })
}

/// Moves names apart that would stand on each other.
fn spread(curves: &mut [Curve]) {
    curves.sort_by(|one, other| one.label.total_cmp(&other.label));
    let mut free = TOP;
    for curve in curves {
        curve.label = curve.label.max(free);
        free = curve.label + LINE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{record::Record, report::fixtures::cost};

    #[test]
    fn what_grows_rises_and_one_size_is_no_growth() {
        let at = |workload: &str, strategy: &str, ratio| {
            let workload = workload.to_owned();
            Record::Overhead(OverheadRecord { workload, ..cost(strategy, "3.13.0", ratio) })
        };
        let findings = [
            at("cold-1000", "grows", 3.0),
            at("cold-10", "grows", 1.1),
            at("cold-10", "stays", 1.1),
            at("cold-1000", "stays", 1.1),
            at("warm-10", "stays", 1.1),
            at("cached", "stays", 1.1),
        ];
        let plots = plots(&findings.into_iter().collect());
        let [plot] = plots.as_slice() else { panic!("{plots:?}") };
        assert_eq!((plot.sort.as_str(), plot.sizes.len()), ("cold", 2));
        let curve = |name: &str| plot.curves.iter().find(|it| it.strategy == name).expect(name);
        let [first, last] = curve("grows").dots.as_slice() else { panic!("two sizes") };
        assert!(first.0 < last.0 && first.1 > last.1, "up is less on a drawing");
        let [first, last] = curve("stays").dots.as_slice() else { panic!("two sizes") };
        assert!((first.1 - last.1).abs() < 1e-9);
        let gap = curve("stays").label - curve("grows").label;
        assert!(gap >= LINE, "{gap}");
    }
}
