//! The strategies: which programs are made, and how often what is in them.
//!
//! What comes first in a choice is what shrinking ends with, so the simplest stands there. The names
//! are few, so that imports meet what exists, and each other.

use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Strategy, any},
    prop_oneof,
    sample::select,
    strategy::Union,
};

use super::{
    step::{
        Access, Attribute, Block, Body, Call, Entry, Failure, FinderSort, Function, Getattr,
        Guarded, Leave, ModuleName, Own, Step,
    },
    tree::{Node, Sort},
};

/// Names of modules and attributes alike.
const NAMES: &[Attribute] = &["x", "y", "z", "a", "b"];
/// Names of what lies at the top.
const TOP: &[Attribute] = &["a", "b", "c", "p"];
/// What handlers catch.
const CATCHES: &[&str] = &[
    "ImportError",
    "Exception",
    "ModuleNotFoundError",
    "(KeyError, AttributeError)",
    "ValueError",
    "BaseException",
];
/// What a module's `__getattr__` may be asked for.
const ASKED: &[&str] = &["x", "y", "z", "__path__", "__all__", "__spec__"];
/// Names that importlib gives a module and that it may delete.
const GIVEN: &[&str] =
    &["__spec__", "__path__", "__name__", "__package__", "__file__", "__loader__"];
/// How deep statements nest.
const NESTING: u32 = 2;
/// How deep folders nest.
const FOLDERS: u32 = 3;

/// The nodes of a folder at the top.
pub(crate) fn nodes(steps: &BoxedStrategy<Step>) -> impl Strategy<Value = Vec<Node>> + use<> {
    let body = body(steps);
    let module = named(NAMES, body.clone().prop_map(Sort::Module).boxed());
    let node = module.prop_recursive(FOLDERS, 12, 3, move |inner| {
        named(NAMES, folder(&body, vec(inner, 0..4).boxed()))
    });
    let top = vec((select(TOP), node), 1..5);
    top.prop_map(|nodes| nodes.into_iter().map(|(name, node)| Node { name, ..node }).collect())
}

fn folder(body: &BoxedStrategy<Body>, children: BoxedStrategy<Vec<Node>>) -> BoxedStrategy<Sort> {
    let with_body = (body.clone(), children.clone());
    prop_oneof![
        9 => with_body.clone().prop_map(|(body, children)| Sort::Package(body, children)),
        3 => children.prop_map(Sort::Namespace),
        1 => with_body.clone().prop_map(|(body, children)| Sort::Shadowing(body, children)),
        1 => (with_body, body.clone())
            .prop_map(|((body, children), module)| Sort::Shadowed(body, module, children)),
    ]
    .boxed()
}

fn named(names: &'static [Attribute], sort: BoxedStrategy<Sort>) -> BoxedStrategy<Node> {
    (select(names), sort).prop_map(|(name, sort)| Node { name, sort }).boxed()
}

/// What a program runs: much of it guarded, so that it does not end at the first failure.
pub(crate) fn run(steps: &BoxedStrategy<Step>) -> BoxedStrategy<Body> {
    let thread = vec(guarded(steps.clone(), 0.5), 1..3).prop_map(Step::Thread);
    let step = prop_oneof![
        10 => module().prop_map(Step::Import),
        12 => steps.clone(),
        1 => thread,
    ];
    vec(guarded(step.boxed(), 0.7), 1..=7).boxed()
}

/// Statements, of which this share is guarded.
fn guarded(step: BoxedStrategy<Step>, share: f64) -> BoxedStrategy<Guarded> {
    let guards = select(&["Exception", "ImportError", "BaseException"][..]);
    (option::weighted(share, guards), step)
        .prop_map(|(guard, step)| Guarded { guard, step })
        .boxed()
}

/// The body of a module.
fn body(steps: &BoxedStrategy<Step>) -> BoxedStrategy<Body> {
    vec(guarded(steps.clone(), 0.3), 0..=4).boxed()
}

/// One statement.
pub(crate) fn step() -> BoxedStrategy<Step> {
    plain_step()
        .prop_recursive(NESTING, 6, 2, |inner| {
            let body = vec(guarded(inner.boxed(), 0.2), 1..3).boxed();
            let whole = proptest::bool::weighted(1.0);
            prop_oneof![
                16 => (whole, block(&body)).prop_map(|(whole, block)| Step::Block { whole, block }),
                2 => getattr(body.clone()).prop_map(Step::Getattr),
                1 => (body, leave()).prop_map(|(body, leave)| Step::Fork(body, leave)),
            ]
        })
        .boxed()
}

fn plain_step() -> BoxedStrategy<Step> {
    let names = vec(select(NAMES), 1..3);
    let tail = || option::of(select(NAMES));
    prop_oneof![
        12 => module().prop_map(Step::Import),
        3 => module().prop_map(Step::ImportAs),
        8 => (module(), names.clone()).prop_map(|(module, names)| Step::From(module, names)),
        2 => (module(), select(NAMES)).prop_map(|(module, name)| Step::FromAs(module, name)),
        3 => module().prop_map(Step::Star),
        7 => (1..4_usize, tail(), names)
            .prop_map(|(level, tail, names)| Step::Relative(level, tail, names)),
        2 => (1..3_usize, tail()).prop_map(|(level, tail)| Step::RelativeStar(level, tail)),
        9 => call().prop_map(Step::Call),
        2 => function().prop_map(Step::Function),
        9 => entry().prop_map(Step::Modules),
        9 => own().prop_map(Step::Own),
        5 => (access(), module(), select(NAMES))
            .prop_map(|(access, module, name)| Step::Attribute(access, module, name)),
        4 => failure().prop_map(Step::Raise),
        1 => (finder(), module()).prop_map(|(sort, module)| Step::Finder(sort, module)),
    ]
    .boxed()
}

fn module() -> BoxedStrategy<ModuleName> {
    prop_oneof![
        12 => any::<proptest::sample::Index>().prop_map(ModuleName::Existing),
        2 => (any::<proptest::sample::Index>(), select(NAMES))
            .prop_map(|(index, child)| ModuleName::Child(index, child)),
        1 => select(NAMES).prop_map(ModuleName::Any),
    ]
    .boxed()
}

fn names() -> BoxedStrategy<Vec<Attribute>> {
    vec(select(NAMES), 0..3).boxed()
}

fn call() -> BoxedStrategy<Call> {
    prop_oneof![
        3 => module().prop_map(Call::ImportModule),
        2 => (1..3_usize, select(NAMES), module())
            .prop_map(|(level, name, package)| Call::ImportModuleRelative(level, name, package)),
        2 => (module(), names()).prop_map(|(module, names)| Call::DunderImport(module, names)),
        1 => (1..3_usize, select(NAMES), names())
            .prop_map(|(level, name, names)| Call::DunderImportRelative(level, name, names)),
        3 => module().prop_map(Call::Reload),
        2 => module().prop_map(Call::FindSpec),
        1 => proptest::strategy::Just(Call::InvalidateCaches),
    ]
    .boxed()
}

fn leave() -> impl Strategy<Value = Leave> {
    select(&[Leave::AtOnce, Leave::Exit, Leave::Fail, Leave::GoOn][..])
}

/// Functions that programs put in the place of importlib's: some call that, one does not, and two are it.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("_find_and_load", "lambda name, import_: sys.find_and_load(name, import_)"),
    ("_find_and_load", "sys.find_and_load"),
    ("_find_spec", "lambda name, path, target=None: importlib.util._find_spec(name, path, target)"),
    ("_find_spec", "lambda name, path, target=None: None"),
    ("_find_spec", "importlib.util._find_spec"),
];

fn function() -> BoxedStrategy<Function> {
    prop_oneof![
        2 => module().prop_map(Function::Before),
        2 => module().prop_map(Function::Now),
        1 => module().prop_map(Function::Search),
        2 => (module(), names()).prop_map(|(module, names)| Function::DunderImport(module, names)),
        5 => select(REPLACEMENTS).prop_map(|(name, by)| Function::Replace(name, by)),
    ]
    .boxed()
}

fn entry() -> BoxedStrategy<Entry> {
    prop_oneof![
        3 => module().prop_map(Entry::Delete),
        2 => module().prop_map(Entry::Pop),
        2 => module().prop_map(Entry::Block),
        1 => (module(), module()).prop_map(|(module, name)| Entry::New(module, name)),
        1 => (module(), module()).prop_map(|(module, of)| Entry::Alias(module, of)),
        1 => (module(), select(NAMES)).prop_map(|(module, name)| Entry::Object(module, name)),
        1 => module().prop_map(Entry::Expect),
    ]
    .boxed()
}

fn own() -> BoxedStrategy<Own> {
    prop_oneof![
        4 => select(NAMES).prop_map(Own::Bind),
        1 => select(NAMES).prop_map(Own::Unbind),
        1 => (select(NAMES), select(NAMES)).prop_map(|(name, of)| Own::Use(name, of)),
        3 => names().prop_map(Own::All),
        2 => proptest::strategy::Just(Own::Leave),
        2 => module().prop_map(Own::ReplaceBy),
        1 => select(NAMES).prop_map(Own::ReplaceByObject),
        2 => select(GIVEN).prop_map(Own::Delete),
        1 => proptest::strategy::Just(Own::ForgetPackage),
        1 => module().prop_map(Own::Rename),
        1 => module().prop_map(Own::Path),
        1 => module().prop_map(Own::MorePath),
    ]
    .boxed()
}

fn access() -> impl Strategy<Value = Access> {
    select(&[Access::Get, Access::Has, Access::Set, Access::Delete][..])
}

fn finder() -> impl Strategy<Value = FinderSort> {
    use FinderSort::{Blind, Breaking, Refusing, Serving};
    select(&[Blind, Refusing, Serving, Breaking][..])
}

fn failure() -> BoxedStrategy<Failure> {
    let plain: [(u32, Failure); 7] = [
        (4, Failure::Value),
        (2, Failure::Division),
        (1, Failure::Attribute),
        (1, Failure::Name),
        (1, Failure::Exit),
        (1, Failure::Again),
        (1, Failure::From),
    ];
    let plain = plain.map(|(weight, failure)| (weight, proptest::strategy::Just(failure).boxed()));
    let others = [
        (1, module().prop_map(Failure::Import).boxed()),
        (1, module().prop_map(Failure::NotFound).boxed()),
        (1, proptest::strategy::Just(Failure::Syntax).boxed()),
    ];
    Union::new_weighted(plain.into_iter().chain(others).collect()).boxed()
}

fn block(body: &BoxedStrategy<Body>) -> BoxedStrategy<Block> {
    let (one, catches) = (body.clone(), select(CATCHES));
    let caught = (one.clone(), catches, one.clone());
    let pair = (one.clone(), one.clone());
    prop_oneof![
        5 => caught.clone()
            .prop_map(|(body, catches, handler)| Block::Try { body, catches, handler }),
        1 => (caught, one.clone()).prop_map(|((body, catches, handler), orelse)| {
            Block::TryElse { body, catches, handler, orelse }
        }),
        2 => pair.clone().prop_map(|(body, last)| Block::Finally { body, last }),
        1 => (module(), pair)
            .prop_map(|(module, (then, orelse))| Block::If { module, then, orelse }),
        1 => one.clone().prop_map(Block::Twice),
        1 => one.clone().prop_map(Block::Once),
        1 => one.prop_map(Block::Function),
    ]
    .boxed()
}

fn getattr(body: BoxedStrategy<Body>) -> impl Strategy<Value = Getattr> {
    (select(ASKED), body, any::<bool>()).prop_map(|(name, body, answers)| Getattr {
        name,
        body,
        answers,
    })
}
