//! The language: statements, expressions, calls.

pub(crate) mod assign;
pub(crate) mod builtins;
pub(crate) mod call;
pub(crate) mod class;
pub(crate) mod collection_methods;
pub(crate) mod comparison;
pub(crate) mod comprehension;
pub(crate) mod container;
pub(crate) mod context;
pub(crate) mod expression;
pub(crate) mod f_string;
pub(crate) mod formatting;
pub(crate) mod generator;
pub(crate) mod generator_task;
pub(crate) mod generator_try;
pub(crate) mod handlers;
pub(crate) mod import_statement;
pub(crate) mod instance;
pub(crate) mod iteration;
pub(crate) mod literal;
pub(crate) mod methods;
pub(crate) mod names;
pub(crate) mod operator;
pub(crate) mod scope;
pub(crate) mod statement;
pub(crate) mod text_methods;
