// A screen at the venue. It shows what is on now and next from data kept on this device, fetches new data every half
// minute, and continues without a network.

import { renderBoard, renderRoom, roomsPerPage } from "./screen_views.js";

const FETCH_EVERY = 30_000;
const LANGUAGE_EVERY = 10_000;
const PAGE_EVERY = 12_000;

const { screen, source, worker, scope } = document.body.dataset;
const storageName = `expo-screen ${source}`;
const find = (name) => document.querySelector(`[data-${name}]`);

let data = readStored() ?? JSON.parse(find("content").textContent);
let offlineSince;
let language = 0;
let page = 0;
let shown = "";

if ("serviceWorker" in navigator) navigator.serviceWorker.register(worker, { scope }).catch(() => {});

render();
await refresh();
setInterval(refresh, FETCH_EVERY);
setInterval(render, 1000);
setInterval(() => {
  language = (language + 1) % data.languages.length;
  render();
}, LANGUAGE_EVERY);
setInterval(() => {
  page += 1;
  render();
}, PAGE_EVERY);
addEventListener("offline", refresh);
addEventListener("online", refresh);
addEventListener("resize", render);

async function refresh() {
  try {
    const response = await fetch(source, { cache: "no-cache" });
    if (!response.ok) throw new Error(String(response.status));
    // The service worker marks what it served from this device.
    if (response.headers.has("x-from-device")) throw new Error("offline");
    data = await response.json();
    offlineSince = undefined;
    store(data);
  } catch {
    offlineSince ??= new Date();
  }
  render();
}

function render() {
  const now = new Date();
  const { tag, dir, words } = data.languages[language] ?? data.languages[0];
  const time = (moment) => new Intl.DateTimeFormat(tag, { timeZone: data.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment));
  const date = (moment) => new Intl.DateTimeFormat(tag, { timeZone: data.zone, day: "numeric", month: "short" }).format(new Date(moment));
  const context = { data, language, words, time, date, now, page: 0, pages: 1, tag };
  document.documentElement.lang = tag;
  document.documentElement.dir = dir;
  setText(find("clock"), time(now));
  setText(find("title"), data.title[language]);
  const offline = find("offline");
  offline.hidden = !offlineSince;
  if (offlineSince) setText(offline, words.offline.replace("{time}", time(offlineSince)));
  if (screen === "board") {
    context.pages = Math.max(1, Math.ceil(data.rooms.length / roomsPerPage()));
    context.page = page % context.pages;
    setText(find("heading"), words.rooms);
    setText(find("page"), context.pages > 1 ? words.page.replace("{page}", context.page + 1).replace("{pages}", context.pages) : "");
  } else {
    setText(find("heading"), data.rooms[0]?.name[language] ?? "");
    setText(find("hall"), data.rooms[0]?.hall[language] ?? "");
  }
  const main = find("main");
  const next = screen === "board" ? renderBoard(context) : renderRoom(context);
  const html = next.map((each) => each.outerHTML).join("");
  if (html === shown) return;
  shown = html;
  main.replaceChildren(...next);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function readStored() {
  try {
    return JSON.parse(localStorage.getItem(storageName)) ?? undefined;
  } catch {
    return undefined;
  }
}

function store(value) {
  try {
    localStorage.setItem(storageName, JSON.stringify(value));
  } catch {
    // Without storage the data stays in memory.
  }
}
