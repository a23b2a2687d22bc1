//! What strategies say of themselves, on every interpreter; and the template that users begin with.

mod support;

use support::{layout, matrix, strategies, targets};
use tollgate::{
    child::Limits,
    matrix::{Cell, Finding, run},
    scenario,
    strategy::{self, ESTABLISHED, TIMED},
    verdict::{Aspect, Divergence, Verdict, footprint_differences},
    version::Version,
    worker::{Runner, Target, Zygotes},
};

#[test]
fn the_template_conforms() {
    let mut scenarios = scenario::load(&layout().scenarios()).expect("good scenarios");
    scenarios.retain(|scenario| scenario.name.to_string() == "packages/nested");
    let mut matrix = matrix(targets(), scenarios);
    let template = layout().strategies().join("template/my_strategy.py");
    matrix.strategies = vec![strategy::read(&template).expect("a template")];
    let cells: std::sync::Mutex<Vec<Cell>> = std::sync::Mutex::default();
    run(&matrix, &support::runner(Zygotes::new(Limits::default())), &|finding| {
        if let Finding::Cell(_, _, cell) = finding {
            cells.lock().expect("no sink has failed").push(cell.clone());
        }
    });
    let cells = cells.into_inner().expect("no sink has failed");
    assert_eq!(cells.len(), matrix.targets.len());
    for cell in cells {
        assert_eq!(cell.verdict, Verdict::Conforms);
        assert_eq!(cell.events.len(), 3);
    }
}

#[test]
fn every_strategy_says_who_hooks_so_and_can_be_installed() {
    let runner = support::runner(Zygotes::new(Limits::default()));
    for target in targets() {
        for strategy in strategies() {
            let tried = runner.try_out(&target, &strategy);
            let description = tried.unwrap_or_else(|error| panic!("{}: {error:?}", strategy.name));
            assert!(description.summary.ends_with('.'), "{}: its summary", strategy.name);
            let has_monitoring = target.interpreter.version >= Version::new(3, 12, 0);
            let applies = strategy.name.as_str() != "monitoring" || has_monitoring;
            assert_eq!(description.not_applicable.is_none(), applies, "{}", strategy.name);
            let alone = strategy.name.as_str() == "importtime";
            assert_eq!(description.options.is_empty(), !alone, "{}", strategy.name);
        }
    }
}

#[test]
fn the_strategies_that_are_timed_are_there() {
    let names: Vec<_> = strategies().iter().map(|it| it.name.to_string()).collect();
    for name in TIMED.iter().chain(&ESTABLISHED) {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    assert!(ESTABLISHED.iter().all(|name| TIMED.contains(name)));
}

/// Aspects in which a strategy's footprint differs from the baseline's, besides that it is installed.
fn taken(runner: &Runner, target: &Target, name: &str) -> Vec<Aspect> {
    let strategy =
        strategies().into_iter().find(|it| it.name.as_str() == name).expect("it is ours");
    let footprint = |strategy| {
        let footprint = runner.footprint(target, strategy);
        footprint.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let (before, after) = (footprint(&support::without_hook()), footprint(&strategy));
    assert!(before.headroom > 50 && before.depth > 5, "{before:?}");
    let aspects = footprint_differences(&before, &after).into_iter().map(|it| match it {
        Divergence::Disturbed { aspect, .. } => aspect,
        other => panic!("{other}"),
    });
    aspects.filter(|aspect| *aspect != Aspect::InstalledState).collect()
}

#[test]
fn footprints_are_what_each_way_of_hooking_takes() {
    let runner = support::runner(Zygotes::new(Limits::default()));
    for target in targets() {
        for (name, expected) in [
            ("none", &[][..]),
            ("meta_path", &[]),
            ("audit", &[Aspect::Memory]),
            ("audit_native", &[]),
            ("bootstrap", &[Aspect::Depth, Aspect::Headroom]),
            ("dunder_import", &[Aspect::Depth, Aspect::Headroom]),
            ("importtime", &[]),
        ] {
            let label = target.interpreter.label();
            assert_eq!(taken(&runner, &target, name), expected, "{name} on {label}");
        }
    }
}

#[test]
fn a_hook_that_is_not_removed_is_found_out() {
    let runner = support::runner(Zygotes::new(Limits::default()));
    let file = support::folder("careless-strategies").join("stays.py");
    let careless = strategy::read(&file).expect("a strategy");
    let target = support::first_target();
    let footprint = |strategy| runner.footprint(&target, strategy).expect("a footprint");
    let found = footprint_differences(&footprint(&support::without_hook()), &footprint(&careless));
    let is_state =
        |it: &Divergence| matches!(it, Divergence::Disturbed { aspect: Aspect::State, .. });
    assert!(found.iter().any(is_state), "{found:?}");
}
