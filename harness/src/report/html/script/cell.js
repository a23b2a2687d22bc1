// One cell: the program, why it diverges, both trees, and what to run to see it again.

const VERDICTS = [["conforms", "good"], ["diverges", "bad"], ["does not apply", "none"], ["inconclusive", "odd"]];

function choices(label, items) {
  const list = make("ul", { class: "choices", "aria-label": label });
  for (const { name, address, state, current } of items) {
    const link = make("a", { href: address, class: state === null ? null : tint(state), "aria-current": current ? "true" : null },
      state === null || state === 0 ? name : `${name} ${glyph(state)}`);
    list.append(make("li", {}, link));
  }
  return list;
}

/** The divergences, those with the same reason together. */
function reasons(strategy, divergences) {
  const byReason = new Map();
  for (const [, , clause, why] of divergences) {
    byReason.set(why, [...byReason.get(why) ?? [], clause]);
  }
  return [...byReason].map(([why, clauses]) => make("div", { class: "reason" },
    make("ul", { class: "finds" }, ...clauses.map((clause) => make("li", {}, `${strategy} ${texts[clause]}.`))),
    why >= 0 ? make("p", {}, make("b", {}, "Expected: "), texts[why])
      : why === NEW ? make("p", {}, make("b", {}, "New: "), "nothing that is known of this hook expects it.") : null));
}

function trees(name, [verdict, , , , tally, pairing]) {
  if (pairing < 0 || !pairings[pairing].some((number) => texts[number])) {
    return verdict > DIVERGES ? [] : [make("p", { class: "legend" }, "Nothing was imported, and nothing was reported.")];
  }
  const table = counts(tally);
  return [make("h2", {}, "What happened, and what was reported"), sides(name, pairings[pairing]),
    make("p", { class: "legend" }, "< missed, > did not happen, or not there, o of no import: another meaning, ≠ reported in part or with a wrong outcome; grey: not claimed. ! raised, ? found nothing."),
    ...table ? [make("h2", {}, "Counts"), table] : []];
}

/** What to run to see it again; a script that needs no Tollgate where one can show it. */
function again(cell, scenario, strategy, python) {
  if (!cell || cell[0] === INAPPLICABLE) return [];
  const told = [make("h2", {}, "Again"), command(filled(commands.trace, scenario, strategy, python))];
  if (cell[0] === DIVERGES && ![scenario, strategy].some((it) => commands.bound.includes(it))) {
    told.push(make("p", {}, "As a script that shows it without Tollgate:"),
      command(filled(commands.repro, scenario, strategy, python)));
  }
  return told;
}

function verdict(cell, name, label) {
  if (!cell) return [make("p", {}, "This cell was not run.")];
  const [told, tone] = VERDICTS[cell[0]];
  return [make("p", {}, make("span", { class: `badge ${tone}` }, told), ` ${name} on ${label}`),
    ...cell[2] >= 0 ? [make("pre", { class: "prose", tabindex: "0" }, texts[cell[2]])] : []];
}

function doubts(truth) {
  if (!truth || truth[0] === "agreed" || truth[1] < 0) return [];
  return [make("h2", {}, `The truth: ${truth[0]}`), make("pre", { class: "prose", tabindex: "0" }, texts[truth[1]])];
}

/** Draws the cell that an address names, and returns the title of what is drawn. */
function drawCell(path, query) {
  const section = $("cell");
  const [label, name, scenarioName] = [...path.slice(0, 2), query].map((it) => decodeURIComponent(it ?? ""));
  const interpreter = interpreters.findIndex(([it]) => it === label);
  const strategy = strategies.indexOf(name), scenario = scenarios.indexOf(scenarioName);
  const title = make("h1", { id: "cell-title" }, scenarioName || "No cell");
  if (interpreter < 0 || strategy < 0 || scenario < 0) {
    section.replaceChildren(title, make("p", {}, "There is no such cell in this run."));
    return title.textContent;
  }
  const cell = cellAt(strategy, scenario, interpreter);
  const item = (it, place, column, current) => ({ name: it, address: addressOf(place, column, scenario), current,
    state: stateOf(cellAt(column, scenario, place)) });
  const source = sources[scenario];
  const near = (offset) => scenarios[scenario + offset] === undefined ? "" : make("a",
    { href: addressOf(interpreter, strategy, scenario + offset) },
    offset < 0 ? `← ${scenarios[scenario - 1]}` : `${scenarios[scenario + 1]} →`);
  section.replaceChildren(title, ...source ? [make("p", { class: "lead" }, source.summary)] : [],
    choices("CPythons", interpreters.map(([, short], place) => item(short, place, strategy, place === interpreter))),
    choices("Hooks", strategies.map((it, index) => item(it, interpreter, index, index === strategy))),
    ...verdict(cell, name, label), make("h2", {}, "The program"), ...program(source),
    ...cell?.[3].length ? [make("h2", {}, "What diverges, and why"), ...reasons(name, cell[3])] : [],
    ...cell ? trees(name, cell) : [], ...doubts(truths[scenario * interpreters.length + interpreter]),
    ...again(cell, scenarioName, name, label), make("div", { class: "steps" }, near(-1), near(1)));
  return `${scenarioName} under ${name} on ${label}`;
}
