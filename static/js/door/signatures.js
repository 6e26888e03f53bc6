// Ed25519 signatures (RFC 8032), verified by the browser, or by the library beside this page where it cannot.

const LIBRARY = "../../vendor/noble-curves-1.6.0/ed25519.js";
const POINT_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

const imported = new Map();
let verifier = null;

// Resolves to whether a key signed a message; false for anything that is not a signature or not a key.
export async function isSigned(signature, message, publicKey) {
  verifier ??= chooseVerifier();
  return (await verifier)(signature, message, publicKey);
}

async function chooseVerifier() {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return verifyByBrowser;
  } catch {
    return verifyByLibrary;
  }
}

export async function verifyByBrowser(signature, message, publicKey) {
  try {
    return await crypto.subtle.verify("Ed25519", await importKey(publicKey), signature, message);
  } catch {
    return false;
  }
}

// Importing a key takes longer than verifying with it.
function importKey(publicKey) {
  const name = publicKey.join();
  if (!imported.has(name)) imported.set(name, crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]));
  return imported.get(name);
}

// As strict as browsers and the server's library. This one checks the equation times the cofactor 8, which also holds for
// signatures whose point has a part of small order; only the owner of a key can make those, and they are none.
export async function verifyByLibrary(signature, message, publicKey) {
  const { ed25519 } = await import(LIBRARY);
  const { ExtendedPoint } = ed25519;
  try {
    if (signature.length !== SIGNATURE_LENGTH) return false;
    if (!ed25519.verify(signature, message, publicKey, { zip215: false })) return false;
    return [publicKey, signature.slice(0, POINT_LENGTH)].every((each) => isOfPrimeOrder(ExtendedPoint.fromHex(each)));
  } catch {
    return false;
  }
}

// The library's own check fails for points of order 2 and 4, because its addition is not complete.
function isOfPrimeOrder(point) {
  return point.isSmallOrder() ? point.equals(point.constructor.ZERO) : point.isTorsionFree();
}
