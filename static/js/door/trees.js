// Evaluates the rule of a checkpoint, a tree of conditions, as expo/checkin/rules/trees.py does on the server.

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1440;
const ROOT = "$";
const NEVER = { is_inside: false, entries: 0, entries_today: 0, entered_at: null, left_at: null };

// Returns the holder's standing in a zone, without what ended with an earlier day: anyone who did not leave is outside
// when the next day begins, and the entries of the day are counted from zero.
export function standingIn({ standings, day_began_at: dayBeganAt }, zone) {
  const standing = Object.hasOwn(standings, zone) ? standings[zone] : NEVER;
  if (standing.entered_at === null || toMs(standing.entered_at) >= toMs(dayBeganAt)) return standing;
  return { ...standing, is_inside: false, entries_today: 0 };
}

// Returns the JSONPath of the condition of a rule that fails, or null if the rule holds.
// Of `all` it is the first condition that fails; `any` and `not` fail as a whole.
export function findFailure(rule, facts, path = ROOT) {
  const [[name, value]] = Object.entries(rule);
  if (name === "all") {
    for (const [index, each] of value.entries()) {
      const failure = findFailure(each, facts, `${path}.all[${index}]`);
      if (failure !== null) return failure;
    }
    return null;
  }
  if (name === "any") return value.some((each) => findFailure(each, facts) === null) ? null : path;
  if (name === "not") return findFailure(value, facts) === null ? path : null;
  return holds(name, value, facts) ? null : path;
}

// Whether a condition holds.
export function holds(name, value, facts) {
  return Object.hasOwn(HOLDS, name) && HOLDS[name](value, facts);
}

// Returns the codes of the add-ons that a rule asks for; not those that it excludes.
export function requiredAddOns(rule) {
  const found = Object.entries(rule ?? {}).flatMap(([name, value]) => {
    if (name === "all" || name === "any") return value.flatMap(requiredAddOns);
    return name === "add_on" ? value : [];
  });
  return [...new Set(found)];
}

const HOLDS = {
  ticket_type: (types, { holder }) => types.includes(holder.ticket_type),
  add_on: (codes, { holder }) => holder.add_ons.some((code) => codes.includes(code)),
  between: isBetween,
  entries_today: ({ max }, facts) => standingIn(facts, facts.door.zone).entries_today < max,
  entries: ({ max }, facts) => standingIn(facts, facts.door.zone).entries < max,
  minutes_since_entry: ({ min }, facts) => isPast(endOfPause("minutes_since_entry", min, facts), facts),
  minutes_since_exit: ({ min }, facts) => isPast(endOfPause("minutes_since_exit", min, facts), facts),
  inside: (zone, facts) => standingIn(facts, zone).is_inside,
  holds_seat: (isHeld, { holder, door }) => holder.seats.includes(door.session) === isHeld,
};

function isPast(moment, { at }) {
  return moment === null || toMs(at) >= moment;
}

// Returns when so many minutes have passed since the last entry or exit, in milliseconds; null without one.
export function endOfPause(name, minutes, facts) {
  const standing = standingIn(facts, facts.door.zone);
  const since = name === "minutes_since_entry" ? standing.entered_at : standing.left_at;
  if (since === null) return null;
  // The end of a day lets everybody out without a scan, so only an exit of the same day counts.
  if (name === "minutes_since_exit" && toMs(since) <= toMs(facts.day_began_at)) return null;
  return toMs(since) + minutes * MINUTE_MS;
}

function isBetween([first, last], facts) {
  if (typeof first === "string" && typeof last === "string") {
    const minutes = wallMinutes(toMs(facts.at), facts) % DAY_MINUTES;
    const [opens, closes] = [clockMinutes(first), clockMinutes(last)];
    // A window from 22:00 to 02:00 spans midnight.
    return opens < closes ? opens <= minutes && minutes < closes : minutes >= opens || minutes < closes;
  }
  return isReached(first, facts) === true && isReached(last, facts) === false;
}

// Returns whether a bound of a window is reached; null if it is relative to a session that has no time.
export function isReached(bound, facts) {
  if (typeof bound === "string") return wallMinutes(toMs(facts.at), facts) >= minutesOfClock(bound, facts);
  if (Object.hasOwn(bound, "day")) return wallMinutes(toMs(facts.at), facts) >= bound.day;
  const moment = momentAround(bound, facts);
  return moment === null ? null : toMs(facts.at) >= moment;
}

// Returns the moment of a bound around a session, in milliseconds; null if the session has no time.
export function momentAround(bound, { door }) {
  const [[name, minutes]] = Object.entries(bound);
  const anchors = { session_start: door.session_starts_at, session_end: door.session_ends_at };
  const anchor = Object.hasOwn(anchors, name) ? anchors[name] : null;
  return anchor === null ? null : toMs(anchor) + minutes * MINUTE_MS;
}

// Returns a clock time as minutes from midnight of the door's day.
// 01:00 is the end of the day rather than its beginning if the day began at 04:00.
export function minutesOfClock(text, facts) {
  const clock = clockMinutes(text);
  return clock < wallMinutes(toMs(facts.day_began_at), facts) ? clock + DAY_MINUTES : clock;
}

// Returns a clock time as minutes from midnight.
export function clockMinutes(text) {
  const [hours, minutes] = text.split(":");
  return Number(hours) * 60 + Number(minutes);
}

export function toMs(moment) {
  return Date.parse(moment);
}

const clocks = new Map();

// Returns the whole minutes shown by a clock in the time zone, at a moment in milliseconds, since midnight of the door's
// day.
export function wallMinutes(moment, { time_zone: timeZone, day }) {
  if (!clocks.has(timeZone)) {
    const options = { calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23", timeZone };
    const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
    clocks.set(timeZone, new Intl.DateTimeFormat("en", { ...options, ...fields }));
  }
  const parts = clocks.get(timeZone).formatToParts(moment);
  const shown = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return (Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) - midnight) / MINUTE_MS;
}
