//! Values that are a text in the simple case and a map otherwise.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

/// A text, or a map.
pub(in crate::scenario) enum TextOr<M> {
    /// The simple case.
    Text(String),
    /// What a text cannot say.
    Map(M),
    /// A whole number that is not negative.
    Number(u64),
    /// Something else: what it is, so that the message can stand at the value. An error raised here
    /// would be placed at its key.
    Other(&'static str),
}

impl<'de, M: Deserialize<'de>> Deserialize<'de> for TextOr<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrVisitor(PhantomData))
    }
}

/// What a number is called where a text belongs.
pub(in crate::scenario) const A_NUMBER: &str = "a number";

struct TextOrVisitor<M>(PhantomData<M>);

impl<'de, M: Deserialize<'de>> Visitor<'de> for TextOrVisitor<M> {
    type Value = TextOr<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a map")
    }

    fn visit_str<E>(self, text: &str) -> Result<TextOr<M>, E> {
        Ok(TextOr::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TextOr<M>, A::Error> {
        M::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<TextOr<M>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(TextOr::Other("a list"))
    }

    fn visit_unit<E>(self) -> Result<TextOr<M>, E> {
        Ok(TextOr::Other("nothing"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<TextOr<M>, E> {
        Ok(TextOr::Other("true or false"))
    }

    fn visit_i64<E>(self, number: i64) -> Result<TextOr<M>, E> {
        Ok(u64::try_from(number).map_or(TextOr::Other(A_NUMBER), TextOr::Number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<TextOr<M>, E> {
        Ok(TextOr::Number(number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<TextOr<M>, E> {
        Ok(TextOr::Other(A_NUMBER))
    }
}
