// One document: its text with the removals in their places.

// The document that is open, with its lines and what is chosen in it.
let reading = null;

// From pieces to lines: each is a list of parts, which are texts kept or removed.
function linesOf(it) {
  const texts = it.pieces.flatMap((piece) => partsOf(it, piece));
  const anyLf = texts.some((part) => (part.text ?? "").includes("\n"));
  const border = anyLf ? /(?<=\n)/ : /(?<=\r)/;
  const lines = [{ parts: [], torn: false }];
  const last = () => lines[lines.length - 1];
  for (const part of texts) {
    if (part.gap !== undefined) {
      if (last().parts.length > 0) { last().torn = true; lines.push({ parts: [], torn: false }); }
      last().parts.push(part);
      lines.push({ parts: [], torn: part.torn === true });
      continue;
    }
    if (part.text === null) { last().torn = true; last().parts.push(part); continue; }
    for (const text of part.text.split(border)) {
      last().parts.push({ ...part, text: text.replace(/[\r\n]+$/, "") });
      if (/[\r\n]$/.test(text) && (!anyLf || text.endsWith("\n"))) lines.push({ parts: [], torn: false });
    }
  }
  return lines.filter((line) => line.parts.length > 0);
}

function partsOf(it, piece) {
  if (typeof piece === "string") return [{ text: piece }];
  if (typeof piece === "object") return [piece];
  const { text } = it.removed[piece];
  if (!text) return [{ text: null, removal: piece }];
  if (!text.omitted) return [{ text: text.head, removal: piece }];
  return [{ text: text.head, removal: piece }, { gap: text.omitted, removal: piece, torn: true }, { text: text.tail ?? "", removal: piece }];
}

const rawOf = (line) => line.parts.map((part) => part.text ?? "").join("");
const isKept = (line) => line.parts.every((part) => part.gap === undefined && part.removal === undefined);

function gapOf(part) {
  const bytes = `… ${number(part.gap)} bytes ${part.removal === undefined ? "kept" : "removed"} …`;
  const more = part.more ? `${number(part.more)} more removals are not shown, and ` : "";
  return element("span", { class: "gap" }, more + bytes);
}

function partElement(part, at, tagged) {
  if (part.gap !== undefined) return [gapOf(part)];
  if (part.removal === undefined) return [harmless(part.text)];
  const removed = reading.it.removed[part.removal];
  const isFirst = !tagged.has(part.removal);
  tagged.add(part.removal);
  const said = isFirst ? element("span", { class: "unseen" }, `Removed by ${named(removed.rule)}: `) : null;
  const shown = part.text === null
    ? `${number(removed.end - removed.start)} bytes; the report does not hold them` : harmless(part.text) || "¶";
  const blank = part.text !== null && part.text.trim() === "";
  return [element("del", { "data-removal": part.removal, class: blank ? "blank" : part.text === null ? "unknown" : null }, said, shown)];
}

// The name of a rule behind what it took from a line, be it one part of it or several.
function tagElement(rule, removals) {
  const marked = removals.some((removal) => marks.has(markKey(reading.id, "wrong", removal)));
  const times = removals.length > 1 ? ` × ${removals.length}` : "";
  return element("button", { type: "button", class: `tag${marked ? " marked" : ""}`, "data-removal": removals[0],
    "data-all": removals.join(" "), "aria-label": `Removal ${removals[0] + 1}, rule ${named(rule)}${times}${marked ? ", marked as wrong" : ""}` },
  named(rule) + times);
}

function lineElement(line, at, tagged, lastLine) {
  const marked = marks.has(markKey(reading.id, "chrome", at));
  const made = element("p", { class: `line${marked ? " chrome" : ""}`, dir: "auto", "data-line": at, tabindex: "-1" });
  line.parts.forEach((part) => made.append(...partElement(part, at, tagged)));
  const byRule = new Map();
  for (const removal of new Set(line.parts.map((part) => part.removal))) {
    if (removal === undefined || lastLine.get(removal) !== at) continue;
    const { rule } = reading.it.removed[removal];
    // Blank lines go with what stood above them; naming each would drown the text.
    if (rule !== "blank") byRule.set(rule, [...(byRule.get(rule) ?? []), removal]);
  }
  for (const [rule, removals] of byRule) made.append(" ", tagElement(rule, removals));
  return made;
}

function drawText() {
  const tagged = new Set();
  const lastLine = new Map();
  reading.lines.forEach((line, at) => line.parts.forEach((part) => lastLine.set(part.removal, at)));
  find("#text").replaceChildren(...reading.lines.map((line, at) => lineElement(line, at, tagged, lastLine)));
}

function fact(name, value) {
  return value === null || value === undefined || value === "" ? [] :
    [element("div", {}, element("dt", {}, name), element("dd", {}, element("bdi", {}, named(String(value)))))];
}

function drawHead() {
  const { it } = reading;
  find("#reader-title").replaceChildren(element("bdi", {}, named(nameOf(it))));
  const [words, gone] = it.words;
  find("#reader-facts").replaceChildren(
    ...fact("status", it.status.replace("_", " ") + (it.reason ? ` (${it.reason.replaceAll("_", " ")})` : "")),
    ...fact("words", words === null ? null : `${number(words)}, of which ${number(gone ?? 0)} went`),
    ...fact("removals", it.removals > it.removed.length ? `${number(it.removals)}, of which ${number(it.removed.length)} are shown` : number(it.removals)), ...fact("language", it.lang), ...fact("site", it.site), ...fact("address", it.url));
  const notes = [...it.warnings, ...(it.note ? [it.note] : [])];
  find("#reader-notes").replaceChildren(...notes.map((note) => element("p", { class: "notice" }, named(note))));
}

function openDocument(id, rule) {
  const it = documentOf(id);
  if (!it) return false;
  reading = { id, it, lines: linesOf(it), chosen: null };
  drawHead();
  drawText();
  find("#overview").hidden = true;
  find("#reader").hidden = false;
  const first = it.removed.findIndex((removed) => (rule ? removed.rule === rule : removed.rule !== "blank"));
  window.scrollTo(0, 0);
  find("#reader-title").focus({ preventScroll: true });
  if (rule && first >= 0) choose({ removal: first }); else choose(null);
  say(`Document ${named(nameOf(it))}, ${number(it.removals)} removals.`);
  return true;
}

function closeDocument() {
  if (!reading) return;
  const { id } = reading;
  reading = null;
  find("#reader").hidden = true;
  find("#overview").hidden = false;
  find(`#list tr[data-document="${id}"] a`)?.focus();
}

// Chooses a removal, or a kept line, and tells about it.
function choose(chosen) {
  reading.chosen = chosen;
  all("#text .chosen").forEach((one) => one.classList.remove("chosen"));
  find("#panel").replaceChildren(...(chosen === null ? aboutNothing() : chosen.removal !== undefined ? aboutRemoval(chosen.removal) : aboutLine(chosen.line)));
  find("#panel").classList.toggle("idle", chosen === null);
  if (chosen === null) return;
  const selector = chosen.removal !== undefined ? `del[data-removal="${chosen.removal}"]` : `.line[data-line="${chosen.line}"]`;
  const places = all(`#text ${selector}`);
  places.forEach((place) => place.classList.add("chosen"));
  places[0]?.scrollIntoView({ block: "center" });
  (chosen.removal !== undefined ? find(`#text .tag[data-all~="${chosen.removal}"]`) : places[0])?.focus({ preventScroll: true });
}

function aboutNothing() {
  return [element("h3", {}, "What went, and why"), element("p", { class: "quiet" },
    "Choose a removal to see its rule and evidence, or a line that stayed. With the keyboard: j and k go from removal to removal, l and h from line to line, x marks.")];
}

function aboutRemoval(at) {
  const removed = reading.it.removed[at];
  const key = markKey(reading.id, "wrong", at);
  const rule = all("details.rule").find((one) => one.dataset.rule === removed.rule);
  const name = rule ? element("a", { href: `#${rule.id}` }, named(removed.rule)) : named(removed.rule);
  const evidence = removed.evidence.map(([what, weight]) => element("tr", {}, element("th", { scope: "row" }, named(what)),
    element("td", { class: "n" }, `${weight > 0 ? "+" : ""}${number(weight)}`)));
  const button = element("button", { type: "button", class: "act", "aria-pressed": String(marks.has(key)) },
    marks.has(key) ? "Marked as wrong: take back" : "This was wrong (x)");
  button.addEventListener("click", toggleMark);
  return [
    element("h3", {}, `Removal ${number(at + 1)} of ${number(reading.it.removed.length)}`),
    element("dl", {}, ...fact("rule", ""), element("div", {}, element("dt", {}, "rule"), element("dd", {}, name)), ...fact("category", removed.category),
      ...fact("place", `line ${number(removed.line)}, bytes ${number(removed.start)} to ${number(removed.end)}`)),
    element("p", {}, Object.hasOwn(page.rules, removed.rule) ? harmless(page.rules[removed.rule]) : "The rules at hand do not know this id."),
    evidence.length ? element("table", {}, element("caption", {}, "Evidence"), element("tbody", {}, ...evidence)) : null,
    button,
  ].filter((one) => one !== null);
}

function aboutLine(at) {
  const mark = marks.get(markKey(reading.id, "chrome", at));
  const options = page.categories.map(({ name, about }) => element("option", { value: name, title: about, selected: (mark?.category ?? "cross-promo") === name }, name));
  const select = element("select", { id: "category" }, ...options);
  select.addEventListener("change", () => { if (mark) { setMark(markKey(reading.id, "chrome", at), { ...mark, category: select.value }); choose({ line: at }); } });
  const button = element("button", { type: "button", class: "act", "aria-pressed": String(mark !== undefined) },
    mark ? "Marked as chrome: take back" : "This is chrome (x)");
  button.addEventListener("click", toggleMark);
  return [
    element("h3", {}, "A line that stayed"),
    element("p", {}, "If it is no part of the article, say what it is, and mark it."),
    element("p", {}, element("label", { for: "category" }, "It is "), select),
    button,
  ];
}

function markOfRemoval(at) {
  const touched = reading.lines.filter((line) => line.parts.some((part) => part.removal === at));
  const alone = reading.it.note !== null;
  return {
    kind: "wrong", rule: reading.it.removed[at].rule, text: rawOf({ parts: touched.flatMap((line) => line.parts.filter((part) => part.removal === at)) }),
    lines: touched.map(rawOf), torn: !alone && touched.some((line) => line.torn),
  };
}

// Marks what is chosen, or takes the mark back.
function toggleMark() {
  const chosen = reading?.chosen;
  if (!chosen) return;
  const isRemoval = chosen.removal !== undefined;
  const key = isRemoval ? markKey(reading.id, "wrong", chosen.removal) : markKey(reading.id, "chrome", chosen.line);
  if (!isRemoval && !isKept(reading.lines[chosen.line])) return say("Only a line that stayed as a whole can be marked as chrome.");
  if (marks.has(key)) {
    setMark(key, null);
    say("The mark was taken back.");
  } else {
    const line = reading.lines[chosen.line];
    const what = isRemoval ? markOfRemoval(chosen.removal)
      : { kind: "chrome", category: find("#category")?.value ?? "cross-promo", lines: [rawOf(line)], torn: line.torn };
    const lang = /^[a-z]{2,3}$/.test(reading.it.lang ?? "") && reading.it.lang !== "und" ? reading.it.lang : "any";
    const others = reading.lines.filter((other) => isKept(other) && !other.torn).map(rawOf)
      .filter((text) => text.split(/\s+/).length > 5 && text.length < 600).slice(0, 5);
    const mark = { ...what, document: reading.id, name: nameOf(reading.it), lang, others };
    setMark(key, mark);
    const { why } = written(mark);
    say(why ? `Marked, but this cannot become a rule: ${why}.` : isRemoval ? "Marked as wrong." : "Marked as chrome.");
  }
  redraw();
}

// Draws the open document again, with what was chosen in it.
function redraw() {
  if (!reading) return;
  const { chosen } = reading;
  drawText();
  choose(chosen);
}

function step(kind, by) {
  const { chosen, it, lines } = reading;
  const known = chosen?.[kind];
  const count = kind === "removal" ? it.removed.length : lines.length;
  const suits = (at) => (kind === "removal" ? it.removed[at].rule !== "blank" : isKept(lines[at]) && rawOf(lines[at]).trim() !== "");
  let at = known ?? nearest(kind, by);
  for (let tries = 0; tries < count; tries += 1) {
    at = at + by;
    if (at < 0 || at >= count) return say(`There is no ${by > 0 ? "further" : "earlier"} one.`);
    if (suits(at)) return choose({ [kind]: at });
  }
}

// Where to begin when something of the other kind is chosen, or nothing.
function nearest(kind, by) {
  const { chosen, lines, it } = reading;
  if (!chosen) return by > 0 ? -1 : kind === "removal" ? it.removed.length : lines.length;
  const line = chosen.line ?? lines.findIndex((one) => one.parts.some((part) => part.removal === chosen.removal));
  if (kind === "line") return line;
  const before = lines.slice(0, line).flatMap((one) => one.parts.map((part) => part.removal ?? -1));
  const last = Math.max(-1, ...before);
  return by > 0 ? last : last + 1;
}

function stepDocument(by) {
  const ids = shownDocuments();
  const at = ids.indexOf(reading.id) + by;
  if (ids[at] === undefined) return say(`There is no ${by > 0 ? "further" : "earlier"} document.`);
  location.hash = `#document=${ids[at]}`;
}

