// The time at the door: this device's clock, corrected by its offset from the server's.

const LONGEST_ROUND_TRIP_MS = 2000; // a slower answer says too little about the clock
const REPORTED_MS = 60_000;

export class Clock {
  skewMs = 0; // how far this device's clock is ahead

  now() {
    return Date.now() - this.skewMs;
  }

  // Whether people should be told that this device's clock is wrong.
  get isWrong() {
    return Math.abs(this.skewMs) > REPORTED_MS;
  }

  // Learns from an answer's `server_time`, and the device's times before and after the call.
  learn(serverTime, before, after) {
    if (after - before > LONGEST_ROUND_TRIP_MS) return;
    this.skewMs = Math.round((before + after) / 2 - Date.parse(serverTime));
  }
}
