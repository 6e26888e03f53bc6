// A hand scanner is a keyboard that types fast and ends with Enter. It works whatever has the focus; in the field for
// typing the field itself collects the text and sends it.

const LONGEST_GAP_MS = 500; // a busy phone hands keys over late; nobody else types into a page without a field
const SHORTEST = 8;

export function listenForHandScanner(onText) {
  let typed = "";
  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
      if (event.timeStamp - last > LONGEST_GAP_MS) typed = "";
      last = event.timeStamp;
      if (event.key !== "Enter") {
        typed += signOf(event);
        return;
      }
      const text = typed;
      typed = "";
      if (text.length < SHORTEST) return;
      event.preventDefault(); // the Enter belongs to the scan, not to the button that has the focus
      event.stopImmediatePropagation();
      onText(text);
    },
    true,
  );
}

// With a Chinese or Arabic keyboard set on the phone the key says something else, but its place is the same.
function signOf(event) {
  if (/^[!-~]$/.test(event.key)) return event.key;
  const place = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
  return place ? (place[1] ?? place[2]) : "";
}
