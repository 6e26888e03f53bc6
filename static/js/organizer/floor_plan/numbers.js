// Numbers of new booths, … continue from the number entered, or from the last booth.

import { model } from "./model.js";

const field = document.querySelector("[data-number]");

/** Returns the next number that no booth has: the one entered, or what follows it. */
export function nextNumber() {
  const [code] = freeNumbers(field?.value.trim() || lastCode(), 1);
  if (field?.value) field.value = increase(code);
  return code;
}

/** Returns the first numbers from one on that no booth has. */
export function freeNumbers(from, count) {
  const taken = new Set([...model.booths.values()].map(({ code }) => folded(code)));
  const found = [];
  for (let code = from; found.length < count; code = increase(code)) if (!taken.has(folded(code))) found.push(code);
  return found;
}

/** Returns a number so that case and width do not matter, as the server compares them. */
const folded = (code) => code.normalize("NFKC").toLowerCase();

function lastCode() {
  return [...model.booths.values()].at(-1)?.code ?? "A-01";
}

/** Returns a number increased by one, with as many digits. */
export function increase(code) {
  const match = code.match(/^(.*?)(\d+)(\D*)$/);
  if (!match) return `${code}-1`;
  const [, prefix, digits, rest] = match;
  return `${prefix}${String(BigInt(digits) + 1n).padStart(digits.length, "0")}${rest}`;
}
