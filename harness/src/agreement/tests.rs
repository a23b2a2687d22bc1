//! Planted disagreements, and who is found to be wrong.

use super::{Statements, dispute};
use crate::{
    model::{BodyEdge, BodyEvent, End, Prediction},
    span::{Ending, Scope, Span, Trace},
    verdict::{Behaviour, ProgramEnd, Traces},
};

const TRUE: &str = "\
import shop
  find shop
  load shop
    import shop.cart !ValueError
      find shop.cart
      load shop.cart !ValueError
    import space
      find space
      load space
";
const BODIES: &str = "load shop\n  load shop.cart !ValueError\n";

/// What each says, in trace texts.
#[derive(Clone, Copy)]
struct Said {
    author: &'static str,
    model: Option<[&'static str; 2]>,
    modules: Option<&'static str>,
    recorder: &'static str,
}

const AGREED: Said =
    Said { author: TRUE, model: Some([TRUE, BODIES]), modules: Some(BODIES), recorder: TRUE };

fn trace(text: &str) -> Trace {
    text.parse().expect("a trace")
}

fn bodies(spans: &[Span], events: &mut Vec<BodyEvent>) {
    for span in spans {
        let event = |edge| BodyEvent { module: span.name.clone(), edge };
        events.push(event(BodyEdge::Started));
        bodies(&span.children, events);
        match &span.ending {
            Ending::Unended => {}
            Ending::Raised(exception) => events.push(event(BodyEdge::Failed(exception.clone()))),
            Ending::Ok | Ending::NotFound => events.push(event(BodyEdge::Ended)),
        }
    }
}

fn prediction([spans, ran]: [&str; 2]) -> Prediction {
    let mut events = Vec::new();
    bodies(&trace(ran).threads[0], &mut events);
    let names = ["shop".to_owned(), "space".to_owned()].to_vec();
    Prediction {
        trace: trace(spans),
        end: End::Returned,
        modules: names,
        others_at_start: false,
        bodies: vec![events],
    }
}

/// The culprit and what it is about, in words; `agreed` where there is none.
fn found(said: Said) -> String {
    let (written, recorded) = (trace(said.author), trace(said.recorder));
    let (predicted, testified) = (said.model.map(prediction), said.modules.map(trace));
    let mut scope = Scope::default();
    scope.add("shop");
    scope.add("space");
    let program = Behaviour {
        end: ProgramEnd::Returned,
        modules: ["sys", "shop", "space"].map(str::to_owned).to_vec(),
        stdout: String::new(),
        stderr: String::new(),
        traces: Traces::default(),
    };
    let found = dispute(&Statements {
        scope,
        written: Some(&written),
        raises: None,
        exits: None,
        predicted: predicted.as_ref(),
        testified: testified.as_ref(),
        recorded: &recorded,
        recorded_end: &ProgramEnd::Returned,
        program: &program,
    });
    found.map_or("agreed".to_owned(), |dispute| dispute.sentence())
}

const WITHOUT_CART: &str =
    "import shop\n  find shop\n  load shop\n    import space\n      find space\n      load space\n";
const WITHOUT_FIND: &str = "\
import shop
  load shop
    import shop.cart !ValueError
      find shop.cart
      load shop.cart !ValueError
    import space
      find space
      load space
";
const RETRIED: &str = "\
import shop !ValueError
  find shop
  load shop !ValueError
import shop
  find shop
  load shop
    import shop.cart !ValueError
      find shop.cart
      load shop.cart !ValueError
";

/// The program is over while `space` is being loaded by a loader of its own.
const CUT_SHORT: &str = "\
import shop ...
  find shop
  load shop ...
    import space ...
      find space
      load space ...
";
const CUT: Said = Said {
    author: CUT_SHORT,
    model: Some([CUT_SHORT, "load shop ...\n  load space ...\n"]),
    modules: Some("load shop ...\n  load space ...\n"),
    recorder: CUT_SHORT,
};

const NO_MODEL: Said = Said { model: None, ..AGREED };
const RECORDER_ALONE: Said = Said { model: None, modules: None, ..AGREED };

/// What is planted, what is said then, and what has to be found.
const ROWS: [(&str, Said, &str); 24] = [
    ("all agree", AGREED, "agreed"),
    ("two agree", NO_MODEL, "agreed"),
    ("one agrees", RECORDER_ALONE, "agreed"),
    (
        "the recorder drops an import",
        Said { recorder: WITHOUT_CART, ..AGREED },
        "the recorder stands alone against the scenario and the model on what the import system did",
    ),
    (
        "the recorder drops a find",
        Said { recorder: WITHOUT_FIND, ..AGREED },
        "the recorder stands alone against the scenario and the model on what the import system did",
    ),
    (
        "the scenario lacks a find",
        Said { author: WITHOUT_FIND, ..AGREED },
        "the scenario stands alone against the recorder and the model on what the import system did",
    ),
    (
        "the model forgets an import and its body",
        Said { model: Some([WITHOUT_CART, "load shop\n"]), ..AGREED },
        "the model stands alone against the scenario and the recorder on what the import system did",
    ),
    (
        "the model runs a body that nobody loads",
        Said {
            model: Some([TRUE, "load shop\n  load shop.cart !ValueError\n  load shop.till\n"]),
            ..AGREED
        },
        "the model stands alone against the modules on which bodies ran",
    ),
    (
        "a module is silent",
        Said { modules: Some("load shop\n"), ..AGREED },
        "the modules stand alone against the scenario and the recorder and the model on which bodies ran",
    ),
    (
        "a module says the wrong ending",
        Said { modules: Some("load shop\n  load shop.cart\n"), ..AGREED },
        "the modules stand alone against the scenario and the recorder and the model on which bodies ran",
    ),
    (
        "a module speaks twice",
        Said { modules: Some("load shop\n  load shop.cart !ValueError\nload shop\n"), ..AGREED },
        "the modules stand alone against the scenario and the recorder and the model on which bodies ran",
    ),
    (
        "without the model, a loader imports something after the body",
        Said { modules: Some("load shop\nload shop.cart !ValueError\n"), ..NO_MODEL },
        "agreed",
    ),
    (
        "without the model, a loader imports something before the body",
        Said { modules: Some("load shop.cart !ValueError\nload shop\n"), ..NO_MODEL },
        "agreed",
    ),
    (
        "without the model, a load that fails before its body is followed by another",
        Said { author: RETRIED, recorder: RETRIED, ..NO_MODEL },
        "agreed",
    ),
    (
        "the model says within which body, where spans do not",
        Said { modules: Some("load shop\nload shop.cart !ValueError\n"), ..AGREED },
        "the model stands alone against the modules on which bodies ran",
    ),
    (
        "without the model, the recorder drops an import",
        Said { recorder: WITHOUT_CART, ..NO_MODEL },
        "the recorder stands alone against the scenario on what the import system did",
    ),
    (
        "without the model, the scenario lacks an import",
        Said { author: WITHOUT_CART, ..NO_MODEL },
        "the scenario stands alone against the recorder on what the import system did",
    ),
    (
        "without the model, the scenario lacks a find, of which modules know nothing",
        Said { author: WITHOUT_FIND, ..NO_MODEL },
        "the scenario and the recorder disagree on what the import system did",
    ),
    ("all agree on what never ends", CUT, "agreed"),
    (
        "the scenario says that what never ends does",
        Said {
            author: "import shop\n  find shop\n  load shop\n    import space\n      find space\n      load space\n",
            ..CUT
        },
        "the scenario stands alone against the recorder and the model on what the import system did",
    ),
    (
        "the modules say that a body ended, of which the load never did",
        Said { modules: Some("load shop ...\n  load space\n"), ..CUT },
        "the modules stand alone against the scenario and the recorder and the model on which bodies ran",
    ),
    (
        "without the model, a loader goes on after the body, and never ends",
        Said { model: None, modules: Some("load shop ...\n  load space\n"), ..CUT },
        "agreed",
    ),
    (
        "without the model, the modules say that what ended never did",
        Said { modules: Some("load shop ...\n  load shop.cart !ValueError\n"), ..NO_MODEL },
        "the modules stand alone against the scenario and the recorder on which bodies ran",
    ),
    (
        "without the model, a module says that it failed",
        Said { modules: Some("load shop !KeyError\n"), ..NO_MODEL },
        "the modules stand alone against the scenario and the recorder on which bodies ran",
    ),
];

#[test]
fn who_stands_alone_is_found() {
    for (what, said, expected) in ROWS {
        assert_eq!(found(said), expected, "{what}");
    }
}

#[test]
fn the_end_that_a_scenario_says_is_held_against_that_of_the_program() {
    use crate::scenario::ExitStatus::{Code, Signal};
    let raised = |exception: &str| ProgramEnd::Raised {
        exception: exception.to_owned(),
        message: String::new(),
        notes: String::new(),
        frames: Vec::new(),
    };
    for (raises, exits, end, agrees) in [
        (None, None, ProgramEnd::Returned, true),
        (None, Some(Code(3)), ProgramEnd::Exited(Code(3)), true),
        (None, Some(Signal(9)), ProgramEnd::Exited(Signal(9)), true),
        (None, Some(Code(3)), ProgramEnd::Exited(Code(4)), false),
        (None, Some(Code(9)), ProgramEnd::Exited(Signal(9)), false),
        (None, Some(Code(3)), ProgramEnd::Returned, false),
        (None, Some(Code(1)), raised("ValueError"), false),
        (None, None, ProgramEnd::Exited(Code(0)), false),
        (Some("a.b"), None, raised("a.b"), true),
        (Some("b"), None, raised("a.b"), false),
    ] {
        let program = Behaviour {
            end: end.clone(),
            modules: Vec::new(),
            stdout: String::new(),
            stderr: String::new(),
            traces: Traces::default(),
        };
        let found = dispute(&Statements {
            scope: Scope::default(),
            written: None,
            raises,
            exits,
            predicted: None,
            testified: None,
            recorded: &Trace::default(),
            recorded_end: &end,
            program: &program,
        });
        assert_eq!(found.is_none(), agrees, "{raises:?} {exits:?} {end}");
    }
}
