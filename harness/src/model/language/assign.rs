//! Targets: what can be assigned to and deleted.

use ruff_python_ast::{Expr, StmtAnnAssign, StmtAugAssign, StmtFunctionDef};

use crate::model::{
    language::expression::check_length,
    machine::{Frame, FrameKind, Machine},
    object::value::{Object, Value},
    source::check::future_imports,
    stop::{Outcome, outside},
};

impl<'a> Machine<'a> {
    /// `target = value`.
    pub(crate) fn assign(
        &mut self,
        frame: &Frame<'a>,
        target: &'a Expr,
        value: Value,
    ) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                self.store_name(frame, &name.id, value);
                Ok(())
            }
            Expr::Attribute(attribute) => {
                let object = self.expression(frame, &attribute.value)?;
                self.set_attribute(&object, &attribute.attr, value)
            }
            Expr::Subscript(subscript) => {
                let container = self.expression(frame, &subscript.value)?;
                if let Expr::Slice(slice) = &*subscript.slice {
                    let range = self.slice_range(frame, &container, slice)?;
                    let items = self.items(&value)?;
                    return self.set_slice(&container, range, items);
                }
                let key = self.expression(frame, &subscript.slice)?;
                self.set_item(&container, &key, value)
            }
            Expr::Tuple(tuple) => self.unpack(frame, &tuple.elts, &value),
            Expr::List(list) => self.unpack(frame, &list.elts, &value),
            _ => outside("this target of an assignment"),
        }
    }

    fn unpack(&mut self, frame: &Frame<'a>, targets: &'a [Expr], value: &Value) -> Outcome<()> {
        let items = self.items(value)?;
        if targets.iter().any(|target| matches!(target, Expr::Starred(_))) {
            return outside("a starred target");
        }
        if items.len() != targets.len() {
            // The messages differ by version.
            return Err(self.error_without_message("ValueError"));
        }
        targets.iter().zip(items).try_for_each(|(target, item)| self.assign(frame, target, item))
    }

    pub(crate) fn augmented_assign(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtAugAssign,
    ) -> Outcome<()> {
        if matches!(&*node.target, Expr::Subscript(_)) {
            return outside("an augmented assignment to an item");
        }
        let old = self.expression(frame, &node.target)?;
        let value = self.expression(frame, &node.value)?;
        if let Value::Object(handle) = &old
            && matches!(self.heap.get(*handle), Object::List(_) | Object::NamespacePath(_))
        {
            let added = self.items(&value)?;
            if node.op != ruff_python_ast::Operator::Add {
                return outside("an augmented assignment to a list");
            }
            return match self.heap.get_mut(*handle) {
                Object::List(items) => {
                    items.extend(added);
                    check_length(items.len())?;
                    self.assign(frame, &node.target, old)
                }
                _ => outside("`+=` on the path of a namespace package"),
            };
        }
        let new = self.binary(node.op, &old, &value)?;
        self.assign(frame, &node.target, new)
    }

    pub(crate) fn annotated_assign(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtAnnAssign,
    ) -> Outcome<()> {
        if let Some(value) = &node.value {
            let value = self.expression(frame, value)?;
            self.assign(frame, &node.target, value)?;
        }
        if matches!(frame.kind, FrameKind::Function(_)) {
            return Ok(());
        }
        if !node.simple {
            return outside("an annotation of an attribute or an item");
        }
        if self.evaluates_annotations(frame) {
            self.expression(frame, &node.annotation)?;
        }
        Ok(())
    }

    /// The annotations of a function that is defined here.
    pub(crate) fn function_annotations(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtFunctionDef,
    ) -> Outcome<()> {
        if !self.evaluates_annotations(frame) {
            return Ok(());
        }
        let parameters = &node.parameters;
        let plain = parameters.posonlyargs.iter().chain(&parameters.args);
        let plain = plain.map(|one| &one.parameter).chain(parameters.vararg.as_deref());
        let named = parameters.kwonlyargs.iter().map(|one| &one.parameter);
        let all = plain.chain(named).chain(parameters.kwarg.as_deref());
        let annotations = all.filter_map(|one| one.annotation.as_deref());
        for annotation in annotations.chain(node.returns.as_deref()) {
            self.expression(frame, annotation)?;
        }
        Ok(())
    }

    /// Whether annotations are evaluated where they stand: from 3.14 on when somebody asks for them
    /// (PEP 649), and never where they are texts.
    fn evaluates_annotations(&self, frame: &Frame<'a>) -> bool {
        let are_texts = || {
            let body = self.sources.body(frame.file).unwrap_or_default();
            future_imports(body).any(|name| name == "annotations")
        };
        !self.rules.since(14) && !are_texts()
    }

    /// `del target`.
    pub(crate) fn delete(&mut self, frame: &Frame<'a>, target: &'a Expr) -> Outcome<()> {
        match target {
            Expr::Name(name) => self.delete_name(frame, &name.id),
            Expr::Attribute(attribute) => {
                let object = self.expression(frame, &attribute.value)?;
                self.delete_attribute(&object, &attribute.attr)
            }
            Expr::Subscript(subscript) => {
                let container = self.expression(frame, &subscript.value)?;
                if let Expr::Slice(slice) = &*subscript.slice {
                    let range = self.slice_range(frame, &container, slice)?;
                    return self.set_slice(&container, range, Vec::new());
                }
                let key = self.expression(frame, &subscript.slice)?;
                self.delete_item(&container, &key)
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|one| self.delete(frame, one)),
            Expr::List(list) => list.elts.iter().try_for_each(|one| self.delete(frame, one)),
            _ => outside("this target of a `del`"),
        }
    }
}
