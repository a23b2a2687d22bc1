// What a scenario says: its files, and how they are run.

function file(title, body) {
  return make("div", { class: "file" }, make("h3", {}, title),
    make("pre", { tabindex: "0" }, body === "" ? "(empty)" : body));
}

function program(source) {
  if (!source) return [make("p", { class: "legend" }, "What the scenario says was not recorded with this run.")];
  const start = [...source.options, ...source.environment].join(" ");
  const files = make("div", { class: "files" });
  if (source.setup) files.append(file("before: not observed", source.setup));
  files.append(file("run: what is observed", source.run));
  for (const { path, body } of source.files) files.append(file(path, body));
  const notes = [source.generated && `Generated: ${source.generated}.`, start && `Started with: ${start}.`,
    `For Python ${source.python}.`, source.see.length > 0 && `See ${source.see.join(", ")}.`];
  return [files, make("p", { class: "legend" }, notes.filter(Boolean).join(" "))];
}
