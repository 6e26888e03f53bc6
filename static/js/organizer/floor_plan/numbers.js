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
  const taken = new Set([...model.booths.values()].map(({ code }) => code));
  const found = [];
  for (let code = from; found.length < count; code = increase(code)) if (!taken.has(code)) found.push(code);
  return found;
}

function lastCode() {
  return [...model.booths.values()].at(-1)?.code ?? "A-01";
}

/** Returns a number increased by one, with as many digits. */
export function increase(code) {
  const match = code.match(/^(.*?)(\d+)(\D*)$/);
  if (!match) return `${code}-1`;
  const [, prefix, digits, rest] = match;
  return `${prefix}${String(Number(digits) + 1).padStart(digits.length, "0")}${rest}`;
}
