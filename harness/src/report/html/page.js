"use strict";
// Draws the cells. Everything from a record goes through `text` or `setAttribute`, never through HTML.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { interpreters, strategies, scenarios, sources, commands, texts, pairings, shown, cells, truths } = data;
  const CONFORMS = 0, DIVERGES = 1, INAPPLICABLE = 2, INCONCLUSIVE = 3;
  const MISSED = 1, WRONG = 2, DISTURBED = 4;
  const $ = (id) => document.getElementById(id);
  document.documentElement.classList.add("js");

  /** An element with attributes and children; texts become text. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const cellAt = (strategy, scenario, interpreter) => {
    const number = cells[(strategy * scenarios.length + scenario) * interpreters.length + interpreter];
    return number < 0 || number === undefined ? null : shown[number];
  };

  // ---- states: what a mark says

  /** 0 conforms, 1 to 7 flags of a divergence, 8 inconclusive, null nothing to show. */
  function stateOf(cell) {
    if (!cell || cell[0] === INAPPLICABLE) return null;
    return cell[0] === INCONCLUSIVE ? 8 : cell[0] === CONFORMS ? 0 : cell[1];
  }
  function glyph(state) {
    if (state & 8) return "?";
    if (state === 0) return "·";
    return (state & MISSED ? "−" : "") + (state & WRONG ? "+" : "") + (state & DISTURBED ? "d" : "");
  }
  const tint = (state) =>
    state & 8 ? "cx" : state & WRONG ? "c2" : state & MISSED ? "c1" : state & DISTURBED ? "c4" : "c0";
  const colour = (state) => state === null ? "transparent" : `var(--${
    { cx: "bad", c2: "bad", c1: "less", c4: "odd", c0: "good" }[tint(state)]})`;
  function words(state) {
    if (state & 8) return "inconclusive";
    if (state === 0) return "conforms";
    return [state & MISSED && "misses events", state & WRONG && "reports wrongly",
      state & DISTURBED && "disturbs the program"].filter(Boolean).join(", ");
  }

  // ---- addresses

  const encode = (text) => encodeURIComponent(text).replaceAll("%2F", "/");
  const addressOf = (interpreter, strategy, scenario) =>
    `#/cell/${encode(interpreters[interpreter][0])}/${encode(strategies[strategy])}?${encode(scenarios[scenario])}`;

  // ---- the matrix

  const form = $("filters");
  function option(select, value) {
    select.append(make("option", { value }, value));
  }
  strategies.forEach((name) => option(form.elements.strategy, name));
  interpreters.forEach(([label]) => option(form.elements.python, label));

  const fits = {
    "": () => true,
    diverges: (states) => states.some((state) => state !== null && state > 0 && state < 8),
    missing: (states) => states.some((state) => state < 8 && state & MISSED),
    wrong: (states) => states.some((state) => state < 8 && state & WRONG),
    disturbed: (states) => states.some((state) => state < 8 && state & DISTURBED),
    inconclusive: (states) => states.some((state) => state === 8),
    differs: (states) => new Set(states.filter((state) => state !== null)).size > 1,
  };

  function filtersFrom(query) {
    const given = new URLSearchParams(query);
    for (const name of ["q", "strategy", "python", "show"]) {
      const field = form.elements[name], value = given.get(name) ?? "";
      if (field.value !== value && document.activeElement !== field) field.value = value;
      // a value that is no choice leaves a select empty
      if (field.value === "" && value !== "" && field.tagName === "SELECT") field.value = "";
    }
  }
  function queryOfFilters() {
    const query = new URLSearchParams();
    for (const name of ["q", "strategy", "python", "show"]) {
      const value = form.elements[name].value;
      if (value) query.set(name, value);
    }
    return query.toString();
  }

  let drawing = 0;
  function drawMatrix() {
    const { q, strategy, python, show } = form.elements;
    const needle = q.value.trim().toLowerCase();
    const columns = strategies.map((_, index) => index)
      .filter((index) => !strategy.value || strategies[index] === strategy.value);
    const places = interpreters.map((_, index) => index)
      .filter((index) => !python.value || interpreters[index][0] === python.value);
    const fit = fits[show.value] ?? fits[""];
    const statesAt = (scenario, column) => places.map((place) => stateOf(cellAt(column, scenario, place)));
    const rows = scenarios.map((_, index) => index).filter((index) => {
      const summary = sources[index]?.summary ?? "";
      const matches = !needle || scenarios[index].toLowerCase().includes(needle) || summary.toLowerCase().includes(needle);
      return matches && (!show.value || columns.some((column) => fit(statesAt(index, column))));
    });
    const table = $("matrix");
    const head = make("tr", {}, make("th", { scope: "col" }, "scenario"));
    columns.forEach((column) => head.append(make("th", { scope: "col" }, make("span", {}, strategies[column]))));
    const body = make("tbody");
    table.replaceChildren(make("thead", {}, head), body);
    const cellsShown = rows.length * columns.length * places.length;
    $("count").textContent = `${rows.length} of ${scenarios.length} scenarios, ${cellsShown} cells`;

    function drawRow(scenario) {
      const name = scenarios[scenario];
      const row = make("tr", {}, make("th", { scope: "row", title: sources[scenario]?.summary ?? name },
        name.includes("/") ? name.slice(name.indexOf("/") + 1) : name));
      for (const column of columns) {
        const states = statesAt(scenario, column);
        const known = states.filter((state) => state !== null);
        if (known.length === 0) {
          row.append(make("td"));
          continue;
        }
        const union = known.reduce((all, state) => all | state, 0);
        const matching = states.findLastIndex((state) => state !== null && (show.value ? fit([state]) : state === union));
        const place = matching >= 0 ? matching : states.findLastIndex((state) => state !== null && state > 0 || state === 0);
        const link = make("a", {
          href: addressOf(places[place], column, scenario), class: tint(union),
          "aria-label": `${glyph(union)} ${strategies[column]}, ${name}: ${words(union)}`,
        }, glyph(union));
        if (new Set(known).size > 1) {
          const width = 100 / states.length;
          const stops = states.map((state, index) => `${colour(state)} ${index * width}% ${(index + 1) * width}%`);
          link.style.backgroundImage = `linear-gradient(90deg, ${stops.join(", ")})`;
        }
        row.append(make("td", {}, link));
      }
      return row;
    }

    // what is in view first, the rest when there is time
    const ticket = ++drawing;
    let next = 0, group = null;
    function drawSome(many) {
      const part = document.createDocumentFragment();
      for (const end = Math.min(next + many, rows.length); next < end; next++) {
        const name = scenarios[rows[next]], folder = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
        if (folder !== group) {
          group = folder;
          part.append(make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: columns.length + 1 }, folder || "others")));
        }
        part.append(drawRow(rows[next]));
      }
      body.append(part);
      // behind a frame: a timer alone may come before anything has been painted
      if (next < rows.length) requestAnimationFrame(() => setTimeout(() => ticket === drawing && drawSome(200)));
    }
    drawSome(60);
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = queryOfFilters();
      history.replaceState(null, "", `#/scenarios${query ? `?${query}` : ""}`);
      drawMatrix();
    }, 60);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const name of ["q", "strategy", "python", "show"]) form.elements[name].value = "";
    history.replaceState(null, "", "#/scenarios");
    drawMatrix();
  });

  // ---- one cell

  const VERDICTS = [["conforms", "good"], ["diverges", "bad"], ["does not apply", "none"], ["inconclusive", "odd"]];
  const MARKS = {
    "=": ["", "", "both"], "!": ["≠", "m2", "reported wrongly or in part"], "<": ["<", "m1", "missed"],
    ".": ["", "off", "not claimed"], ">": [">", "m2", "did not happen so"], ":": ["", "title", ""],
  };

  function choices(label, items) {
    const list = make("ul", { class: "choices", "aria-label": label });
    for (const { name, address, state, current } of items) {
      const link = make("a", { href: address, class: state === null ? null : tint(state), "aria-current": current ? "true" : null },
        state === null || state === 0 ? name : `${name} ${glyph(state)}`);
      list.append(make("li", {}, link));
    }
    return list;
  }

  function sides(strategy, cell) {
    const [happened, reported, marks] = pairings[cell[5]].map((number) => texts[number]);
    const left = happened.split("\n"), right = reported.split("\n");
    const body = make("tbody");
    let i = 0, j = 0;
    for (const mark of marks) {
      const [sign, tone, told] = MARKS[mark];
      const one = mark === ">" ? "" : left[i++], other = mark === "<" || mark === "." ? "" : right[j++];
      body.append(make("tr", { class: tone || null }, make("td", {}, one),
        make("td", { class: "mark", title: told || null }, sign), make("td", {}, other)));
    }
    const head = ["what happened", "", `what ${strategy} reported`].map((title) =>
      title ? make("th", { scope: "col" }, title) : make("td"));
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What happened and what was reported" },
      make("table", { class: "sides" }, make("thead", {}, make("tr", {}, ...head)), body));
  }

  function counts(tally) {
    const spoken = tally.filter(([, [truth, , wrong, , , claimed]]) => truth + wrong + claimed > 0);
    if (spoken.length === 0) return null;
    const titles = ["event", "claimed", "happened", "seen", "wrong", "misplaced", "misstated"];
    const rows = spoken.map(([event, [truth, seen, wrong, misplaced, misstated, claimed]]) =>
      make("tr", {}, make("th", { scope: "row" }, texts[event]), make("td", {}, claimed ? "yes" : "no"),
        ...[truth, seen, wrong, misplaced, misstated].map((number, index) => make("td",
          { class: index === 1 && claimed && seen < truth ? "less" : index > 1 && number > 0 ? "bad" : null }, String(number)))));
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Counts by kind of event" },
      make("table", { class: "facts" }, make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)))),
        make("tbody", {}, ...rows)));
  }

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

  // what a shell reads as the name, or as the path of what has it
  const word = (name) => Object.hasOwn(commands.words, name) ? commands.words[name] : name;
  const filled = (template, scenario, strategy, python) => template.replace(/\{(scenario|strategy|python)\}/g,
    (whole, part) => word({ scenario, strategy, python }[part]));

  function drawCell(path, query) {
    const section = $("cell");
    const [label, name] = path.map(decodeURIComponent);
    const scenarioName = decodeURIComponent(query);
    const interpreter = interpreters.findIndex(([it]) => it === label);
    const strategy = strategies.indexOf(name), scenario = scenarios.indexOf(scenarioName);
    const title = make("h1", { id: "cell-title" }, scenarioName);
    const cell = interpreter < 0 || strategy < 0 || scenario < 0 ? null : cellAt(strategy, scenario, interpreter);
    if (interpreter < 0 || strategy < 0 || scenario < 0) {
      section.replaceChildren(title, make("p", {}, "There is no such cell in this run."));
      return;
    }
    const onInterpreters = interpreters.map(([, short], place) => ({
      name: short, address: addressOf(place, strategy, scenario), state: stateOf(cellAt(strategy, scenario, place)),
      current: place === interpreter,
    }));
    const underStrategies = strategies.map((it, index) => ({
      name: it, address: addressOf(interpreter, index, scenario), state: stateOf(cellAt(index, scenario, interpreter)),
      current: index === strategy,
    }));
    const source = sources[scenario];
    const parts = [title, source && make("p", { class: "lead" }, source.summary),
      choices("Interpreters", onInterpreters), choices("Strategies", underStrategies)];
    if (!cell) {
      parts.push(make("p", {}, "This cell was not run."));
    } else {
      const [verdict, , reason, divergences, tally, pairing] = cell;
      const [word, tone] = VERDICTS[verdict];
      parts.push(make("p", {}, make("span", { class: `badge ${tone}` }, word), ` ${name} on ${label}`));
      if (reason >= 0) parts.push(make("pre", { class: "prose", tabindex: "0" }, texts[reason]));
      if (divergences.length > 0) {
        parts.push(make("ul", { class: "finds" }, ...divergences.map(([, clause]) => make("li", {}, `${name} ${texts[clause]}.`))));
      }
      if (pairing >= 0 && pairings[pairing].some((number) => texts[number])) {
        parts.push(make("h2", {}, "What happened, and what was reported"), sides(name, cell),
          make("p", { class: "legend" }, "< missed, > did not happen, or not there, ≠ reported in part or with a wrong outcome; grey: not claimed. ! raised, ? found nothing."));
      } else if (verdict <= DIVERGES) {
        parts.push(make("p", { class: "legend" }, "Nothing was imported, and nothing was reported."));
      }
      const table = counts(tally);
      if (table) parts.push(make("h2", {}, "Counts"), table);
    }
    const truth = truths[scenario * interpreters.length + interpreter];
    if (truth && truth[0] !== "agreed" && truth[1] >= 0) {
      parts.push(make("h2", {}, `The truth: ${truth[0]}`), make("pre", { class: "prose", tabindex: "0" }, texts[truth[1]]));
    }
    const command = (text) => make("pre", { class: "command", tabindex: "0" }, text);
    parts.push(make("h2", {}, "The scenario"), ...program(source));
    if (cell && cell[0] !== INAPPLICABLE) {
      parts.push(make("h2", {}, "Again"), command(filled(commands.trace, scenarioName, name, label)));
    }
    if (cell && cell[0] === DIVERGES && ![scenarioName, name].some((it) => commands.bound.includes(it))) {
      parts.push(make("p", {}, "As a script that shows it without Tollgate:"),
        command(filled(commands.repro, scenarioName, name, label)));
    }
    const near = (offset) => scenarios[scenario + offset] === undefined ? "" :
      make("a", { href: addressOf(interpreter, strategy, scenario + offset) }, offset < 0 ? `← ${scenarios[scenario - 1]}` : `${scenarios[scenario + 1]} →`);
    parts.push(make("div", { class: "steps" }, near(-1), near(1)));
    section.replaceChildren(...parts.filter(Boolean));
  }

  // ---- costs

  const costs = $("cost-filter");
  costs?.addEventListener("input", () => {
    const python = costs.elements.python.value;
    document.querySelectorAll("#cost [data-python]").forEach((it) => {
      const isHidden = python !== "" && it.dataset.python !== python;
      it.toggleAttribute("hidden", isHidden);
      if (it.tagName === "g") it.style.display = isHidden ? "none" : "";
    });
  });

  // ---- which part is shown

  let last = null;
  function route() {
    if (location.hash && !location.hash.startsWith("#/")) return;
    const [path, query = ""] = location.hash.slice(2).split(/\?(.*)/s);
    const [view = "", ...rest] = path.split("/");
    const known = ["strategies", "scenarios", "cost", "company", "candidates", "run", "cell"];
    const name = known.includes(view) && $(view) ? view : document.body.dataset.first ?? "strategies";
    if (name === "scenarios") {
      filtersFrom(query);
      drawMatrix();
    } else if (name === "cell") {
      try {
        drawCell(rest, query);
      } catch (error) {
        if (!(error instanceof URIError)) throw error;
        $("cell").replaceChildren(make("h1", { id: "cell-title" }, "This address names no cell."));
      }
    }
    document.querySelectorAll("main > section").forEach((section) => section.classList.toggle("shown", section.id === name));
    document.querySelectorAll("nav a").forEach((link) => {
      const is = link.dataset.view === (name === "cell" ? "scenarios" : name);
      is ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    });
    if (last !== null && last !== name) scrollTo(0, 0);
    last = name;
  }
  addEventListener("hashchange", route);
  route();
})();
