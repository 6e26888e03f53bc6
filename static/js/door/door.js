// The door page: a text from the camera, a handheld scanner or the keyboard becomes a scan, and its result a verdict.

import { askForReason, isReasonDialogOpen } from "./force.js";
import { calendarDay, dayAtDoor } from "./expo_day.js";
import { listenForHandheldScanner } from "./handheld_scanner.js";
import { prepareMenu, signOutIfAsked } from "./menu.js";
import { askToMove, moveLink } from "./move.js";
import { byId, data, fill, formatTime, texts } from "./page_data.js";
import { findByCode, maySearch, prepareSearch } from "./people.js";
import { openPlace, showPlaces } from "./places.js";
import { askQuestions, isAsking } from "./questions.js";
import { ScanQueue } from "./queue.js";
import { newId } from "./scan.js";
import { NotChecked, SignedOut, send } from "./sender.js";
import { sound } from "./sounds.js";
import { Station } from "./station.js";
import { showRoom, showStatus } from "./strip.js";
import { prepareCamera, rememberRunning } from "./tools.js";
import { keepUpdated } from "./updates.js";
import { closeVerdict, isVerdictOpen, showNotice, showPerson, showVerdict, updateVerdict, whenVerdictCloses } from "./verdict.js";

const REPEAT_MS = 3000;
const SHORT_CODE = 20;
const RECENT_MS = 60_000; // an older correction only marks the list of scans

const place = openPlace(); // { checkpoint, direction }
const queue = new ScanQueue();
const lastSeen = new Map(); // by badge text
const corrections = []; // verdicts to be shown once the steward has seen the current one
let counts = 0; // of the unsent scans; the latest is the one that is shown
let current = null; // the pending scan: { scan, giveUp, isShown, isSilent, hasNext }
let shown = null; // the scan whose verdict is on the screen: { text, keys, name, scan }

const station = new Station({
  data,
  checkpoint: place.checkpoint,
  events: {
    onChange: showState,
    onCorrection: correct,
    onConfirmation: (scan, answer) => { if (shown?.scan === scan && isVerdictOpen()) updateVerdict(withAge(answer)); },
    onRejected: (scan) => { if (scan.undoes && !isVerdictOpen()) showNotice(texts.undo_refused, texts.undo_refused_advice); },
    onWiped: () => { location.replace(station.device?.owner ? data.choose_url : data.enrol_url); },
  },
});

// A badge held in front of the camera is scanned once; it counts again after three seconds out of view.
function isRepeat(text) {
  const now = performance.now();
  for (const [each, seen] of lastSeen) if (now - seen >= REPEAT_MS) lastSeen.delete(each);
  const repeats = lastSeen.has(text);
  lastSeen.set(text, now);
  return repeats;
}

function isDialogOpen() {
  return isReasonDialogOpen() || isAsking() || Boolean(document.querySelector("dialog[open]"));
}

// Accepts a scanned text. While another scan is pending or a dialog is open, it is queued.
function receive(text, keys = "") {
  if (!place.checkpoint) return;
  const link = moveLink(text, station);
  if (link) return askToMove(link, station, place);
  if (current?.scan.text === text || !queue.add({ text, keys, made: performance.now() })) return;
  if (current?.isShown && !isDialogOpen()) current.hasNext = true; // its verdict is on the screen, and makes room
  else if (current || isDialogOpen()) {
    sound("queued");
    byId("hint").textContent = texts.queued;
    showWaiting();
  } else if (isVerdictOpen()) closeVerdict();
  else checkNext();
}

async function checkNext() {
  if (current || isVerdictOpen() || isDialogOpen()) return;
  const correction = corrections.shift();
  if (correction) return showVerdict(correction);
  const scan = queue.take();
  if (!scan) return;
  const giveUp = new AbortController();
  current = { scan, giveUp };
  byId("hint").textContent = texts.checking;
  showWaiting();
  try {
    if (isShortCode(scan)) showPerson(await findByCode(scan.text, station, giveUp.signal));
    else if (station.scanner && (!scan.force || station.forcesItself)) await checkHere(scan);
    else await checkOnServer(scan, giveUp.signal);
  } catch (error) {
    if (error instanceof SignedOut) showNotice(texts.signed_out, texts.signed_out_advice);
    else if (error instanceof NotChecked && isShortCode(scan) && !navigator.onLine) showNotice(texts.failed, texts.code_offline);
    else if (error instanceof NotChecked) showNotice(texts.failed, texts.failed_advice);
    else if (error.name !== "AbortError") throw error;
  } finally {
    const { hasNext } = current;
    current = null;
    lastSeen.set(scan.text, performance.now());
    byId("hint").textContent = texts.ready;
    showWaiting();
    showState();
    if (hasNext && isVerdictOpen()) closeVerdict();
    else checkNext();
  }
}

// Scans with the door's data on this device, asking what has to be asked first. The verdict is shown as soon as the scan
// is stored; the sound follows once it is final.
async function checkHere(pending) {
  const { text, keys, force } = pending;
  const onVerdict = (answer, scan) => {
    const isSilent = station.connection.isOnline;
    counts += 1; // a count that began before this scan was stored no longer means anything
    delete document.documentElement.dataset.unsent;
    show(answer, pending, scan, { isSilent });
    Object.assign(current, { isShown: true, isSilent });
  };
  let answers = {};
  let result = await station.scanner.scan({ ...place, text, keys, force }, onVerdict);
  while (result.questions?.length) {
    if (current.isShown) closeVerdict(); // the server has a question that this device did not know
    const answered = await askQuestions(result.questions, result.shown.attendee?.name ?? "");
    if (!answered) return;
    answers = { ...answers, ...answered };
    result = await station.scanner.scan({ ...place, text, keys, force, answers }, onVerdict);
  }
  settle(result, pending);
  await result.stored;
}

// Makes a verdict final, which may be on the screen already.
function settle({ shown: answer, scan, disagrees }, pending) {
  if (!current.isShown || disagrees) {
    if (disagrees) current.hasNext = false; // it has to be seen
    show(answer, pending, scan);
  } else if (current.isSilent) {
    if (shown?.scan === scan && isVerdictOpen()) updateVerdict(withAge(answer));
    sound(answer.tone);
  }
}

async function checkOnServer(pending, signal) {
  const { text, keys, made, force } = pending;
  const { checkpoint, direction } = place;
  const scan = { scan_id: newId(), token: text, keys, checkpoint, direction, ...force };
  let hasWaited = false;
  const onWaiting = (busySeconds) => {
    if (busySeconds) station.connection.noteBusy();
    else station.connection.note(null);
    const time = busySeconds && new Intl.NumberFormat(data.language, { style: "unit", unit: "second", unitDisplay: "long" }).format(busySeconds);
    showNotice(texts.not_checked, time ? fill(texts.busy_advice, { time }) : texts.not_checked_advice, { isSilent: hasWaited });
    showWaiting();
    hasWaited = true;
  };
  const answer = await send(scan, made, data, onWaiting, signal);
  station.connection.note(0);
  show(answer, pending, null);
}

function withAge(answer) {
  const zone = station.sync?.snapshot?.edition.time_zone ?? data.time_zone;
  return { ...answer, age: answer.asOf ? fill(texts.data_as_of, { time: formatTime(answer.asOf, zone) }) : "" };
}

function show(answer, { text, keys }, scan, options) {
  showVerdict(withAge(answer), options);
  shown = { text, keys, name: answer.attendee?.name ?? "", scan };
}

// The server disagrees with a verdict. If it is still on the screen it turns; else it is shown again, with the reason.
function correct(scan, answer) {
  const corrected = { ...answer, advice: `${answer.advice}\n${texts.correction}`.trim(), isCorrection: true };
  if (shown?.scan === scan && isVerdictOpen()) showVerdict(corrected);
  else if (station.clock.now() - scan.made < RECENT_MS) {
    corrections.push(corrected);
    checkNext();
  } else sound("ask");
}

function isShortCode({ text, keys }) {
  return text.length < SHORT_CODE && keys.length < SHORT_CODE;
}

async function showState() {
  const turn = ++counts;
  const status = await station.status();
  const { skewMs } = status;
  showStatus({ ...status, corrections: station.corrections, skewMs });
  showRoom(station.room);
  byId("search").hidden = !station.session?.may_search;
  byId("search-here").hidden = !maySearch(station);
  byId("undo").hidden = !station.scanner?.undoable;
  if (station.sync?.snapshot) showPlaces(place, station.sync.snapshot, station.device?.checkpoints);
  if (station.scanner && turn === counts) document.documentElement.dataset.unsent = String(status.unsent);
}

// Shows how many badges are waiting: the queued ones and the pending one.
function showWaiting() {
  const isStuck = current && !station.connection.isOnline;
  const count = queue.length + (isStuck ? 1 : 0);
  const words = count ? fill(texts.waiting, { count }) : "";
  for (const id of ["waiting", "verdict-waiting"]) {
    if (byId(id).textContent !== words) byId(id).textContent = words;
  }
}

function showTime() {
  const now = new Date(station.clock.now());
  const edition = station.sync?.snapshot?.edition ?? data;
  if (!edition.starts_on) return;
  const time = now.toLocaleTimeString(data.language, { hour: "2-digit", minute: "2-digit", timeZone: edition.time_zone });
  const day = dayAtDoor(now, edition);
  const isLate = day !== calendarDay(now, edition.time_zone); // after midnight the previous expo day still applies
  const words = isLate && new Date(day).toLocaleDateString(data.language, { month: "short", day: "numeric", timeZone: "UTC" });
  byId("clock").textContent = words ? `${words} · ${time}` : time;
  byId("clock").dateTime = now.toISOString();
}

// Dismissing a verdict cancels a scan that is still waiting for the network: nobody was admitted by it.
function next() {
  current?.giveUp.abort();
  closeVerdict();
}

byId("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("typed").value.trim();
  byId("typed").value = "";
  if (text) receive(text);
});
byId("next").addEventListener("click", next);
byId("force").addEventListener("click", async () => {
  const { text, keys, name } = shown;
  const why = await askForReason(name);
  if (why) {
    queue.addFirst({ text, keys, made: performance.now(), force: { forced: true, ...why } });
    closeVerdict();
  }
});
byId("verdict").addEventListener("click", (event) => {
  if (!event.target.closest("a, button")) next();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isVerdictOpen() && !isDialogOpen()) next();
});
document.addEventListener("close", () => checkNext(), true); // a badge may have been scanned while a dialog was open
whenVerdictCloses(() => {
  shown = null;
  checkNext();
});

listenForHandheldScanner([byId("typed"), byId("force-note"), byId("search-words")], ({ text, keys }) => {
  if (!isRepeat(text)) receive(text, keys);
});
window.addEventListener("beforeunload", (event) => {
  // Pending scans would be lost, and so would those for which the device has no room.
  if (current || queue.length || station.sync?.hasUnstored) event.preventDefault();
});
prepareCamera((text) => { if (!isRepeat(text)) receive(text); });
prepareMenu(station);
prepareSearch(station);
showTime();
showState();
setInterval(() => {
  showTime();
  showState();
  station.endIfOver();
}, 5000);
keepUpdated(() => !current && !queue.length && !isVerdictOpen() && !isDialogOpen(), rememberRunning);
document.documentElement.dataset.door = "ready";
station.open().then((isDevice) => {
  document.documentElement.dataset.device = isDevice ? "yes" : "no";
  // Here without a query, this page itself was opened because the server does not answer.
  const isHere = location.pathname + location.search === data.choose_url;
  if (!isDevice && !station.session && !isHere) location.replace(data.choose_url);
  signOutIfAsked(station);
});
