// Shows a deadline in the visitor's own time zone, where that differs from the expo's.

for (const place of document.querySelectorAll("[data-visitor-time]")) {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const moment = new Date(place.dataset.visitorTime);
  const format = (timeZone) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone }).format(moment);
  if (format(own) === format(place.dataset.zone)) continue;
  place.textContent = place.dataset.words.replace("{time}", format(own));
  place.hidden = false;
}
