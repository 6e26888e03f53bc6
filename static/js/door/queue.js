// Badges scanned while another scan was pending, in order.

export class ScanQueue {
  #waiting = [];

  get length() {
    return this.#waiting.length;
  }

  // Appends a scan; returns false if the same badge is already queued.
  add(scan) {
    if (this.#waiting.some((each) => each.text === scan.text)) return false;
    this.#waiting.push(scan);
    return true;
  }

  addFirst(scan) {
    this.#waiting.unshift(scan);
  }

  // Removes and returns the next scan; undefined if the queue is empty.
  take() {
    return this.#waiting.shift();
  }
}
