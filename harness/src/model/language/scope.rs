//! Which names a function binds, as CPython's compiler decides before it runs.

use ruff_python_ast::{
    Alias, ExceptHandler, Expr, ExprContext, Identifier, Stmt,
    visitor::{self, Visitor},
};

/// Whether a statement has a `yield` of the function that it stands in.
pub(crate) fn has_yield(statement: &Stmt) -> bool {
    let mut bound = Bound::default();
    bound.visit_stmt(statement);
    bound.is_generator
}

/// Whether an expression has a `yield` of the function that it stands in.
pub(crate) fn holds_yield(expression: &Expr) -> bool {
    let mut bound = Bound::default();
    bound.visit_expr(expression);
    bound.is_generator
}

/// The names that are local to one function.
#[derive(Debug, Default)]
pub(crate) struct Bound<'a> {
    names: Vec<&'a str>,
    globals: Vec<&'a str>,
    /// Those of a function around it.
    nonlocals: Vec<&'a str>,
    /// Whether the function has a `yield`, so that calling it does not run it.
    pub(crate) is_generator: bool,
}

impl<'a> Bound<'a> {
    pub(crate) fn of(parameters: impl Iterator<Item = &'a str>, body: &'a [Stmt]) -> Self {
        let mut bound = Self { names: parameters.collect(), ..Self::default() };
        bound.visit_body(body);
        bound
    }

    /// The first parameter of the function.
    pub(crate) fn first(&self) -> Option<&'a str> {
        self.names.first().copied()
    }

    pub(crate) fn is_local(&self, name: &str) -> bool {
        self.names.contains(&name) && !self.is_global(name) && !self.is_nonlocal(name)
    }

    /// Whether a name is one of a function around it, and set there.
    pub(crate) fn is_nonlocal(&self, name: &str) -> bool {
        self.nonlocals.contains(&name)
    }

    pub(crate) fn is_global(&self, name: &str) -> bool {
        self.globals.contains(&name)
    }

    /// The names that the targets of a comprehension bind.
    pub(crate) fn of_targets(targets: impl Iterator<Item = &'a Expr>) -> Self {
        let mut bound = Self::default();
        targets.for_each(|target| bound.visit_expr(target));
        bound
    }

    fn alias(&mut self, alias: &'a Alias, whole: bool) {
        let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        let name = if whole { name } else { name.split('.').next().unwrap_or(name) };
        self.names.push(name);
    }
}

impl<'a> Visitor<'a> for Bound<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            // Their bodies have names of their own.
            Stmt::FunctionDef(function) => return self.names.push(&function.name),
            Stmt::ClassDef(class) => return self.names.push(&class.name),
            Stmt::Import(import) => import.names.iter().for_each(|alias| self.alias(alias, false)),
            Stmt::ImportFrom(from) => from.names.iter().for_each(|alias| self.alias(alias, true)),
            Stmt::Global(global) => {
                self.globals.extend(global.names.iter().map(Identifier::as_str));
            }
            Stmt::Nonlocal(node) => {
                self.nonlocals.extend(node.names.iter().map(Identifier::as_str));
            }
            Stmt::Try(node) => {
                for ExceptHandler::ExceptHandler(handler) in &node.handlers {
                    self.names.extend(handler.name.as_ref().map(Identifier::as_str));
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Lambda(_) => return,
            // Their targets are their own; the first iterable is evaluated here.
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                return;
            }
            Expr::Name(name) if name.ctx != ExprContext::Load => self.names.push(&name.id),
            Expr::Yield(_) | Expr::YieldFrom(_) => self.is_generator = true,
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}
