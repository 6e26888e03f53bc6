"""Drawings in SVG: cleaned by a list of what is allowed, and read for shapes that have a name.

A drawing is shown as a picture only. Nevertheless everything that could run, load or style anything is left out: only
the elements, attributes and style properties listed here remain, and no value may refer to anything.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from expo.errors import Invalid
from expo.pure.plane import Point

MAX_BYTES = 5 * 1024 * 1024
MAX_ELEMENTS = 20_000
MAX_SHAPES = 2000
MAX_LABEL_LENGTH = 100
SVG = "http://www.w3.org/2000/svg"
INKSCAPE_LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"

_GROUPS = {"svg", "g"}
_SHAPES = {"rect", "polygon", "polyline", "path", "circle", "ellipse", "line"}
_ELEMENTS = _GROUPS | _SHAPES | {"text", "tspan", "title", "desc"}
_STYLES = {
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
    "stroke-linejoin", "stroke-dasharray", "opacity", "font-size", "font-weight", "text-anchor", "display",
    "visibility",
}  # fmt: skip
_ATTRIBUTES = _STYLES | {
    "id", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "dx", "dy", "points", "d",
    "transform", "viewBox", "preserveAspectRatio", "dominant-baseline",
}  # fmt: skip
# No references, escapes or addresses in any value.
_UNSAFE_VALUE = re.compile(r"url|[\\@<&]|script|expression|import|//", re.IGNORECASE)
# Names that drawing programs give to shapes automatically.
_MADE_NAME = re.compile(
    r"(rect|path|polygon|polyline|shape|g|svg|layer|group|use|object|line)[-_ ]?[\d.-]*", re.IGNORECASE
)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^)]*)\)")
_PATH_PART = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)")
_PATH_STEPS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
_CORNERS = 3

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class NamedShape:
    """A shape with a name, in the units of the drawing from its upper left corner."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Drawing:
    """A cleaned drawing, its size in its own units, and the named shapes in it."""

    svg: bytes
    width: float
    height: float
    shapes: tuple[NamedShape, ...]


def read_drawing(data: bytes) -> Drawing:
    """Return a cleaned drawing. Raises Invalid `svg_invalid` or `svg_too_large`."""
    too_large = Invalid("svg_too_large", field="file", megabytes=MAX_BYTES // 1024**2, elements=MAX_ELEMENTS)
    if len(data) > MAX_BYTES:
        raise too_large
    root = _parse(data)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise too_large
    left, top, width, height = _view_box(root)
    shapes = tuple(_named_shapes(root, (1, 0, 0, 1, -left, -top)))
    had_styles = any(_name_of(each) == "style" for each in root.iter())
    clean = _clean(root, had_styles=had_styles)
    clean.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    clean.set("width", f"{width:g}")
    clean.set("height", f"{height:g}")
    return Drawing(etree.tostring(clean, encoding="utf-8"), width, height, shapes[:MAX_SHAPES])


def _parse(data: bytes) -> Any:
    """Parse without entities, external files and network. A drawing that declares entities is refused."""
    invalid = Invalid("svg_invalid", field="file")
    if re.search(rb"<!ENTITY", data, re.IGNORECASE):
        raise invalid
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise invalid from None
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise invalid
    if root.tag not in (f"{{{SVG}}}svg", "svg"):
        raise invalid
    return root


def _name_of(element: Any) -> str:
    """Return the local name of an SVG element; of anything else, an empty text."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.rpartition("}")
    return name if space in ("", f"{{{SVG}") else ""


def _clean(element: Any, *, had_styles: bool) -> Any:
    """Return a copy with only what is allowed. Recursion is as deep as the parser allows: 256."""
    names: Any = {None: SVG} if element.getparent() is None else None
    clean = etree.Element(f"{{{SVG}}}{_name_of(element)}", nsmap=names)
    styles = _read_style(element.get("style", ""))
    for name, value in [*element.attrib.items(), *styles]:
        if name in _ATTRIBUTES and not _UNSAFE_VALUE.search(value):
            clean.set(name, value)
    if _name_of(element) in _SHAPES and clean.get("fill") is None and (had_styles or element.get("fill")):
        # Its colour came from what was left out; black areas would hide the rest.
        clean.set("fill", "none")
        clean.set("stroke", clean.get("stroke", "#64748b"))
    if _name_of(element) in {"text", "tspan", "title", "desc"}:
        clean.text = element.text
    for child in element:
        if _name_of(child) in _ELEMENTS:
            copied = _clean(child, had_styles=had_styles)
            copied.tail = child.tail if _name_of(element) in {"text", "tspan"} else None
            clean.append(copied)
    return clean


def _read_style(text: str) -> list[tuple[str, str]]:
    pairs = (part.partition(":") for part in text.split(";"))
    return [(name.strip(), value.strip()) for name, _, value in pairs if name.strip() in _STYLES and value.strip()]


def _view_box(root: Any) -> tuple[float, float, float, float]:
    box = [float(each) for each in _NUMBER.findall(root.get("viewBox", ""))]
    if len(box) != 4:  # noqa: PLR2004 - left, top, width, height
        sizes = [_NUMBER.match(root.get(name, "").strip()) for name in ("width", "height")]
        box = [0, 0, *(float(each[0]) if each else 0.0 for each in sizes)]
    if not all(math.isfinite(each) for each in box) or min(box[2:]) <= 0:
        raise Invalid("svg_invalid", field="file")
    return box[0], box[1], box[2], box[3]


def _named_shapes(element: Any, matrix: Matrix) -> Iterator[NamedShape]:
    """Yield the named rectangles, polygons and paths, with all transformations applied."""
    for child in element:
        name = _name_of(child)
        inner = _multiply(matrix, _read_transform(child.get("transform", "")))
        if name in _GROUPS:
            yield from _named_shapes(child, inner)
            continue
        label = _label_of(child) if name in {"rect", "polygon", "path"} else ""
        points = _points_of(child, name) if label else []
        if len(points) >= _CORNERS:
            yield NamedShape(label, tuple(_apply(inner, each) for each in points))


def _label_of(element: Any) -> str:
    title = next((each.text or "" for each in element if _name_of(each) == "title"), "")
    given = (title, element.get(INKSCAPE_LABEL, ""), element.get("data-name", ""), element.get("id", ""))
    # Illustrator writes characters that an ID may not begin with as _x31_.
    decoded = (re.sub(r"_x([0-9A-Fa-f]{2,4})_", lambda found: chr(int(found[1], 16)), each) for each in given)
    labels = (" ".join(each.split())[:MAX_LABEL_LENGTH] for each in decoded)
    return next((each for each in labels if each and not _MADE_NAME.fullmatch(each)), "")


def _points_of(element: Any, name: str) -> list[Point]:
    if name == "rect":
        x, y, width, height = (_number(element.get(each, "0")) for each in ("x", "y", "width", "height"))
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if name == "polygon":
        numbers = [float(each) for each in _NUMBER.findall(element.get("points", ""))]
        return list(zip(numbers[::2], numbers[1::2], strict=False))
    return _points_of_path(element.get("d", ""))


def _points_of_path(text: str) -> list[Point]:
    """Return the corners of the first closed line of a path; curves count by their ends."""
    points: list[Point] = []
    x = y = 0.0
    for letter, arguments in _PATH_PART.findall(text):
        command, is_relative = letter.upper(), letter.islower()
        if command == "Z" or (command == "M" and points):
            break
        numbers = [float(each) for each in _NUMBER.findall(arguments)]
        size = _PATH_STEPS[command]
        for at in range(0, len(numbers) - size + 1, size):
            step = numbers[at : at + size]
            if command == "H":
                x = step[0] + (x if is_relative else 0)
            elif command == "V":
                y = step[0] + (y if is_relative else 0)
            else:
                x, y = step[-2] + (x if is_relative else 0), step[-1] + (y if is_relative else 0)
            points.append((x, y))
    if len(points) > 1 and math.dist(points[0], points[-1]) < 1e-6:  # noqa: PLR2004 - rounding
        points.pop()
    return points


def _read_transform(text: str) -> Matrix:
    matrix = _IDENTITY
    for kind, arguments in _TRANSFORM.findall(text):
        matrix = _multiply(matrix, _matrix_of(kind, [float(each) for each in _NUMBER.findall(arguments)]))
    return matrix


def _matrix_of(kind: str, values: list[float]) -> Matrix:
    if kind == "matrix" and len(values) == 6:  # noqa: PLR2004 - a to f
        return (values[0], values[1], values[2], values[3], values[4], values[5])
    if kind == "translate" and values:
        return (1, 0, 0, 1, values[0], values[1] if len(values) > 1 else 0)
    if kind == "scale" and values:
        return (values[0], 0, 0, values[1] if len(values) > 1 else values[0], 0, 0)
    if kind == "rotate" and values:
        angle = math.radians(values[0])
        turned: Matrix = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0)
        if len(values) == _CORNERS:
            x, y = values[1:]
            return _multiply(_multiply((1, 0, 0, 1, x, y), turned), (1, 0, 0, 1, -x, -y))
        return turned
    return _IDENTITY


def _multiply(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def _apply(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _number(text: str) -> float:
    found = _NUMBER.match(text.strip())
    return float(found[0]) if found else 0.0
