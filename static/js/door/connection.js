// Whether it is worth waiting for the server, judging by its last calls.

export const MAX_WAIT_MS = 800;
const SLOW_CALLS = 2; // in a row, so that one slow answer changes nothing

export class Connection {
  #state = navigator.onLine ? "online" : "offline";
  #slow = 0;
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
    window.addEventListener("offline", () => this.#set("offline"));
  }

  // online, slow, busy or offline
  get state() {
    return this.#state;
  }

  get isOnline() {
    return this.#state === "online";
  }

  // Notes how long a call took; null if there was no answer.
  note(milliseconds) {
    if (milliseconds === null) {
      this.#slow = SLOW_CALLS; // the first quick answer makes it online again
      this.#set("offline");
      return;
    }
    this.#slow = milliseconds > MAX_WAIT_MS ? this.#slow + 1 : 0;
    this.#set(this.#slow >= SLOW_CALLS ? "slow" : "online");
  }

  noteBusy() {
    this.#set("busy");
  }

  #set(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange();
  }
}
