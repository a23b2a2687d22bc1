//! What CPython's compiler refuses although the grammar allows it.
//!
//! A module with such a mistake runs not even its first line, so it must be known before.

use ruff_python_ast::{
    ExceptHandler, Expr, Parameters, Stmt, StmtFunctionDef, StmtImportFrom, StmtTry,
    visitor::{self, Visitor},
};
use ruff_text_size::{Ranged, TextSize};

use crate::model::{language::scope::Bound, natives::machinery::FEATURES, source::parse::Refusal};

/// Checks the statements of one module.
pub(crate) fn check(body: &[Stmt]) -> Result<(), Refusal> {
    let futures = futures(body).map(Ranged::start).collect();
    let mut checker =
        Checker { context: Context::default(), refusal: None, futures, around: Vec::new() };
    checker.visit_body(body);
    checker.refusal.map_or(Ok(()), Err)
}

#[derive(Clone, Copy, Default)]
struct Context {
    scope: Scope,
    in_loop: bool,
    in_try: bool,
}

/// What the innermost block with names of its own is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Scope {
    #[default]
    Module,
    Class,
    Function,
}

struct Checker<'a> {
    context: Context,
    refusal: Option<Refusal>,
    /// Where there are imports from `__future__` that are early enough.
    futures: Vec<TextSize>,
    /// The functions around what is checked.
    around: Vec<&'a StmtFunctionDef>,
}

/// The imports from `__future__` that a module begins with, behind its docstring.
fn futures(body: &[Stmt]) -> impl Iterator<Item = &StmtImportFrom> {
    let is_text = |statement: &&Stmt| match statement {
        Stmt::Expr(node) => node.value.is_string_literal_expr(),
        _ => false,
    };
    let docstring = usize::from(body.first().is_some_and(|first| is_text(&first)));
    body[docstring..].iter().map_while(|statement| match statement {
        Stmt::ImportFrom(import) if import.module.as_deref() == Some("__future__") => Some(import),
        _ => None,
    })
}

/// The names that a module imports from `__future__`.
pub(crate) fn future_imports(body: &[Stmt]) -> impl Iterator<Item = &str> {
    futures(body).flat_map(|import| import.names.iter().map(|alias| alias.name.as_str()))
}

impl<'a> Checker<'a> {
    fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }

    fn syntax_error_if(&mut self, wrong: bool) {
        if wrong {
            self.refuse(Refusal::Syntax("SyntaxError"));
        }
    }

    fn within(&mut self, context: Context, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.context, context);
        visit(self);
        self.context = outer;
    }

    fn looped(&mut self, body: &'a [Stmt], orelse: &'a [Stmt]) {
        let context = Context { in_loop: true, ..self.context };
        self.within(context, |checker| checker.visit_body(body));
        self.visit_body(orelse);
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        self.parameters(&function.parameters);
        let context = Context { scope: Scope::Function, ..Context::default() };
        self.within(context, |checker| {
            let is_declaration = |stmt: &&Stmt| matches!(stmt, Stmt::Global(_) | Stmt::Nonlocal(_));
            let declarations = function.body.iter().take_while(is_declaration);
            declarations.for_each(|stmt| checker.declaration(stmt));
            let plain = function.body.iter().skip_while(is_declaration);
            checker.around.push(function);
            plain.for_each(|stmt| checker.visit_stmt(stmt));
            checker.around.pop();
        });
    }

    /// A `nonlocal` needs a variable of a function around it that has the name.
    fn declaration(&mut self, statement: &Stmt) {
        let Stmt::Nonlocal(node) = statement else { return };
        let is_bound = |name: &str| {
            self.around.iter().any(|function| {
                let parameters = function.parameters.iter().map(|any| any.name().as_str());
                Bound::of(parameters, &function.body).is_local(name)
            })
        };
        let wrong = !node.names.iter().all(|name| is_bound(name));
        self.syntax_error_if(wrong);
    }

    fn parameters(&mut self, parameters: &'a Parameters) {
        let mut names: Vec<_> = parameters.iter().map(|any| any.name().as_str()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        self.syntax_error_if(names.len() < count);
        visitor::walk_parameters(self, parameters);
    }

    fn from(&mut self, import: &StmtImportFrom) {
        let star = import.names.iter().any(|alias| &*alias.name == "*");
        self.laziness(import.is_lazy);
        self.syntax_error_if(star && (self.context.scope != Scope::Module || import.is_lazy));
        if import.level == 0 && import.module.as_deref() == Some("__future__") {
            let known = |name: &str| FEATURES.contains(&name);
            let all_known = import.names.iter().all(|alias| known(&alias.name));
            if !all_known || !self.futures.contains(&import.start()) {
                let why = "it changes how the file is compiled, or comes too late";
                self.refuse(Refusal::doubt(import.start(), "an import from `__future__`", why));
            }
        }
    }

    /// PEP 810: only the statements of a module can be lazy, and none within `try`.
    fn laziness(&mut self, is_lazy: bool) {
        let Context { scope, in_try, .. } = self.context;
        self.syntax_error_if(is_lazy && (scope != Scope::Module || in_try));
    }

    fn handlers(&mut self, statement: &StmtTry) {
        let is_bare =
            |ExceptHandler::ExceptHandler(handler): &ExceptHandler| handler.type_.is_none();
        let bare = statement.handlers.iter().position(is_bare);
        self.syntax_error_if(bare.is_some_and(|index| index + 1 < statement.handlers.len()));
    }
}

impl<'a> Visitor<'a> for Checker<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => return self.function(function),
            Stmt::ClassDef(class) => {
                let context = Context { scope: Scope::Class, ..Context::default() };
                return self.within(context, |checker| checker.visit_body(&class.body));
            }
            Stmt::For(node) => return self.looped(&node.body, &node.orelse),
            Stmt::While(node) => return self.looped(&node.body, &node.orelse),
            Stmt::Return(_) => self.syntax_error_if(self.context.scope != Scope::Function),
            Stmt::Break(_) | Stmt::Continue(_) => self.syntax_error_if(!self.context.in_loop),
            Stmt::Import(import) => self.laziness(import.is_lazy),
            Stmt::ImportFrom(import) => self.from(import),
            Stmt::Try(node) => {
                self.handlers(node);
                let context = Context { in_try: true, ..self.context };
                return self.within(context, |checker| visitor::walk_stmt(checker, statement));
            }
            // Using a name before it is declared is an error; what is used where is not looked at.
            Stmt::Global(_) | Stmt::Nonlocal(_) => {
                let why = "whether it comes too late is not checked";
                let construct = "a `global` or `nonlocal` that is not first in its function";
                self.refuse(Refusal::doubt(statement.start(), construct, why));
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_) => {
                self.syntax_error_if(self.context.scope != Scope::Function);
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.parameters(parameters);
                }
                let context = Context { scope: Scope::Function, ..Context::default() };
                return self.within(context, |checker| checker.visit_expr(&lambda.body));
            }
            Expr::Name(name) if name.id == "__debug__" && !name.ctx.is_load() => {
                let why = "it is a constant that cannot be assigned to";
                self.refuse(Refusal::doubt(name.start(), "`__debug__`", why));
            }
            Expr::Call(call) => {
                let names = call.arguments.keywords.iter().filter_map(|one| one.arg.as_deref());
                let mut names: Vec<_> = names.collect();
                let count = names.len();
                names.sort_unstable();
                names.dedup();
                self.syntax_error_if(names.len() < count);
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}
