// Sends a scan in the session of a signed-in steward, for browsers that are not a device of the door, and retries until
// there is a response. Retries use the same scan id, so it is counted once.

import { Busy, retryAfter } from "./api.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
const TIMEOUT_MS = 8000;

export class SignedOut extends Error {}
export class NotChecked extends Error {}

let csrfToken = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// Resolves to the result of a scan, `made` at a time of this page's clock. `onWaiting` is called before each retry, with
// the wait in seconds if the server is busy and without an argument if there is no network. `signal` cancels the scan.
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
      signal: withTimeout(signal),
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
    signal: withTimeout(signal),
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

// `AbortSignal.any` is newer than the oldest browsers that scan here.
function withTimeout(signal) {
  const either = new AbortController();
  setTimeout(() => either.abort(), TIMEOUT_MS);
  signal.addEventListener("abort", () => either.abort(signal.reason), { once: true });
  return either.signal;
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
