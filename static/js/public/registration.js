// The badge beside the form shows what is typed; a Latin form of a Chinese or Cyrillic name is suggested by the server.

const preview = document.querySelector("[data-badge-preview]");

function show(name, text) {
  const place = preview?.querySelector(`[data-preview="${name}"]`);
  if (place) place.textContent = text || place.dataset.empty || "";
}

for (const name of ["name", "latin_name", "company"]) {
  const field = document.getElementById(`attendees-0-${name}`);
  field?.addEventListener("input", () => show(name, field.value));
  if (field && isTyped(field)) show(name, field.value);
}
const country = document.getElementById("attendees-0-country");
country?.addEventListener("change", () => show("country", country.value ? country.selectedOptions[0].textContent : ""));

for (const field of document.querySelectorAll("input[name^='attendees-'][name$='-name']:not([name$='latin_name'])")) {
  const latin = document.getElementById(field.id.replace(/-name$/, "-latin_name"));
  if (!latin) continue;
  field.addEventListener("change", () => suggest(field, latin));
  if (isTyped(field)) suggest(field, latin);
}

/** Typed on a slow network before this file was there, so no event told of it. */
function isTyped(field) {
  return field.value !== field.defaultValue;
}

async function suggest(field, latin) {
  if (latin.value && latin.dataset.suggested !== latin.value) return;
  const answer = await fetch(new URL("latin-name", `${location.origin}${location.pathname.replace(/\/$/, "")}/`), {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    body: new URLSearchParams({ name: field.value }),
  });
  if (!answer.ok) return;
  latin.value = latin.dataset.suggested = await answer.text();
  if (latin.id === "attendees-0-latin_name") show("latin_name", latin.value);
}
