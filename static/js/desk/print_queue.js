// Keeps the queue current, and prints automatically if asked to.

const SECONDS = 3;
const REMEMBERED = "expo.print.automatically"; // for this tab, which is one printer

const form = document.querySelector("[data-print-next]");
const button = form.querySelector("button");
const queue = document.querySelector("[data-print-queue]");
const choice = document.querySelector("[data-print-automatically]");
const box = choice.querySelector("input");

choice.hidden = false;
box.checked = sessionStorage.getItem(REMEMBERED) === "yes";
box.addEventListener("change", () => {
  sessionStorage.setItem(REMEMBERED, box.checked ? "yes" : "no");
  printIfWaiting(!button.disabled);
});
setInterval(refresh, SECONDS * 1000);
printIfWaiting(!button.disabled);

function printIfWaiting(isWaiting) {
  if (box.checked && isWaiting) form.requestSubmit();
}

async function refresh() {
  if (document.hidden || queue.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    queue.replaceChildren(...document.adoptNode(page.querySelector("[data-print-queue]")).childNodes);
    button.disabled = page.querySelector("[data-print-next] button").disabled;
    printIfWaiting(!button.disabled);
  } catch {
    // Network error: the next poll retries.
  }
}
