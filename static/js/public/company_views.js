// Reports that a company's page was viewed, once an hour from this device. No identifier is sent or stored.

import { readList, storeList } from "./device_lists.js";

const NAME = "viewed-companies";
const HOUR = 60 * 60 * 1000;

const page = document.querySelector("[data-views]");
if (page) report(page.dataset);

function report({ edition, views }) {
  // Without the language, which is the first part of some addresses.
  const slug = views.split("/").at(-2);
  const recent = (readList(NAME, edition) ?? []).filter((each) => Date.now() - Number(each.split(" ")[0]) < HOUR);
  if (recent.some((each) => each.split(" ")[1] === slug)) return;
  storeList(NAME, edition, [...recent, `${Date.now()} ${slug}`]);
  fetch(views, { method: "POST", keepalive: true }).catch(() => {});
}
