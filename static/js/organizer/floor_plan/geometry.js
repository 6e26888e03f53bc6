// Shapes in metres: corners, and shapes moved and turned.

/** Returns the outline of a booth. */
export function corners({ x, y, width, depth, rotation, polygon }) {
  if (polygon?.length) return polygon;
  const points = [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]];
  return rotation ? points.map((point) => turnedPoint(point, [x + width / 2, y + depth / 2], rotation)) : points;
}

export const centre = ({ x, y, width, depth }) => [x + width / 2, y + depth / 2];

/** Returns a shape moved by some metres. */
export function moved(shape, dx, dy) {
  const polygon = shape.polygon.map(([x, y]) => [x + dx, y + dy]);
  return { ...shape, x: shape.x + dx, y: shape.y + dy, polygon };
}

/** Returns a shape turned clockwise by some degrees around its centre; a polygon gets other corners. */
export function turned(shape, degrees) {
  if (!shape.polygon.length) return { ...shape, rotation: (((Math.round(shape.rotation + degrees) % 360) + 360) % 360) };
  const middle = centre(shape);
  const polygon = shape.polygon.map((point) => turnedPoint(point, middle, degrees).map(nearest));
  return { ...shape, ...boxAround(polygon), polygon };
}

/** Returns a shape turned by 90 degrees; an upright rectangle stays upright. */
export function turnedRight(shape) {
  if (shape.polygon.length) return turned(shape, 90);
  const [cx, cy] = centre(shape);
  return { ...shape, x: cx - shape.depth / 2, y: cy - shape.width / 2, width: shape.depth, depth: shape.width };
}

export function boxAround(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: nearest(Math.max(...xs) - x), depth: nearest(Math.max(...ys) - y) };
}

/** Returns a number of metres rounded to centimetres. */
export const nearest = (value) => Math.round(value * 100) / 100;

function turnedPoint([px, py], [cx, cy], degrees) {
  const [cosine, sine] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
  return [cx + (px - cx) * cosine - (py - cy) * sine, cy + (px - cx) * sine + (py - cy) * cosine];
}
