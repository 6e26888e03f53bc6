// Snapping: edges catch those of neighbours within reach, otherwise the grid.

import { data, model, placed } from "./model.js";

const REACH = 0.4; // metres

/** Returns how far to shift a box so that its edges meet those of others, the hall, or the grid. */
export function snapShift(box) {
  const others = placed().filter((each) => !model.selection.has(each.id));
  return [
    shift([box.x, box.x + box.width], box.x, lines(others, "x", "width", data.width)),
    shift([box.y, box.y + box.depth], box.y, lines(others, "y", "depth", data.depth)),
  ];
}

/** Returns a coordinate at the nearest edge of a neighbour, or on the grid. */
export function snapEdge(value, axis) {
  const [start, size, whole] = axis === "x" ? ["x", "width", data.width] : ["y", "depth", data.depth];
  const others = placed().filter((each) => !model.selection.has(each.id));
  return value + shift([value], value, lines(others, start, size, whole));
}

function lines(others, start, size, whole) {
  return [0, whole, ...others.flatMap((each) => [each[start], each[start] + each[size]])];
}

function shift(edges, first, targets) {
  let best = null;
  for (const edge of edges) {
    for (const target of targets) {
      if (Math.abs(target - edge) < REACH && (best === null || Math.abs(target - edge) < Math.abs(best))) best = target - edge;
    }
  }
  return best ?? Math.round(first / data.grid) * data.grid - first;
}
