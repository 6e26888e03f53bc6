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
// A number and its unit, a date, a time, an address or a Latin name are one word, whatever the dictionary says.
const NUMBER_BEFORE_UNIT = /(\d) (?=\p{Script=Han})/gu;
const [LATIN_END, LATIN_START] = [/[\w.:,@/+年月-]$/u, /^\w/u];
const [DIGIT_END, ONE_CHARACTER] = [/\d\u00a0?$/u, /^\p{Script=Han}$/u];
// What never starts a line: particles, and suffixes that the dictionary splits from their word.
const ENDINGS = new Set([..."的了吗呢吧着过们地得化性型者式率"]);

const RUNS_FROM_RIGHT = document.documentElement.dir === "rtl";
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
// Digits joined by these are a code or a number, and run from left to right.
const LETTER_OR_JOINT = /[\p{L}\-+/]/u;
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ["\u2068", "\u2069"];
// A placeholder, which may be isolated already by what made the text.
const IS_WRAPPED = /^\u2068(?!\{\w+\}\u2069)/;
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
  let [line, last] = ["", ""];
  for (const { segment, isWordLike } of words.segment(text.data.replace(NUMBER_BEFORE_UNIT, "$1\u00a0"))) {
    if (line && isWordLike && !belongsTo(line, last, segment)) {
      parts.append(line, document.createElement("wbr"));
      line = "";
    }
    line += segment;
    last = segment;
  }
  if (!parts.childNodes.length) return;
  parts.append(line);
  text.replaceWith(parts);
}

/** Whether a word may not be parted from the line before it. The dictionary cuts words it does not know into characters. */
function belongsTo(line, last, word) {
  if (ENDINGS.has(word) || OPENING.test(line) || DIGIT_END.test(line)) return true;
  if (LATIN_END.test(line) && LATIN_START.test(word)) return true;
  return ONE_CHARACTER.test(last) && ONE_CHARACTER.test(word);
}

/** Joins sentences as the page's language does: in Chinese the full stop brings its own white space. */
export function joinSentences(sentences) {
  return sentences.filter(Boolean).join(document.documentElement.lang.startsWith("zh") ? "" : " ");
}

/** Joins short texts about one thing, such as a company and its country. */
export function joinFacts(texts) {
  return texts.filter(Boolean).map(isolate).join(" · ");
}

/** Fills values into a text with {names}. A text that is not translated is isolated as a whole, and so are values in it
    that run from right to left. */
export function fill(text, values) {
  const isForeign = RUNS_FROM_RIGHT && !isFromRight(text.replace(PLACEHOLDER, ""));
  const filled = text.replace(PLACEHOLDER, (whole, isolated, plain) => {
    const value = values[isolated ?? plain] ?? whole;
    return isForeign && !FROM_RIGHT.test(value) ? value : isolate(value);
  });
  return isForeign && !IS_WRAPPED.test(text) ? wrap(filled) : filled;
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
