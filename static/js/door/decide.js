// Decides a scan on this device: the badge's signature, its holder's record, the rules, and the room in the zone.
// Nothing is stored here; the answer contains what the decision changes.

import { dayAtDoor, dayBeganAt } from "./expo_day.js";
import { judge } from "./judge.js";
import { tokenReadings } from "./keyboards.js";
import { recordOf } from "./records.js";
import { parseToken, verifyText } from "./token.js";

// Resolves to the decision on a scan { text, keys, checkpoint, direction, forced, answers } at a time in milliseconds:
// { verdict, reason, overridden, questions, text, badge, holder, isUnlisted, before, standings, counted }. `text` is the
// badge's own text, which a handheld scanner may have typed differently.
export async function decide(scan, at, snapshot, store, layouts) {
  // The record is looked up while the signature is being verified; it counts only if the badge is genuine.
  const token = parseToken(scan.text);
  const early = token?.edition === snapshot.edition.number ? findHolder(token, snapshot, store) : null;
  early?.catch(() => {});
  const trusted = await verifyScan(scan, snapshot, layouts);
  if (trusted.distrust) return refusal(trusted.distrust);
  const { text } = trusted;
  const found = early && text === scan.text ? early : findHolder(trusted.token, snapshot, store);
  const { badge, holder, standings } = await found;
  // A genuine badge without a record is newer than this device's data, or was replaced before the expo.
  if (!holder) return { ...refusal("unknown_token"), text, badge, isUnlisted: true };
  const door = snapshot.checkpoints.find((each) => each.code === scan.checkpoint) ?? null;
  const judged = judge(factsOf(scan, at, snapshot, trusted.token, holder, door, standings));
  const decision = { ...judged, text, badge, holder, isUnlisted: false, before: Object.values(standings) };
  const first = standings[door?.zone];
  if (judged.reason === "already_admitted") decision.first_at = first?.entered_at ?? null;
  return countIn(decision, scan, at, snapshot, door, standings);
}

// Resolves to the badge's id, its holder (null without a record on this device) and their standings by zone.
async function findHolder(token, snapshot, store) {
  const { id, open } = await recordOf(token);
  const { box, standings } = await store.findBadge(id);
  return { badge: id, holder: box ? holderOf(await open(box, snapshot.dictionary)) : null, standings };
}

async function verifyScan({ text, keys }, { keys: trusted, edition }, layouts) {
  const asRead = await verifyText(text, trusted, edition.number);
  if (asRead.token || asRead.distrust === "wrong_edition") return { ...asRead, text };
  for (const typed of [keys, text]) {
    for (const reading of tokenReadings(typed ?? "", layouts)) {
      const found = await verifyText(reading, trusted, edition.number);
      if (found.token || found.distrust === "wrong_edition") return { ...found, text: reading };
    }
  }
  return asRead;
}

function refusal(reason) {
  return {
    verdict: "refused", reason, overridden: null, questions: [], badge: null, holder: null, isUnlisted: false, before: [],
    standings: [], counted: {},
  };
}

// The fields of a record, in the order in which the server writes them.
function holderOf(record) {
  const [
    name, latin_name, company, country, ticket_type, badge_issue, is_revoked, first_day, last_day, attendee_state,
    order_state, is_paid, party, add_ons, seats, code, attention,
  ] = record;
  return {
    name, latin_name, company, country, ticket_type, badge_issue, is_revoked: Boolean(is_revoked), first_day, last_day,
    attendee_state, order_state, is_paid: Boolean(is_paid), party, add_ons, seats, code, attention,
  };
}

function factsOf(scan, at, { edition }, token, holder, door, standings) {
  const day = dayAtDoor(new Date(at), edition);
  return {
    direction: scan.direction,
    at: new Date(at).toISOString(),
    day,
    day_began_at: dayBeganAt(day, edition).toISOString(),
    time_zone: edition.time_zone,
    forced: Boolean(scan.forced),
    badge: { issue: token.issue },
    holder,
    door,
    standings,
    answers: scan.answers ?? {},
  };
}

// Adds what an admission or an exit changes: the holder's standings, and how many people each zone gains or loses.
// Somebody refused only by the exit's "not inside" leaves anyway. Refuses an entry for which there is no room.
function countIn(decision, scan, at, snapshot, door, standings) {
  const isExit = scan.direction === "exit";
  const passes = decision.verdict === "admitted" || (isExit && decision.reason === "not_inside");
  if (!passes || !door) return { ...decision, standings: [], counted: {} };
  const began = dayBeganAt(dayAtDoor(new Date(at), snapshot.edition), snapshot.edition).getTime();
  const isInside = (each) => each?.is_inside && Date.parse(each.entered_at) >= began;
  const { party } = decision.holder;
  const zone = snapshot.zones.find((each) => each.code === door.zone);
  const here = standings[door.zone];
  if (isExit) {
    const left = { ...standingAt(here, decision.badge, door.zone, at), is_inside: false, left_at: iso(at) };
    return { ...decision, standings: [left], counted: isInside(here) ? { [door.zone]: -party } : {} };
  }
  const joins = isInside(here) ? 0 : party;
  if (zone?.capacity != null && joins && zone.inside + joins > zone.capacity) {
    return { ...decision, verdict: "refused", reason: "zone_full", overridden: null, standings: [], counted: {} };
  }
  const before = standingAt(here, decision.badge, door.zone, at);
  const isFirstToday = !here?.entered_at || Date.parse(here.entered_at) < began;
  const entered = {
    ...before,
    is_inside: true,
    entries: before.entries + 1,
    entries_today: isFirstToday ? 1 : before.entries_today + 1,
    entered_at: iso(at),
  };
  const left = leaveOthers(zone, snapshot.zones, standings, isInside, at);
  const counted = Object.fromEntries(left.map((each) => [each.zone, -party]));
  return { ...decision, standings: [entered, ...left], counted: { ...counted, [door.zone]: joins } };
}

// Entering one hall of a group leaves the others.
function leaveOthers(zone, zones, standings, isInside, at) {
  if (!zone?.exclusive_group) return [];
  return zones
    .filter((each) => each.exclusive_group === zone.exclusive_group && each.code !== zone.code)
    .map((each) => standings[each.code])
    .filter(isInside)
    .map((each) => ({ ...each, is_inside: false, left_at: iso(at), as_of: iso(at) }));
}

function standingAt(known, id, zone, at) {
  const never = { id, zone, is_inside: false, entries: 0, entries_today: 0, entered_at: null, left_at: null };
  return { ...never, ...known, as_of: iso(at) };
}

function iso(at) {
  return new Date(at).toISOString();
}
