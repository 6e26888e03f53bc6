"""Add-ons are created, changed, exported, no longer sold, and deleted while unused."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.tickets.queries import get_add_on, list_add_ons, list_quotas
from expo.tickets.rules import SaleState
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_add_on, make_attendee, make_ticket_type
from tests.query_counts import count_statements
from tests.web.organizer.conftest import SignIn

URL = "/organizer/settings/add-ons"
TYPED = {
    "code": "gala",
    "name-en": "Gala dinner",
    "name-zh": "晚宴",
    "price": "380.00",
    "size": "40",
    "max_per_attendee": "1",
    "ticket_types": "vip",
    "is_public": "y",
}


def test_add_on_when_created_and_changed_then_stored_and_listed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "vip")
    assert "No add-ons yet" in organizer.get(URL).text

    made = organizer.post(f"{URL}/new", data=TYPED)
    again = organizer.post(f"{URL}/new", data=TYPED)
    changed = organizer.post(f"{URL}/gala/edit", data={**TYPED, "size": "", "price": "400", "quota_ids": []})

    assert (made.status_code, again.status_code, changed.status_code) == (302, 422, 302)
    assert 'id="code-error"' in again.text
    db.session.expire_all()
    [row] = list_add_ons(edition.id, now)
    assert (row.name, row.price_cents, row.size, row.ticket_type_codes) == (
        {"en": "Gala dinner", "zh": "晚宴"},
        40_000,
        None,
        ("vip",),
    )
    page = organizer.get(URL).text
    assert ("Gala dinner" in page, "no limit" in page) == (True, True)
    assert "Gala dinner" in organizer.get("/organizer/settings/quotas").text


def test_form_when_it_asks_for_texts_in_several_languages_then_the_page_can_still_be_read_in_others(
    organizer: FlaskClient,
) -> None:
    assert f'href="/zh{URL}/new"' in organizer.get(f"{URL}/new").text


def test_add_on_when_smaller_than_sold_then_said_at_the_places(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "gala", 5)
    make_attendee(edition, now, add_ons=("gala",))

    answer = organizer.post(f"{URL}/gala/edit", data={**TYPED, "size": "0", "ticket_types": []})

    assert (answer.status_code, 'id="size-error"' in answer.text) == (422, True)


def test_list_when_sold_then_links_to_the_attendees_and_exports(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "gala", 5, price_cents=38_000)
    make_attendee(edition, now, add_ons=("gala",))

    page = organizer.get(URL).text
    file = organizer.get(f"{URL}/export.csv").text

    assert "/organizer/attendees?add_on=gala" in page
    assert file.splitlines()[1].replace('"', "") == "gala,Gala,gala（中文）,380.0,CNY,1,4,1,,yes,on_sale"


def test_list_when_longer_then_no_more_queries(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    numbers = []
    for count in (1, 3):
        while len(list_add_ons(edition.id, now)) < count:
            make_add_on(edition, now, f"a{len(list_add_ons(edition.id, now))}", 3)
        with count_statements() as statements:
            organizer.get(URL)
        numbers.append(len(statements))

    assert numbers[0] == numbers[1]


def test_add_on_when_stopped_or_deleted_then_asked_first(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for code in ("gala", "lunch", "unused"):
        make_add_on(edition, now, code, 3)
    make_attendee(edition, now, add_ons=("gala",))
    make_checkpoint(edition, now, rule={"add_on": ["lunch"]})

    asked = organizer.get(f"{URL}/gala/stop")
    stopped = organizer.post(f"{URL}/gala/stop")
    refused = [organizer.post(f"{URL}/{code}/delete").status_code for code in ("gala", "lunch")]
    deleted = organizer.post(f"{URL}/unused/delete")

    assert (asked.status_code, stopped.status_code, refused, deleted.status_code) == (200, 302, [409, 409], 302)
    db.session.expire_all()
    assert get_add_on(edition.id, "gala", datetime.max.replace(tzinfo=now.tzinfo)).sale_state is SaleState.ENDED
    assert [each.code for each in list_add_ons(edition.id, now)] == ["gala", "lunch"]
    assert [each.add_on_codes for each in list_quotas(edition.id)] == [("gala",), ("lunch",)]
    assert "Main entrance" in organizer.get(f"{URL}/lunch/edit").text
    assert "/gala/delete" not in organizer.get(f"{URL}/gala/edit").text


def test_pages_when_of_another_role_then_refused(sign_in: SignIn, edition: EditionFacts, now: datetime) -> None:
    make_add_on(edition, now, "gala")
    helper = sign_in(Role.DESK)

    assert [helper.get(path).status_code for path in (URL, f"{URL}/gala/edit", f"{URL}/export.csv")] == [403] * 3
