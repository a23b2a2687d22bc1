//! Statements about importlib's own functions.

use super::{
    step::Function,
    text::{Writer, list},
};

/// The line that does what a step says.
pub(crate) fn line(writer: &Writer<'_>, function: &Function) -> String {
    match function {
        Function::Before(module) => {
            format!("sys.find_and_load({}, _bootstrap._gcd_import)", writer.quoted(module))
        }
        Function::Now(module) => {
            let name = writer.quoted(module);
            format!("_bootstrap._find_and_load({name}, _bootstrap._gcd_import)")
        }
        Function::Search(module) => {
            format!("_bootstrap._find_spec({}, None)", writer.quoted(module))
        }
        Function::DunderImport(module, names) => {
            format!("importlib.__import__({}, fromlist={})", writer.quoted(module), list(names))
        }
        Function::Replace(name, by) => format!("_bootstrap.{name} = {by}"),
    }
}
