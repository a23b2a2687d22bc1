// Whose costs are looked at.

const costs = { form: $("cost-filter"), names: ["strategy", "python"] };

function startCosts() {
  costs.form?.addEventListener("input", () => {
    readdress("cost", asked(costs.form, costs.names));
    drawCosts();
  });
}

function costsFrom(query) {
  if (!costs.form) return;
  fill(costs.form, costs.names, query);
  drawCosts();
}

function drawCosts() {
  const { strategy, python } = asked(costs.form, costs.names);
  const place = interpretersTimed.indexOf(python);
  for (const it of document.querySelectorAll("#cost [data-place]")) {
    it.classList.toggle("gone", python !== "" && Number(it.dataset.place) !== place);
  }
  for (const it of document.querySelectorAll("#cost [data-strategy]")) {
    it.classList.toggle("faint", strategy !== "" && it.dataset.strategy !== strategy);
  }
}

/** The interpreters of the plots, by their places. */
const interpretersTimed = [...costs.form?.elements.python.options ?? []].slice(1).map((it) => it.value);
