// What happened and what was reported, line by line, and the counts of it.

const MARKS = {
  "=": ["", "", "both"], "!": ["≠", "m2", "reported wrongly or in part"], "<": ["<", "m1", "missed"],
  ".": ["", "off", "not claimed"], ">": [">", "m2", "did not happen so"], "o": ["o", "m8", "of no import"], ":": ["", "title", ""],
};

function sides(strategy, pairing) {
  const [happened, reported, marks] = pairing.map((number) => texts[number]);
  const left = happened.split("\n"), right = reported.split("\n");
  const body = make("tbody");
  let i = 0, j = 0;
  for (const mark of marks) {
    const [sign, tone, told] = MARKS[mark];
    const one = mark === ">" || mark === "o" ? "" : left[i++], other = mark === "<" || mark === "." ? "" : right[j++];
    body.append(make("tr", { class: tone || null }, make("td", {}, one),
      make("td", { class: "mark", title: told || null }, sign), make("td", {}, other)));
  }
  const unseen = make("span", { class: "unseen" }, "mark");
  const head = ["what happened", unseen, `what ${strategy} reported`].map((title) => make("th", { scope: "col" }, title));
  return scrolling("What happened and what was reported",
    make("table", { class: "sides" }, make("thead", {}, make("tr", {}, ...head)), body));
}

function counts(tally) {
  const spoken = tally.filter(([, [truth, , wrong, , , claimed]]) => truth + wrong + claimed > 0);
  if (spoken.length === 0) return null;
  const titles = ["event", "claimed", "happened", "seen", "wrong", "misplaced", "misstated"];
  const rows = spoken.map(([event, [truth, seen, wrong, misplaced, misstated, claimed]]) =>
    make("tr", {}, make("th", { scope: "row" }, texts[event]), make("td", {}, claimed ? "yes" : "no"),
      ...[truth, seen, wrong, misplaced, misstated].map((number, index) => make("td",
        { class: index === 1 && claimed && seen < truth ? "less" : index > 1 && number > 0 ? "bad" : null },
        String(number)))));
  return scrolling("Counts by kind of event",
    make("table", { class: "facts" }, make("thead", {}, make("tr", {}, ...titles.map((title) =>
      make("th", { scope: "col" }, title)))), make("tbody", {}, ...rows)));
}
