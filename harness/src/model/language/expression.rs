//! Expressions.

use ruff_python_ast::{
    Arguments as CallArguments, BoolOp, Expr, ExprBoolOp, ExprCall, ExprSubscript, Number, UnaryOp,
};
use ruff_text_size::Ranged;

use crate::model::{
    abstention::Place,
    language::{call::Arguments, methods::is_method_receiver},
    machine::{Frame, Machine, with_stack},
    object::{
        map::Map,
        native::Native,
        value::{Body, Object, Value},
    },
    stop::{Outcome, doubt, outside},
};

/// The longest text and the longest list that the model makes.
pub(crate) const MAX_LENGTH: usize = 1 << 20;

impl<'a> Machine<'a> {
    /// The value of an expression.
    pub(crate) fn expression(&mut self, frame: &Frame<'a>, node: &'a Expr) -> Outcome<Value> {
        let place = Place { file: frame.file, offset: node.start() };
        self.step().map_err(|stop| stop.at(place))?;
        with_stack(|| self.expression_here(frame, node)).map_err(|stop| stop.at(place))
    }

    fn expression_here(&mut self, frame: &Frame<'a>, node: &'a Expr) -> Outcome<Value> {
        match node {
            Expr::Name(name) => self.load_name(frame, &name.id),
            Expr::NoneLiteral(_) => Ok(Value::None),
            Expr::BooleanLiteral(literal) => Ok(Value::Bool(literal.value)),
            Expr::StringLiteral(literal) => self.literal(frame.file, &literal.value),
            Expr::BytesLiteral(literal) => Ok(Value::Bytes(literal.value.bytes().collect())),
            Expr::EllipsisLiteral(_) => Ok(Value::Native(Native::Ellipsis)),
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(int) if int.as_i64().is_some() => {
                    Ok(Value::Int(int.as_i64().unwrap_or_default()))
                }
                Number::Float(number) => Ok(Value::Float(*number)),
                _ => outside("a large or complex number"),
            },
            Expr::Tuple(tuple) => {
                let items = self.elements(frame, &tuple.elts)?;
                Ok(self.tuple(items))
            }
            Expr::List(list) => {
                let items = self.elements(frame, &list.elts)?;
                Ok(self.list(items))
            }
            Expr::Dict(dict) => self.dict_display(frame, dict),
            Expr::Attribute(attribute) => {
                let value = self.expression(frame, &attribute.value)?;
                self.attribute(&value, &attribute.attr)
            }
            Expr::Subscript(subscript) => self.subscript_expression(frame, subscript),
            Expr::Call(call) => self.call_expression(frame, call),
            Expr::BoolOp(operation) => self.bool_operation(frame, operation),
            Expr::BinOp(operation) => {
                let left = self.expression(frame, &operation.left)?;
                let right = self.expression(frame, &operation.right)?;
                self.binary(operation.op, &left, &right)
            }
            Expr::UnaryOp(operation) => {
                let operand = self.expression(frame, &operation.operand)?;
                self.unary(operation.op, &operand)
            }
            Expr::Compare(compare) => self.comparison(frame, compare),
            Expr::If(node) => {
                let chosen = self.condition(frame, &node.test)?;
                self.expression(frame, if chosen { &node.body } else { &node.orelse })
            }
            Expr::Lambda(lambda) => {
                let body = Body::Expression(&lambda.body);
                self.function(frame, "<lambda>", lambda.parameters.as_deref(), body)
            }
            Expr::Named(named) => {
                let value = self.expression(frame, &named.value)?;
                self.assign(frame, &named.target, value.clone())?;
                Ok(value)
            }
            Expr::FString(string) => self.f_string(frame, string),
            Expr::Set(set) => {
                let items = self.elements(frame, &set.elts)?;
                self.set(items)
            }
            Expr::ListComp(node) => {
                let items = self.comprehension(frame, &node.elt, &node.generators)?;
                Ok(self.list(items))
            }
            Expr::SetComp(node) => {
                let items = self.comprehension(frame, &node.elt, &node.generators)?;
                self.set(items)
            }
            Expr::DictComp(node) => self.dict_comprehension(frame, node),
            Expr::Generator(node) => self.generator_expression(frame, node),
            _ => outside(kind_of(node)),
        }
    }

    /// The values of several expressions, in order.
    fn elements(&mut self, frame: &Frame<'a>, nodes: &'a [Expr]) -> Outcome<Vec<Value>> {
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Expr::Starred(starred) => {
                    let unpacked = self.expression(frame, &starred.value)?;
                    values.extend(self.items(&unpacked)?);
                }
                _ => values.push(self.expression(frame, node)?),
            }
        }
        Ok(values)
    }

    fn dict_display(
        &mut self,
        frame: &Frame<'a>,
        dict: &'a ruff_python_ast::ExprDict,
    ) -> Outcome<Value> {
        let mut map = Map::default();
        for item in &dict.items {
            let Some(key) = &item.key else { return outside("`**` in a dictionary") };
            let key = self.expression(frame, key)?;
            let value = self.expression(frame, &item.value)?;
            match key {
                Value::Text(key) => map.insert(key, value),
                _ => return outside("a dictionary with other keys than text"),
            }
        }
        Ok(Value::Dict(self.heap.add_map(map)))
    }

    fn bool_operation(&mut self, frame: &Frame<'a>, node: &'a ExprBoolOp) -> Outcome<Value> {
        let mut value = Value::None;
        for operand in &node.values {
            value = self.expression(frame, operand)?;
            let decided = self.truth(&value)? == (node.op == BoolOp::Or);
            if decided {
                break;
            }
        }
        Ok(value)
    }

    fn unary(&mut self, op: UnaryOp, operand: &Value) -> Outcome<Value> {
        match (op, operand) {
            (UnaryOp::Not, _) => Ok(Value::Bool(!self.truth(operand)?)),
            (UnaryOp::USub, Value::Int(number)) if number.checked_neg().is_some() => {
                Ok(Value::Int(-number))
            }
            (UnaryOp::UAdd, Value::Int(number)) => Ok(Value::Int(*number)),
            (op, _) => outside(format!("`{op}` before {}", self.type_name(operand))),
        }
    }

    fn call_expression(&mut self, frame: &Frame<'a>, node: &'a ExprCall) -> Outcome<Value> {
        if let Expr::Attribute(attribute) = &*node.func {
            let receiver = self.expression(frame, &attribute.value)?;
            if is_method_receiver(self, &receiver)
                && !self.is_own_method(&receiver, &attribute.attr)
            {
                let arguments = self.arguments(frame, &node.arguments)?;
                return self.call_method(&receiver, &attribute.attr, arguments);
            }
            let function = self.attribute(&receiver, &attribute.attr)?;
            let arguments = self.arguments(frame, &node.arguments)?;
            return self.call_in(frame, &function, arguments);
        }
        let function = self.expression(frame, &node.func)?;
        let arguments = self.arguments(frame, &node.arguments)?;
        self.call_in(frame, &function, arguments)
    }

    pub(crate) fn arguments(
        &mut self,
        frame: &Frame<'a>,
        node: &'a CallArguments,
    ) -> Outcome<Arguments> {
        let positional = self.elements(frame, &node.args)?;
        let mut keywords = Vec::with_capacity(node.keywords.len());
        for keyword in &node.keywords {
            let value = self.expression(frame, &keyword.value)?;
            match (&keyword.arg, value) {
                (Some(name), value) => keywords.push((name.as_str().into(), value)),
                (None, Value::Dict(more)) if more != self.modules => {
                    let more = self.heap.map(more).iter();
                    keywords.extend(more.map(|(name, value)| (name.to_text(), value.clone())));
                }
                (None, _) => return outside("`**` of what is no dictionary"),
            }
        }
        Ok(Arguments { positional, keywords })
    }

    fn subscript_expression(
        &mut self,
        frame: &Frame<'a>,
        node: &'a ExprSubscript,
    ) -> Outcome<Value> {
        let container = self.expression(frame, &node.value)?;
        if let Expr::Slice(slice) = &*node.slice {
            let range = self.slice_range(frame, &container, slice)?;
            return self.slice(&container, range);
        }
        let key = self.expression(frame, &node.slice)?;
        self.item(&container, &key)
    }

    /// The positions that a slice means in a container.
    pub(crate) fn slice_range(
        &mut self,
        frame: &Frame<'a>,
        container: &Value,
        slice: &'a ruff_python_ast::ExprSlice,
    ) -> Outcome<std::ops::Range<usize>> {
        let Some(length) = self.length(container) else {
            return outside(format!("a slice of {}", self.type_name(container)));
        };
        if slice.step.is_some() {
            return outside("a slice with a step");
        }
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let mut bound = |node: &'a Option<Box<Expr>>, default: i64| {
            let Some(node) = node else { return Ok(default) };
            match self.expression(frame, node)? {
                Value::None => Ok(default),
                Value::Int(index) if index < 0 => Ok(length.saturating_add(index).max(0)),
                Value::Int(index) => Ok(index.min(length)),
                _ => outside("a slice from or to what is no integer"),
            }
        };
        let start = bound(&slice.lower, 0)?;
        let end = bound(&slice.upper, length)?.max(start);
        let position = |index: i64| usize::try_from(index).unwrap_or_default();
        Ok(position(start)..position(end))
    }

    /// A new list.
    pub(crate) fn list(&mut self, items: Vec<Value>) -> Value {
        Value::Object(self.heap.add(Object::List(items)))
    }

    /// A new tuple.
    pub(crate) fn tuple(&mut self, items: Vec<Value>) -> Value {
        Value::Object(self.heap.add(Object::Tuple(items.into())))
    }
}

/// Abstains from texts and lists that grow out of bounds.
pub(crate) fn check_length(length: usize) -> Outcome<()> {
    if length <= MAX_LENGTH {
        return Ok(());
    }
    doubt("a text or list of more than a million items", "the model keeps it all")
}

/// What sort of expression it is, in words, of those that the model does not run.
fn kind_of(node: &Expr) -> &'static str {
    match node {
        Expr::Await(_) => "an `await`",
        Expr::Yield(_) | Expr::YieldFrom(_) => "a `yield`",
        Expr::TString(_) => "a t-string",
        Expr::Starred(_) => "a starred expression",
        Expr::Slice(_) => "a slice",
        _ => "an expression",
    }
}
