// Commands, each with a button that copies it.

/** Whether `text` is on the clipboard now. A page that was opened from a disk may not have the newer way. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1" });
    const focus = document.activeElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    focus?.focus();
    return isDone;
  }
}

function command(text) {
  const line = make("pre", { tabindex: "0" }, text), told = make("span", { role: "status" });
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy: ${text}` }, "Copy");
  button.addEventListener("click", async () => {
    const isDone = await copied(text);
    if (!isDone) getSelection().selectAllChildren(line);
    told.textContent = isDone ? "copied" : "selected: copy it by key";
  });
  return make("div", { class: "command" }, line, button, told);
}

/** Gives the commands that are part of the page their buttons. */
function startCopying() {
  document.querySelectorAll("pre.command").forEach((it) => it.replaceWith(command(it.textContent)));
}

// what a shell reads as the name, or as the path of what has it
const word = (name) => Object.hasOwn(commands.words, name) ? commands.words[name] : name;
const filled = (template, scenario, strategy, python) => template.replace(/\{(scenario|strategy|python)\}/g,
  (whole, part) => word({ scenario, strategy, python }[part]));
