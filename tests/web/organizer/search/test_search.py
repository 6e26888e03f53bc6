"""The command palette finds what the viewer may open."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from tests.make import make_attendee
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.imported_files import import_file, schedule_file


def test_find_when_everything_matches_then_each_kind_with_its_address(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    import_file(organizer, "program", schedule_file("Grace notes"))
    import_file(organizer, "exhibitors", b"name\nGrace Ltd\n", "c.csv")
    made = make_attendee(edition, now, name="Grace Kim")
    rows = organizer.get("/organizer/search?q=grace").get_json()
    found = {(row["group"], row["label"]) for row in rows}
    assert found == {
        ("Attendees", "Grace Kim"),
        ("Sessions", "Grace notes"),
        ("Speakers", "Grace Hopper 1"),
        ("Exhibitors", "Grace Ltd"),
    }
    assert f"/organizer/attendees/{made.code}" in {row["url"] for row in rows}
    assert {organizer.get(row["url"]).status_code for row in rows} == {200}


def test_find_when_a_role_may_not_read_a_kind_then_it_is_not_found(
    sign_in: SignIn, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    import_file(organizer, "program", schedule_file("Grace notes"))
    make_attendee(edition, now, name="Grace Kim")
    groups = {
        role: {row["group"] for row in sign_in(role).get("/organizer/search?q=grace").get_json()}
        for role in (Role.DESK, Role.REVIEWER)
    }
    assert groups == {Role.DESK: {"Attendees"}, Role.REVIEWER: {"Sessions", "Speakers"}}


def test_find_when_there_are_many_then_at_most_eight_of_a_kind(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for number in range(10):
        make_attendee(edition, now, name=f"Grace {number}", email=f"{number}@example.org")
    assert len(organizer.get("/organizer/search?q=grace").get_json()) == 8


def test_find_when_nothing_is_typed_then_pages(organizer: FlaskClient) -> None:
    rows = organizer.get("/organizer/search?q=").get_json()
    assert {row["group"] for row in rows} == {"Pages"}
