// Line breaks in Chinese headings: between words, never inside one; and what separates sentences. The stylesheet forbids breaks between characters
// (`word-break: keep-all`); the browser's dictionary finds the words, and a <wbr> is inserted before each of them.

const BREAKING = "h1, h2, h3, .btn, .chip, .tabs a, .brand";
const SHORTEST = 7; // characters; shorter texts fit on one line
const HAN = /\p{Script=Han}/u;
const OPENING = /[（《“‘「『【〔(\[]$/u;
// What never starts a line: particles, and suffixes that the dictionary splits from their word.
const ENDINGS = new Set([..."的了吗呢吧着过们地得化性型者式率"]);

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
