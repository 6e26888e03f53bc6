// Describes what would let somebody in, exactly as expo/web/kit/requirement_texts.py does in pages.

import { dayAtDoor } from "./expo_day.js";
import { data, fill, isolate, localized, texts } from "./page_data.js";

const MINUTE_MS = 60_000;
const DAY_ENDS = 28 * 60; // 04:00 of the next date
const alternatives = Intl.ListFormat && new Intl.ListFormat(data.language, { type: "disjunction" });
const { needed: words } = texts;
// What to do next, by what is missing.
const AT_THE_DESK = ["ticket_type", "add_on", "holds_seat"];
const CLOSED = ["until", "entries_today", "entries"];

// Returns the { word, advice } of a refusal that `need` would have avoided.
export function describeNeed(need, scan, snapshot) {
  const kinds = new Set(kindsIn(need));
  const are = (...names) => [...kinds].every((kind) => names.includes(kind));
  if (are("ticket_type", "add_on") && !need.all) return refusalWithout(need, kinds, snapshot);
  const ways = sentence(need, { snapshot, day: dayAtDoor(new Date(scan.made), snapshot.edition) });
  return { word: wordOf(are), advice: fill(words[nextStep(kinds)], { ways }) };
}

function kindsIn(need) {
  const [[name, value]] = Object.entries(need);
  if (name === "all" || name === "any") return value.flatMap(kindsIn);
  return name === "not" || value === false ? ["not"] : [name];
}

function wordOf(are) {
  if (are("from")) return words.too_early;
  if (are("until")) return words.too_late;
  if (are("entries_today", "entries")) return words.used_up;
  if (are("holds_seat")) return words.without_seat;
  return data.reasons.entry.rule.word;
}

function nextStep(kinds) {
  if (CLOSED.some((each) => kinds.has(each))) return "closed";
  const isLater = kinds.has("from");
  if (AT_THE_DESK.some((each) => kinds.has(each))) return isLater ? "later_or_desk" : "desk";
  return isLater ? "later" : "elsewhere";
}

function refusalWithout(need, kinds, { ticket_types: types, add_ons: addOns = [] }) {
  const parts = need.any ?? [need];
  const names = (name, known) => parts.flatMap((each) => each[name] ?? []).map((code) => nameIn(known, code));
  const asked = oneOf([...names("ticket_type", types), ...names("add_on", addOns)]);
  return {
    word: kinds.has("add_on") ? texts.without_add_on : data.reasons.entry.wrong_ticket_type.word,
    advice: fill(kinds.has("ticket_type") ? texts.without_ticket_advice : texts.without_add_on_advice, { names: asked }),
  };
}

// Returns the ways in as part of a sentence. An alternative within a list of conditions is in brackets.
function sentence(need, context, isInner = false) {
  const [[name, value]] = Object.entries(need);
  if (name === "all") return value.map((each) => sentence(each, context, true)).reduce(joinedBy(words.and));
  if (name !== "any") return phrase(name, value, context);
  const joined = value.map((each) => sentence(each, context, true)).reduce(joinedBy(isInner ? words.or_inner : words.or));
  return isInner ? fill(words.brackets, { sentence: joined }) : joined;
}

function joinedBy(text) {
  return (first, second) => fill(text, { first, second });
}

function phrase(name, value, { snapshot, day }) {
  const { ticket_types: types, add_ons: addOns = [], zones } = snapshot;
  const named = (codes, known) => oneOf(codes.map((code) => nameIn(known, code)));
  switch (name) {
    case "ticket_type":
      return fill(words.ticket, { names: named(value, types) });
    case "add_on":
      return fill(words.add_on, { names: named(value, addOns) });
    case "from":
    case "until":
      return fill(words[name], { time: timeAt(value, day) });
    case "entries_today":
      return value === 1 ? words.once_today : fill(words.times_today, { count: value });
    case "entries":
      return value === 1 ? words.once : fill(words.times, { count: value });
    case "inside":
      return fill(words.inside, { zone: nameIn(zones, value) });
    case "holds_seat":
      return value ? words.seat : words.no_seat;
    default:
      return opposite(Object.entries(value)[0], snapshot);
  }
}

function opposite([name, value], { ticket_types: types, add_ons: addOns = [], zones }) {
  if (name === "inside") return fill(words.outside, { zone: nameIn(zones, value) });
  const known = name === "ticket_type" ? types : addOns;
  const names = oneOf(value.map((code) => nameIn(known, code)));
  return fill(name === "ticket_type" ? words.other_ticket : words.without_add_on, { names });
}

function oneOf(names) {
  const isolated = names.map(isolate);
  return alternatives?.format(isolated) ?? isolated.join(" / ");
}

function nameIn(known, code) {
  return localized(known.find((each) => each.code === code)?.name) || code;
}

// Returns a time of the expo's clock; with the date if that is not of the door's day.
function timeAt(time, day) {
  const moment = new Date(`${time}:00Z`);
  const minutes = (moment - Date.parse(`${day}T00:00:00Z`)) / MINUTE_MS;
  const clock = { timeZone: "UTC", hour: "2-digit", minute: "2-digit" };
  const isOfDay = minutes >= 0 && minutes < DAY_ENDS;
  return moment.toLocaleString(data.language, isOfDay ? clock : { ...clock, day: "numeric", month: "short" });
}
