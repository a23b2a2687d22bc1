//! Python's objects and what can be asked of each.

pub(crate) mod attribute;
pub(crate) mod class_attribute;
pub(crate) mod exceptions;
pub(crate) mod heap;
pub(crate) mod lacking;
pub(crate) mod machinery;
pub(crate) mod map;
pub(crate) mod module_attribute;
pub(crate) mod native;
pub(crate) mod setting;
pub(crate) mod string;
pub(crate) mod text;
pub(crate) mod value;
