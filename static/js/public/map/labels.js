// Numbers and names of the booths in view. Laying out text is slow on a phone: all thousand labels at once take half a
// second, so those out of view have none, and the others appear a few in each frame.

const MARGIN = 4; // metres around the view
const IN_A_FRAME = 24;

/** Returns how to show the labels of a level (0: none, 1: numbers, 2: names too) within a part of the hall, in metres. */
export function enableLabels(svg) {
  const booths = [...svg.querySelectorAll(".map-booth")].map((element) => {
    const label = element.querySelector(".map-number");
    return { element, x: Number(label.getAttribute("x")), y: Number(label.getAttribute("y")), level: 0 };
  });
  let wanted = null;
  let waiting = 0;

  function levelOf({ x, y }) {
    const { level, left, top, width, depth } = wanted;
    const isNear = x > left - MARGIN && x < left + width + MARGIN && y > top - MARGIN && y < top + depth + MARGIN;
    return isNear ? level : 0;
  }

  function show() {
    waiting = 0;
    let changes = 0;
    for (const booth of booths) {
      const level = levelOf(booth);
      if (level === booth.level) continue;
      if (changes === IN_A_FRAME) {
        waiting = requestAnimationFrame(show);
        return;
      }
      changes += 1;
      booth.level = level;
      if (level) booth.element.dataset.labels = String(level);
      else delete booth.element.dataset.labels;
    }
  }

  return (level, left, top, width, depth) => {
    wanted = { level, left, top, width, depth };
    waiting ||= requestAnimationFrame(show);
  };
}
