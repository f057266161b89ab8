// What all of the script shares: elements, data, and text that cannot do anything but be read.

const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const number = (value) => value.toLocaleString("en-US");

// Characters that hide, or that turn the direction of reading: the same ones that the page spells out everywhere.
const HARMFUL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

function harmless(text) {
  return text.replace(HARMFUL, (c) => `‹U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}

// On one line.
function named(text) {
  return harmless(text).replace(/[\n\t]/g, (c) => (c === "\n" ? "‹U+000A›" : "‹U+0009›"));
}

// An element with attributes and children. Texts become text, never markup.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function data(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}

const page = data("page-data") ?? { documents: 0, categories: [], rules: {}, fingerprint: "" };
const opened = new Map();

// A document, read when it is first asked for.
function documentOf(id) {
  if (!opened.has(id)) opened.set(id, data(`document-${id}`));
  return opened.get(id);
}

function nameOf(it) {
  return it.record === null ? it.path : `${it.path}:${it.record}`;
}

// Told to readers by ear.
function say(text) {
  find("#live").textContent = text;
}

// What the browser keeps for us, if it keeps anything; pages from disk may not be allowed to.
const kept = {
  get(key) {
    try { return localStorage.getItem(`dechrome-${key}`); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(`dechrome-${key}`, value); } catch { /* then it lasts as long as the page is open */ }
  },
};

