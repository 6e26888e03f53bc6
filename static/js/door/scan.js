// A scan, as this device stores it and as the server receives it.

// Returns a new scan. `made` is the corrected time of the door, `device_time` what this device's clock said, `skew_ms`
// how far that clock was ahead.
export function newScan({ text, keys = "", checkpoint, direction, force = {}, answers = {} }, clock) {
  const deviceTime = Date.now();
  return {
    scan_id: newId(), text, keys, checkpoint, direction, answers, ...force,
    made: deviceTime - clock.skewMs, device_time: deviceTime, skew_ms: clock.skewMs,
  };
}

// Returns the scan as the API takes it. While somebody waits for the answer (`isLive`) the server decides; later it
// records what was decided here.
export function sendable(scan, { isLive = false } = {}) {
  const { scan_id, text, token, checkpoint, direction, forced, force_reason, force_note, decided, undoes } = scan;
  return {
    scan_id,
    token: token ?? text,
    checkpoint,
    direction,
    scanned_at: iso(scan.made),
    device_time: iso(scan.device_time),
    skew_ms: scan.skew_ms,
    ...(forced && { forced, force_reason, force_note }),
    ...(Object.keys(scan.answers ?? {}).length && { answers: scan.answers }),
    ...(undoes && { undoes }),
    ...(decided && !isLive && { decided }),
  };
}

// A page that is not served over HTTPS has no crypto.randomUUID.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function iso(milliseconds) {
  return new Date(milliseconds).toISOString();
}
