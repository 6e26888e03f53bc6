// A scan on a device with the door's data: decided here, stored, confirmed by the server, and corrected if it disagrees.

import { PATIENCE_MS } from "./connection.js";
import { decide } from "./decide.js";
import { describeAnswer, describeDecision } from "./describe.js";
import { newScan } from "./scan.js";

// With fresh data the server is given this long to answer first; another door may have just scanned the same badge.
const GRACE_MS = 80;
const FRESH_MS = 60_000;
const OLD_MS = 60_000;
const UNDO_MS = 120_000;

export class Scanner {
  // `onCorrection(scan, shown)` is called when the server disagrees with a verdict that has been shown.
  constructor({ store, sync, clock, connection, layouts, mayForce, onCorrection }) {
    Object.assign(this, { store, sync, clock, connection, layouts, mayForce, onCorrection });
    this.last = null; // the last passage, as long as it can be undone
  }

  get snapshot() {
    return this.sync.snapshot;
  }

  get age() {
    return this.clock.now() - this.snapshot.as_of;
  }

  // Scans a text. Resolves to { scan, shown } or, if questions have to be answered first, to { questions, shown }.
  async scan(wanted) {
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
    await this.#keep(scan, decision, local);
    if (this.connection.isOnline) return { scan, ...(await this.#confirm(scan, decision, local)) };
    this.sync.now();
    return { scan, shown: local };
  }

  // Waits a little for the server; what it says later corrects the verdict. Resolves as `scan` does.
  async #confirm(scan, decision, local) {
    const answered = this.sync.confirm(scan).then(
      (answer) => this.#compare(scan, decision, local, answer),
      (error) => {
        this.sync.now();
        return { error };
      },
    );
    const patience = this.age < FRESH_MS && !decision.isUnlisted ? GRACE_MS : PATIENCE_MS;
    const first = await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, patience, null))]);
    if (first?.shown) return first;
    if (!first) {
      answered.then(({ shown, disagrees }) => {
        if (disagrees) this.onCorrection(scan, shown);
      });
    }
    return { shown: local };
  }

  // Describes the server's answer to a scan.
  describe(scan, answer, local = null) {
    return describeAnswer(answer, scan, this.snapshot, this.mayForce, local);
  }

  async #compare(scan, decision, local, answer) {
    const shown = this.describe(scan, answer, local);
    const disagrees = isDisagreement(scan, answer);
    if (disagrees && answer.verdict !== "admitted") {
      await this.store.restoreStandings(scan.badge, scan.before).catch(() => {});
      this.count(scan.counted, -1);
      if (this.last === scan) this.last = null;
    } else if (disagrees) this.last = scan;
    await this.store.noteInHistory(scan.scan_id, { tone: shown.tone, word: shown.word, name: shown.attendee?.name ?? "" }).catch(() => {});
    // The server knows a question that this device does not: it stores the scan only with the answers.
    if (answer.verdict === "needs_answers") return { shown, disagrees, questions: answer.questions };
    return { shown, disagrees };
  }

  // Stores the scan before its verdict is shown. A device that cannot store it sends it at once.
  async #keep(scan, decision, local) {
    const entry = {
      scan_id: scan.scan_id, made: scan.made, direction: scan.direction, checkpoint: scan.checkpoint,
      name: local.attendee?.name ?? "", tone: local.tone, word: local.word, verdict: decision.verdict, isSent: false,
    };
    try {
      await this.store.addScan(scan, decision.standings, entry);
    } catch (error) {
      console.error("This scan is not stored:", error);
      this.sync.holdUnstored(scan);
    }
    this.count(scan.counted, 1);
    if (decision.standings.length) this.last = scan;
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
