//! F-strings.

use ruff_python_ast::{
    ConversionFlag, ExprFString, FStringPart, InterpolatedElement, InterpolatedStringElement,
};

use crate::model::{
    language::expression::check_length,
    machine::{Frame, Machine},
    object::value::Value,
    stop::{Outcome, outside},
};

impl<'a> Machine<'a> {
    pub(crate) fn f_string(&mut self, frame: &Frame<'a>, node: &'a ExprFString) -> Outcome<Value> {
        let mut text = String::new();
        for part in &node.value {
            match part {
                FStringPart::Literal(literal) => {
                    let (value, range) = (&literal.value, literal.range);
                    // the quotes of a literal that stands beside an f-string are in the way
                    if value.contains(char::REPLACEMENT_CHARACTER) {
                        return outside("half a surrogate pair beside an f-string");
                    }
                    text.push_str(&self.literal_part(frame.file, value, range, true)?);
                }
                FStringPart::FString(string) => {
                    for element in &string.elements {
                        match element {
                            InterpolatedStringElement::Literal(literal) => {
                                let (value, range) = (&literal.value, literal.range);
                                let is_raw = string.flags.prefix().is_raw();
                                let part = self.literal_part(frame.file, value, range, is_raw)?;
                                text.push_str(&part);
                            }
                            InterpolatedStringElement::Interpolation(element) => {
                                text.push_str(&self.interpolated(frame, element)?);
                            }
                        }
                    }
                }
            }
        }
        check_length(text.len())?;
        Ok(Value::Text(text.into()))
    }

    fn interpolated(
        &mut self,
        frame: &Frame<'a>,
        element: &'a InterpolatedElement,
    ) -> Outcome<String> {
        if element.debug_text.is_some() || element.format_spec.is_some() {
            return outside("a format in an f-string");
        }
        let value = self.expression(frame, &element.expression)?;
        match element.conversion {
            ConversionFlag::Repr => self.repr_of(&value),
            ConversionFlag::None | ConversionFlag::Str => self.str_of(&value),
            ConversionFlag::Ascii => outside("`!a` in an f-string"),
        }
    }
}
