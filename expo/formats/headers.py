"""Finding a table's header row below titles, notes and empty lines, and reading the table under it."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from expo.formats.errors import BadFile

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 3_000_000
_ACCENTS = re.compile("[\u0300-\u036f]")
_ABOUT = re.compile("^(?:(?:your|the|attendee|participant|delegate|visitor|guest|registrant)(?:'?s)? )+(?=.)")
# The header row is searched for in this many lines.
_LINES_BEFORE = 40


@dataclass(frozen=True)
class RawRow:
    """The raw cells of a line; those in `spread` show the value of a merged cell to their left."""

    line: int
    cells: tuple[str, ...]
    spread: frozenset[int] = frozenset()


@dataclass(frozen=True)
class TableRow:
    """One row: its first line in the file (counted from 1) and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table with trimmed text cells. `twins` are columns whose name occurred before."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    twins: Mapping[str, str] = field(default_factory=dict)


def fold_header(name: str) -> str:
    """Normalize a column name so that spellings compare equal: `E-Mail_Address *` becomes `e mail address`."""
    text = re.sub("(?<=[a-z])(?=[A-Z][a-z])", " ", unicodedata.normalize("NFKC", name))
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold())).replace("_", " ")
    text = re.sub("[-\u2010-\u2015\u2212]", " ", text)
    text = "".join(" " if char.isspace() else char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(re.sub(r"[\s*:：]+$", "", re.sub(r"\((required|optional)\)$", "", text.strip())).split())


def shorten_header(folded: str) -> str:
    """Strip the number, the note and the subject from a column name.

    `1. your e mail (work)` becomes `e mail`, `attendee surname` becomes `surname`.
    """
    text = re.sub(r"\s*[(\[<{【].*$", "", re.sub(r"^(?:q?\d+\s*[.):、]|[*•]+)\s*", "", folded))
    return re.sub(r"[\s*:?]+$", "", _ABOUT.sub("", text))


def make_table(rows: Sequence[RawRow], known: Collection[str] = ()) -> Table:
    """Make a table of these lines; its header is the line with the most `known` column names.

    Columns without a name are left out, as are lines that are one merged cell across the whole table.
    Raises BadFile for an empty table.
    """
    filled = [replace(row, cells=tuple(cell.strip() for cell in row.cells)) for row in rows]
    filled = [row for row in filled if any(row.cells)]
    if not filled:
        raise BadFile("file_empty")
    place = _find_header(filled, {fold_header(name) for name in known})
    header_row = filled[place]
    header = ["" if at in header_row.spread else cell for at, cell in enumerate(header_row.cells)]
    if sum(bool(name) for name in header) > MAX_COLUMNS:
        raise BadFile("table_too_wide", header_row.line, columns=MAX_COLUMNS, cell=next(filter(None, reversed(header))))
    body = [row for row in filled[place + 1 :] if not _is_section(row, header)]
    if len(body) > MAX_ROWS:
        raise BadFile("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)
    if len(body) * len(header) > MAX_CELLS * 2:
        raise BadFile("table_too_many_cells", cells=MAX_CELLS * 2)
    named, twins = _named_columns(header, body)
    table_rows = tuple(
        TableRow(row.line, {name: row.cells[at] for name, at in named.items() if at < len(row.cells)}) for row in body
    )
    return Table(tuple(named), tuple(row for row in table_rows if any(row.cells.values())), twins)


def map_columns(
    table: Table, known: Mapping[str, Sequence[str]], overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Map known fields to the file's columns.

    `known` has the common column names of each field; `overrides` maps columns to fields as chosen by a person.
    Raises BadFile `table_column` for an override whose column or field does not exist, and `table_header_twice` for a
    required column that occurs twice with different values.
    """
    by_name = {fold_header(column): column for column in reversed(table.columns)}
    found: dict[str, str] = {}
    for column, name in (overrides or {}).items():
        actual = column if column in table.columns else by_name.get(fold_header(column))
        if actual is None:
            raise BadFile("table_column", 1, column=column, columns=", ".join(table.columns))
        if name not in known:
            raise BadFile("table_field", 1, field=name, fields=", ".join(known))
        found[name] = actual
    chosen = set(found)
    for name, names in known.items():
        for each in (name, *names):
            if name not in found and fold_header(each) in by_name:
                found[name] = by_name[fold_header(each)]
    _map_shortened(table, known, found)
    _map_in_two_languages(table, known, found)
    doubled = set(table.twins.values())
    for name, column in found.items():
        if name not in chosen and column in doubled:
            raise BadFile("table_header_twice", 1, column=column)
    return found


def _map_shortened(table: Table, known: Mapping[str, Sequence[str]], found: dict[str, str]) -> None:
    """Add columns with a common name plus a number, a note or a subject: `2. E-mail (work)`."""
    for column in table.columns:
        short = shorten_header(fold_header(column))
        if column in found.values() or not short or short == fold_header(column):
            continue
        for name, names in known.items():
            if name not in found and any(short == fold_header(each) for each in (name, *names)):
                found[name] = column
                break


def _map_in_two_languages(table: Table, known: Mapping[str, Sequence[str]], found: dict[str, str]) -> None:
    """Add columns named in two languages: `姓名 / Name`, `Name (姓名)`."""
    free = [column for column in table.columns if column not in found.values()]
    for column in free:
        parts = [fold_header(part) for part in re.split(r"[/|()（）\n]|(?<=[^\x00-\x7f])\s+(?=[\x00-\x7f])", column)]
        parts = [part for part in parts if part]
        if len(parts) < 2:  # noqa: PLR2004 - one name means one language
            continue
        for name, names in known.items():
            folded = {fold_header(each) for each in (name, *names)}
            if name not in found and all(part in folded for part in parts):
                found[name] = column
                break


def _find_header(rows: Sequence[RawRow], known: Collection[str]) -> int:
    """Return the index of the header: the first line with most known names, otherwise the first as full as the rest."""
    first = rows[:_LINES_BEFORE]
    scores = [len({each for cell in row.cells for each in _forms(cell)} & set(known)) for row in first]
    if max(scores) >= 2 or (max(scores) == 1 and scores[0] == 1):  # noqa: PLR2004 - a single word may be part of a title
        return scores.index(max(scores))
    widths = [_own_width(row) for row in first]
    usual = sorted(widths[1:] or widths)[len(widths[1:] or widths) // 2]
    fallback = next((at for at, width in enumerate(widths) if width >= max(2, (usual + 1) // 2)), 0)
    if max(scores) == 1 and usual < 2:  # noqa: PLR2004 - a list of one column below its title
        return scores.index(1)
    return fallback


def _forms(cell: str) -> tuple[str, str]:
    folded = fold_header(cell)
    return folded, shorten_header(folded)


def _own_width(row: RawRow) -> int:
    return sum(bool(cell) for at, cell in enumerate(row.cells) if at not in row.spread)


def _is_section(row: RawRow, header: Sequence[str]) -> bool:
    """Return whether one merged cell spans the whole line: a section heading."""
    places = [at for at, name in enumerate(header) if name]
    return len(places) > 1 and _own_width(row) == 1 and all(at in row.spread for at in places[1:])


def _named_columns(header: Sequence[str], body: Sequence[RawRow]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the index of each named column; a duplicate name gets a number unless its values are the same."""
    named: dict[str, int] = {}
    first: dict[str, str] = {}
    twins: dict[str, str] = {}
    for at, name in enumerate(header):
        if not name:
            continue
        folded = fold_header(name)
        if folded not in first:
            first[folded] = name
            named[name] = at
            continue
        earlier = named[first[folded]]
        if all(_cell(row, at) in {"", _cell(row, earlier)} for row in body):
            continue
        numbered = next(each for number in count(2) if (each := f"{name} ({number})") not in named)
        named[numbered] = at
        twins[numbered] = first[folded]
    return named, twins


def _cell(row: RawRow, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def columns_of(mapping: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return all common column names of a mapping of fields."""
    return tuple(name for each, names in mapping.items() for name in (each, *names))
