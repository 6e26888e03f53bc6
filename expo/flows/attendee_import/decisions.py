"""Preview the rows of a list of attendees: decide the result of each without writing anything."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from expo.accounts.rules import fold_email
from expo.accounts.services import check_email
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Conflict, ExpoError
from expo.flows.attendee_import.statuses import RowStatus
from expo.flows.attendee_import.tables import (
    AttendeeTable,
    add_ons_by_name,
    fault_of,
    person_key,
    read_row,
    read_table_of,
    types_by_name,
)
from expo.formats.headers import TableRow
from expo.imports.queries import find_run, read_content
from expo.imports.rules import Counts, Fault, FaultKind, RunState
from expo.imports.services import fail_run, store_reading
from expo.infra.db import db
from expo.pure.codes import normalize_code
from expo.registration.models import Attendee
from expo.registration.rules import (
    HOLDING_STATES,
    AttendeeRequest,
    AttendeeState,
    OrderRequest,
    Source,
    check_request,
)
from expo.registration.services.badge_texts import PRINTED_FIELDS, check_printable
from expo.tickets.errors import AddOnSoldOut, SoldOut
from expo.tickets.queries import AddOnRow, list_add_ons, list_quotas, list_ticket_types

SAMPLE_ROWS = 5
SAMPLE_LENGTH = 80
_CHUNK = 400
_HOLDING = frozenset(state.value for state in HOLDING_STATES)


@dataclass(frozen=True)
class Addition:
    """A person to be registered, or several under one name."""

    order: OrderRequest
    key: tuple[str, str]
    is_paid: bool


@dataclass
class Registered:
    """The people already registered or cancelled: by address and name, and by the code in our own export."""

    by_person: dict[tuple[str, str], bool] = field(default_factory=dict)
    by_code: dict[str, bool] = field(default_factory=dict)

    def find(self, key: tuple[str, str], code: str) -> bool | None:
        """Return whether the person holds a place; False if cancelled, None if unknown."""
        if code in self.by_code:
            return self.by_code[code]
        return self.by_person.get(key)


@dataclass(frozen=True)
class Offered:
    """The ticket types that rows may use with their prices, and the add-ons by name."""

    codes: Mapping[str, str]
    prices: Mapping[str, int]
    add_ons: Mapping[str, AddOnRow]

    def price_of(self, request: AttendeeRequest) -> int:
        """Return what somebody costs, with add-ons."""
        prices = {each.code: each.price_cents for each in self.add_ons.values()}
        return self.prices[request.ticket_type_code] + sum(prices[code] for code in request.add_ons)


@dataclass(frozen=True)
class Evaluation:
    """The outcome that an import would have."""

    counts: Counts
    faults: tuple[Fault, ...]
    sample: tuple[Addition, ...]


def evaluate_run(run_id: int, now: datetime) -> None:
    """Read the file of a run and store a preview of its import; an unreadable file ends the run."""
    run = find_run(run_id)
    if run is None or run.state is not RunState.READING:
        return
    try:
        table = read_table_of(read_content(run_id), run.options)
        evaluation = evaluate_rows(get_edition(run.edition_id), table, now)
    except ExpoError as error:
        fail_run(run_id, error, now)
        return
    store_reading(
        run_id, run.options_version, report_of(table, evaluation), len(table.rows), evaluation.counts, evaluation.faults
    )


def evaluate_rows(edition: EditionFacts, table: AttendeeTable, now: datetime) -> Evaluation:
    """Return the result of importing the rows; places are counted down in memory only."""
    if table.missing:
        return Evaluation(Counts(faulted=0), (), ())
    offered = list_offered(edition.id, now)
    known = find_registered(edition.id, table, table.rows)
    places = _PlacesLeft(edition.id)
    added: list[Addition] = []
    faults: list[Fault] = []
    unchanged = additions = 0
    for row in table.rows:
        decision = decide(row, table, offered, edition, known)
        if isinstance(decision, Addition):
            people = len(decision.order.attendees)
            refused = places.take(decision.order.attendees)
            if refused is not None:
                faults.append(fault_of(row, refused, table))
                continue
            known.by_person[decision.key] = True
            additions += people
            if len(added) < SAMPLE_ROWS:
                added.append(decision)
        elif isinstance(decision, Fault):
            faults.append(decision)
        else:
            unchanged += 1
    left_out = sum(each.kind is FaultKind.LEFT_OUT for each in faults)
    return Evaluation(Counts(additions, unchanged, left_out, len(faults) - left_out), tuple(faults), tuple(added))


def decide(
    row: TableRow, table: AttendeeTable, offered: Offered, edition: EditionFacts, known: Registered
) -> Addition | Fault | None:
    """Return the result for a row: a person to register, a fault, or None if already registered.

    People who were cancelled, in the file or in the expo itself, are not registered again.
    """
    try:
        reading = read_row(row, table, offered.codes, offered.add_ons, edition)
        request = reading.request
        if reading.status is RowStatus.CANCELLED:
            is_registered = known.find(person_key(request.email or "", request.name), own_code(row, table))
            return _excluded_row(row, table, "import_cancelled_registered" if is_registered else "import_cancelled")
        order = check_request(
            OrderRequest(
                email=check_email(request.email or ""),
                language=request.language,
                attendees=(request,) * reading.people,
                source=Source.IMPORT.value,
            )
        )
        check_printable({name: getattr(request, name) for name in PRINTED_FIELDS})
    except ExpoError as error:
        return fault_of(row, error, table)
    key = person_key(order.email, request.name)
    is_registered = known.find(key, own_code(row, table))
    if is_registered:
        return None
    price = offered.price_of(request)
    code = _exclusion_reason(reading.status, was_cancelled=is_registered is False, is_free=price == 0)
    return _excluded_row(row, table, code) if code else Addition(order, key, reading.is_paid and price > 0)


def _exclusion_reason(status: RowStatus, *, was_cancelled: bool, is_free: bool) -> str | None:
    if was_cancelled:
        return "import_cancelled_here"
    if status is RowStatus.PENDING:
        return "import_pending"
    # If the ticket has a price here, the person is registered and owes it. A free ticket would admit someone unpaid.
    return "import_unpaid" if status is RowStatus.UNPAID and is_free else None


def _excluded_row(row: TableRow, table: AttendeeTable, code: str) -> Fault:
    return fault_of(row, Conflict(code), table, FaultKind.LEFT_OUT)


def list_offered(edition_id: int, now: datetime) -> Offered:
    """Return the ticket types and add-ons of an edition."""
    types = list_ticket_types(edition_id, now)
    add_ons = add_ons_by_name(list_add_ons(edition_id, now))
    return Offered(types_by_name(types), {each.code: each.price_cents for each in types}, add_ons)


def find_registered(edition_id: int, table: AttendeeTable, rows: Sequence[TableRow]) -> Registered:
    """Return the people in these rows who are or were registered, queried in chunks by address and by code."""
    found = Registered()
    column = table.columns.get("email", "")
    fallback = table.spare_email_column
    emails = sorted({_email(row.cells.get(column, "") or row.cells.get(fallback, "")) for row in rows} - {""})
    codes = sorted({own_code(row, table) for row in rows} - {""})
    for part in _chunks(emails):
        _add(found, edition_id, Attendee.email.in_(part))
    for part in _chunks(codes):
        _add(found, edition_id, Attendee.code.in_(part))
    return found


def own_code(row: TableRow, table: AttendeeTable) -> str:
    """Return the attendee's code in our own export, or an empty text."""
    return normalize_code(row.cells.get(table.code_column, "")) if table.code_column else ""


def report_of(table: AttendeeTable, evaluation: Evaluation) -> dict[str, Any]:
    """Return the data for the preview of a file, as stored."""
    upload = table.upload
    columns = upload.table.columns
    return {
        "columns": list(columns),
        "mapped": dict(table.columns),
        "status_columns": dict(table.status_columns),
        "missing": list(table.missing),
        "encoding": upload.encoding,
        "is_certain": upload.is_certain,
        "candidates": [[each.encoding, ", ".join(each.sample)] for each in upload.candidates],
        "sheet": upload.sheet,
        "sheets": list(upload.sheets),
        "cells": [[row.cells.get(name, "")[:SAMPLE_LENGTH] for name in columns] for row in table.rows[:SAMPLE_ROWS]],
        "sample": [
            {
                "name": each.order.attendees[0].name,
                "email": each.order.email,
                "country": each.order.attendees[0].country,
                "company": each.order.attendees[0].company,
                "ticket_type": each.order.attendees[0].ticket_type_code,
                "add_ons": list(each.order.attendees[0].add_ons),
                "awaits_approval": each.order.attendees[0].awaits_approval,
                "people": len(each.order.attendees),
            }
            for each in evaluation.sample
        ],
    }


class _PlacesLeft:
    """A simulated count of the places left."""

    def __init__(self, edition_id: int) -> None:
        self._left: dict[int, int | None] = {}
        self._quotas_of: dict[str, list[int]] = {}
        self._quotas_of_add_on: dict[str, list[int]] = {}
        for quota in list_quotas(edition_id):
            self._left[quota.id] = quota.left
            for code in quota.ticket_type_codes:
                self._quotas_of.setdefault(code, []).append(quota.id)
            for code in quota.add_on_codes:
                self._quotas_of_add_on.setdefault(code, []).append(quota.id)

    def take(self, attendees: Sequence[AttendeeRequest]) -> SoldOut | None:
        """Take the places of an order, or return what is sold out."""
        wanted = Counter[int]()
        for each in attendees:
            of_type = self._quotas_of.get(each.ticket_type_code, [])
            wanted.update(of_type)
            if self._lacks(wanted):
                return SoldOut(each.ticket_type_code, self._fewest_of(of_type))
            for code in each.add_ons:
                of_add_on = self._quotas_of_add_on.get(code, [])
                wanted.update(of_add_on)
                if self._lacks(wanted):
                    return AddOnSoldOut(code, self._fewest_of(of_add_on))
        for quota_id, number in wanted.items():
            left = self._left[quota_id]
            if left is not None:
                self._left[quota_id] = left - number
        return None

    def _lacks(self, wanted: Mapping[int, int]) -> bool:
        return any((left := self._left[each]) is not None and left < number for each, number in wanted.items())

    def _fewest_of(self, quota_ids: Iterable[int]) -> int:
        lefts = [left for each in quota_ids if (left := self._left[each]) is not None]
        return max(min(lefts, default=0), 0)


def _add(found: Registered, edition_id: int, condition: Any) -> None:
    states = [*_HOLDING, AttendeeState.CANCELLED.value]
    rows = db.session.execute(
        select(Attendee.email, Attendee.name, Attendee.code, Attendee.state).where(
            Attendee.edition_id == edition_id, Attendee.state.in_(states), or_(condition)
        )
    )
    for email, name, code, state in rows:
        is_registered = state in _HOLDING
        key = person_key(email, name)
        # Someone cancelled once and registered again counts as registered.
        found.by_person[key] = found.by_person.get(key, False) or is_registered
        found.by_code[code] = is_registered


def _email(text: str) -> str:
    try:
        return check_email(text)
    except ExpoError:
        return fold_email(text)


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[first : first + _CHUNK] for first in range(0, len(values), _CHUNK))
