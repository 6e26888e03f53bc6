"""Import runs of attendees: read, judged without writing, registered batch by batch."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import ANONYMOUS, SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role, revoke_role
from expo.badges.queries import list_badges_of
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.flows.attendee_import import apply_batches, evaluate_run, start_import
from expo.flows.registration import cancel_registration
from expo.formats.tables import write_csv
from expo.imports.models import ImportFile
from expo.imports.queries import RunRow, get_run, list_faults, read_content
from expo.imports.rules import Counts, ImportKind, ImportOptions, RunState
from expo.imports.services import cancel_run, change_options, create_run, delete_old_files, start_run
from expo.infra.audit import list_audit_records
from expo.infra.db import db
from expo.infra.jobs import drain
from expo.registration.queries import AttendeeFilter, get_order, recount_quotas, search_attendees
from expo.registration.rules import AttendeeState
from expo.reports.people import COLUMNS, export_people
from tests.conftest import make_edition, shared_file
from tests.make import make_attendee, make_ticket_type

HEAD = "name,email,country,ticket_type\n"


def upload(edition: EditionFacts, now: datetime, content: str | bytes, **options: Any) -> int:
    """Upload a file and let the worker read it."""
    data = content.encode() if isinstance(content, str) else content
    run_id = create_run(
        SYSTEM,
        edition.id,
        kind=ImportKind.ATTENDEES,
        file_name="list.csv",
        content=data,
        options=ImportOptions(**options),
        now=now,
    )
    evaluate_run(run_id, now)
    return run_id


def import_(edition: EditionFacts, now: datetime, content: str | bytes, **options: Any) -> RunRow:
    """Upload a file and import its good rows."""
    run_id = upload(edition, now, content, **options)
    start_import(SYSTEM, edition.id, run_id, now)
    apply_batches(run_id, lambda: now)
    return get_run(edition.id, run_id)


def people(edition: EditionFacts) -> list[tuple[str, str]]:
    """Return everybody's name and state, by name."""
    return sorted((each.name, each.state.value) for each in search_attendees(edition.id, AttendeeFilter()).rows)


def rows(count: int, ticket: str = "visitor") -> str:
    return HEAD + "".join(f"Person {n:04},p{n}@example.org,CN,{ticket}\n" for n in range(count))


def row_counts() -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


def test_upload_when_judged_then_counted_and_nothing_but_the_run_is_written(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=3)
    make_attendee(edition, now, name="Known", email="known@example.org")
    before = row_counts()

    run_id = upload(
        edition,
        now,
        HEAD + "Known,known@example.org,CN,visitor\nAna,a@example.org,Spain,Visitor\nBo,bad,CN,visitor\n"
        "Cy,c@example.org,CN,visitor\nDi,d@example.org,CN,visitor\n",
    )

    run = get_run(edition.id, run_id)
    after = row_counts()
    assert run.state is RunState.READY
    assert run.counts == Counts(added=2, unchanged=1, left_out=0, faulted=2)
    assert [(each.line, each.column, each.code) for each in list_faults(run_id)] == [
        (4, "email", "email_invalid"),
        (6, "ticket_type", "sold_out"),
    ]
    changed = {name for name, count in after.items() if count != before[name]}
    assert changed == {"import_run", "import_file", "import_fault", "audit_entry", "job"}


def test_import_when_applied_then_each_has_a_badge_and_the_file_is_gone(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=100)

    run = import_(edition, now, rows(25))

    found = search_attendees(edition.id, AttendeeFilter(), limit=100).rows
    assert (run.state, run.counts) == (RunState.DONE, Counts(added=25))
    assert len(list_badges_of([each.id for each in found])) == 25
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(25, 25)]
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 0
    assert [act.action for act in reversed(list_audit_records("import_run", run.id))] == [
        "imports.upload",
        "imports.start",
        "imports.finish",
    ]


def test_import_when_places_end_within_a_batch_then_the_first_rows_get_them(
    each_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now, places=13)

    run = import_(edition, now, rows(25))

    assert run.counts == Counts(added=13, faulted=12)
    assert [name for name, _ in people(edition)] == [f"Person {n:04}" for n in range(13)]
    assert [each.line for each in list_faults(run.id)] == list(range(15, 27))
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(13, 13)]


def test_import_when_stopped_between_batches_then_continued_without_repeating(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=100)
    run_id = upload(edition, now, rows(25))
    start_import(SYSTEM, edition.id, run_id, now)

    ended = apply_batches(run_id, lambda: now, lambda run: run.next_row < 10)
    halfway = get_run(edition.id, run_id)
    again = apply_batches(run_id, lambda: now)

    run = get_run(edition.id, run_id)
    assert (ended, again) == (False, True)
    assert (halfway.state, halfway.next_row, halfway.counts.added) == (RunState.RUNNING, 10, 10)
    assert (run.state, run.counts) == (RunState.DONE, Counts(added=25))
    assert len(people(edition)) == 25


def test_import_when_cancelled_meanwhile_then_no_further_row(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=100)
    run_id = upload(edition, now, rows(25))
    start_import(SYSTEM, edition.id, run_id, now)

    def cancel_at_ten(run: RunRow) -> bool:
        if run.next_row == 10:
            cancel_run(SYSTEM, edition.id, run_id, now)
        return True

    apply_batches(run_id, lambda: now, cancel_at_ten)

    run = get_run(edition.id, run_id)
    assert (run.state, run.counts.added, len(people(edition))) == (RunState.CANCELLED, 10, 10)
    with pytest.raises(Missing, match="import_missing"):
        read_content(run_id)


def test_import_when_the_jobs_do_it_then_done(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    run_id = create_run(
        SYSTEM,
        edition.id,
        kind=ImportKind.ATTENDEES,
        file_name="list.csv",
        content=rows(12).encode(),
        options=ImportOptions(),
        now=now,
    )
    drain(now)
    start_import(SYSTEM, edition.id, run_id, now)
    drain(now)

    assert get_run(edition.id, run_id).counts == Counts(added=12)


def test_own_export_when_imported_again_then_nothing_changes_and_nobody_comes_back(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_ticket_type(edition, now, "press", requires_approval=True)
    make_attendee(edition, now, name="Stays")
    gone = make_attendee(edition, now, name="Gone")
    old_export = write_csv(COLUMNS, export_people(SYSTEM, edition, AttendeeFilter(), now))
    cancel_registration(SYSTEM, edition.id, gone.id, now)
    new_export = write_csv(COLUMNS, export_people(SYSTEM, edition, AttendeeFilter(), now))
    before = people(edition)

    from_old = import_runs_nothing(edition, now, old_export)
    from_new = import_runs_nothing(edition, now, new_export)

    assert [each.code for each in list_faults(from_old.id)] == ["import_cancelled_here"]
    assert [each.code for each in list_faults(from_new.id)] == ["import_cancelled"]
    assert (from_old.counts, from_new.counts) == (Counts(unchanged=1, left_out=1), Counts(unchanged=1, left_out=1))
    assert people(edition) == before == [("Gone", "cancelled"), ("Stays", "confirmed")]


def import_runs_nothing(edition: EditionFacts, now: datetime, content: bytes) -> RunRow:
    run = import_(edition, now, content)
    assert run.state is RunState.DONE
    return run


def test_own_export_when_imported_elsewhere_then_states_are_kept(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    run = import_(edition, now, shared_file("cases/09-own-export-with-cancelled.csv").read_bytes())

    assert run.counts == Counts(added=2, left_out=1)
    assert people(edition) == [("Kim Sample", "awaiting_approval"), ("Rosa Example", "confirmed")]


def test_own_export_when_a_name_was_corrected_since_then_found_by_the_code(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, name="Rosa Exmaple")
    export = write_csv(COLUMNS, export_people(SYSTEM, edition, AttendeeFilter(), now)).decode()

    run = import_(edition, now, export.replace("Exmaple", "Example"))

    assert run.counts == Counts(unchanged=1)
    assert people(edition) == [(made.attendee.name, "confirmed")]


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("Attendee Status", "Not Attending"),
        ("Order Status", "Refunded"),
        ("Refund amount", "120.00"),
        ("Cancelled at", "2027-03-01"),
        ("Payment status", "refunded"),
        ("payment status", "unpaid"),
        ("状态", "已取消"),
        ("Registration state", "Withdrawn"),
        ("is_cancelled", "TRUE"),
    ],
)
def test_status_when_somebody_does_not_come_then_not_registered(
    app: Flask, edition: EditionFacts, now: datetime, head: str, cell: str
) -> None:
    make_ticket_type(edition, now)

    run = import_(edition, now, f"name,email,country,ticket_type,{head}\nAna,a@example.org,ES,visitor,{cell}\n")

    assert (run.counts, people(edition)) == (Counts(left_out=1), [])


def test_status_when_not_known_then_a_fault_and_not_registered(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    run = import_(edition, now, "name,email,country,ticket_type,status\nAna,a@example.org,ES,visitor,purple\n")

    assert [(each.column, each.code) for each in list_faults(run.id)] == [("status", "status_not_known")]
    assert people(edition) == []


def test_payment_when_the_ticket_costs_something_then_kept(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=10_000)

    import_(
        edition,
        now,
        "name,email,country,ticket_type,paid\nAna,a@example.org,ES,delegate,yes\nBo,b@example.org,ES,delegate,no\n",
    )

    found = search_attendees(edition.id, AttendeeFilter()).rows
    paid = {each.name: get_order(edition.id, each.order_code).is_paid for each in found}
    assert paid == {"Ana": True, "Bo": False}


@pytest.mark.parametrize(
    ("name", "constants", "names"),
    [
        ("08-attendize.csv", {}, ["Rosa Example"]),
        ("08-eventbrite.csv", {}, ["Jonah Sample", "Jonah Sample", "Rosa Example"]),
        ("08-indico-without-ticket-type.csv", {"ticket_type": "visitor"}, ["Rosa Example"]),
    ],
)
def test_exports_of_others_when_imported_then_read(
    app: Flask, edition: EditionFacts, now: datetime, name: str, constants: dict[str, str], names: list[str]
) -> None:
    make_ticket_type(edition, now)
    content = shared_file(f"cases/{name}").read_bytes().replace(b",Korea,", b",South Korea,")

    import_(edition, now, content, constants=constants)

    assert [each for each, _ in people(edition)] == names


def test_row_when_it_is_about_several_people_then_as_many_are_registered_in_one_order(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=3)
    content = "name,email,country,ticket_type,quantity\nAna,a@example.org,ES,visitor,2\nBo,b@example.org,ES,visitor,\n"

    judged = get_run(edition.id, upload(edition, now, content))
    first = import_(edition, now, content)
    again = import_(edition, now, content)

    found = search_attendees(edition.id, AttendeeFilter()).rows
    assert (judged.counts, first.counts, again.counts) == (Counts(added=3), Counts(added=3), Counts(unchanged=2))
    assert sorted(each.name for each in found) == ["Ana", "Ana", "Bo"]
    assert len({each.order_code for each in found}) == 2
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(3, 3)]


@pytest.mark.parametrize(("quantity", "places", "code"), [("0", 5, "quantity_invalid"), ("two", 5, "quantity_invalid"),
    ("51", 99, "quantity_invalid"), ("3", 2, "sold_out")])  # fmt: skip
def test_row_when_its_quantity_cannot_be_registered_then_a_fault_and_nobody_is(
    app: Flask, edition: EditionFacts, now: datetime, quantity: str, places: int, code: str
) -> None:
    make_ticket_type(edition, now, places=places)
    content = f"name,email,country,ticket_type,quantity\nAna,a@example.org,ES,visitor,{quantity}\n"

    judged = list_faults(upload(edition, now, content))
    run = import_(edition, now, content)

    assert [each.code for each in judged] == [each.code for each in list_faults(run.id)] == [code]
    assert (run.counts, people(edition)) == (Counts(faulted=1), [])


def test_rows_when_each_states_the_quantity_of_their_order_then_each_is_one_person(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    rows_ = "".join(f"7,{name},{name}@example.org,ES,visitor,2\n" for name in ("Ana", "Bo"))

    import_(edition, now, f"Order #,name,email,country,ticket_type,quantity\n{rows_}")

    assert [each for each, _ in people(edition)] == ["Ana", "Bo"]


def test_missing_ticket_type_when_not_chosen_then_not_started(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    run_id = upload(edition, now, "name,email,country\nAna,a@example.org,ES\n")

    with pytest.raises(Invalid, match="import_columns_missing"):
        start_import(SYSTEM, edition.id, run_id, now)
    change_options(SYSTEM, edition.id, run_id, ImportOptions(constants={"ticket_type": "visitor"}), now)
    evaluate_run(run_id, now)
    start_import(SYSTEM, edition.id, run_id, now)
    apply_batches(run_id, lambda: now)

    assert people(edition) == [("Ana", "confirmed")]


def test_encoding_when_not_certain_then_confirmed_before_it_starts(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    content = shared_file("cases/02-attendees-german-cp1252.csv").read_bytes()
    run_id = upload(edition, now, content)

    with pytest.raises(Invalid, match="import_encoding_unconfirmed"):
        start_import(SYSTEM, edition.id, run_id, now)
    sample = get_run(edition.id, run_id).report["sample"]
    run = import_(edition, now, content, encoding="cp1252")

    assert [each["name"] for each in sample] == ["Jürgen Müller", "Björn Schröder"]
    assert (run.counts.added, [name for name, _ in people(edition)]) == (2, ["Björn Schröder", "Jürgen Müller"])


def test_start_when_started_twice_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    run_id = upload(edition, now, rows(1))
    start_import(SYSTEM, edition.id, run_id, now)

    with pytest.raises(Conflict, match="import_not_ready"):
        start_import(SYSTEM, edition.id, run_id, now)


def test_acts_when_not_permitted_or_of_another_edition_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    run_id = upload(edition, now, rows(1))
    other = make_edition(now, "expo-2028", 2028)

    acts: tuple[Callable[[], None], ...] = (
        lambda: start_run(ANONYMOUS, edition.id, run_id, now),
        lambda: cancel_run(ANONYMOUS, edition.id, run_id, now),
        lambda: change_options(ANONYMOUS, edition.id, run_id, ImportOptions(), now),
    )
    for act in acts:
        with pytest.raises(PermissionMissing):
            act()
    with pytest.raises(Missing, match="import_missing"):
        start_import(SYSTEM, other.id, run_id, now)


def test_import_when_the_one_who_started_it_lost_the_role_then_ended(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    person_id = ensure_person("desk@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.DESK, now)
    person = find_person(person_id)
    assert person is not None
    run_id = upload(edition, now, rows(1))
    start_import(actor_for_person(person, edition.id), edition.id, run_id, now)
    revoke_role(SYSTEM, edition.id, person_id, Role.DESK, now)

    apply_batches(run_id, lambda: now)

    run = get_run(edition.id, run_id)
    assert (run.state, run.error_code, people(edition)) == (RunState.FAILED, "permission_missing", [])


def test_upload_when_it_cannot_be_read_then_the_run_fails_with_the_reason(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run = get_run(edition.id, upload(edition, now, b"%PDF-1.7"))

    assert (run.state, run.error_code) == (RunState.FAILED, "file_kind")


def test_files_when_nobody_starts_them_then_deleted_after_a_day(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    old = upload(edition, now, rows(1))
    new = upload(edition, now + timedelta(hours=20), rows(1))

    delete_old_files(now + timedelta(hours=25))

    assert [get_run(edition.id, each).state for each in (old, new)] == [RunState.CANCELLED, RunState.READY]
    with pytest.raises(Missing):
        read_content(old)
    assert read_content(new) == rows(1).encode()


def test_awaiting_approval_when_imported_then_no_badge_yet(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)

    import_(edition, now, "name,email,country,ticket_type,status\nAna,a@example.org,ES,visitor,awaiting approval\n")

    [ana] = search_attendees(edition.id, AttendeeFilter()).rows
    assert (ana.state, list_badges_of([ana.id])) == (AttendeeState.AWAITING_APPROVAL, {})


@pytest.mark.parametrize(
    ("head", "cells", "name"),
    [
        ("Vorname,Name", "Rosa,Beispiel", "Rosa Beispiel"),
        ("Prénom,Nom", "Rosa,Exemple", "Rosa Exemple"),
        ("Nombre,Apellidos", "Rosa,Muñoz Peña", "Rosa Muñoz Peña"),
        ("First name,Name", "Rosa,Rosa Example", "Rosa Example"),
        ("Surname,Full name", "Example,Rosa Example", "Rosa Example"),
        ("姓,名", "欧阳,雪", "欧阳雪"),
        ("Имя,Фамилия", "Анна,Жукова", "Анна Жукова"),
    ],
)
def test_name_when_in_parts_then_joined_whatever_the_parts_are_called(
    app: Flask, edition: EditionFacts, now: datetime, head: str, cells: str, name: str
) -> None:
    make_ticket_type(edition, now)

    import_(edition, now, f"{head},E-mail,Country,Ticket type\n{cells},rosa@mail.example,Spain,visitor\n")

    assert [each for each, _ in people(edition)] == [name]
