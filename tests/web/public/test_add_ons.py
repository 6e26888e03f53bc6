"""Add-ons in the registration form: a step of its own where there is something to choose, without JavaScript."""

from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.add_ons import stop_selling_add_on
from expo.flows.email_links import show_email_with_links
from expo.infra.clock import utcnow
from expo.mail.queries import list_emails
from expo.registration.queries import AttendeeFilter, get_order, list_add_ons_of, search_attendees
from tests.make import make_add_on, make_attendee, make_ticket_type
from tests.web.public.test_registration import TYPED, send, values

SECOND = {
    "attendees-1-ticket_type": "student",
    "attendees-1-name": "李娜",
    "attendees-1-country": "CN",
}


def offer(edition: EditionFacts) -> None:
    make_ticket_type(edition, utcnow(), "visitor", price_cents=10_000)
    make_ticket_type(edition, utcnow(), "student")
    make_add_on(edition, utcnow(), "dinner", 2, price_cents=30_000, ticket_type_codes=("visitor",))
    make_add_on(edition, utcnow(), "parking", price_cents=500, max_per_attendee=3)


def test_add_ons_when_chosen_for_each_person_then_reviewed_with_prices_and_ordered(
    edition: EditionFacts, client: FlaskClient
) -> None:
    offer(edition)
    make_add_on(edition, utcnow(), "secret", is_public=False)
    details = send(client, **TYPED, step="ticket")
    assert "Choose add-ons" not in details.text

    step = send(client, **{**values(details), **TYPED, **SECOND, "step": "details"})
    back = client.post("/en/register", data={**values(step), "attendees-0-add_ons-dinner": "1", "go": "back"})
    chosen = {**values(step), "attendees-0-add_ons-dinner": "1", "attendees-1-add_ons-parking": "2"}
    check = send(client, **chosen)
    done = send(client, **values(check), accept_terms="y")

    assert (step.status_code, "Secret" in step.text) == (200, False)
    assert "attendees-0-add_ons-dinner" in step.text
    assert "attendees-1-add_ons-dinner" not in step.text
    assert values(back)["attendees-0-add_ons-dinner"] == "1"
    for text in ("CN¥300.00", "CN¥10.00", "CN¥410.00", "Parking</bdi> × 2"):
        assert text.replace("CN¥", "") in check.text
    assert done.status_code == 302
    people = {each.name: each for each in search_attendees(edition.id, AttendeeFilter()).rows}
    held = list_add_ons_of([each.id for each in people.values()])
    assert {
        each.name: [(add_on.code, add_on.quantity) for add_on in held.get(each.id, ())] for each in people.values()
    } == {"欧阳娜娜": [("dinner", 1)], "李娜": [("parking", 2)]}
    assert get_order(edition.id, people["李娜"].order_code).total_cents == 41_000
    [email] = list_emails(edition.id)
    text = show_email_with_links(SYSTEM, str(email.id), utcnow()).text
    assert ("+ Dinner\n" in text, "+ Parking × 2" in text) == (True, True)


def test_step_when_no_ticket_has_an_add_on_then_left_out_and_old_choices_dropped(
    edition: EditionFacts, client: FlaskClient
) -> None:
    make_ticket_type(edition, utcnow(), "visitor")
    make_ticket_type(edition, utcnow(), "student")
    make_add_on(edition, utcnow(), ticket_type_codes=("student",))

    check = send(client, **{**TYPED, "step": "details", "attendees-0-add_ons-dinner": "1"})
    done = send(client, **values(check), accept_terms="y")

    assert ("Review your registration" in check.text, "Add-ons" in check.text) == (True, False)
    assert done.status_code == 302
    [attendee] = search_attendees(edition.id, AttendeeFilter()).rows
    assert list_add_ons_of([attendee.id]) == {}


def test_add_on_when_sold_out_then_shown_and_refused_at_its_step_with_the_name(
    edition: EditionFacts, client: FlaskClient
) -> None:
    offer(edition)
    make_attendee(edition, utcnow(), add_ons=("dinner",))
    wanted = {"attendees-0-add_ons-dinner": "1", "attendees-1-add_ons-dinner": "1"}
    two = {**TYPED, **SECOND, "attendees-1-ticket_type": "visitor", **wanted}

    too_many = send(client, **two, step="add_ons")
    make_attendee(edition, utcnow(), email="b@example.org", add_ons=("dinner",))
    late = send(client, **{**TYPED, "step": "check", "accept_terms": "y", "attendees-0-add_ons-dinner": "1"})
    shown = send(client, **{**TYPED, "step": "details"})

    assert too_many.status_code == 409
    assert 'href="#attendees-1-add_ons"' in too_many.text
    assert "李娜" in too_many.text
    assert "Dinner is sold out. Continue without it." in too_many.text
    assert (late.status_code, "Choose add-ons" in late.text) == (409, True)
    assert 'href="#attendees-0-add_ons"' in late.text
    assert 'name="attendees-0-add_ons-dinner" value="1" disabled' in " ".join(shown.text.split())
    assert len(search_attendees(edition.id, AttendeeFilter()).rows) == 2


def test_add_on_when_its_sale_ends_or_too_many_are_sent_then_refused_at_its_step(
    edition: EditionFacts, client: FlaskClient
) -> None:
    offer(edition)
    stop_selling_add_on(SYSTEM, edition.id, "dinner", utcnow())

    over = send(client, **TYPED, **{"step": "add_ons", "attendees-0-add_ons-dinner": "1"})
    many = send(client, **TYPED, **{"step": "add_ons", "attendees-0-add_ons-parking": "4"})

    assert (over.status_code, "This add-on is no longer on sale" in over.text) == (409, True)
    assert (many.status_code, "The limit for this add-on is 3 per person" in many.text) == (422, True)
