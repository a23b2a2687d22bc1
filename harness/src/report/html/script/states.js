// What a mark says.

const DOUBTED = 16;

/** 0 conforms, 1 to 15 flags of divergences, 16 inconclusive, null nothing to show. */
function stateOf(cell) {
  if (!cell || cell[0] === INAPPLICABLE) return null;
  return cell[0] === INCONCLUSIVE ? DOUBTED : cell[0] === CONFORMS ? 0 : cell[1];
}

function glyph(state) {
  if (state & DOUBTED) return "?";
  if (state === 0) return "·";
  return (state & MISSED ? "−" : "") + (state & WRONG ? "+" : "") + (state & DISTURBED ? "d" : "")
    + (state & OF_NO_IMPORT ? "o" : "");
}

const tint = (state) =>
  state & DOUBTED ? "cx" : state & WRONG ? "c2" : state & MISSED ? "c1" : state & DISTURBED ? "c4"
    : state & OF_NO_IMPORT ? "c8" : "c0";

const colour = (state) => state === null ? "transparent" : `var(--${
  { cx: "bad", c2: "bad", c1: "less", c4: "odd", c8: "link", c0: "good" }[tint(state)]})`;

function words(state) {
  if (state & DOUBTED) return "inconclusive";
  if (state === 0) return "conforms";
  return [state & MISSED && "misses events", state & WRONG && "reports wrongly",
    state & DISTURBED && "disturbs the program", state & OF_NO_IMPORT && "reports what is no import"]
    .filter(Boolean).join(", ");
}
