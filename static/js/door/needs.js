// Finds what would let somebody in whom a checkpoint's rule or opening times refuse, as expo/checkin/rules/needs.py does
// on the server, where the form of the answer is described; the names of the functions are the same in both.

import {
  DAY_MINUTES, MINUTE_MS, clockMinutes, endOfPause, isReached, holds, minutesOfClock, momentAround, toMs, wallMinutes,
} from "./trees.js";

const MET = {}; // nothing is missing; null means that nothing would help
const CLOSED = new Set(["until", "entries_today", "entries"]);
// A day at a door ends at 04:00 of the next date; a window that opens later is one of another day.
const DAY_ENDS = 28 * 60;

// Returns what would let the holder in; null if that cannot be said, or nothing is in the way.
export function findNeed(facts) {
  const { rule } = facts.door;
  const need = allOf([needOfOpeningTimes(facts), rule === null ? MET : needOf(rule, facts, true)]);
  return need === MET ? null : need;
}

function needOfOpeningTimes(facts) {
  const { opens_at: opensAt, closes_at: closesAt } = facts.door;
  const at = toMs(facts.at);
  if (opensAt !== null && at < toMs(opensAt)) return { from: write(minutesAt(toMs(opensAt), facts), facts) };
  if (closesAt !== null && at >= toMs(closesAt)) return { until: write(minutesAt(toMs(closesAt), facts), facts) };
  return MET;
}

// Returns what is missing for a rule to hold, or not to hold if that is wanted.
function needOf(rule, facts, isWanted) {
  const [[name, value]] = Object.entries(rule);
  if (name === "not") return needOf(value, facts, !isWanted);
  if (name === "all" || name === "any") {
    const needs = value.map((each) => needOf(each, facts, isWanted));
    return (name === "all") === isWanted ? allOf(needs) : oneOf(needs);
  }
  if (holds(name, value, facts) === isWanted) return MET;
  return isWanted ? missing(name, value, facts) : excess(name, value, facts);
}

function allOf(needs) {
  return needs.includes(null) ? null : join("all", needs.filter((each) => each !== MET));
}

function oneOf(needs) {
  if (needs.includes(MET)) return MET;
  const ways = needs.filter((each) => each !== null);
  const open = ways.filter(isOpen);
  return ways.length ? join("any", open.length ? open : ways) : null;
}

function isOpen(need) {
  const [[name, value]] = Object.entries(need);
  return name === "all" || name === "any" ? value.every(isOpen) : !CLOSED.has(name);
}

// Returns several needs as one: nested groups of the same kind, and times and lists, become one.
function join(kind, needs) {
  const joined = new Map();
  for (const each of needs.flatMap((need) => need[kind] ?? [need])) {
    const [[name, value]] = Object.entries(each);
    const merge = MERGED[kind][name];
    const key = merge ? name : JSON.stringify(each);
    const known = joined.get(key);
    joined.set(key, merge && known ? { [name]: merge(known[name], value) } : each);
  }
  const parts = [...joined.values()];
  if (!parts.length) return MET;
  return parts.length === 1 ? parts[0] : { [kind]: parts };
}

const later = (one, other) => (one > other ? one : other);
const earlier = (one, other) => (one < other ? one : other);
const union = (codes, others) => [...new Set([...codes, ...others])];
const MERGED = {
  all: { from: later, until: earlier },
  any: { from: earlier, until: later, ticket_type: union, add_on: union },
};

function missing(name, value, facts) {
  switch (name) {
    case "ticket_type":
    case "add_on":
      return value.length ? { [name]: value } : null;
    case "between":
      return beforeOrAfter(value, facts);
    case "entries_today":
    case "entries":
      return { [name]: value.max };
    case "minutes_since_entry":
    case "minutes_since_exit":
      return timeOfPause("from", name, value, facts);
    case "inside":
      return { [name]: value };
    case "holds_seat":
      return seat(facts, value);
    default:
      return null;
  }
}

// Returns what is missing for a condition not to hold that does.
function excess(name, value, facts) {
  switch (name) {
    case "ticket_type":
    case "inside":
      return { not: { [name]: value } };
    case "add_on":
      return { not: { [name]: value.filter((code) => facts.holder.add_ons.includes(code)) } };
    case "between":
      return endOf(value, facts);
    case "minutes_since_entry":
    case "minutes_since_exit":
      return timeOfPause("until", name, value, facts);
    case "holds_seat":
      return seat(facts, !value);
    default:
      return null;
  }
}

function seat({ door }, isNeeded) {
  return isNeeded && door.session === null ? null : { holds_seat: isNeeded };
}

function timeOfPause(kind, name, { min }, facts) {
  const ends = endOfPause(name, min, facts);
  return ends === null ? null : { [kind]: write(minutesAt(ends, facts), facts) };
}

// Returns when a window opens, or when it closed if it does not open again on this day.
function beforeOrAfter(window, facts) {
  if (isDaily(window)) {
    const [begins, ends] = dailyWindow(window, facts);
    return begins < DAY_ENDS ? { from: write(begins, facts) } : { until: write(ends - DAY_MINUTES, facts) };
  }
  const [begins, ends] = window.map((each) => minutesOf(each, facts));
  if (begins === null || ends === null || begins >= ends) return null;
  return isReached(window[0], facts) ? { until: write(ends, facts) } : { from: write(begins, facts) };
}

// Returns when a window closes that is open.
function endOf(window, facts) {
  if (isDaily(window)) {
    const [begins, ends] = dailyWindow(window, facts);
    return begins < ends ? { from: write(ends, facts) } : null;
  }
  const ends = minutesOf(window[1], facts);
  return ends === null ? null : { from: write(ends, facts) };
}

function isDaily(window) {
  return window.every((each) => typeof each === "string");
}

// Returns the window between two clock times that is open or opens next, in minutes of the door's day.
function dailyWindow([first, last], facts) {
  const lasts = (clockMinutes(last) - clockMinutes(first) + DAY_MINUTES) % DAY_MINUTES;
  const now = wallMinutes(toMs(facts.at), facts);
  let begins = minutesOfClock(first, facts) - DAY_MINUTES;
  while (begins + lasts <= now) begins += DAY_MINUTES;
  return [begins, begins + lasts];
}

// Returns a bound of a window as minutes from midnight of the door's day.
function minutesOf(bound, facts) {
  if (typeof bound === "string") return minutesOfClock(bound, facts);
  if (Object.hasOwn(bound, "day")) return bound.day;
  const moment = momentAround(bound, facts);
  return moment === null ? null : minutesAt(moment, facts);
}

// Returns the first whole minute, on the clock at the expo, that is not before a moment in milliseconds.
function minutesAt(moment, facts) {
  return wallMinutes(moment, facts) + (moment % MINUTE_MS === 0 ? 0 : 1);
}

function write(minutes, { day }) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS).toISOString().slice(0, 16);
}
