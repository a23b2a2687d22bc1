// The cells in a table: a row for each scenario, a column for each strategy.

let drawing = 0;

/** Draws it; `atOnce` the whole of it, for who comes back to a place in it. */
function drawMatrix({ atOnce = false } = {}) {
  const chosen = selected(), { rows, columns, places } = chosen;
  const head = make("tr", {}, make("th", { scope: "col" }, "scenario"),
    ...columns.map((column) => make("th", { scope: "col" }, make("span", {}, strategies[column]))));
  const body = make("tbody");
  $("matrix").replaceChildren(make("thead", {}, head), body);
  $("count").textContent =
    `${rows.length} of ${scenarios.length} scenarios, ${rows.length * columns.length * places.length} cells`;
  // what is in view first, the rest when there is time
  const ticket = ++drawing;
  let next = 0, group = null;
  function drawSome(many) {
    const part = document.createDocumentFragment();
    for (const end = Math.min(next + many, rows.length); next < end; next++) {
      const name = scenarios[rows[next]], folder = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
      if (folder !== group) {
        group = folder;
        part.append(make("tr", { class: "group" },
          make("th", { scope: "rowgroup", colspan: columns.length + 1 }, folder || "others")));
      }
      part.append(matrixRow(rows[next], chosen));
    }
    body.append(part);
    // behind a frame: a timer alone may come before anything has been painted
    if (next < rows.length) requestAnimationFrame(() => setTimeout(() => ticket === drawing && drawSome(200)));
  }
  drawSome(atOnce ? rows.length : 60);
  body.querySelector("a")?.setAttribute("tabindex", "0");
}

function matrixRow(scenario, chosen) {
  const name = scenarios[scenario];
  return make("tr", {}, make("th", { scope: "row", title: sources[scenario]?.summary ?? name },
    name.includes("/") ? name.slice(name.indexOf("/") + 1) : name),
  ...chosen.columns.map((column) => make("td", {}, mark(scenario, column, chosen))));
}

/** What all chosen interpreters show together, with a stripe where they differ. */
function mark(scenario, column, { places, cellsOf, fits, matches, isAsked }) {
  const row = cellsOf(scenario, column), states = row.map(stateOf);
  const known = states.filter((state) => state !== null);
  if (known.length === 0) return null;
  const union = known.reduce((all, state) => all | state, 0);
  const told = isAsked ? row.findLastIndex(fits) : states.lastIndexOf(union);
  const place = told >= 0 ? told : states.findLastIndex((state) => state !== null);
  const link = make("a", {
    href: addressOf(places[place], column, scenario), tabindex: "-1",
    class: isAsked && !matches(row) ? `${tint(union)} faint` : tint(union),
    "aria-label": `${glyph(union)} ${strategies[column]}, ${scenarios[scenario]}: ${words(union)}`,
  }, glyph(union));
  if (new Set(known).size > 1) {
    const width = 100 / states.length;
    const stops = states.map((state, index) => `${colour(state)} ${index * width}% ${(index + 1) * width}%`);
    link.style.backgroundImage = `linear-gradient(90deg, ${stops.join(", ")})`;
  }
  return link;
}

// ---- keys: one cell can be reached by Tab, the arrows move from it, Enter opens it

/** Steps to rows or along one, for each key. */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -Infinity], End: [0, Infinity] };

/** The link that a key leads to, past cells that have none. */
function neighbour(link, [down, right]) {
  const cell = link.closest("td"), row = cell.parentElement;
  if (down === 0) {
    const links = [...row.querySelectorAll("a")], to = links.indexOf(link) + right;
    return links[Math.min(Math.max(to, 0), links.length - 1)];
  }
  const rows = [...row.parentElement.rows].filter((it) => it.cells[cell.cellIndex]?.querySelector("a"));
  const to = rows.indexOf(row) + down;
  return rows[Math.min(Math.max(to, 0), rows.length - 1)].cells[cell.cellIndex].querySelector("a");
}

function startMatrix() {
  const table = $("matrix");
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key], link = event.target.closest("td a");
    if (!step || !link || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    neighbour(link, step).focus();
  });
  table.addEventListener("focusin", (event) => {
    if (!event.target.matches("td a")) return;
    table.querySelector("a[tabindex='0']")?.setAttribute("tabindex", "-1");
    event.target.setAttribute("tabindex", "0");
  });
}
