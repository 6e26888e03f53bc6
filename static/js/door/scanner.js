// A scan on a device with the door's data: decided here, stored, shown, confirmed by the server, and corrected if it
// disagrees.

import { MAX_WAIT_MS } from "./connection.js";
import { decide } from "./decide.js";
import { describeAnswer, describeDecision } from "./describe.js";
import { newScan } from "./scan.js";

// The verdict is final, with its sound, after this time at the latest: another door may have just scanned the same badge.
const GRACE_MS = 80;
const FRESH_MS = 60_000;
const OLD_MS = 60_000;
const UNDO_MS = 120_000;

export class Scanner {
  // Of a verdict that is final, `onCorrection(scan, shown)` says that the server disagrees, `onConfirmation(scan, shown)`
  // that it agrees, and what else it knows.
  constructor({ store, sync, clock, connection, layouts, mayForce, onCorrection, onConfirmation }) {
    Object.assign(this, { store, sync, clock, connection, layouts, mayForce, onCorrection, onConfirmation });
    this.last = null; // the last passage, as long as it can be undone
  }

  get snapshot() {
    return this.sync.snapshot;
  }

  get age() {
    return this.clock.now() - this.snapshot.as_of;
  }

  // Scans a text. `onVerdict(shown, scan)` gets what this device decides once the scan is stored, unless the server
  // should know better. Resolves to the final { scan, shown, disagrees, stored } or, if questions have to be answered
  // first, to { questions, shown }. The next scan has to wait for `stored`.
  async scan(wanted, onVerdict) {
    const scan = newScan(wanted, this.clock);
    const decision = await decide(scan, scan.made, this.snapshot, this.store, this.layouts);
    const local = describeDecision(decision, scan, this.snapshot, this.mayForce);
    if (this.age > OLD_MS) local.asOf = this.snapshot.as_of;
    if (decision.verdict === "needs_answers") return { questions: this.#questions(scan, decision), shown: local };
    Object.assign(scan, {
      token: decision.text,
      badge: decision.badge,
      before: decision.before,
      counted: decision.counted,
      decided: {
        verdict: decision.verdict,
        reason: decision.reason,
        at: new Date(scan.made).toISOString(),
        data_as_of: new Date(this.snapshot.as_of).toISOString(),
      },
    });
    const { isOnline } = this.connection;
    // A badge that this device does not know, or knows from old data, is left to the server for a moment.
    const waits = isOnline && (decision.isUnlisted || this.age >= FRESH_MS);
    const sent = isOnline ? this.sync.confirm(scan) : null;
    const stored = this.#keep(scan, decision, local, sent);
    await stored; // the scan is on disk before anybody is let in: a browser may be killed at any moment
    if (!waits) onVerdict(local, scan);
    const result = sent ? this.#confirm(scan, local, sent, stored, waits ? MAX_WAIT_MS : GRACE_MS) : { shown: local };
    if (!isOnline) stored.then(() => this.sync.now());
    return { scan, stored, ...(await result) };
  }

  // Waits a little for the server; what it says later corrects the verdict. Resolves as `scan` does.
  async #confirm(scan, local, sent, stored, patience) {
    const answered = sent.then(
      (answer) => this.#compare(scan, local, answer),
      (error) => {
        stored.then(() => this.sync.now());
        return { error };
      },
    );
    const first = await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, patience, null))]);
    if (first?.shown) return first;
    if (!first) {
      answered.then(({ shown, disagrees }) => {
        if (disagrees) this.onCorrection(scan, shown);
        else if (shown) this.onConfirmation(scan, shown);
      });
    }
    return { shown: local };
  }

  // Describes the server's answer to a scan.
  describe(scan, answer, local = null) {
    return describeAnswer(answer, scan, this.snapshot, this.mayForce, local);
  }

  // The store works in the order in which it is asked, so nothing has to be waited for.
  #compare(scan, local, answer) {
    const shown = this.describe(scan, answer, local);
    const disagrees = isDisagreement(scan, answer);
    if (disagrees && answer.verdict !== "admitted") {
      this.store.restoreStandings(scan.badge, scan.before).catch(() => {});
      this.count(scan.counted, -1);
      if (this.last === scan) this.last = null;
    } else if (disagrees) this.last = scan;
    this.store.noteInHistory(scan.scan_id, { tone: shown.tone, word: shown.word, name: shown.attendee?.name ?? "" }).catch(() => {});
    // The server knows a question that this device does not: it stores the scan only with the answers.
    if (answer.verdict === "needs_answers") return { shown, disagrees, questions: answer.questions };
    return { shown, disagrees };
  }

  // Stores the scan; what cannot be stored is kept in memory until it is sent.
  async #keep(scan, decision, local, sent) {
    let isAnswered = false;
    sent?.then(() => { isAnswered = true; }, () => {});
    this.count(scan.counted, 1);
    if (decision.standings.length) this.last = scan;
    const entry = {
      scan_id: scan.scan_id, made: scan.made, direction: scan.direction, checkpoint: scan.checkpoint,
      name: local.attendee?.name ?? "", tone: local.tone, word: local.word, verdict: decision.verdict, isSent: false,
    };
    try {
      await this.store.addScan(scan, decision.standings, entry);
    } catch (error) {
      console.error("This scan is not stored:", error);
      if (!isAnswered) this.sync.holdUnstored(scan);
    }
  }

  // Adds (or with -1 takes back) what scans change in the zones until the server's numbers contain them.
  count(counted, sign) {
    for (const zone of this.snapshot.zones) zone.inside += sign * (counted[zone.code] ?? 0);
  }

  #questions({ checkpoint }, { questions }) {
    const door = this.snapshot.checkpoints.find((each) => each.code === checkpoint);
    return door.questions.filter((each) => questions.includes(each.id));
  }

  // Returns the scan that can still be undone, or null.
  get undoable() {
    return this.last && this.clock.now() - this.last.made < UNDO_MS ? this.last : null;
  }

  // Undoes the last passage on this device, and has the server undo it.
  async undo() {
    const undone = this.undoable;
    if (!undone) return;
    this.last = null;
    const { text, token, checkpoint, direction } = undone;
    const undo = { ...newScan({ text, checkpoint, direction }, this.clock), token, undoes: undone.scan_id };
    await this.store.restoreStandings(undone.badge, undone.before);
    await this.store.addUndo(undo);
    this.count(undone.counted, -1);
    this.sync.now();
  }
}

// Whether the server's verdict on a scan differs from the one that was shown.
export function isDisagreement({ decided }, answer) {
  return Boolean(answer.disagrees) || answer.verdict !== decided.verdict;
}
