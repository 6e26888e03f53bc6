"""Reading a list of companies, and merging it with ours field by field (decision 21). Pure.

A company's row stores what its file said last (`Exhibitor.source`). A field that only the file has changed takes the
file's value; one that was edited here keeps ours, unless a person chooses the file's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from expo.errors import Invalid
from expo.exhibitors.rules.companies import COLUMNS, CompanyRequest, fold_name, join_companies, read_company
from expo.formats.errors import BadFile
from expo.formats.headers import columns_of, map_columns
from expo.formats.tables import Problem
from expo.formats.uploads import UploadedTable, read_uploaded_table
from expo.pure.merges import Merge, Sides

# The fields that are merged one by one, in the order in which they are shown, each with the columns that it is from.
FIELDS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"name"}),
    "booths": frozenset({"venue", "booth"}),
    "categories": frozenset({"categories"}),
    "description": frozenset({"description"}),
    "website": frozenset({"website"}),
    "country": frozenset({"country"}),
}
SHOWN_LENGTH = 300

BoothsByHall = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class TableReading:
    """How a file was read, so that a person can choose otherwise: its encoding, and its sheet."""

    encoding: str = ""
    is_certain: bool = True
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    # Encodings that the file may be in, each with words of the file decoded with it.
    candidates: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, upload: UploadedTable) -> "TableReading":
        """Return how an uploaded table was read."""
        candidates = tuple((each.encoding, ", ".join(each.sample)) for each in upload.candidates)
        columns = tuple(upload.table.columns)
        return cls(upload.encoding, upload.is_certain, upload.sheet, upload.sheets, candidates, columns)


@dataclass(frozen=True)
class CompanyImport:
    """The content of a file: companies that can be imported, and rows that cannot, each with its reason."""

    companies: tuple[CompanyRequest, ...]
    problems: tuple[Problem, ...]
    how: TableReading = TableReading()
    # The fields that the file has a column for; it says nothing about the others.
    fields: frozenset[str] = frozenset(COLUMNS)


def read_companies(
    data: bytes, overrides: Mapping[str, str] | None = None, encoding: str = "", sheet: str = ""
) -> CompanyImport:
    """Parse a CSV, Excel or JSON file; `overrides` maps its columns to our fields.

    Rows of the same company are merged, with all their booths. Raises BadFile for a file that cannot be read at all or
    has no name column.
    """
    upload = read_uploaded_table(data, encoding, sheet, columns_of(COLUMNS))
    table = upload.table
    columns = map_columns(table, COLUMNS, overrides)
    if "name" not in columns:
        raise BadFile("table_column_missing", 1, field="name", columns=", ".join(table.columns))
    companies: dict[str, CompanyRequest] = {}
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        try:
            company = read_company({field: row.cells.get(column, "") for field, column in columns.items()})
            key = fold_name(company.name)
            if key in companies:
                company = join_companies(companies[key], company, lines[key])
        except Invalid as error:
            params = {name: value for name, value in error.params.items() if name != "field"}
            column = columns.get(str(error.params.get("field")))
            problems.append(Problem(row.line, column, error.code, params, dict(row.cells)))
            continue
        companies[key] = company
        lines.setdefault(key, row.line)
    return CompanyImport(tuple(companies.values()), tuple(problems), TableReading.of(upload), frozenset(columns))


@dataclass(frozen=True)
class Vocabulary:
    """How a file's names of categories and halls are recognized: by any of their names here."""

    categories: Mapping[str, int]
    halls: Mapping[str, int]

    def fold_categories(self, names: Sequence[str]) -> frozenset[int | str]:
        """Return the categories by id, or by folded name if they are new."""
        folded = [fold_name(name) for name in names]
        return frozenset(self.categories.get(name, name) for name in folded)

    def fold_booths(self, booths_by_hall: BoothsByHall) -> frozenset[tuple[int | str | None, str]]:
        """Return the (hall, code) of each booth, a hall by its id, or by its name if it is new."""
        return frozenset(
            (self.halls.get(venue, venue or None), code) for venue, codes in booths_by_hall for code in codes
        )


@dataclass(frozen=True)
class FieldChange:
    """A field in which a file differs from ours, in words; `id` names it in a person's choice."""

    id: str
    field: str
    merge: Merge
    ours: str
    theirs: str


@dataclass(frozen=True)
class CompanyDifference:
    """The fields in which a file differs from a company."""

    slug: str
    name: str
    fields: tuple[FieldChange, ...]

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The fields that were edited here, which a person can decide otherwise."""
        return tuple(each.id for each in self.fields if each.merge in (Merge.KEEP, Merge.ASK))


@dataclass(frozen=True)
class CompanyChange:
    """What an import changes or would change: names, and the differences field by field."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    differences: tuple[CompanyDifference, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class CompanyValues:
    """What one side says about a company, in the form of a file; None where it says nothing about a field."""

    name: str
    booths: BoothsByHall | None = None
    categories: Sequence[str] | None = None
    description: str | None = None
    website: str | None = None
    country: str | None = None

    def fold(self, name: str, words: Vocabulary) -> Any:
        """Return a field in the form in which equal values are equal."""
        value = getattr(self, name)
        if value is not None and name == "categories":
            return words.fold_categories(value)
        return words.fold_booths(value) if value is not None and name == "booths" else value

    def show(self, name: str) -> str:
        """Return a field in words."""
        value = getattr(self, name)
        if name == "categories":
            return "; ".join(value or ())
        if name == "booths":
            halls = [(venue, ", ".join(codes)) for venue, codes in value or () if codes]
            return "; ".join(f"{venue}: {codes}" if venue else codes for venue, codes in halls)
        return str(value or "")[:SHOWN_LENGTH]


def values_in_file(company: CompanyRequest, fields: frozenset[str]) -> CompanyValues:
    """Return what a file with these fields says about a company."""
    return CompanyValues(
        company.name,
        booths=company.booths_by_hall if FIELDS["booths"] & fields else None,
        categories=company.categories if "categories" in fields else None,
        description=company.description if "description" in fields else None,
        website=company.website if "website" in fields else None,
        country=company.country if "country" in fields else None,
    )


def values_at_last_import(source: Mapping[str, Any]) -> CompanyValues | None:
    """Return what the file said at its last import; None for a company that never came from a file."""
    if not source:
        return None
    booths_by_hall = None
    if "booths" in source:
        booths_by_hall = [(source.get("venue", ""), source["booths"]), *map(tuple, source.get("elsewhere", ()))]
    return CompanyValues(
        source.get("name", ""),
        booths_by_hall,
        source.get("categories"),
        source.get("description"),
        source.get("website"),
        source.get("country"),
    )


def to_source(said: CompanyValues) -> dict[str, Any]:
    """Return what a file said as stored with the company."""
    source: dict[str, Any] = {"name": said.name}
    if said.booths is not None:
        (venue, codes), *elsewhere = said.booths or [("", ())]
        source |= {"venue": venue, "booths": list(codes)}
        if elsewhere:
            source["elsewhere"] = [[hall, list(booths)] for hall, booths in elsewhere]
    for name in ("description", "website", "country"):
        if getattr(said, name) is not None:
            source[name] = getattr(said, name)
    return source | ({"categories": list(said.categories)} if said.categories is not None else {})


def compare_company(
    base: CompanyValues | None, ours: CompanyValues, theirs: CompanyValues, words: Vocabulary
) -> dict[str, Merge]:
    """Return what happens to each field that the file speaks of."""
    found = {}
    for name in FIELDS:
        said = theirs.fold(name, words)
        if said is None:
            continue
        before = base.fold(name, words) if base else None
        found[name] = _decide(Sides(before, ours.fold(name, words), said, before is not None))
    return found


def values_after_import(
    base: CompanyValues | None, theirs: CompanyValues, merges: Mapping[str, Merge]
) -> CompanyValues:
    """Return what the file is known to say after an import.

    Where the file says what we have, or what it said before, what was known stays known: the file may be our own
    export, and what was edited here is still known to be edited.
    """
    values: dict[str, Any] = {}
    for name in FIELDS:
        before = getattr(base, name) if base else None
        is_new = before is None or merges.get(name) in (Merge.TAKE, Merge.ASK)
        values[name] = getattr(theirs, name) if name in merges and is_new else before
    return CompanyValues(**values)


def _decide(side: Sides) -> Merge:
    """Return what happens to a field; without a base, the file fills what is empty here and empties nothing."""
    if side.has_base or side.theirs == side.ours:
        return side.merge
    if not side.ours:
        return Merge.TAKE
    return Merge.ASK if side.theirs else Merge.KEEP
