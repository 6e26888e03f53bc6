// Clears the kiosk for the next person: thirty seconds after the last touch, announced twenty seconds before, and put
// off by any touch or key (WCAG 2.2.1).

const CLEARS_AFTER = 30;
const ANNOUNCED_AFTER = 10;

const notice = document.querySelector("[data-kiosk-reset]");
const text = notice.querySelector("[data-text]");
const forms = [...document.querySelectorAll("[data-kiosk-form]")];
const isAnswer = document.querySelector("[data-kiosk-answer]") !== null;
// In a language that the next person may not know.
const isForeign = notice.hasAttribute("data-foreign");
let seconds = 0;

// No trace of the previous person remains, not even on the page that "back" would show.
window.addEventListener("pageshow", (event) => event.persisted && start());
for (const name of ["pointerdown", "keydown", "touchstart", "input"]) document.addEventListener(name, restart, true);
notice.querySelector("button").addEventListener("click", restart);
setInterval(count, 1000);

function count() {
  if (!hasSomethingToClear()) return;
  seconds += 1;
  if (seconds >= CLEARS_AFTER) start();
  else if (seconds >= ANNOUNCED_AFTER) announce();
}

function announce() {
  const left = CLEARS_AFTER - seconds;
  const words = text.dataset.text.replace("{seconds}", left);
  // Screen readers read the whole notice once, and the rest of the time every five seconds.
  if (notice.hidden || left % 5 === 0) text.textContent = words;
  notice.hidden = false;
}

function restart() {
  seconds = 0;
  notice.hidden = true;
}

function start() {
  for (const form of forms) form.reset();
  location.replace(notice.dataset.start);
}

function hasSomethingToClear() {
  if (isAnswer || isForeign || document.querySelector(".error-summary")) return true;
  return forms.some((form) => [...form.elements].some((each) => each.type !== "hidden" && each.value !== each.defaultValue));
}
