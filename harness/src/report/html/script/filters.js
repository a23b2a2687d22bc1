// Which cells are looked at.

const filters = { form: $("filters"), names: ["q", "strategy", "python", "show", "event"] };

/** What each choice of `show` looks for. */
const SHOWS = { diverges: MISSED | WRONG | DISTURBED | OF_NO_IMPORT, missing: MISSED, wrong: WRONG,
  disturbed: DISTURBED, other: OF_NO_IMPORT };

function startFilters() {
  const { form } = filters;
  const option = (select, value) => select.append(make("option", { value }, value));
  strategies.forEach((name) => option(form.elements.strategy, name));
  interpreters.forEach(([label]) => option(form.elements.python, label));
  let waiting = 0;
  const show = () => {
    readdress("scenarios", asked(form, filters.names));
    drawMatrix();
    entitle();
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 60);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
}

/** The chosen filters in words, for titles. */
function filtersInWords() {
  const fields = filters.names.map((name) => filters.form.elements[name]).filter((field) => field.value);
  return fields.map((field) => field.selectedOptions?.[0].textContent ?? `“${field.value}”`).join(", ");
}

/** A test of cells: whether one shows what is asked for. */
function fitting({ show, event }) {
  const number = event ? texts.indexOf(event) : null;
  return (cell) => {
    if (!cell || cell[0] === INAPPLICABLE) return false;
    if (show === "inconclusive") return cell[0] === INCONCLUSIVE;
    if (show in SHOWS) {
      return cell[3].some(([flag, name]) => flag & SHOWS[show] && (number === null || name === number));
    }
    return number === null || cell[4].some(([name, [truth, , wrong]]) => name === number && truth + wrong > 0);
  };
}

/** The scenarios, strategies and interpreters that are asked for, by their numbers. */
function selected() {
  const given = asked(filters.form, filters.names), fits = fitting(given);
  const all = (list, keep) => list.map((_, index) => index).filter(keep);
  const columns = all(strategies, (index) => !given.strategy || strategies[index] === given.strategy);
  const places = all(interpreters, (index) => !given.python || interpreters[index][0] === given.python);
  const cellsOf = (scenario, column) => places.map((place) => cellAt(column, scenario, place));
  const differ = (row) => new Set(row.map(stateOf).filter((state) => state !== null)).size > 1;
  const isAsked = given.show !== "" || given.event !== "";
  const matches = given.show === "differs" ? (row) => differ(row) && (!given.event || row.some(fits))
    : (row) => row.some(fits);
  const needle = given.q.trim().toLowerCase();
  const rows = all(scenarios, (index) => {
    const text = `${scenarios[index]}\n${sources[index]?.summary ?? ""}`.toLowerCase();
    return text.includes(needle) && (!isAsked || columns.some((column) => matches(cellsOf(index, column))));
  });
  return { rows, columns, places, cellsOf, matches, fits, isAsked };
}
