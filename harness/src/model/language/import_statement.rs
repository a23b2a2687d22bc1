//! `import` and `from … import`.

use ruff_python_ast::{StmtImport, StmtImportFrom};

use crate::model::{
    importing::lazy::Statement,
    machine::{Frame, Machine},
    object::map::Text,
    stop::{Outcome, outside},
};

/// A name as Python has it: in the normal form NFKC, which is not computed here.
fn normal(name: &str) -> Outcome<Text> {
    let is_plain = |c: char| c.is_ascii() || UNCHANGED.iter().any(|range| range.contains(&c));
    if name.chars().all(is_plain) {
        return Ok(name.into());
    }
    outside(format!("an import of `{name}`"))
}

/// Greek and Cyrillic letters and CJK ideographs that NFKC leaves as they are, whatever they follow.
const UNCHANGED: [std::ops::RangeInclusive<char>; 3] = ['α'..='ω', 'а'..='я', '一'..='鿕'];

impl<'a> Machine<'a> {
    pub(crate) fn import_statement(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtImport,
    ) -> Outcome<()> {
        for alias in &node.names {
            let name = normal(&alias.name)?;
            let may_be_lazy = self.tries == 0;
            let (level, names, is_marked) = (0, None, node.is_lazy);
            let statement = Statement { name: &name, level, names, is_marked, may_be_lazy };
            if let Some(module) = self.lazily(frame, statement)? {
                let lazy = self.lazy_import(&module, None, alias.asname.is_none());
                let first = name.split('.').next().unwrap_or(&name);
                let bound = alias.asname.as_ref().map_or(first, |bound| bound.as_str());
                self.store_name(frame, bound, lazy);
                continue;
            }
            let mut module = self.import_as_builtins_say(frame, &name, None, 0)?;
            let mut parts = name.split('.');
            let first = parts.next().unwrap_or(&name);
            let Some(bound) = &alias.asname else {
                self.store_name(frame, first, module);
                continue;
            };
            for part in parts {
                module = self.import_from(&module, &part.into())?;
            }
            self.store_name(frame, bound, module);
        }
        Ok(())
    }

    pub(crate) fn import_from_statement(
        &mut self,
        frame: &Frame<'a>,
        node: &'a StmtImportFrom,
    ) -> Outcome<()> {
        let names: Outcome<Vec<Text>> =
            node.names.iter().map(|alias| normal(&alias.name)).collect();
        let (names, name) = (names?, normal(node.module.as_deref().unwrap_or_default())?);
        let may_be_lazy = self.tries == 0;
        let (level, is_marked) = (node.level, node.is_lazy);
        let statement =
            Statement { name: &name, level, names: Some(&names), is_marked, may_be_lazy };
        if let Some(module) = self.lazily(frame, statement)? {
            for (alias, name) in node.names.iter().zip(&names) {
                let lazy = self.lazy_import(&module, Some(name), false);
                self.store_name(frame, alias.asname.as_ref().unwrap_or(&alias.name), lazy);
            }
            return Ok(());
        }
        let module = self.import_as_builtins_say(frame, &name, Some(&names), level)?;
        if let [only] = &names[..]
            && &**only == "*"
        {
            return self.import_star(frame, &module);
        }
        for (alias, name) in node.names.iter().zip(&names) {
            let value = self.import_from(&module, name)?;
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.store_name(frame, bound, value);
        }
        Ok(())
    }
}
