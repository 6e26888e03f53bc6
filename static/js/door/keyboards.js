// Badge texts as a handheld scanner types them under another keyboard layout, as expo/pure/keyboards.py reads them.
// The tables of the layouts come from there; a reading counts only if the badge's signature is valid.

const TEXT_LENGTH = 122;
const LONGEST_TEXT = 400;
const SHORTEST_TEXT = 24;
const MAX_PREFIX = 4;
const MAX_OTHER_LETTERS = 8;
const MAX_WAYS = 64;
const GAP = " ";

// Yields the distinct texts that may have been scanned.
export function* tokenReadings(text, layouts) {
  if (text.length < SHORTEST_TEXT || text.length > LONGEST_TEXT) return;
  const narrow = text.replace(/[\uff01-\uff5e]/g, (char) => char.normalize("NFKC"));
  const seen = new Set();
  for (const layout of layouts) {
    for (const keys of readAs(layout, narrow)) {
      const found = findToken(keys);
      if (found === null || seen.has(found)) continue;
      seen.add(found);
      yield found;
    }
  }
}

// Yields the keys that produce a text under a layout, with a gap for each character without a key.
function* readAs({ chars, pairs, either, is_decomposed }, text) {
  if (is_decomposed) text = text.normalize("NFKD");
  for (const [shown, key] of Object.entries(pairs)) text = text.replaceAll(shown, key);
  const parts = (either ? text.split(either[0]) : [text]).map((part) => keysOf(chars, part));
  if (parts.length === 1) {
    yield parts[0];
    return;
  }
  const choices = [either[1], keysOf(chars, either[0])];
  const ways = Math.min(MAX_WAYS, 2 ** (parts.length - 1));
  for (let way = 0; way < ways; way += 1) {
    // The last place changes fastest.
    yield parts.reduce((keys, part, place) => keys + choices[(way >> (parts.length - 1 - place)) & 1] + part);
  }
}

function keysOf(chars, text) {
  return [...text].map((char) => chars[char] ?? chars[digitOf(char)] ?? GAP).join("");
}

// The ASCII digit of another script's digit: each script has ten of them in a row.
function digitOf(char) {
  if (!/\p{Nd}/u.test(char)) return "";
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(char.codePointAt(0) - value - 1))) value += 1;
  return String(value % 10);
}

// Returns the letters that may be a badge's text: the end of the longest run, as nothing follows a token.
function findToken(keys) {
  const runs = keys.split(GAP);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  const others = runs.reduce((sum, run) => sum + run.length, 0) - longest.length;
  if (longest.length < TEXT_LENGTH || longest.length > TEXT_LENGTH + MAX_PREFIX || others > MAX_OTHER_LETTERS) return null;
  return longest.slice(-TEXT_LENGTH);
}
