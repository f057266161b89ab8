// Finding one's way: addresses, search, keys, and how the page looks.

function shownDocuments() {
  return all("#list tr:not([hidden])").map((row) => Number(row.dataset.document));
}

// Shows what the address names: a document, a rule, or a place of the overview.
function follow() {
  const named = /^#document=(\d+)(?:&rule=(.*))?$/.exec(location.hash);
  if (named) {
    let rule = null;
    try { rule = named[2] ? decodeURIComponent(named[2]) : null; } catch { /* an address that somebody wrote by hand */ }
    if (openDocument(Number(named[1]), rule)) return;
  }
  closeDocument();
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (target?.matches("details")) target.open = true;
  target?.scrollIntoView();
}

function back() {
  if (!reading) return;
  closeDocument();
  history.replaceState(null, "", "#documents");
}

// What a search looks through: names, what is said of a document, its rules and its text.
let searched = null;

function textsToSearch() {
  searched ??= all("#list tr").map((row) => {
    const it = documentOf(Number(row.dataset.document));
    const texts = it ? [...it.pieces.filter((piece) => typeof piece === "string"),
      ...it.removed.flatMap(({ rule, category, text }) => [rule, category, text?.head ?? "", text?.tail ?? ""])] : [];
    return { row, text: [row.textContent, it?.site ?? "", ...texts].join("\n").toLowerCase() };
  });
  return searched;
}

function search(wanted) {
  const words = wanted.trim().toLowerCase();
  let found = 0;
  for (const { row, text } of textsToSearch()) {
    row.hidden = words !== "" && !text.includes(words);
    found += row.hidden ? 0 : 1;
  }
  for (const rule of all("details.rule")) {
    rule.hidden = words !== "" && !rule.textContent.toLowerCase().includes(words);
  }
  const rules = all("details.rule:not([hidden])").length;
  find("#found").textContent = words === "" ? "" : `${number(found)} documents and ${number(rules)} rules hold “${named(wanted.trim())}”.`;
  if (words !== "" && reading) back();
  if (words !== "") find("#documents")?.scrollIntoView();
}

// From one document of the list to the next.
function stepList(by) {
  const links = all("#list tr:not([hidden]) a");
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
}

const THEMES = ["auto", "dark", "light"];

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  find("#theme").textContent = theme === "auto" ? "Light or dark" : theme === "dark" ? "Dark" : "Light";
  kept.set("theme", theme);
}

const show = (dialog) => { if (!dialog.open) dialog.showModal(); };

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = find("dialog[open]");
  if (dialog) return;
  const typing = event.target.matches?.("input, textarea, select");
  if (event.key === "Escape") {
    // What was searched for stays; browsers would empty the field and not say so.
    if (typing) { event.preventDefault(); event.target.blur(); }
    else back();
    return;
  }
  if (typing) return;
  const keys = {
    "/": () => find("#search").focus(),
    "?": () => show(find("#help")),
    m: () => show(find("#marks")),
    j: () => (reading ? step("removal", 1) : stepList(1)),
    k: () => (reading ? step("removal", -1) : stepList(-1)),
    l: () => reading && step("line", 1),
    h: () => reading && step("line", -1),
    "]": () => reading && stepDocument(1),
    "[": () => reading && stepDocument(-1),
    x: () => reading && toggleMark(),
  };
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function clicked(event) {
  const removal = event.target.closest?.("[data-removal]");
  if (removal) return choose({ removal: Number(removal.dataset.removal) });
  const line = event.target.closest?.("[data-line]");
  // Someone who selects text does not want it to be marked.
  if (line && getSelection().isCollapsed && isKept(reading.lines[Number(line.dataset.line)])) choose({ line: Number(line.dataset.line) });
}

function begin() {
  setTheme(THEMES.includes(kept.get("theme")) ? kept.get("theme") : "auto");
  restoreMarks();
  showMarks();
  document.addEventListener("keydown", pressed);
  find("#text").addEventListener("click", clicked);
  find("#search").addEventListener("input", (event) => search(event.target.value));
  find("#search").addEventListener("search", (event) => search(event.target.value));
  find("#theme").addEventListener("click", () => {
    setTheme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]);
    say(`Colours: ${document.documentElement.dataset.theme}.`);
  });
  find("#help-button").addEventListener("click", () => show(find("#help")));
  find("#marks-button").addEventListener("click", () => show(find("#marks")));
  all("dialog .close").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));
  find("#mark-list").addEventListener("click", (event) => { if (event.target.closest("a")) find("#marks").close(); });
  find("#mark-save").addEventListener("click", saveMarks);
  find("#mark-copy").addEventListener("click", copyMarks);
  find("#back").addEventListener("click", back);
  find("#next").addEventListener("click", () => stepDocument(1));
  find("#previous").addEventListener("click", () => stepDocument(-1));
  window.addEventListener("hashchange", follow);
  document.documentElement.classList.add("ready");
  if (location.hash.length > 1) follow();
}

begin();
