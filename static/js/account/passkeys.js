// Asks the browser for a passkey. Without this script or without passkey support, the page's other methods still work.

for (const place of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => use(place));
}

async function use(place) {
  const button = place.querySelector("button");
  const error = place.querySelector("[role=alert]");
  button.disabled = true;
  error.hidden = true;
  try {
    const options = decode(await send(place.dataset.options, {}));
    const credential =
      place.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: options })
        : await navigator.credentials.get({ publicKey: options });
    const { location: goal } = await send(place.dataset.answer, { answer: encode(credential) });
    location.assign(goal);
  } catch (reason) {
    error.textContent = reason instanceof Refusal ? reason.message : place.dataset.failed;
    error.hidden = false;
    button.disabled = false;
  }
}

class Refusal extends Error {}

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(body),
  });
  if (answer.redirected) {
    location.assign(answer.url);
    throw new Error("redirected to another page first");
  }
  const data = await answer.json();
  if (!answer.ok) throw new Refusal(data.error);
  return data;
}

/** Decodes the server's base64url values into the buffers that the WebAuthn API expects. */
function decode(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const each of list ?? []) each.id = bytes(each.id);
  return options;
}

function encode(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const values = Object.fromEntries(
    fields.filter((name) => response[name]).map((name) => [name, text(response[name])]),
  );
  if (response.getTransports) values.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: values,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
