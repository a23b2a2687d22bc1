//! Comprehensions, and generator expressions where they are used up at once.

use std::rc::Rc;

use ruff_python_ast::{Comprehension, Expr};

use crate::model::{
    language::scope::Bound,
    machine::{Frame, FrameKind, Machine},
    object::{map::Map, value::Value},
    stop::{Outcome, outside},
};

impl<'a> Machine<'a> {
    /// The items of `element for … in … if …`, in a scope of their own.
    pub(crate) fn comprehension(
        &mut self,
        frame: &Frame<'a>,
        element: &'a Expr,
        generators: &'a [Comprehension],
    ) -> Outcome<Vec<Value>> {
        let Some(first) = generators.first() else { return Ok(Vec::new()) };
        let iterable = self.expression(frame, &first.iter)?;
        let bound = Bound::of_targets(generators.iter().map(|one| &one.target));
        let inner = Frame {
            file: frame.file,
            globals: frame.globals,
            locals: self.heap.add_map(Map::default()),
            kind: FrameKind::Function(Rc::new(bound)),
            owner: frame.owner,
            enclosing: frame.scopes(),
        };
        let mut items = Vec::new();
        self.deeper(1, |machine| {
            machine.generate(&inner, element, (iterable, generators), &mut items)
        })?;
        Ok(items)
    }

    fn generate(
        &mut self,
        frame: &Frame<'a>,
        element: &'a Expr,
        (iterable, generators): (Value, &'a [Comprehension]),
        into: &mut Vec<Value>,
    ) -> Outcome<()> {
        let Some((generator, inner)) = generators.split_first() else { return Ok(()) };
        if generator.is_async {
            return outside("an asynchronous comprehension");
        }
        for item in self.items(&iterable)? {
            self.step()?;
            self.assign(frame, &generator.target, item)?;
            let mut chosen = true;
            for test in &generator.ifs {
                chosen = chosen && self.condition(frame, test)?;
            }
            if !chosen {
                continue;
            }
            match inner.first() {
                Some(next) => {
                    let iterable = self.expression(frame, &next.iter)?;
                    self.generate(frame, element, (iterable, inner), into)?;
                }
                None => into.push(self.expression(frame, element)?),
            }
        }
        Ok(())
    }

    /// A set of these items.
    pub(crate) fn set(&mut self, items: Vec<Value>) -> Outcome<Value> {
        let mut unique: Vec<Value> = Vec::new();
        for item in items {
            if !matches!(item, Value::Text(_) | Value::Int(_)) {
                return outside("a set of other things than texts and integers");
            }
            self.charge(unique.len())?;
            if !unique.contains(&item) {
                unique.push(item);
            }
        }
        Ok(Value::Object(self.heap.add(crate::model::object::value::Object::Set(unique))))
    }
}
