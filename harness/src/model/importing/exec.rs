//! Executing: `loader.exec_module()`, `_exec` of `Lib/importlib/_bootstrap.py`, and bodies.

use tollgate_event::Operation;

use crate::{
    model::{
        disk::{SITE, WORK},
        fault::Fault,
        importing::{code::Code, library::TREE, patched::EXEC},
        machine::{Frame, FrameKind, Machine},
        object::{
            heap::MapId,
            map::Text,
            text::repr_text,
            value::{Loader, Module, Object, Spec, Value},
        },
        record::BodyEdge,
        source::sources::FileId,
        stop::{Outcome, Stop, doubt},
    },
    span::Ending,
};

/// Whether a path leads to a file that the program sees.
fn is_folder_of_ours(path: &str) -> bool {
    [TREE, WORK, SITE].iter().any(|root| path.starts_with(root))
}

impl<'a> Machine<'a> {
    /// `loader.exec_module(module)`.
    pub(crate) fn exec_module(&mut self, loader: &Value, module: &Value) -> Outcome<()> {
        let Value::Object(handle) = loader else { return doubt("a loader", "it is no object") };
        match self.heap.get(*handle) {
            Object::Loader(Loader::Namespace | Loader::Inert) => return Ok(()),
            Object::Loader(Loader::Lazy(inner)) => {
                let inner = inner.clone();
                return match module {
                    Value::Object(module) => self.make_lazy(&inner, *module),
                    _ => doubt("a lazy module", "it is no module"),
                };
            }
            Object::Loader(_) => {}
            _ => {
                let exec_module = self.attribute(loader, "exec_module")?;
                return self.call_with(&exec_module, [module.clone()]).map(drop);
            }
        }
        let Some(of) = self.as_module(module) else {
            return doubt("a loader that executes something else than a module", "not followed");
        };
        let name = self.attribute(module, "__name__")?;
        let name = self.str_of(&name)?;
        if let Object::Loader(Loader::Library) = self.heap.get(*handle) {
            self.record.body(&name, BodyEdge::Started);
            self.record.body(&name, BodyEdge::Ended);
            return Ok(());
        }
        match self.code_of(loader, &name)? {
            Some(code) => self.run_body(code, of),
            None => Ok(()),
        }
    }

    /// The module that a value is.
    pub(crate) fn as_module(&self, value: &Value) -> Option<Module> {
        match value {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Module(module) => Some(*module),
                _ => None,
            },
            _ => None,
        }
    }

    /// A body with these globals begins.
    pub(crate) fn body_starts(&mut self, globals: MapId) {
        let name = self.name_in(globals);
        self.record.body(&name, BodyEdge::Started);
    }

    /// A body with these globals has ended, with this result.
    pub(crate) fn body_ends<T>(&mut self, globals: MapId, result: &Outcome<T>) {
        let name = self.name_in(globals);
        self.end_body(&name, result);
    }

    /// The body of this module has ended, with this result. One that ends the process does not.
    fn end_body<T>(&mut self, name: &str, result: &Outcome<T>) {
        let edge = match result {
            Ok(_) => BodyEdge::Ended,
            Err(Stop::Raised(exception)) => BodyEdge::Failed(self.exception_name(*exception)),
            Err(Stop::Abstained(_) | Stop::Exited(_)) => return,
        };
        self.record.body(name, edge);
    }

    fn name_in(&self, globals: MapId) -> String {
        match self.heap.map(globals).get("__name__") {
            Some(Value::Text(name)) => name.to_string(),
            _ => String::new(),
        }
    }

    /// Runs the body of a module.
    pub(crate) fn run_body(&mut self, (file, path): Code, module: Module) -> Outcome<()> {
        let body = self.body_of(file)?;
        let dict = self.heap.map(module.dict);
        let name = match dict.get("__name__") {
            Some(Value::Text(name)) => name.to_string(),
            _ => String::new(),
        };
        // what is compiled under another name is no file's
        if path.starts_with('<') && !is_folder_of_ours(&path) {
            return self.run_module_code(file, module, body);
        }
        self.record.body(&name, BodyEdge::Started);
        let result = self.run_module_code(file, module, body);
        self.end_body(&name, &result);
        result
    }

    /// `exec(code, module.__dict__)`.
    pub(crate) fn run_module_code(
        &mut self,
        file: FileId,
        module: Module,
        body: &'a [ruff_python_ast::Stmt],
    ) -> Outcome<()> {
        let dict = self.heap.map_mut(module.dict);
        if !dict.contains("__builtins__") {
            dict.insert("__builtins__", Value::None);
        }
        let (globals, locals) = (module.dict, module.dict);
        let kind = FrameKind::Module;
        let frame = Frame { file, globals, locals, kind, owner: None, enclosing: [].into() };
        self.set_docstring(file, body, module)?;
        self.outside_try(|machine| machine.block(&frame, body)).map(drop)
    }

    /// Runs code that is in no `try` of its own, whatever runs it is in.
    pub(crate) fn outside_try<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let tries = std::mem::take(&mut self.tries);
        let result = run(self);
        self.tries = tries;
        result
    }

    /// `_exec(spec, module)`, whatever stands under that name, as `importlib.reload()` calls it.
    pub(crate) fn exec(&mut self, spec: &Value, module: &Value) -> Outcome<()> {
        match self.replacement(EXEC)? {
            Some(function) => self.call_with(&function, [spec.clone(), module.clone()]).map(drop),
            None => self.exec_itself(spec, module),
        }
    }

    /// importlib's own `_exec(spec, module)`: the span `exec`.
    pub(crate) fn exec_itself(&mut self, value: &Value, module: &Value) -> Outcome<()> {
        let (_, Spec { name, .. }) = self.spec(value)?;
        let exec = |machine: &mut Self| machine.exec_body(value, module);
        self.span(Operation::Exec, &name, exec, |()| Ending::Ok)
    }

    fn exec_body(&mut self, value: &Value, module: &Value) -> Outcome<()> {
        let (_, Spec { name, loader, locations, .. }) = self.spec(value)?;
        if self.module(&name)?.as_ref() != Some(module) {
            let message = format!("module {} not in sys.modules", repr_text(&name));
            return Err(self.import_error("ImportError", message, Value::Text(name)));
        }
        let ran = if loader.is_none() && locations.is_none() {
            let name = Value::Text(Text::clone(&name));
            Err(self.import_error("ImportError", "missing loader", name))
        } else {
            self.init_and_exec(value, module, &loader)
        };
        if let Err(Stop::Abstained(_) | Stop::Exited(_)) = ran {
            return ran;
        }
        if ran.is_err() && self.rules.has(Fault::FailedReloadRemoves) {
            self.remove_module(&name);
            return ran;
        }
        // Even if the body has failed.
        self.move_to_end(&name)?;
        ran
    }

    fn init_and_exec(&mut self, spec: &Value, module: &Value, loader: &Value) -> Outcome<()> {
        self.init_module_attrs(spec, module, true)?;
        if loader.is_none() {
            return Ok(());
        }
        if self.has_exec_module(loader)? || self.rules.since(15) {
            return self.exec_module(loader, module);
        }
        let (_, Spec { name, .. }) = self.spec(spec)?;
        let load_module = self.attribute(loader, "load_module")?;
        self.call_with(&load_module, [Value::Text(name)]).map(drop)
    }
}
