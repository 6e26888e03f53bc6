// A badge's token, read from its Base32 text and verified with the expo's public keys, as in expo/pure/tokens.py.

import { isSigned } from "./signatures.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const TEXT_LENGTH = 122;
const BODY_LENGTH = 12;
const VERSION = 1;

// Returns the parts of a token, not yet verified, or null if the text is not one.
export function parseToken(text) {
  text = text.trim();
  if (text.length !== TEXT_LENGTH || !/^[A-Za-z2-7]+$/.test(text)) return null;
  const bytes = decodeBase32(text.toUpperCase());
  if (!bytes) return null;
  const view = new DataView(bytes.buffer);
  if (view.getUint8(0) !== VERSION || view.getUint8(11) === 0) return null;
  return { bytes, keyId: view.getUint8(1), edition: view.getUint16(2), issue: view.getUint8(9) };
}

// Returns the 76 bytes of a text, or null if its trailing bits are not zero: each badge has exactly one text.
function decodeBase32(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const letter of text) {
    value = ((value << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (value >> bits) & 0xff;
    }
  }
  return value & ((1 << bits) - 1) ? null : bytes;
}

// Resolves to { token } of this edition or { distrust }: "unknown_token", "bad_signature" or "wrong_edition".
// `keys` are the snapshot's. A badge of another expo is only recognized if its key is among them.
export async function verifyText(text, keys, edition) {
  const token = parseToken(text);
  if (!token) return { distrust: "unknown_token" };
  const candidates = keys.filter((each) => each.key_id === token.keyId && [edition, token.edition].includes(each.edition));
  for (const { public_key } of candidates) {
    const [body, signature] = [token.bytes.subarray(0, BODY_LENGTH), token.bytes.subarray(BODY_LENGTH)];
    if (await isSigned(signature, body, decodeBase64(public_key))) {
      return token.edition === edition ? { token } : { distrust: "wrong_edition" };
    }
  }
  return { distrust: "bad_signature" };
}

export function decodeBase64(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}
