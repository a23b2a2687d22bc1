//! Comprehensions, and generator expressions where they are used up at once.

use std::rc::Rc;

use ruff_python_ast::{Comprehension, Expr, ExprDictComp, ExprGenerator};

use crate::model::{
    language::{expression::check_length, generator_task::Task, scope::Bound},
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
        let inner = self.inner_frame(frame, generators);
        let mut items = Vec::new();
        self.deeper(1, |machine| {
            machine.rounds(&inner, &iterable, generators, &mut |machine| {
                items.push(machine.expression(&inner, element)?);
                check_length(items.len())
            })
        })?;
        Ok(items)
    }

    /// The scope of a comprehension's own.
    fn inner_frame(&mut self, frame: &Frame<'a>, generators: &'a [Comprehension]) -> Frame<'a> {
        let bound = Bound::of_targets(generators.iter().map(|one| &one.target));
        Frame {
            file: frame.file,
            globals: frame.globals,
            locals: self.heap.add_map(Map::default()),
            kind: FrameKind::Function(Rc::new(bound)),
            owner: frame.owner,
            enclosing: frame.scopes(),
        }
    }

    /// `(element for … in …)`: only the first iterable is evaluated here.
    pub(crate) fn generator_expression(
        &mut self,
        frame: &Frame<'a>,
        node: &'a ExprGenerator,
    ) -> Outcome<Value> {
        let (element, generators) = (&*node.elt, &node.generators[..]);
        if generators.iter().any(|one| one.is_async) {
            return outside("an asynchronous generator");
        }
        let Some(first) = generators.first() else { return outside("an empty generator") };
        let iterable = self.expression(frame, &first.iter)?;
        let iter = self.iterate(&iterable)?;
        let inner = self.inner_frame(frame, generators);
        Ok(self.generator(inner, Task::Generate { element, generators, iter }))
    }

    /// `{key: value for … in …}`
    pub(crate) fn dict_comprehension(
        &mut self,
        frame: &Frame<'a>,
        node: &'a ExprDictComp,
    ) -> Outcome<Value> {
        let Some(key) = &node.key else { return outside("`**` in a comprehension") };
        let Some(first) = node.generators.first() else { return outside("an empty comprehension") };
        let iterable = self.expression(frame, &first.iter)?;
        let inner = self.inner_frame(frame, &node.generators);
        let map = self.heap.add_map(Map::default());
        self.deeper(1, |machine| {
            machine.rounds(&inner, &iterable, &node.generators, &mut |machine| {
                let key = machine.expression(&inner, key)?;
                let value = machine.expression(&inner, &node.value)?;
                machine.set_item(&Value::Dict(map), &key, value)
            })
        })?;
        Ok(Value::Dict(map))
    }

    /// Does `each` in every round of some `for`s, of which the outermost goes through `iterable`.
    fn rounds(
        &mut self,
        frame: &Frame<'a>,
        iterable: &Value,
        generators: &'a [Comprehension],
        each: &mut dyn FnMut(&mut Self) -> Outcome<()>,
    ) -> Outcome<()> {
        let Some((generator, inner)) = generators.split_first() else { return each(self) };
        if generator.is_async {
            return outside("an asynchronous comprehension");
        }
        let mut iter = self.iterate(iterable)?;
        while let Some(item) = self.next_item(&mut iter)? {
            self.assign(frame, &generator.target, item)?;
            let mut chosen = true;
            for test in &generator.ifs {
                chosen = chosen && self.condition(frame, test)?;
            }
            if !chosen {
                continue;
            }
            let iterable = match inner.first() {
                Some(next) => self.expression(frame, &next.iter)?,
                None => Value::None,
            };
            self.rounds(frame, &iterable, inner, each)?;
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
