// What the page shows of a decision made here, or of the server's answer: tone, words, and the holder.

import { describeNeed } from "./requirement_texts.js";
import { data, fill, formatTime, joinFacts, localized, texts } from "./page_data.js";
import { requiredAddOns } from "./trees.js";

const TONES = { admitted: "yes", refused: "no", needs_answers: "ask" };
const countries = new Intl.DisplayNames(data.language, { type: "region", fallback: "none" });

// Describes a decision of this device.
export function describeDecision(decision, scan, snapshot, mayForce) {
  const shown = describe(decision, scan, mayForce);
  const { holder } = decision;
  if (decision.isUnlisted) Object.assign(shown, { tone: "ask", word: texts.unlisted, advice: texts.unlisted_advice });
  if (holder) {
    const ticketType = snapshot.ticket_types.find((each) => each.code === holder.ticket_type);
    shown.attendee = personOf(holder, ticketType);
    shown.attention = attention(holder.attention, ticketType);
    shown.party = decision.verdict === "admitted" && holder.party > 1 ? fill(texts.admits, { count: holder.party }) : "";
    if (scan.direction === "entry") addAsked(shown, decision, scan, snapshot);
  }
  if (decision.first_at) shown.first = fill(texts.first_at, { time: formatTime(Date.parse(decision.first_at), snapshot.edition.time_zone) });
  return shown;
}

// Describes an answer of the server; `local` is how this device saw the scan. Of a scan decided here, the server's
// answer is what happened, and `disagrees` what it would have decided itself.
export function describeAnswer(answer, scan, snapshot, mayForce, local) {
  const shown = describe(ownJudgement(answer), scan, mayForce);
  const { attendee } = answer;
  if (attendee) shown.attendee = personOf(attendee, attendee.ticket_type);
  shown.attendee ??= local?.attendee ?? null;
  shown.attention = attendee ? attention(attendee.note, attendee.ticket_type) : (local?.attention ?? "");
  const party = attendee?.ticket_type.party ?? 1;
  shown.party = answer.verdict === "admitted" && party > 1 ? fill(texts.admits, { count: party }) : "";
  shown.addOns = answer.add_ons?.length ? joinFacts(answer.add_ons.map(nameOf)) : (local?.addOns ?? "");
  if (answer.needed) Object.assign(shown, describeNeed(answer.needed, scan, snapshot));
  // A server of an earlier version does not say what is missing.
  else if (answer.reason === "rule" && local?.isNeedKnown) Object.assign(shown, { word: local.word, advice: local.advice });
  const first = answer.first_scan;
  if (first) {
    const time = formatTime(Date.parse(first.at), snapshot.edition.time_zone);
    shown.first = fill(texts.first_scan, { time, place: localized(first.checkpoint.name) });
  }
  return shown;
}

// Adds what the checkpoint's rule asks for and the holder has, and what would let them in.
function addAsked(shown, { holder, reason, needed }, scan, snapshot) {
  const { checkpoints, add_ons: known = [] } = snapshot;
  const asked = requiredAddOns(checkpoints.find((each) => each.code === scan.checkpoint)?.rule);
  const held = asked.filter((code) => holder.add_ons.includes(code));
  shown.addOns = joinFacts(held.map((code) => nameOf(known.find((each) => each.code === code) ?? { code })));
  if (reason === "rule" && needed) Object.assign(shown, describeNeed(needed, scan, snapshot), { isNeedKnown: true });
}

function nameOf({ code, name }) {
  return localized(name) || code;
}

function ownJudgement({ verdict, reason, disagrees }) {
  if (!disagrees) return { verdict, reason };
  return disagrees === "admitted" ? { verdict: "admitted", reason: null } : { verdict: "refused", reason: disagrees };
}

function describe({ verdict, reason }, { direction }, mayForce) {
  const isExit = direction === "exit";
  const words = data.reasons[direction][reason];
  return {
    tone: isExit ? exitTone(verdict, reason) : TONES[verdict],
    word: words?.word ?? data.verdicts[direction][verdict],
    advice: words?.advice ?? "",
    attendee: null,
    first: "",
    attention: "",
    party: "",
    addOns: "",
    may_force: mayForce && !isExit && verdict === "refused" && data.forceable.includes(reason),
  };
}

// An exit is never shown as a refusal, because exits are always allowed.
function exitTone(verdict, reason) {
  if (verdict === "admitted") return "out";
  return reason === "not_inside" ? "unexpected" : "ask";
}

// What staff should know: about this attendee, and about everybody with this ticket.
function attention(note, ticketType) {
  return joinFacts([note, localized(ticketType?.door_note ?? {})]);
}

export function personOf({ name, latin_name, company, country }, ticketType) {
  return {
    name, latin_name, company,
    country: country ? (countries.of(country) ?? country) : "",
    ticket_type: ticketType ? localized(ticketType.name) : "",
  };
}
