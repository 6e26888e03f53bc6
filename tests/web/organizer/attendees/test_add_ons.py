"""The add-ons of attendees: a filter, a column and a file, and changed by organizers."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.mail.queries import list_emails
from expo.registration.queries import list_add_ons_of
from tests.make import make_add_on, make_attendee
from tests.web.organizer.conftest import SignIn

URL = "/organizer/attendees"


def test_attendee_when_add_ons_are_changed_then_shown_with_history_and_told(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner", 1, price_cents=300)
    make_add_on(edition, now, "parking", max_per_attendee=2)
    attendee = make_attendee(edition, now)
    form = organizer.get(f"{URL}/{attendee.code}/add-ons").text

    saved = organizer.post(
        f"{URL}/{attendee.code}/add-ons", data={"add_ons-dinner": "1", "add_ons-parking": "2", "go": "x"}
    )

    assert ('name="add_ons-dinner"' in form, saved.status_code) == (True, 302)
    db.session.expire_all()
    held = list_add_ons_of([attendee.id])[attendee.id]
    assert [(each.code, each.quantity) for each in held] == [("dinner", 1), ("parking", 2)]
    page = organizer.get(f"{URL}/{attendee.code}").text
    assert ("Changed the add-ons" in page, "Dinner, Parking, Parking" in page) == (True, True)
    assert list_emails(edition.id)[0].message == "registration/add_ons_changed"


def test_attendee_when_an_add_on_is_sold_out_then_said_and_nothing_changed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner", 1)
    make_attendee(edition, now, email="a@example.org", add_ons=("dinner",))
    attendee = make_attendee(edition, now, email="b@example.org")

    answer = organizer.post(f"{URL}/{attendee.code}/add-ons", data={"add_ons-dinner": "1"})

    assert (answer.status_code, "Dinner: only 0 left." in answer.text) == (422, True)
    db.session.expire_all()
    assert list_add_ons_of([attendee.id]) == {}


def test_list_when_filtered_or_exported_then_with_add_ons(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner")
    make_add_on(edition, now, "parking", max_per_attendee=2)
    make_attendee(edition, now, name="Booked", email="a@example.org", add_ons=("parking", "dinner", "parking"))
    make_attendee(edition, now, name="Plain", email="b@example.org")

    found = organizer.get(f"{URL}?add_on=dinner").text
    organizer.set_cookie("attendee_columns", "add_ons")
    column = organizer.get(f"{URL}?sort=-add_ons").text
    file = organizer.get(f"{URL}/export.csv?add_on=dinner").text.splitlines()

    assert ("Booked" in found, "Plain" in found) == (True, False)
    assert column.index("Booked") < column.index("Plain")
    assert "Parking</bdi> × 2" in column
    assert len(file) == 2
    assert "dinner, parking, parking" in file[1]


def test_add_ons_when_of_another_role_then_refused(sign_in: SignIn, edition: EditionFacts, now: datetime) -> None:
    make_add_on(edition, now, "dinner")
    attendee = make_attendee(edition, now)

    reviewer = sign_in(Role.REVIEWER)

    answers = [
        reviewer.get(f"{URL}/{attendee.code}/add-ons"),
        reviewer.post(f"{URL}/{attendee.code}/add-ons", data={"add_ons-dinner": "1"}),
    ]

    assert [each.status_code for each in answers] == [403, 403]
    assert list_add_ons_of([attendee.id]) == {}
