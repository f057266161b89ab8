// What a reader marks, and the rule file that comes of it.

// A pattern may have 2,000 characters and 1,000 steps, and a line that is matched 6,000 bytes; see the limits of rule files.
const MOST_PATTERN_CHARS = 1900;
const MOST_PATTERN_WORDS = 450;
const MOST_LINE_BYTES = 6000;
const MOST_PATTERNS = 190;
// A sentence that no marked line is, for documents that have no other.
const SOME_SENTENCE = "The town said on Monday that the bridge will be open again before the end of the year.";

const IGNORABLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

// A line as patterns see it, as far as writing a pattern asks for it: the program folds the rest itself.
function folded(line) {
  const plain = line.replace(IGNORABLE, "").normalize("NFKC").replace(IGNORABLE, "");
  return plain
    .replace(/[“”„‟«»〝〞「」『』]/g, '"')
    .replace(/[‘’‚‛‹›´ʼʻ′`]/g, "'")
    .replace(/[‐‑‒–—―−⸺⸻]/g, "-")
    .toLowerCase().normalize("NFKC")
    .replace(/[\s\p{Cc}]+/gu, " ").replace(/ ([:;!?])/g, "$1").trim();
}

// Marks that the edges of a line lose before it is compared.
const EDGE = /^(?:[:!*#><|_~=\-`\/\\¿¡•·‣◦⁃∙・›‹：！¦\ufffd\u2190-\u21ff\u25a0-\u25ff\u27f0-\u27ff\u2900-\u297f\p{Co}]|(?![©®°℗])\p{So})$/u;

function withoutEdges(text) {
  let chars = [...text];
  const odd = chars.filter((c) => c === '"').length === 1;
  const drops = (c, detached) => c === " " || EDGE.test(c) || (c === '"' && (odd || detached)) || (c === "'" && detached);
  while (chars.length && drops(chars[0], chars[1] === " ")) chars.shift();
  while (chars.length) {
    const last = chars.length - 1;
    if (drops(chars[last], chars[last - 1] === " ")) chars.pop();
    else if (chars[last] === "." && chars[last - 1] === ".") while (chars[chars.length - 1] === ".") chars.pop();
    else break;
  }
  return chars.join("");
}

// Without the marks of a link round the whole line.
function withoutLink(text) {
  const link = /^\[([^\[\]]*)\](\([^(]*\)|\[[^\[]*\]|)$/.exec(text);
  return link ? link[1] : text;
}

function compared(line) {
  return withoutEdges(withoutLink(withoutEdges(folded(line))));
}

// The pattern that matches a text and nothing else; null where there can be none.
function pattern(line) {
  const text = compared(line);
  const writable = /[\p{L}\p{N}]/u.test(text) && !/\p{Uppercase}/u.test(text);
  return writable ? text.replace(/[?(){}|\\]/g, "\\$&") : null;
}

function isLong(line, found) {
  return [...found].length > MOST_PATTERN_CHARS || found.split(" ").length > MOST_PATTERN_WORDS
    || new TextEncoder().encode(line).length > MOST_LINE_BYTES;
}

// The first sentences of a long text.
function beginning(text) {
  const near = text.trimStart().slice(0, 300);
  const ends = [...near.matchAll(/[.!?…。！？।](?=\s)/gu)].map((end) => end.index + end[0].length);
  return ends.length ? near.slice(0, ends[ends.length - 1]) : null;
}

const marks = new Map();

// Marks by what tells them apart; the same text removed in many documents is one rule in the end.
function markKey(document, kind, at) {
  return `${document}:${kind}:${at}`;
}

function restoreMarks() {
  try {
    for (const [key, mark] of JSON.parse(kept.get(`marks-${page.fingerprint}`) ?? "[]")) {
      if (typeof key === "string" && Array.isArray(mark?.lines) && mark.lines.every((line) => typeof line === "string")) {
        marks.set(key, mark);
      }
    }
  } catch { /* what cannot be read is no mark */ }
}

function setMark(key, mark) {
  if (mark === null) marks.delete(key);
  else marks.set(key, mark);
  kept.set(`marks-${page.fingerprint}`, JSON.stringify([...marks]));
  showMarks();
}

// What can be written for a mark: the form, with patterns and hits; or why nothing can.
function written(mark) {
  const lines = mark.lines.filter((line) => line.trim() !== "");
  if (lines.length === 0) return { why: "there is no line in it that could be compared" };
  const found = lines.map((line) => [line, pattern(line)]).filter(([, compared]) => compared !== null);
  if (found.length === 0) return { why: "it holds nothing but marks and pictures, which rules do not compare" };
  if (mark.torn) return { why: "its line is not in this page as a whole; open fewer documents (--samples), or write a rule by hand" };
  const short = found.filter(([line, compared]) => !isLong(line, compared));
  if (short.length > 0) return { form: "line", found: short, left: found.length - short.length };
  if (mark.kind === "chrome") return { why: "it is too long for a rule: such lines are prose" };
  const start = beginning(mark.text ?? lines[0]);
  const compared = start === null ? null : pattern(start);
  if (compared === null) return { why: "it is too long for a rule, and no sentence ends near its beginning" };
  return { form: "span", found: [[start, compared]], left: 0 };
}

// A number that tells texts apart (FNV-1a).
function hashed(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

function toml(text) {
  const short = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" };
  const spelt = (c) => {
    const code = c.codePointAt(0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  };
  return `"${text.replace(/["\\\b\t\n\f\r]/g, (c) => short[c]).replace(HARMFUL, spelt)}"`;
}

// The rules of all marks, each text once.
function gathered() {
  const rules = new Map();
  const left = [];
  for (const [key, mark] of marks) {
    const { why, form, found } = written(mark);
    if (why) { left.push([key, mark, why]); continue; }
    for (let from = 0; from < found.length; from += MOST_PATTERNS) {
      const part = found.slice(from, from + MOST_PATTERNS);
      const patterns = [...new Set(part.map(([, compared]) => compared))];
      const id = `marked-${mark.kind}-${hashed(JSON.stringify([mark.kind, form, mark.category, patterns]))}`;
      const known = rules.get(id);
      const lang = known && known.lang !== mark.lang ? "any" : mark.lang;
      rules.set(id, { id, form, mark, patterns, hits: [...new Set(part.map(([line]) => line.trim()))], lang });
    }
  }
  return { rules: [...rules.values()], left };
}

// A sentence of the document that stays, and that none of the patterns matches.
function missOf(rule) {
  const differs = (line) => rule.patterns.every((one) => !(pattern(line) ?? "").includes(one));
  return (rule.mark.others ?? []).find(differs) ?? SOME_SENTENCE;
}

function ruleText(rule) {
  const { mark } = rule;
  const list = (texts) => `[\n${texts.map((text) => `    ${toml(text)},\n`).join("")}]`;
  const wrong = mark.kind === "wrong";
  const why = wrong
    ? `A reader who reviewed a run marked this as text of the article; the rule ${mark.rule} had removed it from ${mark.name}.`
    : `A reader who reviewed a run marked this as chrome that was left in ${mark.name}.`;
  return [
    "", "[[rule]]", `id = ${toml(rule.id)}`, wrong ? 'action = "protect"' : `category = ${toml(mark.category)}`,
    `lang = ${toml(rule.lang)}`, 'strength = "alone"', `form = ${toml(rule.form)}`,
    `pattern = ${list(rule.patterns)}`, `why = ${toml(why)}`, `hit = ${list(rule.hits)}`, `miss = ${toml(missOf(rule))}`, "",
  ].join("\n");
}

// The rule file.
function ruleFile() {
  const { rules } = gathered();
  const head = [
    "# Rules of a reader, made from the marks in a review page of dechrome.",
    "# Try them with `dechrome rules test FILE`, and see what they change with `dechrome diff INPUT --rules FILE`.",
    "format = 1", 'category = "marked"', "",
  ];
  return head.join("\n") + rules.map(ruleText).join("");
}

function markLine([key, mark]) {
  const { why } = written(mark);
  const about = mark.kind === "wrong" ? `should stay; removed by ${mark.rule}` : `should go, as ${mark.category}`;
  const text = mark.lines.find((line) => line.trim() !== "") ?? "";
  const remove = element("button", { type: "button" }, "Take back");
  remove.addEventListener("click", () => { setMark(key, null); redraw(); });
  return element("li", {},
    element("a", { href: `#document=${mark.document}` }, element("bdi", {}, named(mark.name))), ` ${named(about)} `,
    element("q", { dir: "auto" }, named(text.length > 160 ? `${text.slice(0, 160)}…` : text)), " ", remove,
    why ? element("p", { class: "notice" }, `This cannot become a rule: ${why}.`) : null);
}

// Brings the count, the list and the file up to date.
function showMarks() {
  find("#mark-count").textContent = number(marks.size);
  find("#mark-list").replaceChildren(...[...marks].map(markLine));
  const { rules } = gathered();
  find("#mark-none").hidden = marks.size > 0;
  find("#mark-file").hidden = rules.length === 0;
  find("#mark-text").value = rules.length ? ruleFile() : "";
}

function saveMarks() {
  const address = URL.createObjectURL(new Blob([ruleFile()], { type: "application/toml" }));
  element("a", { href: address, download: "marks.toml" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  say("The rule file was handed to the browser as marks.toml.");
}

async function copyMarks() {
  const text = find("#mark-text");
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    say("Copied.");
  } catch {
    say("The text is selected; copy it with the keyboard.");
  }
}

