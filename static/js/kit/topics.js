// Search in topic pickers: shows the topics whose names contain the words typed, and opens their groups.

const normalized = (text) => text.normalize("NFKC").toLowerCase().trim();

function filter(picker, words) {
  let found = 0;
  for (const group of picker.querySelectorAll(".topic-group")) {
    let shown = 0;
    for (const choice of group.querySelectorAll(".chip-choice")) {
      const text = `${normalized(choice.textContent)} ${choice.dataset.words}`;
      const isMatch = words.every((word) => text.includes(word));
      choice.hidden = !isMatch;
      if (isMatch) shown += 1;
    }
    group.hidden = !shown;
    group.open = words.length ? shown > 0 : Boolean(group.querySelector(":checked"));
    found += shown;
  }
  const status = picker.querySelector("[data-topic-status]");
  status.textContent = found ? "" : status.dataset.none;
}

for (const picker of document.querySelectorAll("[data-topic-picker]")) {
  const field = picker.querySelector("[data-topic-search]");
  field.hidden = false;
  const input = field.querySelector("input");
  input.addEventListener("input", () => filter(picker, normalized(input.value).split(/\s+/u).filter(Boolean)));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
