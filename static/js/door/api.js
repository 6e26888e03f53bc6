// Calls the API as this device. Every failure is one of the errors below; an answer that is cut short is a lost one.

export class NoAnswer extends Error {} // no network, no answer in time, or only a part of it
export class Unauthorized extends Error {} // this device's token is not accepted
export class Rejected extends Error {} // the server does not accept the request, now or later
// The server is busy; `seconds` is the wait it requests, if any.
export class Busy extends Error {
  constructor(seconds) {
    super("busy");
    this.seconds = seconds;
  }
}

const TIMEOUT_MS = 8000;
const LONGEST_WAIT_SECONDS = 60;

export class Api {
  #token;
  #onCall;

  // `onCall(milliseconds | null)` is called with how long each answer took; null if there was none.
  constructor(token, onCall) {
    this.#token = token;
    this.#onCall = onCall;
  }

  get(path, options) {
    return this.#call(path, { method: "GET" }, options);
  }

  post(path, body, options) {
    const headers = { "Content-Type": "application/json" };
    return this.#call(path, { method: "POST", headers, body: JSON.stringify(body) }, options);
  }

  async #call(path, { headers, ...init }, { timeout = TIMEOUT_MS } = {}) {
    const began = performance.now();
    let answer;
    let body;
    try {
      answer = await fetch(`/api/v1${path}`, {
        ...init,
        headers: { ...headers, Accept: "application/json", Authorization: `Bearer ${this.#token}` },
        signal: AbortSignal.timeout(timeout),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
      });
      body = await answer.json();
    } catch (error) {
      if (!answer || answer.ok) {
        this.#onCall(null);
        throw new NoAnswer(String(error));
      }
    }
    if (answer.status === 429 || answer.status >= 500) throw new Busy(retryAfter(answer));
    this.#onCall(performance.now() - began);
    if (answer.ok) return body;
    // The sign-in page of a venue's network answers with errors too, but not with ours.
    if (!body?.code) throw new NoAnswer(`not our server: ${answer.status}`);
    if (answer.status === 401) throw new Unauthorized(body.code);
    throw new Rejected(`${answer.status} ${body.code}`);
  }
}

// Returns the seconds of Retry-After, at most a minute; null if the header is missing or a date.
export function retryAfter(answer) {
  const seconds = Number(answer.headers.get("Retry-After") ?? "");
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : null;
}
