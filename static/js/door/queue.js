// Badges that were scanned while another one waited for its answer, in their order.

export class ScanQueue {
  #waiting = [];

  get length() {
    return this.#waiting.length;
  }

  // Adds a scan at the end; returns false where the same badge waits already.
  add(scan) {
    if (this.#waiting.some((each) => each.text === scan.text)) return false;
    this.#waiting.push(scan);
    return true;
  }

  addFirst(scan) {
    this.#waiting.unshift(scan);
  }

  // Takes the next scan out; undefined where none waits.
  take() {
    return this.#waiting.shift();
  }
}
