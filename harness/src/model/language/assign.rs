//! Targets: what can be assigned to and deleted.

use ruff_python_ast::{Expr, StmtAnnAssign, StmtAugAssign};

use crate::model::{
    language::expression::check_length,
    machine::{Frame, Machine},
    object::value::{Object, Value},
    stop::{Outcome, doubt, outside},
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
        // When an annotation is evaluated depends on the version; these raise nothing anyway.
        let harmless = matches!(&*node.annotation, Expr::Name(name)
            if ["int", "str", "bool", "list", "dict", "tuple", "object"].contains(&&*name.id));
        match &node.value {
            Some(value) if harmless => {
                let value = self.expression(frame, value)?;
                self.assign(frame, &node.target, value)
            }
            _ => doubt("an annotation", "when it is evaluated depends on the version"),
        }
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
