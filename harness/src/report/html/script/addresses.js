// Addresses: what is looked at, with its filters, so that a link and Back lead to the same.

const encode = (text) => encodeURIComponent(text).replaceAll("%2F", "/");

const addressOf = (interpreter, strategy, scenario) =>
  `#/cell/${encode(interpreters[interpreter][0])}/${encode(strategies[strategy])}?${encode(scenarios[scenario])}`;

/** The parts of this page's address: its view, what follows it, and what is asked of it. */
function address() {
  const [path, query = ""] = location.hash.slice(2).split(/\?(.*)/s);
  const [view = "", ...rest] = path.split("/");
  return { view, rest, query };
}

/** Puts what a form asks for into the address of this entry of the history. */
function readdress(view, asked) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
  history.replaceState(history.state, "", `#/${view}${query ? `?${query}` : ""}`);
}

/** Sets the fields of a form by an address. A value that is no choice of a select is none. */
function fill(form, names, query) {
  const given = new URLSearchParams(query);
  for (const name of names) {
    const field = form.elements[name], value = given.get(name) ?? "";
    if (field.value !== value) field.value = value;
    if (field.value === "") field.value = "";
  }
  return given;
}

/** What the fields of a form say. */
const asked = (form, names) => Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
