"""Register the rows of an import run in batches, each in one transaction with the run's position.

The places of a batch are taken in its last statements, so that a busy quota is locked only from there to the commit. A
worker that dies loses its current batch, and the next worker starts with that batch.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DataError

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import ExpoError, Invalid
from expo.flows.attendee_import.decisions import Addition, decide, find_registered, list_offered
from expo.flows.attendee_import.tables import AttendeeTable, fault_of, read_table_of
from expo.flows.import_runs import find_starter
from expo.flows.registration import register_without_places
from expo.formats.headers import TableRow
from expo.imports.queries import RunRow, find_run, get_run, read_content
from expo.imports.rules import Counts, Fault, FaultKind, RunState
from expo.imports.services import claim_rows, fail_run, finish_run, start_run, store_batch
from expo.infra.db import atomic, db, retried
from expo.registration.queries import OrderRow
from expo.registration.services import prepare_order, record_payment, take_places
from expo.tickets.errors import AddOnSoldOut, SoldOut
from expo.tickets.queries import list_ticket_types
from expo.tickets.services import lock_add_ons, lock_ticket_types

# Small enough that on SQLite, where a batch blocks every other writer, nobody waits for long.
BATCH_ROWS = 10

Clock = Callable[[], datetime]


def start_import(
    actor: Actor, edition_id: int, run_id: int, now: datetime, *, run_after: datetime | None = None
) -> None:
    """Start a run whose file was read.

    Raises Conflict `import_not_ready`, Invalid `import_columns_missing` or `import_encoding_unconfirmed`.
    """
    run = get_run(edition_id, run_id)
    if run.report.get("missing"):
        raise Invalid("import_columns_missing", fields=", ".join(run.report["missing"]))
    if not run.report.get("is_certain", True):
        raise Invalid("import_encoding_unconfirmed")
    start_run(actor, edition_id, run_id, now, run_after=run_after)


def apply_batches(
    run_id: int,
    clock: Clock,
    should_continue: Callable[[RunRow], bool] = lambda _run: True,
) -> bool:
    """Register rows until the run ends or `should_continue`, checked between batches, returns False.

    Returns whether the run ended. May run concurrently, because rows are claimed in the transaction that registers
    them.
    """
    run = find_run(run_id)
    if run is None or run.state is not RunState.RUNNING:
        return True
    try:
        actor = find_starter(run)
        table = read_table_of(read_content(run_id), run.options)
    except ExpoError as error:
        fail_run(run_id, error, clock())
        return True
    edition = get_edition(run.edition_id)
    while run.state is RunState.RUNNING and run.next_row < run.total_rows:
        if not should_continue(run):
            return False
        end = min(run.next_row + BATCH_ROWS, run.total_rows)
        try:
            _apply_batch(actor, edition, run, table, run.next_row, end, clock())
        except SoldOut:
            # If the batch as a whole has too few places, register its rows one by one, so that the first get what is
            # left.
            for row in range(run.next_row, end):
                _apply_one(actor, edition, run, table, row, clock())
        found = find_run(run_id)
        if found is None:
            return True
        run = found
    if run.state is RunState.RUNNING:
        finish_run(actor, run_id, clock())
    return True


@retried
def _apply_batch(
    actor: Actor, edition: EditionFacts, run: RunRow, table: AttendeeTable, first: int, end: int, now: datetime
) -> None:
    """Register the rows from `first` up to `end`, unless already claimed. Raises SoldOut, and changes nothing."""
    with atomic():
        if not claim_rows(run.id, first, end, now):
            return
        # Locked in a fixed order before attendees' foreign keys would lock them in the order of the rows.
        lock_ticket_types(each.id for each in list_ticket_types(edition.id, now))
        rows = table.rows[first:end]
        offered = list_offered(edition.id, now)
        lock_add_ons({each.id for each in offered.add_ons.values()})
        known = find_registered(edition.id, table, rows)
        orders: list[OrderRow] = []
        faults: list[Fault] = []
        unchanged = 0
        for row in rows:
            decision = decide(row, table, offered, edition, known)
            if isinstance(decision, Addition):
                outcome = _register(actor, edition, run, table, row, decision, now)
                if isinstance(outcome, Fault):
                    faults.append(outcome)
                else:
                    known.by_person[decision.key] = True
                    orders.append(outcome)
            elif isinstance(decision, Fault):
                faults.append(decision)
            else:
                unchanged += 1
        left_out = sum(each.kind is FaultKind.LEFT_OUT for each in faults)
        added = sum(len(order.attendees) for order in orders)
        store_batch(run.id, Counts(added, unchanged, left_out, len(faults) - left_out), faults)
        take_places(attendee for order in orders for attendee in order.attendees)


def _apply_one(actor: Actor, edition: EditionFacts, run: RunRow, table: AttendeeTable, row: int, now: datetime) -> None:
    try:
        _apply_batch(actor, edition, run, table, row, row + 1, now)
    except SoldOut as error:
        _store_fault(run.id, row, fault_of(table.rows[row], error, table), now)


@retried
def _store_fault(run_id: int, row: int, fault: Fault, now: datetime) -> None:
    with atomic():
        if claim_rows(run_id, row, row + 1, now):
            store_batch(run_id, Counts(faulted=1), [fault])


def _register(
    actor: Actor,
    edition: EditionFacts,
    run: RunRow,
    table: AttendeeTable,
    row: TableRow,
    addition: Addition,
    now: datetime,
) -> OrderRow | Fault:
    """Register a person without taking the place; return the order, or the row's fault if that is refused."""
    try:
        with db.session.begin_nested():
            order = register_without_places(actor, prepare_order(actor, edition.id, addition.order, now), now)
            if addition.is_paid:
                record_payment(actor, edition.id, order.id, now, reference=f"import {run.id}")
    except DataError:
        return fault_of(row, Invalid("value_out_of_range"), table)
    except AddOnSoldOut as error:
        return fault_of(row, error, table)
    except SoldOut as error:
        # The quota was full before anything was written, so only this row fails.
        return fault_of(row, SoldOut(addition.order.attendees[0].ticket_type_code, error.params["left"]), table)
    except ExpoError as error:
        return fault_of(row, error, table)
    return order
