// The live preview of a photo's square: the picture can be dragged, and follows the sliders, which the keyboard moves.
// Only the sliders' values are sent; without this script the form works in the same way.

const viewport = document.querySelector("[data-photo-crop]");
const form = viewport.closest("form");
const picture = viewport.querySelector("img");
const { photo, centre_x: across, centre_y: down, zoom } = form.elements;
let drag = null;

photo.addEventListener("change", choose);
picture.addEventListener("load", () => show(true));
picture.addEventListener("error", () => show(false));
for (const slider of [across, down, zoom]) slider.addEventListener("input", draw);
addEventListener("resize", draw);
viewport.addEventListener("pointerdown", grab);
viewport.addEventListener("pointermove", pull);
for (const name of ["pointerup", "pointercancel"]) viewport.addEventListener(name, () => { drag = null; });
if (photo.files.length) choose(); // the browser has kept the file over a reload

function choose() {
  URL.revokeObjectURL(picture.src);
  const [file] = photo.files;
  if (!file) return show(false);
  picture.src = URL.createObjectURL(file);
}

function show(isReadable) {
  for (const part of form.querySelectorAll("[data-photo-crop], [data-photo-hint]")) part.hidden = !isReadable;
  draw();
}

/** How far the picture reaches beyond the square on each axis, in pixels of the screen. */
function measure() {
  const size = viewport.clientWidth;
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = (size / Math.min(width, height)) * (zoom.valueAsNumber / 100);
  return { scale, beyondX: width * scale - size, beyondY: height * scale - size };
}

function draw() {
  if (viewport.hidden) return;
  const { scale, beyondX, beyondY } = measure();
  picture.style.inlineSize = `${picture.naturalWidth * scale}px`;
  const left = (-beyondX * across.valueAsNumber) / 100;
  const top = (-beyondY * down.valueAsNumber) / 100;
  picture.style.transform = `translate(${left}px, ${top}px)`;
}

function grab(event) {
  if (event.button !== 0) return;
  event.preventDefault();
  viewport.setPointerCapture(event.pointerId);
  drag = { x: event.clientX, y: event.clientY, across: across.valueAsNumber, down: down.valueAsNumber };
}

function pull(event) {
  if (!drag) return;
  const { beyondX, beyondY } = measure();
  if (beyondX > 0) across.value = drag.across - ((event.clientX - drag.x) / beyondX) * 100;
  if (beyondY > 0) down.value = drag.down - ((event.clientY - drag.y) / beyondY) * 100;
  draw();
}
