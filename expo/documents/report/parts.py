"""What a report consists of, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number as it is shown, with a remark below it, and the address of the list that it counts."""

    label: str
    text: str
    number: float | None = None
    remark: str = ""
    url: str = ""


@dataclass(frozen=True)
class Figures:
    """Numbers side by side."""

    id: str
    title: str
    figures: Sequence[Figure]
    remark: str = ""


@dataclass(frozen=True)
class Bars:
    """A bar chart; each series is its name and a number for each label. `empty` is shown without labels."""

    id: str
    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float]]]
    unit: str
    remark: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, the number that the text shows, and where it leads."""

    text: str
    number: float | None = None
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first column is the widest, the others hold numbers. `empty` is shown without rows."""

    id: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    remark: str = ""
    empty: str = ""


Part = Figures | Bars | Table


@dataclass(frozen=True)
class Report:
    """A report. `page` has the fields {page} and {pages}."""

    title: str
    subtitle: str
    as_of: str
    page: str
    parts: Sequence[Part]
