"""Importing a list of attendees: every row an order of its own, all of them in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, fold_email, require
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Invalid
from expo.exhibitors.rules import read_country
from expo.flows.registering import register
from expo.formats.errors import BadFile
from expo.formats.tables import Problem, TableRow, map_columns, read_records
from expo.infra.db import atomic, db
from expo.registration.models import Attendee
from expo.registration.queries import TicketTypeRow, list_ticket_types
from expo.registration.rules import HOLDING_STATES, LANGUAGES, AttendeeWish, OrderWish, Source, check_name

# Usual names of the columns of a list of attendees, in files of others.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("full name", "attendee", "姓名", "名字", "الاسم"),
    "latin_name": ("name in latin letters", "english name", "pinyin", "英文名", "拼音"),
    "email": ("e-mail", "e-mail address", "email address", "mail", "邮箱", "电子邮箱", "电子邮件"),
    "country": ("country/region", "nation", "国家", "国家/地区", "国家或地区"),
    "company": ("organisation", "organization", "affiliation", "公司", "单位", "单位名称"),
    "job_title": ("title", "position", "role", "职位", "职务"),
    "ticket_type": ("ticket", "type", "category", "票种", "参会类型"),
    "language": ("lang", "语言"),
}
NEEDED = ("name", "email", "country", "ticket_type")
_FIELD_PREFIX = "attendees-0-"

# Told how many rows are done.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class AttendeeTable:
    """A list of attendees as read: its rows, and the file's column of each of our fields."""

    rows: tuple[TableRow, ...]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class AttendeeImport:
    """What came of an import, or would: names added, rows that are registered already, rows that cannot be taken."""

    added: tuple[str, ...]
    unchanged: int
    problems: tuple[Problem, ...]


class RowsRefused(Conflict):
    """Rows cannot be taken, so nothing was changed. `result` says which, and what would have been."""

    def __init__(self, result: AttendeeImport) -> None:
        super().__init__("rows_refused", count=len(result.problems))
        self.result = result


class _TriedOnlyError(Exception):
    """Takes back what a preview did."""

    def __init__(self, result: AttendeeImport) -> None:
        super().__init__()
        self.result = result


def read_attendees(data: bytes, overrides: Mapping[str, str] | None = None) -> AttendeeTable:
    """Return the list of a CSV, Excel or JSON file; `overrides` maps its columns to our fields.

    Raises BadFile for a file that cannot be read as a whole, or lacks a column for name, e-mail, country or ticket.
    """
    table = read_records(data)
    columns = map_columns(table, COLUMNS, overrides)
    for field in NEEDED:
        if field not in columns:
            raise BadFile("table_column_missing", 1, field=field, columns=", ".join(table.columns))
    return AttendeeTable(table.rows, columns)


def preview_attendees(
    actor: Actor,
    edition: EditionFacts,
    table: AttendeeTable,
    now: datetime,
    progress: Progress = lambda _done: None,
) -> AttendeeImport:
    """Return what importing would change: it is tried in full, places and all, and taken back."""
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    try:
        _try_rows(actor, edition, table, now, progress)
    except _TriedOnlyError as tried:
        return tried.result
    raise AssertionError("trying takes itself back")


def import_attendees(
    actor: Actor,
    edition: EditionFacts,
    table: AttendeeTable,
    now: datetime,
    *,
    take_good: bool = False,
    progress: Progress = lambda _done: None,
) -> AttendeeImport:
    """Register the attendees of a list, confirmed at once, with badges and letters; all of them or none.

    Who is registered already under the same name and address stays as they are. Raises RowsRefused
    where rows cannot be taken, unless `take_good` asks for the others all the same.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    with atomic():
        result = _register_rows(actor, edition, table, now, progress)
        if result.problems and not take_good:
            raise RowsRefused(result)
    return result


def _try_rows(actor: Actor, edition: EditionFacts, table: AttendeeTable, now: datetime, progress: Progress) -> NoReturn:
    with atomic():
        raise _TriedOnlyError(_register_rows(actor, edition, table, now, progress))


def _register_rows(
    actor: Actor, edition: EditionFacts, table: AttendeeTable, now: datetime, progress: Progress
) -> AttendeeImport:
    types = _by_any_name(list_ticket_types(edition.id, now))
    known = _registered(edition.id)
    added: list[str] = []
    problems: list[Problem] = []
    unchanged = 0
    for number, row in enumerate(table.rows, start=1):
        try:
            wish = _read_row(row, table.columns, types, edition)
            key = _key(wish.email or "", wish.name)
            if key in known:
                unchanged += 1
            else:
                order = OrderWish(
                    email=wish.email or "", language=wish.language, attendees=(wish,), source=Source.IMPORT.value
                )
                with db.session.begin_nested():
                    register(actor, edition.id, order, now)
                known.add(key)
                added.append(wish.name)
        except ExpoError as error:
            problems.append(_problem(row.line, error, table.columns))
        progress(number)
    return AttendeeImport(tuple(added), unchanged, tuple(problems))


def _read_row(
    row: TableRow, columns: Mapping[str, str], types: Mapping[str, str], edition: EditionFacts
) -> AttendeeWish:
    cells = {field: row.cells.get(column, "").strip() for field, column in columns.items()}
    ticket_type = types.get(_fold(cells["ticket_type"]))
    if ticket_type is None:
        raise Invalid("ticket_type_not_known", field="ticket_type", ticket_type=cells["ticket_type"][:60])
    return AttendeeWish(
        ticket_type_code=ticket_type,
        name=check_name(cells["name"], "name"),
        latin_name=cells.get("latin_name", ""),
        email=fold_email(cells["email"]),
        country=read_country(cells.get("country", "")),
        company=cells.get("company", ""),
        job_title=cells.get("job_title", ""),
        language=_language(cells.get("language", ""), edition),
    )


def _language(text: str, edition: EditionFacts) -> str:
    """Return the code of a language given as a tag; who gives none is written to in the edition's first."""
    if not text:
        return edition.languages[0]
    code = text.replace("_", "-").split("-", maxsplit=1)[0].casefold()
    if code not in LANGUAGES:
        raise Invalid("language_unknown", field="language", language=text[:20])
    return code


def _by_any_name(types: Sequence[TicketTypeRow]) -> dict[str, str]:
    """Return the code of each ticket type by its code and by its name in every language."""
    named = {_fold(name): each.code for each in types for name in each.name.values()}
    return named | {_fold(each.code): each.code for each in types}


def _registered(edition_id: int) -> set[tuple[str, str]]:
    rows = db.session.execute(
        select(Attendee.email, Attendee.name).where(
            Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES])
        )
    )
    return {_key(email, name) for email, name in rows}


def _key(email: str, name: str) -> tuple[str, str]:
    return email, _fold(name)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _problem(line: int, error: ExpoError, columns: Mapping[str, str]) -> Problem:
    params = dict(error.params)
    field = str(params.pop("field", "")).removeprefix(_FIELD_PREFIX)
    if "ticket_type" in params and not field:
        field = "ticket_type"
    return Problem(line, columns.get(field), error.code, params)
