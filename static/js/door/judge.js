// Judges a scan from plain facts, as expo/checkin/rules/judging.py and trees.py do on the server.
// Both are held together by tests/data/door_cases.json; the names of the functions are the same in both.

const FORCEABLE = new Set([
  "unpaid",
  "not_approved",
  "not_yet_valid",
  "expired",
  "wrong_ticket_type",
  "already_admitted",
  "not_inside",
  "rule",
]);
const ENDED_STATES = new Set(["cancelled", "expired"]);
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const ROOT = "$";
// Named one by one, because Python and JavaScript disagree on what else is a space.
const NOT_ONLY_SPACES = /[^ \t\r\n\u00a0\u3000]/;
const NEVER = { is_inside: false, entries: 0, entries_today: 0, entered_at: null, left_at: null };

// Returns the verdict on a scan with all reasons for it.
export function judge(facts) {
  const [reasons, ruleFailed] =
    facts.direction === "exit" ? [reasonsAgainstExit(facts), null] : reasonsAgainstEntry(facts);
  const reason = decidingReason(reasons, facts.forced);
  const questions = reason === null ? openQuestions(facts) : [];
  let verdict = "refused";
  if (reason === null) verdict = questions.length > 0 ? "needs_answers" : "admitted";
  return {
    verdict,
    reason,
    overridden: reason === null ? (reasons[0] ?? null) : null,
    reasons,
    rule_failed: ruleFailed,
    questions,
  };
}

function decidingReason(reasons, forced) {
  return (forced ? reasons.find((reason) => !FORCEABLE.has(reason)) : reasons[0]) ?? null;
}

function reasonsAgainstExit(facts) {
  const { holder, door } = facts;
  if (holder === null) return ["unknown_token"];
  if (door === null || !door.is_open) return ["wrong_checkpoint"];
  return standingIn(facts, door.zone).is_inside ? [] : ["not_inside"];
}

function reasonsAgainstEntry(facts) {
  const { holder, door } = facts;
  if (holder === null) return [["unknown_token"], null];
  const reasons = [...reasonsInBadge(holder, facts.badge.issue), ...reasonsInDays(holder, facts.day)];
  if (door === null) return [[...reasons, "wrong_checkpoint"], null];
  if (door.ticket_types !== null && !door.ticket_types.includes(holder.ticket_type)) {
    reasons.push("wrong_ticket_type");
  }
  if (!door.is_open) reasons.push("wrong_checkpoint");
  if (door.anti_passback && standingIn(facts, door.zone).is_inside) reasons.push("already_admitted");
  const ruleFailed = door.rule === null ? null : findFailure(door.rule, facts);
  if (ruleFailed !== null || !isInOpeningTimes(door, facts.at)) reasons.push("rule");
  return [reasons, ruleFailed];
}

function reasonsInBadge(holder, issue) {
  const reasons = [];
  if (ENDED_STATES.has(holder.attendee_state) || ENDED_STATES.has(holder.order_state)) reasons.push("cancelled");
  if (holder.is_revoked || issue < holder.badge_issue) reasons.push("revoked");
  if (!holder.is_paid) reasons.push("unpaid");
  if (holder.attendee_state !== "confirmed") reasons.push("not_approved");
  return reasons;
}

function reasonsInDays(holder, day) {
  if (day < holder.first_day) return ["not_yet_valid"];
  return day > holder.last_day ? ["expired"] : [];
}

function isInOpeningTimes(door, at) {
  const hasOpened = door.opens_at === null || toMs(at) >= toMs(door.opens_at);
  return hasOpened && (door.closes_at === null || toMs(at) < toMs(door.closes_at));
}

// Returns the ids of the questions to be answered before this entry; nobody is asked on leaving.
function openQuestions({ holder, door, direction, answers }) {
  if (direction === "exit") return [];
  return door.questions
    .filter(({ ticket_types: types }) => types === null || types.includes(holder.ticket_type))
    .filter((question) => !isAnswer(question, Object.hasOwn(answers, question.id) ? answers[question.id] : null))
    .map(({ id }) => id);
}

function isAnswer(question, answer) {
  if (question.kind === "confirm") return answer === true;
  if (typeof answer !== "string") return false;
  if (question.kind === "choice") return question.choices.some(({ id }) => id === answer);
  return NOT_ONLY_SPACES.test(answer);
}

// Returns the holder's standing in a zone, without what ended with an earlier day: anyone who did not leave is outside
// when the next day begins, and the entries of the day are counted from zero.
function standingIn({ standings, day_began_at: dayBeganAt }, zone) {
  const standing = Object.hasOwn(standings, zone) ? standings[zone] : NEVER;
  if (standing.entered_at === null || toMs(standing.entered_at) >= toMs(dayBeganAt)) return standing;
  return { ...standing, is_inside: false, entries_today: 0 };
}

// Returns the JSONPath of the condition of a rule that fails, or null if the rule holds.
// Of `all` it is the first condition that fails; `any` and `not` fail as a whole.
function findFailure(rule, facts, path = ROOT) {
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
  return Object.hasOwn(HOLDS, name) && HOLDS[name](value, facts) ? null : path;
}

const HOLDS = {
  ticket_type: (types, { holder }) => types.includes(holder.ticket_type),
  add_on: (codes, { holder }) => holder.add_ons.some((code) => codes.includes(code)),
  between: isBetween,
  entries_today: ({ max }, facts) => standingIn(facts, facts.door.zone).entries_today < max,
  entries: ({ max }, facts) => standingIn(facts, facts.door.zone).entries < max,
  minutes_since_entry: ({ min }, facts) => isPast(standingIn(facts, facts.door.zone).entered_at, min, facts),
  minutes_since_exit: ({ min }, facts) => {
    // The end of a day lets everybody out without a scan, so only an exit of the same day counts.
    const leftAt = standingIn(facts, facts.door.zone).left_at;
    return leftAt === null || toMs(leftAt) <= toMs(facts.day_began_at) || isPast(leftAt, min, facts);
  },
  inside: (zone, facts) => standingIn(facts, zone).is_inside,
  holds_seat: (isHeld, { holder, door }) => holder.seats.includes(door.session) === isHeld,
};

function isPast(since, minutes, { at }) {
  return since === null || toMs(at) - toMs(since) >= minutes * MINUTE_MS;
}

function isBetween([first, last], facts) {
  if (typeof first === "string" && typeof last === "string") {
    const minutes = wallMinutes(facts.at, facts) % DAY_MINUTES;
    const [opens, closes] = [toMinutes(first), toMinutes(last)];
    // A window from 22:00 to 02:00 spans midnight.
    return opens < closes ? opens <= minutes && minutes < closes : minutes >= opens || minutes < closes;
  }
  return hasCome(first, facts) === true && hasCome(last, facts) === false;
}

// Returns whether a bound of a window is reached; null if it is relative to a session that has no time.
function hasCome(bound, facts) {
  if (typeof bound === "string") {
    const minutes = toMinutes(bound);
    // 01:00 is the end of the day rather than its beginning if the day began at 04:00.
    const isOfNextDate = minutes < wallMinutes(facts.day_began_at, facts);
    return wallMinutes(facts.at, facts) >= (isOfNextDate ? minutes + DAY_MINUTES : minutes);
  }
  const [[name, minutes]] = Object.entries(bound);
  if (name === "day") return wallMinutes(facts.at, facts) >= minutes;
  const anchors = { session_start: facts.door.session_starts_at, session_end: facts.door.session_ends_at };
  const anchor = Object.hasOwn(anchors, name) ? anchors[name] : null;
  return anchor === null ? null : toMs(facts.at) >= toMs(anchor) + minutes * MINUTE_MS;
}

function toMs(moment) {
  return Date.parse(moment);
}

function toMinutes(clock) {
  const [hours, minutes] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}

const clocks = new Map();

// Returns the whole minutes shown by a clock in the time zone since midnight of the door's day.
function wallMinutes(moment, { time_zone: timeZone, day }) {
  if (!clocks.has(timeZone)) {
    const options = { calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23", timeZone };
    const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
    clocks.set(timeZone, new Intl.DateTimeFormat("en", { ...options, ...fields }));
  }
  const parts = clocks.get(timeZone).formatToParts(toMs(moment));
  const shown = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return (Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) - midnight) / MINUTE_MS;
}
