//! What CPython's compiler warns about, which matters where warnings are raised.

use ruff_python_ast::{
    CmpOp, Expr, Stmt, StringLiteral,
    visitor::{self, Visitor},
};
use ruff_text_size::Ranged;

use crate::{model::source::parse::Refusal, version::Version};

/// What may follow a backslash in a text.
const ESCAPES: &str = "\n\r\\'\"abfnrtv01234567xNuU";

/// Checks a module that is compiled while warnings of `category` are raised.
pub(crate) fn check(
    source: &str,
    body: &[Stmt],
    category: &str,
    version: Version,
) -> Result<(), Refusal> {
    let of_escapes = if version.minor < 12 { "DeprecationWarning" } else { "SyntaxWarning" };
    let escapes_raise = ["Warning", of_escapes].contains(&category);
    let mut checker = Checker { source, escapes_raise, refusal: None };
    checker.visit_body(body);
    checker.refusal.map_or(Ok(()), Err)
}

struct Checker<'s> {
    source: &'s str,
    escapes_raise: bool,
    refusal: Option<Refusal>,
}

impl Checker<'_> {
    fn doubt_if(&mut self, doubtful: bool, node: &impl Ranged) {
        if doubtful {
            let construct = "code that the compiler may warn about";
            let why = "which code that is differs by version";
            self.refusal.get_or_insert(Refusal::doubt(node.start(), construct, why));
        }
    }

    fn escapes(&mut self, literal: &StringLiteral) {
        let text = &self.source[literal.range()];
        if literal.flags.prefix().is_raw() {
            return;
        }
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            let escaped = if character == '\\' { characters.next() } else { None };
            if escaped.is_some_and(|escaped| !ESCAPES.contains(escaped)) && self.escapes_raise {
                self.refusal.get_or_insert(Refusal::Syntax("SyntaxError"));
            }
        }
    }
}

impl<'a> Visitor<'a> for Checker<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assert(assert) => self.doubt_if(assert.test.is_tuple_expr(), assert),
            // from 3.14 on, if it leaves by `return`, `break` or `continue`
            Stmt::Try(node) => self.doubt_if(!node.finalbody.is_empty(), node),
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::StringLiteral(string) => string.value.iter().for_each(|part| self.escapes(part)),
            Expr::BytesLiteral(_) | Expr::FString(_) | Expr::TString(_) => {
                let text = &self.source[expression.range()];
                self.doubt_if(text.contains('\\'), expression);
            }
            Expr::NumberLiteral(number) => {
                let rest = &self.source[number.range().end().to_usize()..];
                self.doubt_if(rest.starts_with(char::is_alphabetic), number);
            }
            Expr::Compare(compare) => {
                let identity = compare.ops.iter().any(|op| matches!(op, CmpOp::Is | CmpOp::IsNot));
                let mut operands = compare.comparators.iter().chain([&*compare.left]);
                self.doubt_if(identity && operands.any(is_plain_literal), compare);
            }
            Expr::Call(call) => self.doubt_if(is_no_variable(&call.func), call),
            Expr::Subscript(subscript) => {
                self.doubt_if(is_no_variable(&subscript.value), subscript);
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}

fn is_plain_literal(expression: &Expr) -> bool {
    let singleton = expression.is_none_literal_expr()
        || expression.is_boolean_literal_expr()
        || expression.is_ellipsis_literal_expr();
    !singleton && !matches!(expression, Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_))
}

fn is_no_variable(expression: &Expr) -> bool {
    !matches!(expression, Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_) | Expr::Subscript(_))
}
