// How texts are put together and broken into lines as their language does it.
//
// Line breaks in Chinese headings: between words, never inside one. The stylesheet forbids breaks between characters
// (`word-break: keep-all`); the browser's dictionary finds the words, and a <wbr> is inserted before each of them.
//
// Values in texts from right to left: isolated, as expo/web/kit/isolation.py does in pages.

const BREAKING = "h1, h2, h3, .btn, .chip, .tabs a, .brand";
const SHORTEST = 7; // characters; shorter texts fit on one line
const HAN = /\p{Script=Han}/u;
const OPENING = /[（《“‘「『【〔(\[]$/u;
// What never starts a line: particles, and suffixes that the dictionary splits from their word.
const ENDINGS = new Set([..."的了吗呢吧着过们地得化性型者式率"]);

const RUNS_FROM_RIGHT = document.documentElement.dir === "rtl";
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
// Digits joined by these are a code or a number, and run from left to right.
const LETTER_OR_JOINT = /[\p{L}\-+/]/u;
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ["\u2068", "\u2069"];
// A placeholder, which may be isolated already by what made the text.
const PLACEHOLDER = /\u2068\{(\w+)\}\u2069|\{(\w+)\}/g;

/** Allows line breaks between the words of headings and buttons in this element. */
export function breakBetweenWords(root = document) {
  if (!("Segmenter" in Intl)) return;
  const words = new Intl.Segmenter("zh", { granularity: "word" });
  for (const element of root.querySelectorAll(BREAKING)) {
    if (!element.closest("[lang]")?.lang.startsWith("zh")) continue;
    for (const text of textsOf(element)) breakText(text, words);
  }
}

function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.data.trim().length >= SHORTEST && HAN.test(text.data)) texts.push(text);
  }
  return texts;
}

function breakText(text, words) {
  const parts = document.createDocumentFragment();
  let line = "";
  for (const { segment, isWordLike } of words.segment(text.data)) {
    if (line && isWordLike && !ENDINGS.has(segment) && !OPENING.test(line)) {
      parts.append(line, document.createElement("wbr"));
      line = "";
    }
    line += segment;
  }
  if (!parts.childNodes.length) return;
  parts.append(line);
  text.replaceWith(parts);
}

/** Joins sentences as the page's language does: in Chinese the full stop brings its own white space. */
export function joinSentences(sentences) {
  return sentences.filter(Boolean).join(document.documentElement.lang.startsWith("zh") ? "" : " ");
}

/** Joins short texts about one thing, such as a company and its country. */
export function joinFacts(texts) {
  return texts.filter(Boolean).map(isolate).join(" · ");
}

/** Fills values into a text with {names}. A text that is not translated is isolated as a whole. */
export function fill(text, values) {
  const isForeign = RUNS_FROM_RIGHT && !isFromRight(text.replace(PLACEHOLDER, ""));
  const filled = text.replace(PLACEHOLDER, (whole, isolated, plain) => {
    const value = values[isolated ?? plain] ?? whole;
    return isForeign ? value : isolate(value);
  });
  return isForeign && !filled.startsWith(FIRST_STRONG_ISOLATE) ? wrap(filled) : filled;
}

/** Isolates a value, so that the text around it cannot reorder it: on pages from right to left `4-C11` would read `C11-4`. */
export function isolate(value) {
  return RUNS_FROM_RIGHT && typeof value === "string" && LETTER_OR_JOINT.test(value) ? wrap(value) : value;
}

function isFromRight(text) {
  return !/\p{L}/u.test(text) || FROM_RIGHT.test(text);
}

function wrap(text) {
  return FIRST_STRONG_ISOLATE + text + POP_ISOLATE;
}
