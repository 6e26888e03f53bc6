// A handheld scanner is a fast keyboard. It works whatever has the focus, ends with Enter, Tab or nothing, and may be
// configured for a different layout than the device. Key positions are therefore recorded as well, read as on a US
// keyboard; they also survive input methods that swallow the letters.

const LONGEST_GAP_MS = 500; // a busy phone delivers keys late, and people do not type outside a field
const SHORTEST = 8;
const BADGE_LENGTH = 100; // this many fast keystrokes are a badge without a terminator
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);

// Calls onText({ text, keys }) with the typed text and, from the key positions, what a US keyboard would have typed.
// One of `fields` collects its own text, and only a scanner's text is taken from it.
export function listenForHandheldScanner(fields, onText) {
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
      field.blur(); // ends an input method's composition
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
          event.preventDefault(); // the terminator belongs to the scan, not to the focused button
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

  // Some scanners hold Alt and type each character's code on the number pad, which works only in text fields.
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

// Radio buttons take no text, so a badge may be scanned while one has the focus.
function isOtherField(target) {
  return target instanceof HTMLInputElement && target.type !== "radio";
}

// The character at this position on a US keyboard; empty if badges never contain it. "]" starts a scanner's prefix.
function readCode({ code }) {
  if (code === "BracketRight") return "]";
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return place ? (place[1] ?? place[2]) : "";
}
