//! One page of HTML with everything in it: it needs no network and opens from disk.
//!
//! Tables and plots are made here; the cells are compact data, from which `page.js` draws what is
//! looked at. Whatever comes from records is escaped by the template or is JSON without a `<`.

mod candidates;
mod commands;
mod data;
mod drawing;
mod growth;
mod plot;
mod pool;
mod ranking;
mod scale;
mod view;

use data::Data;
use minijinja::{AutoEscape, Environment, value::Serde};
use serde::Serialize;
use view::View;

pub(super) use scale::{Scale, ratios, told};

use super::{
    Findings, Table, accuracy, company, footprints, matrix, overhead, screen, sentences, truth,
};
use crate::{
    expected::{Expectation, Expectations},
    record::{InterpreterRecord, Record, SourceRecord, Sources},
    text::printable,
};

const TEMPLATE: &str = include_str!("page.html");
/// What the template is put together from, by names that it gives them.
const PARTS: [(&str, &str); 3] = [
    ("parts.html", include_str!("parts.html")),
    ("plots.html", include_str!("plots.html")),
    ("ranking.html", include_str!("ranking.html")),
];
const STYLE: &str = include_str!("page.css");
/// Its parts in the order in which each may use those before it.
const SCRIPT: &str = concat!(
    "(() => {\n",
    include_str!("script/dom.js"),
    include_str!("script/data.js"),
    include_str!("script/states.js"),
    include_str!("script/addresses.js"),
    include_str!("script/ranking.js"),
    include_str!("script/filters.js"),
    include_str!("script/matrix.js"),
    include_str!("script/copying.js"),
    include_str!("script/program.js"),
    include_str!("script/trees.js"),
    include_str!("script/cell.js"),
    include_str!("script/costs.js"),
    include_str!("script/views.js"),
    include_str!("script/start.js"),
    "})();\n",
);

/// A page that is being made: it takes the records one by one, as [`Findings`] does.
#[derive(Default)]
pub struct Page<'a> {
    data: Data,
    expectations: Option<&'a Expectations>,
}

impl<'a> Page<'a> {
    /// A page that says why divergences are there.
    pub fn explained(expectations: &'a Expectations) -> Self {
        Self { data: Data::default(), expectations: Some(expectations) }
    }

    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        match record {
            Record::Truth(truth) => self.data.truth(truth),
            Record::Cell(cell) => {
                let name = (&cell.interpreter, &*cell.strategy, &*cell.scenario);
                let of = |it: &_| match self.expectations {
                    Some(expectations) => expectations.of(name, it),
                    None => Expectation::NotHeld,
                };
                self.data.cell(cell, of);
            }
            _ => {}
        }
    }

    /// The page. `findings` are those of the same records; what scenarios say is shown where it was
    /// recorded.
    pub fn finish(self, findings: &Findings, sources: Option<&Sources>) -> String {
        let sources: &[SourceRecord] = sources.map(|it| &*it.scenarios).unwrap_or_default();
        let data = self.data.finish(&findings.interpreters, sources, &findings.commands);
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        for (name, text) in PARTS.into_iter().chain([("page", TEMPLATE)]) {
            environment.add_template(name, text).expect("the template is part of the program");
        }
        let template = environment.get_template("page").expect("it was just added");
        let places = || findings.interpreters.places();
        let (plots, is_fit) = (plot::plots(findings), findings.fitness().is_ok());
        let page = template.render(Serde(Content {
            style: STYLE,
            script: SCRIPT,
            data: embedded(&data),
            first: view::first(findings),
            has_first: view::first(findings) == view::STRATEGIES,
            lead: view::programs(findings),
            unfit: (!is_fit).then(|| screen::unfit(findings).trim_end().to_owned()),
            ranking: ranking::ranking(findings),
            spoken: view::events(findings),
            run: runs(findings),
            summary: view::summary(findings),
            has_cells: !findings.cells.is_empty(),
            matrix: tables(&[matrix::matrix_table(findings), None]),
            events: tables(&[accuracy::deliveries(findings), accuracy::accuracy(findings)]),
            footprints: tables(&[footprints::footprints(findings), None]),
            sentences: printable(&sentences::divergences(findings)).into_owned(),
            headline: plots
                .iter()
                .find(|it| is_fit && it.tells_of(screen::headline(findings).workload)),
            plots: &plots,
            growth: growth::plots(findings),
            costs: view::costs(&overhead::overhead_tables(findings)),
            timed: view::timed(findings),
            names: places()
                .map(|it| [findings.interpreters.label(it), findings.interpreters.name(it)])
                .collect(),
            companies: view::companies(company::by_interpreters(findings, company::Titles::Names)),
            crowd: tables(&[company::costs(findings), None]),
            candidates: findings.evaluation.as_ref().map(candidates::candidates),
            truth: printable(&truth::truth(findings)).into_owned(),
            interpreters: places()
                .filter_map(|place| findings.origins.get(findings.interpreters.label(place)))
                .collect(),
            provenances: findings.provenances.iter().map(view::provenance).collect(),
        }));
        page.expect("the template asks only for what it is given")
    }
}

/// What the template asks for.
#[derive(Serialize)]
struct Content<'a> {
    style: &'a str,
    script: &'a str,
    data: String,
    /// The view that is opened.
    first: &'static str,
    has_first: bool,
    /// Under which programs hooks were tried.
    lead: String,
    unfit: Option<String>,
    ranking: Option<ranking::Ranking>,
    /// Names of the events that cells speak of.
    spoken: Vec<&'a str>,
    run: Vec<&'a str>,
    summary: view::Summary,
    has_cells: bool,
    matrix: Vec<View>,
    events: Vec<View>,
    footprints: Vec<View>,
    sentences: String,
    /// The plot of the workload whose costs the first table tells, unless the run is unfit.
    headline: Option<&'a plot::Plot>,
    plots: &'a [plot::Plot],
    growth: Vec<growth::Growth>,
    costs: Vec<View>,
    /// Hooks that have costs.
    timed: Vec<&'a str>,
    /// Labels and short names of interpreters.
    names: Vec<[&'a str; 2]>,
    companies: Vec<view::CompanyView>,
    crowd: Vec<View>,
    candidates: Option<candidates::CandidatesView>,
    truth: String,
    interpreters: Vec<&'a InterpreterRecord>,
    provenances: Vec<view::ProvenanceView>,
}

/// The names of the runs that the page is about; of an evaluation where there is no run.
fn runs(findings: &Findings) -> Vec<&str> {
    let own = findings.provenances.iter();
    let evaluation = findings.evaluation.iter().filter(|_| findings.provenances.is_empty());
    own.chain(evaluation.map(|it| &it.provenance)).map(|it| it.run.as_str()).collect()
}

fn tables(tables: &[Option<Table>]) -> Vec<View> {
    tables.iter().flatten().map(view::table).collect()
}

/// JSON that ends no script element and opens no comment in one.
fn embedded(json: &str) -> String {
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{CellRecord, ControlRecord, EventRecord, OverheadRecord, TruthRecord, TruthWord},
        report::fixtures::{cell, company, cost, disturbed, divergence, diverging, truth},
    };

    const ODD: &str = "</script><script>alert(1)</script><!--<b>&\"'";

    fn odd_records() -> Vec<Record> {
        let observed = EventRecord {
            event: "import.start".to_owned(),
            module: ODD.to_owned(),
            outcome: format!("raised {ODD}"),
            thread: 1,
            nanos: 0,
        };
        let missing = divergence("missing", "import.start", ODD);
        let cell = diverging(cell(ODD, ODD, "3.9.1"), &[missing, disturbed(ODD)]);
        let cell = CellRecord { observed: vec![observed], reason: Some(ODD.to_owned()), ..cell };
        let Record::Truth(known) = truth(ODD, "3.9.1", (TruthWord::Agreed, None)) else {
            unreachable!("it is a truth")
        };
        let recorded = format!("import {}\n", serde_json::to_string(ODD).expect("JSON"));
        vec![
            Record::Truth(TruthRecord { recorded, ..known }),
            truth(ODD, "3.10.1", (TruthWord::Unknown, Some(ODD))),
            Record::Cell(cell),
            Record::Overhead(cost(ODD, "3.9.1", 1.2)),
        ]
    }

    fn page(records: Vec<Record>) -> String {
        let mut page = Page::default();
        for record in &records {
            page.add(record);
        }
        page.finish(&records.into_iter().collect(), None)
    }

    #[test]
    fn nothing_in_a_record_is_obeyed() {
        let page = page(odd_records());
        assert!(!page.contains("<script>alert"), "a record opens a script");
        assert!(!page.contains("<!--<b>"), "a record opens a comment");
        let ours = TEMPLATE.matches("</script>").count();
        assert_eq!(page.matches("</script>").count(), ours, "a record ends a script");
        assert!(page.contains("alert(1)"), "it is shown all the same");
    }

    #[test]
    fn the_page_needs_nothing_else() {
        let page = page(odd_records());
        for needs in [" src=", "http://", "@import", "url(", "<link"] {
            assert!(!page.contains(needs), "{needs}");
        }
        assert!(page.contains("<html lang=\"en\"") && page.contains("prefers-color-scheme"));
    }

    #[test]
    fn a_page_opens_where_there_is_something() {
        let cell = || Record::Cell(cell("audit", "a", "3.9.1"));
        let cost = || Record::Overhead(cost("audit", "3.9.1", 1.2));
        for (records, first) in [
            (vec![], "strategies"),
            (vec![cell(), cost()], "strategies"),
            (vec![cost()], "cost"),
            (vec![Record::Composition(company(&["audit", "audit"], "last first"))], "company"),
        ] {
            let page = page(records);
            assert!(page.contains(&format!("data-first=\"{first}\"")), "{first}");
        }
    }

    #[test]
    fn an_unfit_run_shows_no_cost_on_the_first_screen() {
        let unfit = |number: usize| {
            let control = ControlRecord { kind: "again".to_owned(), known: None, holds: false };
            let workload = format!("w{number}");
            OverheadRecord { workload, control: Some(control), ..cost("none", "3.9.1", 1.5) }
        };
        let records = (0..12).map(unfit).chain([cost("audit", "3.9.1", 1.234)]);
        let records = records.map(Record::Overhead);
        let page = page(records.chain([Record::Cell(cell("audit", "a", "3.9.1"))]).collect());
        let (first, rest) = page.split_once("<section id=\"cost\"").expect("both");
        assert!(first.contains("costs unfit: 12 of 12 controls failed, none shown"), "{first}");
        assert!(!first.contains("23.4 %") && rest.contains("23.4"), "{first}");
        assert!(rest.contains("unfit: none differs from itself on 3.9"), "{rest}");
    }

    #[test]
    fn a_page_without_records_says_so() {
        assert!(page(Vec::new()).contains("Nothing was run"));
    }
}
