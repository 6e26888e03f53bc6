"""Fitting text into a box: wrapped first, then reduced, and finally cut with an ellipsis."""

from dataclasses import dataclass

from expo.documents.text.breaking import (
    Unit,
    balance_rows,
    cut_rows,
    divide_long_units,
    row_width,
    split_into_units,
    wrap_units,
)
from expo.documents.text.direction import is_right_to_left
from expo.documents.text.lines import Line, set_line


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit a box at a size. `cut` says whether text had to be left out."""

    lines: tuple[Line, ...]
    size: float
    leading: float
    cut: bool

    @property
    def height(self) -> float:
        """The height of all lines together."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """The width of the widest line."""
        return max((line.width for line in self.lines), default=0) * self.size / 1000


def fit_text(
    text: str,
    width: float,
    height: float,
    sizes: tuple[float, float],
    *,
    language: str = "en",
    bold: bool = False,
    max_lines: int = 3,
) -> Fitted:
    """Fit a text into a box: wrap it first, then reduce it from the first size down to the second.

    Words stay whole at any size where they fit; at the smallest size long words are split, and text that still does
    not fit is cut with an ellipsis.
    """
    largest, smallest = sizes
    units = split_into_units(text, language, bold)
    right_to_left = is_right_to_left(text)
    size = largest
    while True:
        rows = wrap_units(units, width / size * 1000)
        fits = len(rows) <= max_lines and all(row_width(row) * size <= width * 1000 for row in rows)
        if fits:
            rows = balance_rows(units, rows, width / size * 1000)
            fitted = _set_rows(rows, language, size, bold=bold, right_to_left=right_to_left, cut=False)
            if fitted.height <= height or len(fitted.lines) == 0:
                return fitted
        if size <= smallest:
            break
        size = max(smallest, size * 0.94)
    rows = wrap_units(divide_long_units(units, width / size * 1000, language, bold), width / size * 1000)
    while True:
        is_cut = len(rows) > max_lines
        if is_cut:
            rows = cut_rows(rows, max_lines, width / size * 1000, language, bold)
        fitted = _set_rows(rows, language, size, bold=bold, right_to_left=right_to_left, cut=is_cut)
        if fitted.height <= height or max_lines == 1:
            return fitted
        max_lines = min(max_lines, len(rows)) - 1


def wrap_text(
    text: str, width: float, size: float, *, language: str = "en", bold: bool = False, max_lines: int | None = None
) -> Fitted:
    """Wrap a text at one size, with an ellipsis after `max_lines`."""
    limit = width / size * 1000
    if max_lines and "\n" not in text:
        # A cell of a table mostly fits, and then need not be divided first.
        line = set_line(" ".join(text.split()), language, bold=bold, right_to_left=is_right_to_left(text))
        if line.text and line.width <= limit:
            return Fitted((line,), size, (line.above + line.below) * size / 1000, False)
    rows = wrap_units(divide_long_units(split_into_units(text, language, bold), limit, language, bold), limit)
    is_cut = max_lines is not None and len(rows) > max_lines
    if is_cut and max_lines is not None:
        rows = cut_rows(rows, max_lines, limit, language, bold)
    return _set_rows(rows, language, size, bold=bold, right_to_left=is_right_to_left(text), cut=is_cut)


def _set_rows(
    rows: list[list[Unit]], language: str, size: float, *, bold: bool, right_to_left: bool, cut: bool
) -> Fitted:
    lines = tuple(
        set_line(
            "".join(unit.text + unit.space for unit in row).strip(), language, bold=bold, right_to_left=right_to_left
        )
        for row in rows
    )
    leading = max((line.above + line.below for line in lines), default=0) * size / 1000
    return Fitted(lines, size, leading, cut)
