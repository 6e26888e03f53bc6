// The companies seen last, stored on this device alone: a company's page adds itself, the directory lists them.

import { readList, storeList } from "./device_lists.js";

const NAME = "recently-seen";
const MOST = 8;

const page = document.querySelector("[data-seen]");
const section = document.querySelector("[data-recently-seen]");
if (page) remember(page.dataset);
if (section) list(section);

function remember({ edition, slug, name, url }) {
  const others = (readList(NAME, edition) ?? []).filter((each) => read(each)?.slug !== slug);
  storeList(NAME, edition, [JSON.stringify({ slug, name, url }), ...others].slice(0, MOST));
}

function list(target) {
  const companies = (readList(NAME, target.dataset.edition) ?? []).map(read).filter(Boolean);
  for (const { name, url } of companies) {
    const item = document.createElement("li");
    const text = Object.assign(document.createElement("bdi"), { textContent: name });
    const link = document.createElement("a");
    link.className = "chip";
    link.href = url;
    if (link.origin !== location.origin) continue;
    link.append(text);
    item.append(link);
    target.querySelector("[data-list]").append(item);
  }
  target.hidden = !target.querySelector("li");
}

function read(text) {
  try {
    const { slug, name, url } = JSON.parse(text);
    return slug && name && url ? { slug, name, url } : undefined;
  } catch {
    return undefined;
  }
}
