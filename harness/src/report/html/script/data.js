// The cells, as `html/data.rs` writes them: numbers name entries of lists.

const data = JSON.parse($("data").textContent);
const { interpreters, strategies, scenarios, sources, commands, texts, pairings, shown, cells, truths } = data;
const CONFORMS = 0, DIVERGES = 1, INAPPLICABLE = 2, INCONCLUSIVE = 3;
const MISSED = 1, WRONG = 2, DISTURBED = 4, OF_NO_IMPORT = 8;
const NEW = -2;

/** What is shown in a cell: `[verdict, flags, reason, divergences, counts, pairing]`; null if it was not run. */
function cellAt(strategy, scenario, interpreter) {
  const number = cells[(strategy * scenarios.length + scenario) * interpreters.length + interpreter];
  return number < 0 || number === undefined ? null : shown[number];
}
