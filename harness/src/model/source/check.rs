//! What CPython's compiler refuses although the grammar allows it.
//!
//! A module with such a mistake runs not even its first line, so it must be known before.

use ruff_python_ast::{
    ExceptHandler, Expr, Parameters, Stmt, StmtFunctionDef, StmtImportFrom, StmtTry,
    visitor::{self, Visitor},
};
use ruff_text_size::Ranged;

use crate::model::source::parse::Refusal;

/// Checks the statements of one module.
pub(crate) fn check(body: &[Stmt]) -> Result<(), Refusal> {
    let mut checker = Checker { context: Context::default(), refusal: None };
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

struct Checker {
    context: Context,
    refusal: Option<Refusal>,
}

impl Checker {
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

    fn looped(&mut self, body: &[Stmt], orelse: &[Stmt]) {
        let context = Context { in_loop: true, ..self.context };
        self.within(context, |checker| checker.visit_body(body));
        self.visit_body(orelse);
    }

    fn function(&mut self, function: &StmtFunctionDef) {
        self.parameters(&function.parameters);
        let context = Context { scope: Scope::Function, ..Context::default() };
        self.within(context, |checker| {
            let plain = function.body.iter().skip_while(|stmt| matches!(stmt, Stmt::Global(_)));
            plain.for_each(|stmt| checker.visit_stmt(stmt));
        });
    }

    fn parameters(&mut self, parameters: &Parameters) {
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
            let why = "it changes how the file is compiled";
            self.refuse(Refusal::doubt(import.start(), "an import from `__future__`", why));
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

impl<'a> Visitor<'a> for Checker {
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
