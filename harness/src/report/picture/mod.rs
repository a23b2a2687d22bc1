//! The answer as a picture: what each strategy reports of the four events, what it gets wrong, what the program
//! notices, and what a cold import costs under it. A row a strategy, ranked as on the screen.

mod ink;
#[cfg(test)]
mod tests;

pub use ink::Tone;
use minijinja::{AutoEscape, Environment, value::Serde};
use serde::Serialize;

use super::{
    findings::Findings,
    html::{Scale, ratios, told},
    screen::{self, Row},
    words::plain,
};
use crate::span::event_name_of;

const TEMPLATE: &str = include_str!("picture.svg");

const TITLE: &str = "Which import hook can you trust?";

/// Units of the drawing: as many pixels where it is not scaled.
const WIDTH: f64 = 900.0;
const LEFT: f64 = 16.0;
const RIGHT: f64 = 884.0;
const CELLS: f64 = 178.0;
const CELL: f64 = 76.0;
const GAP: f64 = 4.0;
const WRONG: f64 = 546.0;
const NOTICES: f64 = 566.0;
const COSTS: [f64; 2] = [692.0, 812.0];
const HEAD: f64 = 92.0;
const TOP: f64 = 102.0;
const ROW: f64 = 28.0;
const TICK: f64 = 36.0;
const NOTE: f64 = 17.0;
/// What is slower by more than this stands at the end of the axis.
const SLOWEST: f64 = 1.5;

/// The picture, as SVG that needs no font and no script. Nothing if no strategy was judged.
pub fn picture(findings: &Findings, tone: Tone) -> Option<String> {
    let rows = screen::rows(findings);
    if rows.is_empty() {
        return None;
    }
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("picture", TEMPLATE).expect("the template is part of the program");
    let template = environment.get_template("picture").expect("it was just added");
    let drawn = template.render(Serde(Picture::of(findings, &rows, tone)));
    Some(drawn.expect("the template asks only for what it is given") + "\n")
}

/// What stands in the picture's place for those who do not see it: the best strategies in sentences.
pub fn picture_told(findings: &Findings) -> String {
    let rows = screen::rows(findings);
    let best: Vec<_> = rows.iter().take(BEST).map(told_row).collect();
    format!("{TITLE} {}", best.join(" "))
}

/// Strategies that are told beside the picture; within it are all.
const BEST: usize = 3;

/// What the template asks for: numbers are places on the drawing, texts are written as they are.
#[derive(Serialize)]
struct Picture {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    head_y: f64,
    top: f64,
    bottom: f64,
    row_height: f64,
    wrong_x: f64,
    notices_x: f64,
    title: &'static str,
    subtitle: String,
    told: Vec<String>,
    heads: Vec<Head>,
    /// Where no difference in cost stands; nothing without costs.
    axis: Option<f64>,
    ticks: Vec<(f64, String)>,
    rows: Vec<Drawn>,
    notes: Vec<String>,
    ink: ink::Ink,
}

/// The title of a column, in two lines.
#[derive(Serialize)]
struct Head {
    x: f64,
    anchor: &'static str,
    over: &'static str,
    under: &'static str,
}

#[derive(Serialize)]
struct Drawn {
    top: f64,
    middle: f64,
    /// Where texts stand.
    y: f64,
    strategy: String,
    cells: Vec<Cell>,
    wrong: String,
    notices: String,
    cost: Option<Cost>,
}

/// How much is reported of an event, or of searches.
#[derive(Serialize)]
struct Cell {
    x: f64,
    width: f64,
    middle: f64,
    told: String,
    /// How dark; nothing for nothing.
    level: Option<usize>,
    /// Whether it is claimed, and nothing is reported of it.
    is_zero: bool,
}

#[derive(Serialize)]
struct Cost {
    x: f64,
    ends: Option<[f64; 2]>,
    /// Whether the axis ends before it.
    is_beyond: bool,
    told: String,
}

impl Picture {
    fn of(findings: &Findings, rows: &[Row], tone: Tone) -> Self {
        let axis = Axis::of(rows);
        let scale = axis.as_ref().map(|axis| axis.scale);
        let drawn: Vec<_> =
            rows.iter().enumerate().map(|(number, row)| drawn(row, number, scale)).collect();
        let bottom = TOP + ROW * whole(rows.len());
        let notes = notes(findings, scale.is_some());
        Self {
            width: WIDTH,
            height: bottom + NOTE * whole(notes.len()) + 16.0,
            left: LEFT,
            right: RIGHT,
            head_y: HEAD,
            top: TOP,
            bottom,
            row_height: ROW,
            wrong_x: WRONG,
            notices_x: NOTICES,
            title: TITLE,
            subtitle: plain(screen::title(findings).trim_end()).into_owned(),
            told: rows.iter().map(told_row).collect(),
            heads: heads(scale.is_some()),
            axis: axis.as_ref().map(|axis| axis.scale.at(1.0)),
            ticks: axis.map(Axis::ticks).unwrap_or_default(),
            rows: drawn,
            notes,
            ink: tone.ink(),
        }
    }
}

fn whole(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// Where the cell of an event begins.
fn cell_x(number: usize) -> f64 {
    CELLS + CELL * whole(number)
}

fn heads(has_costs: bool) -> Vec<Head> {
    let middle = |number| cell_x(number) + (CELL - GAP) / 2.0;
    let event = |number, over, under| Head { x: middle(number), anchor: "middle", over, under };
    let mut heads = vec![
        event(0, "import_", "started"),
        event(1, "import_", "ended"),
        event(2, "module_", "loading"),
        event(3, "module_", "loaded"),
        Head { x: WRONG, anchor: "end", over: "wrong", under: "reports" },
        Head { x: NOTICES, anchor: "", over: "the program", under: "notices" },
    ];
    if has_costs {
        heads.push(Head { x: RIGHT, anchor: "end", over: "what a cold", under: "import costs" });
    }
    heads
}

/// The axis of costs.
struct Axis {
    range: [f64; 2],
    scale: Scale,
}

impl Axis {
    /// With room for all that are told in per cent; the others stand at its end. Nothing without costs.
    fn of(rows: &[Row]) -> Option<Self> {
        let costs = || rows.iter().filter_map(|row| row.cost.as_ref());
        costs().next()?;
        let ends = costs().flat_map(|cost| {
            let bounds = cost.interval.into_iter().flatten().map(|end| end.clamp(0.5, SLOWEST));
            bounds.chain([cost.ratio]).filter(|it| (0.5..=SLOWEST).contains(it))
        });
        let [low, high] =
            ends.fold([1.0_f64, 1.02_f64], |[low, high], end| [low.min(end), high.max(end)]);
        let range = [low / 1.004, high * 1.004];
        Some(Self { range, scale: Scale::new(range, COSTS) })
    }

    /// Where values are written above it, with room between two and before the column's title.
    fn ticks(self) -> Vec<(f64, String)> {
        let mut ticks: Vec<(f64, String)> = Vec::new();
        for ratio in ratios(self.range).into_iter().filter(|ratio| *ratio >= 1.0) {
            let x = self.scale.at(ratio);
            let has_room = ticks.last().is_none_or(|(last, _)| x - last >= TICK);
            if has_room && x < COSTS[1] - TICK {
                ticks.push((x, told(ratio)));
            }
        }
        ticks
    }
}

fn drawn(row: &Row, number: usize, scale: Option<Scale>) -> Drawn {
    let top = TOP + ROW * whole(number);
    let mut texts = screen::cells(row).into_iter().map(|text| plain(&text).into_owned());
    let mut next = || texts.next().unwrap_or_default();
    let strategy = next();
    let events = [next(), next(), next(), next()];
    Drawn {
        top,
        middle: top + ROW / 2.0,
        y: top + ROW / 2.0 + 4.5,
        strategy,
        cells: cells(row, events),
        wrong: next(),
        notices: next(),
        cost: scale.and_then(|scale| cost(row, scale)),
    }
}

/// One cell for each event; one across all for who reports nothing but searches.
fn cells(row: &Row, told: [String; 4]) -> Vec<Cell> {
    if let (Some(share), None) = (row.searches, row.silent) {
        let told = format!("claims none of these; of searches {}", screen::share_told(share));
        return vec![Cell::spanning(0..4, told)];
    }
    let claimed = row.delivered.map(|share| share.filter(|_| row.silent.is_none()));
    let cells = told.into_iter().zip(claimed).enumerate();
    let cell = |(number, (told, share)): (usize, (String, Option<screen::Shares>))| Cell {
        level: share.and_then(|share| usize::from(screen::level(share)).checked_sub(1)),
        is_zero: share.is_some_and(|[_, high]| high == 0),
        ..Cell::spanning(number..number + 1, told)
    };
    cells.map(cell).collect()
}

impl Cell {
    fn spanning(events: std::ops::Range<usize>, told: String) -> Self {
        let (x, end) = (cell_x(events.start), cell_x(events.end) - GAP);
        let (width, middle) = (end - x, f64::midpoint(x, end));
        Self { x, width, middle, told, level: None, is_zero: false }
    }
}

fn cost(row: &Row, scale: Scale) -> Option<Cost> {
    let cost = row.cost.as_ref()?;
    let is_beyond = cost.ratio > SLOWEST;
    let places = |bounds: [f64; 2]| bounds.map(|bound| scale.at(bound));
    Some(Cost {
        x: scale.at(cost.ratio),
        ends: cost.interval.map(places).filter(|_| !is_beyond),
        is_beyond,
        told: super::ratio::short(cost.ratio),
    })
}

/// How to read it, a line each.
fn notes(findings: &Findings, has_costs: bool) -> Vec<String> {
    let mut notes = vec![
        "Four events: of what happened, how much was reported in its place (lowest to highest of the CPythons). \
         – claims nothing."
            .to_owned(),
    ];
    if findings.strategies().contains(&"proposal") {
        let overlay = "proposal (overlay): gh-149466 laid over importlib in Python. What the program notices and what it \
                       costs are the overlay's.";
        notes.push(overlay.to_owned());
    }
    let cost = screen::cost_line(findings);
    if !cost.is_empty() {
        notes.push(plain(cost.trim_end()).into_owned());
    } else if !has_costs {
        notes.push("cost: not shown".to_owned());
    }
    notes
}

/// `audit: import_started 63–66; 30 wrong reports; the program notices nothing; a cold import costs +3.0 %.`
fn told_row(row: &Row) -> String {
    let cells = screen::cells(row);
    let name = plain(&cells[0]).into_owned();
    if row.silent.is_some() {
        return format!("{name}: nothing was judged.");
    }
    let kinds = ["import.start", "import.end", "load.start", "load.end"];
    let events = kinds.iter().zip(&cells[1..]).zip(row.delivered);
    let claimed = events.filter(|(_, share)| share.is_some());
    let mut told: Vec<_> =
        claimed.map(|((kind, cell), _)| format!("{} {cell}", event_name_of(kind))).collect();
    if let Some(share) = row.searches {
        told.push(format!("searches {}", screen::share_told(share)));
    }
    if told.is_empty() {
        told.push("claims nothing".to_owned());
    }
    let cost = row.cost.as_ref().map(|cost| super::ratio::short(cost.ratio));
    let cost = cost.map_or_else(String::new, |cost| format!("; a cold import costs {cost}"));
    format!(
        "{name}: {}; {} wrong reports; the program notices {}{cost}.",
        told.join(", "),
        cells[5],
        cells[6]
    )
}
