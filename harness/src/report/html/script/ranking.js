// The first table: its order, whose rows are shown, and which hooks are opened to their interpreters.

const ranking = { table: $("ranking"), form: $("ranking-form"), opened: new Set(), sort: "" };

/** Columns whose least is best; of the others it is the most. */
const LEAST_FIRST = new Set(["hook", "wrong", "program", "cost"]);

function startRanking() {
  const { table, form } = ranking;
  if (!table) return;
  for (const body of table.tBodies) {
    const button = make("button", { type: "button", class: "open", "aria-expanded": "false",
      "aria-label": `CPythons under ${body.dataset.strategy}` }, "▸");
    button.addEventListener("click", () => {
      const { opened } = ranking, { strategy } = body.dataset;
      opened.has(strategy) ? opened.delete(strategy) : opened.add(strategy);
      showRanking();
    });
    body.rows[0].cells[0].prepend(button);
  }
  for (const button of table.tHead.querySelectorAll("button")) {
    const { key } = button.parentElement.dataset;
    const [first, second] = LEAST_FIRST.has(key) ? [key, `-${key}`] : [`-${key}`, key];
    button.addEventListener("click", () => {
      ranking.sort = ranking.sort === first ? second : first;
      showRanking();
    });
  }
  form.addEventListener("input", showRanking);
}

function rankingFrom(query) {
  if (!ranking.table) return;
  const given = fill(ranking.form, ["python"], query);
  ranking.sort = given.get("sort") ?? "";
  ranking.opened = new Set((given.get("open") ?? "").split(",").filter(Boolean));
  drawRanking();
}

function showRanking() {
  const { form, sort, opened } = ranking;
  readdress("", { python: form.elements.python.value, sort, open: [...opened].join(",") });
  drawRanking();
}

function drawRanking() {
  const { table, form, opened, sort } = ranking, python = form.elements.python.value;
  for (const body of table.tBodies) {
    const isOpen = python === "" && opened.has(body.dataset.strategy);
    for (const row of body.rows) {
      row.hidden = row.dataset.python !== python && !isOpen;
      row.classList.toggle("alone", python !== "");
    }
    const button = body.querySelector("button.open");
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen ? "▾" : "▸";
  }
  const key = sort.replace(/^-/, "");
  const column = [...table.tHead.rows[0].cells].find((cell) => cell.dataset.key === key);
  for (const cell of table.tHead.rows[0].cells) {
    cell === column ? cell.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending")
      : cell.removeAttribute("aria-sort");
  }
  const row = (body) => [...body.rows].find((it) => it.dataset.python === python);
  const bodies = [...table.tBodies].sort((one, other) => {
    const ranks = Number(row(one)?.dataset.rank ?? 0) - Number(row(other)?.dataset.rank ?? 0);
    return column ? compareRows(row(one), row(other), column.cellIndex, sort.startsWith("-")) || ranks : ranks;
  });
  table.append(...bodies);
}

/** By the value of a column; what has none is last, whatever the direction. */
function compareRows(one, other, index, isDescending) {
  const value = (row) => index === 0 ? row.parentElement.dataset.strategy
    : row.cells[index].dataset.value === undefined ? null : Number(row.cells[index].dataset.value);
  const [left, right] = [value(one), value(other)];
  if (left === null || right === null) return (left === null) - (right === null);
  const order = left < right ? -1 : left > right ? 1 : 0;
  return isDescending ? -order : order;
}
