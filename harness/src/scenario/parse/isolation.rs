//! Which process a scenario runs in, and what runs there.

use super::Reader;
use crate::scenario::{
    Isolation, Run, SourceFile, StartUp,
    allowed::{check_variable, is_module, option_errors},
    explain::Place,
    wire::{A_NUMBER, Located, WireIsolation, WireMap, WireSpawn},
};

const EXPECTED: &str = "expected `spawn`, or a map with the key spawn; without the key, the process \
                        may be a fork";

impl Reader<'_> {
    /// The isolation, and the module to be run if it names one. Nothing where something is wrong.
    pub(super) fn isolation(
        &mut self,
        wire: Option<Located<WireIsolation>>,
    ) -> Option<(Isolation, Option<Located<String>>)> {
        let Some(wire) = wire else { return Some((Isolation::Any, None)) };
        match wire.value {
            WireIsolation::Text(word) if word == "spawn" => {
                Some((Isolation::Spawn(StartUp::default()), None))
            }
            WireIsolation::Text(word) => {
                self.fail(wire.at, format!("unknown value `{word}`"), EXPECTED);
                None
            }
            WireIsolation::Number(_) => {
                self.fail(wire.at, format!("wrong type: {A_NUMBER}"), EXPECTED);
                None
            }
            WireIsolation::Other(found) => {
                self.fail(wire.at, format!("wrong type: {found}"), EXPECTED);
                None
            }
            WireIsolation::Map(map) => {
                let WireSpawn { options, environment, site, module } = map.spawn.value;
                let start_up = StartUp {
                    options: self.options(options),
                    environment: self.environment(environment),
                    site: self.site(site),
                };
                Some((Isolation::Spawn(start_up), module))
            }
        }
    }

    fn options(&mut self, wire: Vec<Located<String>>) -> Vec<String> {
        let items: Vec<_> = wire.iter().map(|item| item.value.as_str()).collect();
        for (index, error) in option_errors(&items) {
            let item = &wire[index];
            self.fail(item.at, format!("the option `{}` {error}", item.value), error.expected());
        }
        wire.into_iter().map(|item| item.value).collect()
    }

    fn environment(&mut self, wire: WireMap<Located<String>>) -> Vec<(String, String)> {
        for (name, value) in &wire.0 {
            if let Err(error) = check_variable(&name.value, &value.value) {
                let message = format!("the variable `{}` {error}", name.value);
                self.fail(name.at, message, error.expected());
            }
        }
        wire.0.into_iter().map(|(name, value)| (name.value, value.value)).collect()
    }

    fn site(&mut self, wire: WireMap<Located<String>>) -> Vec<SourceFile> {
        self.files(wire.0).into_iter().map(|file| file.value).collect()
    }

    /// What runs: the text of a program, or a module in its place. `top` is where to say that there
    /// is neither.
    pub(super) fn run(
        &mut self,
        text: Option<Located<String>>,
        module: Option<Located<String>>,
        top: Place,
    ) -> Option<Run> {
        let one = "expected `run: …` in this map, or a module in `isolation`, and not both";
        match (text, module) {
            (Some(text), None) => self.program(text).map(Run::Code),
            (None, Some(module)) => self.module(module).map(Run::Module),
            (Some(_), Some(module)) => {
                self.fail(module.at, "a module beside `run`", one);
                None
            }
            (None, None) => {
                self.fail(top, "the key `run` is missing", one);
                None
            }
        }
    }

    fn program(&mut self, text: Located<String>) -> Option<String> {
        if text.value.trim().is_empty() {
            self.fail(text.at, "nothing to run", "expected Python that imports something");
            return None;
        }
        Some(text.value)
    }

    fn module(&mut self, name: Located<String>) -> Option<String> {
        if !is_module(&name.value) {
            let expected = "expected its absolute name, as in shop.cart";
            self.fail(name.at, format!("`{}` names no module", name.value), expected);
            return None;
        }
        Some(name.value)
    }
}
