// Judges a scan from plain facts, as expo/checkin/rules/judging.py does on the server.
// tests/data/door_cases.json verifies both; the functions have the same names in both.

import { findNeed } from "./needs.js";
import { findFailure, standingIn, toMs } from "./trees.js";

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
// Named one by one, because Python and JavaScript disagree on what else is a space.
const NOT_ONLY_SPACES = /[^ \t\r\n\u00a0\u3000]/;

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
    needed: reasons.includes("rule") ? findNeed(facts) : null,
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
