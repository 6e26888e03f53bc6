// Sends a scan and retries until there is a response. Retries use the same scan id, so it is counted once.

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
const LONGEST_WAIT_SECONDS = 60;
const TIMEOUT_MS = 8000;

export class SignedOut extends Error {}
export class NotChecked extends Error {}
// The server answers, but not now; `seconds` is how long it asks to wait, where it says so.
export class Busy extends Error {
  constructor(seconds) {
    super("busy");
    this.seconds = seconds;
  }
}

let csrfToken = document.querySelector('meta[name="csrf-token"]').content;

// Answers what the server said of a scan that was `made` at a moment of this page. `onWaiting` is called before each new
// try: with how many seconds of waiting a busy server asks for, or with nothing without a network. `signal` gives the
// scan up.
export async function send(scan, made, { scans_url, token_url }, onWaiting, signal) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await post({ ...scan, age_ms: Math.round(performance.now() - made) }, scans_url, token_url, signal);
    } catch (error) {
      if (signal.aborted || error instanceof SignedOut || error instanceof NotChecked) throw error;
      const wait = error instanceof Busy && error.seconds ? error.seconds * 1000 : WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)];
      onWaiting(error instanceof Busy ? Math.ceil(wait / 1000) : undefined);
      await pause(wait, signal);
    }
  }
}

// Looks up the owner of a short code, as far as the steward may know. Not retried, because it admits nobody.
export async function lookUp(code, { code_url }, signal) {
  let answer;
  try {
    answer = await fetch(`${code_url}?${new URLSearchParams({ code })}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      redirect: "manual",
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NotChecked();
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new SignedOut();
  if (!answer.ok) throw new NotChecked();
  return answer.json();
}

async function post(scan, url, tokenUrl, signal, mayRenew = true) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken, Accept: "application/json" },
    body: JSON.stringify(scan),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    redirect: "manual",
  });
  if (answer.ok) return answer.json();
  if (answer.status === 400 && mayRenew) {
    csrfToken = (await fetchToken(tokenUrl)) ?? csrfToken;
    return post(scan, url, tokenUrl, signal, false);
  }
  if (answer.type === "opaqueredirect" || answer.status === 400 || answer.status === 403) throw new SignedOut();
  if (answer.status === 429 || answer.status >= 500) throw new Busy(retryAfter(answer));
  throw new NotChecked();
}

// Answers the seconds of Retry-After, no more than a minute; null where the header is missing or a date.
function retryAfter(answer) {
  const seconds = Number(answer.headers.get("Retry-After") ?? "");
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : null;
}

async function fetchToken(url) {
  const answer = await fetch(url, { redirect: "manual" });
  return answer.ok ? (await answer.json()).csrf_token : null;
}

// Waits, but only until the network is back.
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    window.addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}
