// A hand scanner is a keyboard that types very fast and ends with Enter. It works whatever has the focus.

const FASTEST_PERSON_MS = 60;
const SHORTEST = 8;

export function listenForHandScanner(onText) {
  let typed = "";
  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const now = event.timeStamp;
      if (now - last > FASTEST_PERSON_MS) typed = "";
      last = now;
      if (event.key === "Enter") {
        const text = typed;
        typed = "";
        if (text.length < SHORTEST) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (event.target instanceof HTMLInputElement) event.target.value = "";
        onText(text);
        return;
      }
      typed += signOf(event);
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
