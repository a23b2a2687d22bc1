//! Start-up with `site`: what `Lib/site.py` does with the files of the user's site directory.

use crate::model::{
    disk::{Contents, Node, SITE},
    importing::{code::suffix_of, library::TREE},
    machine::Machine,
    object::{
        map::{Map, Text},
        value::{Object, Value},
    },
    stop::{Outcome, Stop, doubt},
};

impl Machine<'_> {
    /// Runs what runs before the program, if the interpreter starts with `site` at all.
    pub(crate) fn start_up(&mut self) -> Outcome<()> {
        if !self.sources.program().has_site() {
            return Ok(());
        }
        self.import_library("os")?;
        let tree = Value::text(TREE);
        self.change_path(|entries| entries.retain(|entry| *entry != tree))?;
        self.add_site_folder()?;
        for module in ["sitecustomize", "usercustomize"] {
            self.customize(module)?;
        }
        self.change_path(|entries| entries.insert(0, tree))
    }

    /// `addsitedir(SITE)`
    fn add_site_folder(&mut self) -> Outcome<()> {
        self.change_path(|entries| entries.push(Value::text(SITE)))?;
        let names = self.disk.names_in(SITE);
        let starts: Vec<&String> = names
            .iter()
            .filter(|name| suffix_of(name) == "start" && self.rules.since(15))
            .collect();
        let is_started = |name: &str| {
            let stem = name.strip_suffix(".pth").unwrap_or(name);
            starts.iter().any(|start| start.strip_suffix(".start") == Some(stem))
        };
        for name in names.iter().filter(|name| suffix_of(name) == "pth") {
            for line in self.lines_of(name) {
                let imports = line.starts_with("import ") || line.starts_with("import\t");
                match (imports, is_started(name)) {
                    (true, true) => {}
                    (true, false) => self.run_line(&line)?,
                    (false, _) => self.add_folder(&line)?,
                }
            }
        }
        for name in starts {
            for line in self.lines_of(name) {
                self.call_entry_point(&line)?;
            }
        }
        Ok(())
    }

    /// The lines of a file of the site directory that say something.
    fn lines_of(&self, name: &str) -> Vec<String> {
        let Some(Node::File(Contents::Given(file))) = self.disk.at(&format!("{SITE}/{name}"))
        else {
            return Vec::new();
        };
        let lines = self.sources.text(file).lines().map(str::trim_end);
        let told = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        told.map(ToOwned::to_owned).collect()
    }

    /// `exec(line)`; what it raises is printed, and the rest of the file left out.
    fn run_line(&mut self, line: &str) -> Outcome<()> {
        let globals = self.heap.add_map(Map::default());
        match self.exec_in(&Value::text(line), globals, globals) {
            Err(Stop::Raised(_)) => doubt("a line of a `.pth` file", "it raises"),
            result => result.map(drop),
        }
    }

    fn add_folder(&mut self, line: &str) -> Outcome<()> {
        let path = self.disk.absolute(&format!("{SITE}/{line}"))?;
        if self.disk.at(&path).is_some() {
            self.change_path(|entries| entries.push(Value::Text(path.into())))?;
        }
        Ok(())
    }

    /// A line `module:function` of a `.start` file (PEP 829).
    fn call_entry_point(&mut self, line: &str) -> Outcome<()> {
        let Some((module, function)) = line.split_once(':') else {
            return doubt("a line of a `.start` file", "it names no function");
        };
        let module: Text = module.into();
        let called = self.import_level_0(&module).and_then(|_| {
            let module = self.required_module(&module)?;
            let function = self.attribute(&module, function)?;
            self.call_with(&function, [])
        });
        match called {
            Err(Stop::Raised(_)) => doubt("a line of a `.start` file", "it raises"),
            called => called.map(drop),
        }
    }

    /// `import sitecustomize`, which need not be there.
    fn customize(&mut self, module: &str) -> Outcome<()> {
        let Err(stop) = self.import_level_0(&module.into()) else { return Ok(()) };
        let Stop::Raised(raised) = stop else { return Err(stop) };
        let name = match self.heap.get(raised) {
            Object::Exception(exception) => exception.fields.get("name").cloned(),
            _ => None,
        };
        if name == Some(Value::text(module)) {
            return Ok(());
        }
        doubt(format!("`{module}`"), "it raises")
    }
}
