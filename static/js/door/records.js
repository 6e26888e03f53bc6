// The record of a badge's holder, as expo/pure/door_records.py writes it: found and opened with keys from the badge's
// own token, so that this device can read only about people whose badges it has seen.

import { decodeBase64 } from "./token.js";

const SALT = new TextEncoder().encode("expo-door-v1");
const ID_BITS = 72;
const NONCE_LENGTH = 8;

// Resolves to the id under which a token's record is stored, and a function that opens that record.
export async function recordOf({ bytes }) {
  const material = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
  const derivation = (info) => ({ name: "HKDF", hash: "SHA-256", salt: SALT, info: new TextEncoder().encode(info) });
  const aes = { name: "AES-GCM", length: 128 };
  const key = crypto.subtle.deriveKey(derivation("key"), material, aes, false, ["decrypt"]);
  const id = encodeBase64(new Uint8Array(await crypto.subtle.deriveBits(derivation("id"), material, ID_BITS)));
  const open = async (box, dictionary) => {
    const sealed = decodeBase64(box);
    const iv = new Uint8Array(12);
    iv.set(sealed.subarray(0, NONCE_LENGTH), iv.length - NONCE_LENGTH);
    const packed = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key, sealed.subarray(NONCE_LENGTH));
    return JSON.parse(new TextDecoder().decode(await inflate(new Uint8Array(packed), decodeBase64(dictionary))));
  };
  return { id, open };
}

// Decompresses raw DEFLATE (RFC 1951) that refers to a preset dictionary. Browsers cannot set one, but a stored block
// before the data puts the same bytes where the references lead; they are then cut off.
async function inflate(packed, dictionary) {
  const { length } = dictionary;
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  const header = [0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255];
  for (const part of [new Uint8Array(header), dictionary, packed]) writer.write(part).catch(() => {});
  writer.close().catch(() => {}); // errors come with the reading
  return new Uint8Array(await new Response(readable).arrayBuffer(), length);
}

function encodeBase64(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
}
