// Which part of the page is shown; where in it one was is kept with each entry of the history.

/** What a view draws by its address, and returns as its title where its heading does not say enough. */
const DRAW = {
  strategies: ({ query }) => rankingFrom(query),
  cost: ({ query }) => costsFrom(query),
  scenarios: ({ query }, isKnown) => {
    fill(filters.form, filters.names, query);
    drawMatrix({ atOnce: isKnown });
  },
  cell: ({ rest, query }) => {
    try {
      return drawCell(rest, query);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      $("cell").replaceChildren(make("h1", { id: "cell-title" }, "This address names no cell."));
    }
  },
};

const sections = [...document.querySelectorAll("main > section")].map((it) => it.id);
const nowShown = () => document.querySelector("main > section.shown");

/** Sets the document's title: that of the view, and what is chosen in it. */
function entitle(title) {
  const chosen = nowShown().id === "scenarios" ? filtersInWords() : "";
  const heading = title ?? nowShown().querySelector("h1").textContent;
  document.title = `${heading}${chosen && ` (${chosen})`} – Tollgate ${document.body.dataset.run}`;
}

function show(place) {
  if (location.hash && !location.hash.startsWith("#/")) return;
  const asked = address();
  const name = sections.includes(asked.view) ? asked.view : document.body.dataset.first;
  sections.forEach((id) => $(id).classList.toggle("shown", id === name));
  const title = DRAW[name]?.(asked, place !== null);
  document.querySelectorAll("nav a").forEach((link) => {
    const is = link.dataset.view === (name === "cell" ? "scenarios" : name);
    is ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  });
  entitle(title);
  comeBack(place);
}

/** Where one is, for the entry of the history that is looked at. */
function remember() {
  const box = nowShown()?.querySelector(".tall");
  history.replaceState({ top: scrollY, box: box && [box.scrollLeft, box.scrollTop],
    focus: document.activeElement?.getAttribute("href") }, "");
}

function comeBack(place) {
  const box = nowShown().querySelector(".tall");
  if (place?.focus) {
    const link = [...nowShown().querySelectorAll("a")].find((it) => it.getAttribute("href") === place.focus);
    link?.focus({ preventScroll: true });
  }
  if (place?.box && box) [box.scrollLeft, box.scrollTop] = place.box;
  scrollTo(0, place?.top ?? 0);
}

function startViews() {
  history.scrollRestoration = "manual";
  let waiting = 0;
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    // browsers let no more than some 200 of these pass in half a minute
    waiting = setTimeout(remember, 200);
  }, true);
  addEventListener("click", (event) => {
    clearTimeout(waiting);
    if (event.target.closest("a[href^='#/']")) remember();
  }, true);
  addEventListener("popstate", (event) => {
    clearTimeout(waiting);
    show(event.state);
  });
  const bar = document.querySelector("body > header");
  new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  show(history.state);
}
