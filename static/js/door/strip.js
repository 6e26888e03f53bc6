// The strip: online or offline, how old the data is, how many scans are unsent, and what is wrong with this device.

import { byId, data, fill, formatAge, joinFacts, texts } from "./page_data.js";

const OLD_MS = 120_000;

// Shows the state of the connection, the data and the queue.
export function showStatus({ state, age, unsent, problems, corrections, skewMs }) {
  const network = byId("network");
  if (network.dataset.state !== state) {
    network.dataset.state = state;
    byId("network-word").textContent = texts[state];
  }
  write("data-age", age === null ? "" : fill(texts.data_age, { age: formatAge(age) }));
  byId("data-age").dataset.isOld = age !== null && age > OLD_MS;
  write("unsent", unsent ? fill(texts.unsent, { count: unsent.toLocaleString(data.language) }) : "");
  const clock = skewMs && fill(skewMs > 0 ? texts.clock_fast : texts.clock_slow, { age: formatAge(Math.abs(skewMs)) });
  const corrected = corrections && fill(texts.corrections, { count: corrections.toLocaleString(data.language) });
  write("problems", joinFacts([...problems, clock, corrected]));
}

// Shows how many people are inside, if there is a limit.
export function showRoom(room) {
  const count = (number) => number.toLocaleString(data.language);
  write("room", room ? fill(texts.room, { inside: count(room.inside), capacity: count(room.capacity) }) : "");
}

function write(id, words) {
  if (byId(id).textContent !== words) byId(id).textContent = words;
  byId(id).hidden = !words;
}
