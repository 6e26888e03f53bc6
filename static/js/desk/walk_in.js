// Shows the add-ons of the chosen ticket, and what everything costs, as the server says. The button is for browsers
// without this script.

const form = document.querySelector("[data-walk-in]");
let running = null;

form.querySelector("[data-without-script]")?.remove();
form.addEventListener("change", ({ target }) => {
  const isTicket = target.name === "ticket_type";
  if (isTicket || target.name.startsWith("add_ons-")) update(isTicket ? ["add-ons", "total"] : ["total"]);
});

// The part with the focus is not replaced: the add-ons only change with the ticket.
async function update(names) {
  running?.abort();
  running = new AbortController();
  const body = new FormData(form);
  body.set("go", "update");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: running.signal });
    if (!answer.ok || answer.redirected) return; // registering still says what is wrong
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of names) {
      const part = `[data-part="${name}"]`;
      form.querySelector(part)?.replaceChildren(...document.adoptNode(page.querySelector(part) ?? page.createElement("p")).childNodes);
    }
  } catch (error) {
    if (error.name !== "AbortError") console.warn("Add-ons and total are not updated:", error);
  }
}
