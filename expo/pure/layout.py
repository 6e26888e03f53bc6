"""Page layout: the parts of a badge, pagination of rows, lanes of a timetable, label sheets.

Lengths are in points (1/72 inch) with the origin at the lower left corner, as in PDF.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
A6 = (105 * MM, 148 * MM)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    def contains(self, other: "Box") -> bool:
        """Return whether the other box lies within this one (to a thousandth of a point)."""
        slack = 0.001
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def overlaps(self, other: "Box") -> bool:
        """Return whether the two share more than an edge."""
        return self.x < other.right and other.x < self.right and self.y < other.top and other.y < self.top

    def inset(self, distance: float) -> "Box":
        """Return the box inset by `distance` on every side."""
        return Box(self.x + distance, self.y + distance, self.width - 2 * distance, self.height - 2 * distance)

    def mirrored(self, page_width: float) -> "Box":
        """Return the box mirrored for a right-to-left page."""
        return Box(page_width - self.right, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class BadgeBoxes:
    """The parts of an A6 badge, from top to bottom."""

    page: Box
    head: Box
    # A lanyard slot may be punched here, so it contains nothing to read.
    slot: Box
    edition: Box
    name: Box
    details: Box
    qr: Box
    # The code and its quiet zone of four modules: nothing else may be inside.
    qr_ground: Box
    short_code: Box
    band: Box
    band_word: Box
    band_pattern: Box


def badge_boxes(modules: int = 37, quiet: int = 4, qr_side: float = 40 * MM) -> BadgeBoxes:
    """Return the positions of the parts of an A6 badge. The QR code is exactly `qr_side` wide."""
    width, height = A6
    margin = 8 * MM
    page = Box(0, 0, width, height)
    band = Box(0, 0, width, 19 * MM)
    ground_side = qr_side * (modules + 2 * quiet) / modules
    ground = Box(width - ground_side - 3.5 * MM, band.top + 6.5 * MM, ground_side, ground_side)
    inner = qr_side * quiet / modules
    qr = Box(ground.x + inner, ground.y + inner, qr_side, qr_side)
    head = Box(0, height - 16 * MM, width, 16 * MM)
    edition = Box(margin, head.y - 14.5 * MM, width - 2 * margin, 13.5 * MM)
    return BadgeBoxes(
        page=page,
        head=head,
        slot=Box(width / 2 - 9 * MM, height - 9 * MM, 18 * MM, 6 * MM),
        edition=edition,
        name=Box(margin, ground.top + 0.5 * MM, width - 2 * margin, edition.y - ground.top - 2 * MM),
        details=Box(margin, band.top + 4 * MM, ground.x - margin - 1 * MM, ground.top - band.top - 5 * MM),
        qr=qr,
        qr_ground=ground,
        short_code=Box(qr.x, ground.y - 3.5 * MM, qr.width, 6 * MM),
        band=band,
        band_word=Box(margin, 2.5 * MM, width - 2 * margin - 22 * MM, band.height - 5 * MM),
        band_pattern=Box(width - 26 * MM, 0, 26 * MM, band.height),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A row to paginate.

    Rows of a group belong together; `head` is the height of the heading above its first row on each page.
    """

    height: float
    group: int
    head: float = 0.0


def paginate(blocks: Sequence[Block], room: float) -> list[range]:
    """Return the blocks of each page in order, avoiding single rows of a group if possible.

    A group split across pages has at least two rows on either side of the break. A block higher than a page
    gets its own page.
    """
    pages: list[range] = []
    start = 0
    while start < len(blocks):
        end = _fill(blocks, start, room)
        if end < len(blocks):
            end = _avoid_orphans(blocks, start, end)
        pages.append(range(start, end))
        start = end
    return pages


def _fill(blocks: Sequence[Block], start: int, room: float) -> int:
    """Return the index at which the page that begins at `start` is full."""
    used = 0.0
    end = start
    while end < len(blocks):
        block = blocks[end]
        begins_group = end == start or blocks[end - 1].group != block.group
        needed = block.height + (block.head if begins_group else 0)
        if used + needed > room and end > start:
            break
        used += needed
        end += 1
    return end


def _avoid_orphans(blocks: Sequence[Block], start: int, end: int) -> int:
    """Return an earlier end if `end` would leave a single row of its group before or after it."""
    if blocks[end - 1].group != blocks[end].group:
        return end
    first, last = _group_span(blocks, end)
    candidate = end
    if last - candidate == 1:
        candidate -= 1
    if candidate - first <= 1:
        candidate = first
    return candidate if candidate > start else end


def _group_span(blocks: Sequence[Block], place: int) -> tuple[int, int]:
    group = blocks[place].group
    first = place
    while first > 0 and blocks[first - 1].group == group:
        first -= 1
    last = place
    while last < len(blocks) and blocks[last].group == group:
        last += 1
    return first, last


def lanes(spans: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return (lane, number of lanes) for each (start, end), so that overlapping spans are side by side."""
    result: list[tuple[int, int]] = [(0, 1)] * len(spans)
    cluster: list[int] = []
    ends: list[float] = []

    def close() -> None:
        for place in cluster:
            result[place] = (result[place][0], len(ends))
        cluster.clear()
        ends.clear()

    for place in sorted(range(len(spans)), key=lambda index: spans[index]):
        start, end = spans[place]
        if ends and start >= max(ends):
            close()
        free = next((lane for lane, until in enumerate(ends) if until <= start), None)
        if free is None:
            free = len(ends)
            ends.append(end)
        else:
            ends[free] = end
        result[place] = (free, 1)
        cluster.append(place)
    close()
    return result


def share_columns(count: int, most: int) -> list[int]:
    """Return the number of columns on each page: at most `most`, distributed evenly."""
    if count == 0:
        return []
    pages = -(-count // most)
    small, extra = divmod(count, pages)
    return [small + 1] * extra + [small] * (pages - extra)


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of equal labels; lengths in points, starting with the upper left label."""

    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    left: float
    top: float
    column_gap: float = 0.0
    row_gap: float = 0.0

    def boxes(self) -> Iterable[Box]:
        """Yield the labels row by row from the top."""
        width, height = self.label
        for row in range(self.rows):
            for column in range(self.columns):
                yield Box(
                    self.left + column * (width + self.column_gap),
                    self.page[1] - self.top - height - row * (height + self.row_gap),
                    width,
                    height,
                )
