// A hand scanner is a keyboard that types fast. It works whatever has the focus, ends with Enter, Tab or nothing, and
// may be set to another keyboard than the device: besides what the keys say, their places are noted, as a US keyboard
// has them. Input methods that swallow the letters leave the places.

const LONGEST_GAP_MS = 500; // a busy phone hands keys over late; nobody else types into a page without a field
const SHORTEST = 8;
const BADGE_LENGTH = 100; // this much, typed so fast, is a badge without an end sign
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);

// Calls onText({ text, keys }) with what was typed and, by the places of the keys, what a US keyboard would have typed.
// In one of `fields` the field itself collects the text; only what is typed by a scanner is taken from there.
export function listenForHandScanner(fields, onText) {
  let burst = null;
  let timer = 0;
  let altDigits = "";

  function begin(event, field) {
    if (!burst || burst.field !== field || event.timeStamp - burst.last > LONGEST_GAP_MS) {
      burst = { typed: "", keys: "", last: 0, field, before: field?.value ?? "" };
    }
    burst.last = event.timeStamp;
  }

  function finish() {
    clearTimeout(timer);
    const { typed, keys, field, before } = burst;
    burst = null;
    let text = typed;
    if (field) {
      text = field.value.startsWith(before) ? field.value.slice(before.length) : field.value;
      field.blur(); // ends what an input method is composing
      field.value = before;
    }
    onText({ text: text.trim() || keys, keys });
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const field = fields.find((each) => each === event.target);
      if (!field && isOtherField(event.target)) return;
      if (event.altKey) altDigits += /^Numpad([0-9])$/.exec(event.code)?.[1] ?? ""; // see keyup
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      clearTimeout(timer);
      begin(event, field);
      const length = Math.max(burst.typed.length, burst.keys.length);
      if (ENDS.has(event.key) || ENDS.has(event.code)) {
        const isScan = length >= (field || event.key === "Tab" ? BADGE_LENGTH : SHORTEST);
        if (isScan) {
          event.preventDefault(); // the end sign belongs to the scan, not to the button that has the focus
          event.stopImmediatePropagation();
          finish();
        } else burst = null;
        return;
      }
      if ([...event.key].length === 1) burst.typed += event.key;
      burst.keys += readCode(event);
      if (length + 1 >= BADGE_LENGTH) timer = setTimeout(() => burst && finish(), LONGEST_GAP_MS);
    },
    true,
  );

  // Some scanners hold Alt and type the number of each sign on the number pad, which makes the sign in a field alone.
  document.addEventListener(
    "keyup",
    (event) => {
      if (event.key !== "Alt" || !altDigits) return;
      begin(event, fields.find((each) => each === event.target));
      burst.typed += String.fromCharCode(Number(altDigits));
      altDigits = "";
    },
    true,
  );
}

// A choice takes no text, so that a badge scanned while it has the focus is a badge.
function isOtherField(target) {
  return target instanceof HTMLInputElement && target.type !== "radio";
}

// The sign that a US keyboard has at this place; empty where a badge has none. The bracket begins a scanner's prefix.
function readCode({ code }) {
  if (code === "BracketRight") return "]";
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return place ? (place[1] ?? place[2]) : "";
}
