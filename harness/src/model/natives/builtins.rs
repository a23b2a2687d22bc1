//! More builtin functions.

use ruff_python_ast::Operator;

use crate::model::{
    abstention::Doubt,
    language::{call::Arguments, expression::check_length},
    machine::{Frame, FrameKind, Machine},
    object::{
        heap::MapId,
        map::Text,
        native::Native,
        string::has_halves,
        value::{Object, Value, Wrapper},
    },
    stop::{Outcome, outside},
};

impl Machine<'_> {
    /// Builtins of [`LIBRARY_BUILTINS`](crate::model::object::native::LIBRARY_BUILTINS).
    pub(crate) fn call_more_builtins(
        &mut self,
        name: &'static str,
        arguments: &Arguments,
    ) -> Outcome<Value> {
        if name == "open" {
            return self.open(arguments);
        }
        if !arguments.keywords.is_empty() {
            return outside(format!("keywords for `{name}`"));
        }
        let args = &arguments.positional[..];
        match (name, args) {
            ("staticmethod", [function]) => Ok(self.wrapped(Wrapper::Static, function)),
            ("classmethod", [function]) => Ok(self.wrapped(Wrapper::Class, function)),
            ("property", [function]) => Ok(self.wrapped(Wrapper::Property, function)),
            ("exec", [code, Value::Dict(globals)]) => self.exec_in(code, *globals, *globals),
            ("compile", [Value::Text(text), Value::Text(file), Value::Text(mode)])
                if &**mode == "exec" =>
            {
                self.compile(text, file)
            }
            ("bytes", []) => Ok(Value::Bytes([].into())),
            ("bytes", [Value::Int(length)]) => {
                let length = usize::try_from(*length).unwrap_or_default();
                check_length(length)?;
                Ok(Value::Bytes(vec![0; length].into()))
            }
            ("set" | "frozenset", []) => self.set(Vec::new()),
            ("set" | "frozenset", [items]) => {
                let items = self.items(items)?;
                self.set(items)
            }
            ("all" | "any", [items]) => {
                let is_any = name == "any";
                for item in self.items(items)? {
                    if self.truth(&item)? == is_any {
                        return Ok(Value::Bool(is_any));
                    }
                }
                Ok(Value::Bool(!is_any))
            }
            ("map", [function, items]) => {
                // lazy in Python: what the function does must not be seen
                let pure = matches!(function, Value::Native(_));
                if !pure {
                    return outside("`map` of a function of the program's");
                }
                let mut mapped = Vec::new();
                for item in self.items(items)? {
                    mapped.push(self.call_with(function, [item])?);
                }
                Ok(self.list(mapped))
            }
            ("enumerate", [items]) => {
                let items = (0..).map(Value::Int).zip(self.items(items)?).collect();
                self.pairs(items)
            }
            ("zip", [left, right]) => {
                let items = self.items(left)?.into_iter().zip(self.items(right)?).collect();
                self.pairs(items)
            }
            ("sorted", [items]) => self.sorted(items),
            ("str.split", [Value::Text(text)]) => {
                let parts = text.split_whitespace().map(Value::text).collect();
                Ok(self.list(parts))
            }
            _ => self.call_on_items(name, args),
        }
    }

    /// Builtins that go through items.
    fn call_on_items(&mut self, name: &str, args: &[Value]) -> Outcome<Value> {
        match (name, args) {
            ("iter", [value]) => self.make_iterator(value),
            ("next", [iterator]) => self.next_of(iterator, None),
            ("next", [iterator, default]) => self.next_of(iterator, Some(default)),
            ("issubclass", [class, of]) => self.issubclass(class, of),
            ("reversed", [items]) => {
                let mut items = self.items(items)?;
                items.reverse();
                let items = self.list(items);
                self.make_iterator(&items)
            }
            ("filter", [test @ (Value::None | Value::Native(_)), items]) => {
                let mut chosen = Vec::new();
                for item in self.items(items)? {
                    let answer = match test {
                        Value::None => item.clone(),
                        _ => self.call_with(test, [item.clone()])?,
                    };
                    if self.truth(&answer)? {
                        chosen.push(item);
                    }
                }
                Ok(self.list(chosen))
            }
            ("sum", [items]) => {
                let mut sum = Value::Int(0);
                for item in self.items(items)? {
                    sum = self.binary(Operator::Add, &sum, &item)?;
                }
                Ok(sum)
            }
            ("max" | "min", [items]) => self.extreme(name, items),
            _ => outside(format!("this call of `{name}`")),
        }
    }

    fn extreme(&mut self, name: &str, items: &Value) -> Outcome<Value> {
        let mut numbers = Vec::new();
        for item in self.items(items)? {
            let Value::Int(number) = item else {
                return outside(format!("`{name}` of no integers"));
            };
            numbers.push(number);
        }
        let found = if name == "max" { numbers.iter().max() } else { numbers.iter().min() };
        match found {
            Some(number) => Ok(Value::Int(*number)),
            None => Err(self.error_without_message("ValueError")),
        }
    }

    /// `issubclass(class, of)`, where `of` may be a tuple.
    fn issubclass(&mut self, class: &Value, of: &Value) -> Outcome<Value> {
        if let Value::Object(handle) = of
            && let Object::Tuple(classes) = self.heap.get(*handle)
        {
            let classes = classes.to_vec();
            for one in &classes {
                if self.issubclass(class, one)? == Value::Bool(true) {
                    return Ok(Value::Bool(true));
                }
            }
            return Ok(Value::Bool(false));
        }
        if let (Some(class), Some(of)) = (self.exception_class(class), self.exception_class(of)) {
            return Ok(Value::Bool(self.is_subclass(class, of)));
        }
        let is_class = |value: &Value| match value {
            Value::Native(Native::Function(function)) => function.is_class(),
            Value::Native(Native::Exception(_)) => true,
            Value::Object(handle) => matches!(self.heap.get(*handle), Object::Class(_)),
            _ => false,
        };
        if !is_class(class) || !is_class(of) {
            return outside("an `issubclass` of what is no class, or none that is followed");
        }
        Ok(Value::Bool(self.is_subclass_of(class, of)))
    }

    pub(crate) fn wrapped(&mut self, wrapper: Wrapper, function: &Value) -> Value {
        Value::Object(self.heap.add(Object::Wrapped(wrapper, function.clone())))
    }

    fn pairs(&mut self, items: Vec<(Value, Value)>) -> Outcome<Value> {
        check_length(items.len())?;
        let pairs = items.into_iter().map(|(a, b)| self.tuple(vec![a, b])).collect();
        Ok(self.list(pairs))
    }

    fn sorted(&mut self, items: &Value) -> Outcome<Value> {
        let mut texts = Vec::new();
        let unsorted = match items {
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Set(items) => items.clone(),
                _ => self.items(items)?,
            },
            _ => self.items(items)?,
        };
        for item in unsorted {
            let Value::Text(text) = item else { return outside("a `sorted` of no texts") };
            if has_halves(&text) {
                return outside("an order of texts with half a surrogate pair");
            }
            texts.push(text);
        }
        texts.sort();
        Ok(self.list(texts.into_iter().map(Value::Text).collect()))
    }

    /// `compile(text, file, "exec")`.
    fn compile(&mut self, text: &str, file: &Text) -> Outcome<Value> {
        let code = self.made_text(file, text.to_owned())?;
        self.body_of(code)?;
        Ok(Value::Object(self.heap.add(Object::Code(code, Text::clone(file)))))
    }

    /// `exec(code, globals, locals)`.
    pub(crate) fn exec_in(
        &mut self,
        code: &Value,
        globals: MapId,
        locals: MapId,
    ) -> Outcome<Value> {
        let (file, path) = match code {
            Value::Text(text) => {
                (self.made_text("<string>", text.to_string())?, Text::from("<string>"))
            }
            Value::Object(handle) => match self.heap.get(*handle) {
                Object::Code(file, path) => (*file, Text::clone(path)),
                _ => return outside("an `exec` of what is no code"),
            },
            _ => return outside("an `exec` of what is no code"),
        };
        let body = self.body_of(file)?;
        let is_of_file = !matches!(code, Value::Text(_)) && !path.starts_with('<');
        if is_of_file {
            self.body_starts(globals);
        }
        let dict = self.heap.map_mut(globals);
        if !dict.contains("__builtins__") {
            dict.insert("__builtins__", Value::None);
        }
        let kind = FrameKind::Module;
        let frame = Frame { file, globals, locals, kind, owner: None, enclosing: [].into() };
        let result = self.deeper(1, |machine| machine.outside_try(|it| it.block(&frame, body)));
        if is_of_file {
            self.body_ends(globals, &result);
        }
        result.map(|_| Value::None)
    }

    /// `sys.addaudithook(hook)`, for hooks that look for `import` first.
    pub(crate) fn add_audit_hook(&mut self, hook: &Value) -> Outcome<Value> {
        if !self.heeds_imports_alone(hook) {
            let why = "it may heed events that the model does not have";
            return Err(Doubt::new(
                "an audit hook that does not begin `if event == \"import\"`",
                why,
            )
            .into());
        }
        self.audit_hooks.push(hook.clone());
        Ok(Value::None)
    }

    /// Whether a hook is one `if event == "import" and args[0] == …`, whatever its parameters are.
    fn heeds_imports_alone(&self, hook: &Value) -> bool {
        use crate::model::object::value::Body;
        use ruff_python_ast::{BoolOp, CmpOp, Expr, Stmt};
        let Value::Object(handle) = hook else { return false };
        let Object::Function(function) = self.heap.get(*handle) else { return false };
        let Body::Block([Stmt::If(node)]) = function.body else { return false };
        let Expr::BoolOp(test) = &*node.test else { return false };
        let [event, name, ..] = &test.values[..] else { return false };
        let equals_text = |test: &Expr| match test {
            Expr::Compare(compare) if compare.ops[..] == [CmpOp::Eq] => compare.comparators[0]
                .as_string_literal_expr()
                .map(|it| it.value.to_str().to_owned()),
            _ => None,
        };
        test.op == BoolOp::And
            && node.elif_else_clauses.is_empty()
            && equals_text(event).as_deref() == Some("import")
            && equals_text(name).is_some()
    }

    /// The audit event `import`.
    pub(crate) fn audit_import(&mut self, name: &Text) -> Outcome<()> {
        if self.audit_hooks.is_empty() {
            return Ok(());
        }
        let of_sys = |name| self.heap.map(self.sys).get(name).cloned().unwrap_or(Value::None);
        let [path, meta_path, hooks] = ["path", "meta_path", "path_hooks"].map(of_sys);
        let told = vec![Value::Text(Text::clone(name)), Value::None, path, meta_path, hooks];
        let told = self.tuple(told);
        for hook in self.audit_hooks.clone() {
            self.call_with(&hook, [Value::text("import"), told.clone()])?;
        }
        Ok(())
    }

    /// A class of which the name alone matters.
    pub(crate) fn class_named(name: &'static str) -> Value {
        Value::Native(Native::Type(name))
    }
}
