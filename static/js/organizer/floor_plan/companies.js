// Companies without a booth: dragged onto a free booth, or pressed while one booth is selected, they get it.

import { sell } from "./changes.js";
import { model, selected, texts } from "./model.js";
import { boothAt, markTarget } from "./render.js";

const MOST = 100;
const list = document.querySelector("[data-companies]");
const search = document.querySelector("[data-search]");
let dragged = null;

export function enableCompanies() {
  search.addEventListener("input", renderCompanies);
  list.addEventListener("click", (event) => {
    const company = companyOf(event);
    const [booth, ...others] = selected();
    if (company && booth && !others.length) sell(booth, company);
  });
  list.addEventListener("dragstart", (event) => {
    dragged = companyOf(event);
    event.dataTransfer.setData("text/plain", dragged?.name ?? "");
    event.dataTransfer.effectAllowed = "link";
  });
  const frame = document.querySelector("[data-frame]");
  frame.addEventListener("dragover", (event) => {
    const booth = dragged && boothAt(event);
    markTarget(booth);
    if (!booth) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "link";
  });
  frame.addEventListener("drop", (event) => {
    event.preventDefault();
    const booth = boothAt(event);
    if (dragged && booth) sell(booth, dragged);
  });
  addEventListener("dragend", () => {
    dragged = null;
    markTarget(null);
  });
}

export function renderCompanies() {
  const wanted = search.value.trim().toLocaleLowerCase();
  const found = model.companies.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const items = found.slice(0, MOST).map(({ slug, name }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, draggable: true, dir: "auto" });
    button.dataset.slug = slug;
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  if (!model.companies.length) {
    items.push(Object.assign(document.createElement("li"), { className: "muted", textContent: texts.allAssigned }));
  }
  list.replaceChildren(...items);
}

function companyOf(event) {
  const slug = event.target.closest("[data-slug]")?.dataset.slug;
  return model.companies.find((each) => each.slug === slug);
}
