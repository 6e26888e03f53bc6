from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import Attendee
from expo.tickets.models import Quota
from tests.api.calls import Api, make_token
from tests.conftest import make_edition
from tests.make import make_attendee, make_ticket_type


def _person(name: str, **values: Any) -> dict[str, Any]:
    return {"ticket_type": "visitor", "name": name, "country": "CN", **values}


def test_registration_when_posted_then_places_confirmed_or_awaiting(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_ticket_type(edition, now, "press", requires_approval=True)
    people = [_person("张伟", language="zh"), _person("Ana Núñez", country="ES", ticket_type="press")]

    answer = Api(each_app, make_token(edition, Permission.ATTENDEES_WRITE)).post(
        "/registrations", {"email": "office@example.org", "attendees": people}
    )

    told = answer.get_json()
    assert answer.status_code == 201
    assert (told["state"], told["email"], told["is_paid"]) == ("confirmed", "office@example.org", True)
    assert [(each["name"], each["state"], each["ticket_type"]) for each in told["attendees"]] == [
        ("张伟", "confirmed", "visitor"),
        ("Ana Núñez", "awaiting_approval", "press"),
    ]


def test_registration_when_sold_out_then_409_says_how_many_are_left_and_nothing_is_written(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=1)
    body = {"email": "office@example.org", "attendees": [_person("张伟"), _person("李雷")]}

    answer = Api(each_app, make_token(edition)).post("/registrations", body)

    told = answer.get_json(force=True)
    assert (answer.status_code, told["code"], told["left"], told["ticket_type"]) == (409, "sold_out", 1, "visitor")
    assert db.session.scalars(select(Attendee.id)).all() == []
    assert db.session.scalar(select(Quota.taken)) == 0


def test_registration_when_a_field_is_refused_then_422_names_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    body = {"email": "office@example.org", "attendees": [_person("张伟"), _person("李雷", country="XX")]}

    answer = Api(app, make_token(edition)).post("/registrations", body)

    told = answer.get_json(force=True)
    assert (answer.status_code, told["code"], told["field"]) == (422, "country_unknown", "attendees-1-country")


def test_attendees_when_searched_then_found_in_any_script_and_only_here(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    wanted = make_attendee(edition, now, name="张伟")
    make_attendee(edition, now, name="Ana Núñez", country="ES")
    make_attendee(make_edition(now, "expo-2028", 2028), now, name="张伟")

    answer = Api(each_app, make_token(edition, Permission.ATTENDEES_READ)).get("/attendees", q="zhang")

    assert [each["id"] for each in answer.get_json()["items"]] == [wanted.code]


def test_attendees_when_filtered_then_narrowed(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_attendee(edition, now)
    press = make_attendee(edition, now, "press")
    api = Api(each_app, make_token(edition))

    found = [
        [each["id"] for each in api.get("/attendees", **query).get_json()["items"]]
        for query in (
            {"ticket_type": "press"},
            {"ticket_type": "nothing"},
            {"state": "cancelled"},
            {"state": "confirmed", "ticket_type": "press"},
            {"updated_since": "2099-01-01T00:00:00Z"},
            {"updated_since": "2001-01-01T00:00:00+08:00", "ticket_type": "press"},
        )
    ]

    assert found == [[press.code], [], [], [press.code], [], [press.code]]


def test_attendees_when_paged_then_each_once_in_order(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    codes = [make_attendee(edition, now).code for _ in range(5)]
    api = Api(each_app, make_token(edition))
    seen, cursor = [], None

    while True:
        page = api.get("/attendees", limit=2, **({"cursor": cursor} if cursor else {})).get_json()
        seen.append([each["id"] for each in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break

    newest_first = codes[::-1]
    assert seen == [newest_first[:2], newest_first[2:4], newest_first[4:]]


def test_attendee_when_read_then_whole_record(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    attendee = make_attendee(edition, now, email="li@example.org", company="数据谷")

    told = Api(each_app, make_token(edition)).get(f"/attendees/{attendee.code}").get_json()

    assert {key: told[key] for key in ("id", "email", "company", "ticket_type", "state", "is_paid")} == {
        "id": attendee.code,
        "email": "li@example.org",
        "company": "数据谷",
        "ticket_type": {"code": "visitor", "name": {"en": "Visitor", "zh": "观众"}},
        "state": "confirmed",
        "is_paid": True,
    }


def test_attendee_when_of_another_edition_then_neither_read_nor_changed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    theirs = make_attendee(make_edition(now, "expo-2028", 2028), now, name="Theirs")
    api = Api(each_app, make_token(edition))

    answers = [
        api.get(f"/attendees/{theirs.code}"),
        api.patch(f"/attendees/{theirs.code}", {"name": "Ours"}),
        api.get("/attendees/nobody"),
        api.get("/attendees/a%00b"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert db.session.scalars(select(Attendee.name)).all() == ["Theirs"]


def test_attendee_when_changed_then_only_what_was_sent(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    attendee = make_attendee(edition, now, name="张伟", company="数据谷")
    api = Api(each_app, make_token(edition))

    told = api.patch(f"/attendees/{attendee.code}", {"company": "New Co", "country": "SG"}).get_json()

    assert (told["name"], told["company"], told["country"]) == ("张伟", "New Co", "SG")
    assert api.get("/attendees", q="new co").get_json()["items"] == [told]


def test_attendee_when_change_is_refused_then_422_and_as_before(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now, name="张伟")
    api = Api(each_app, make_token(edition))

    codes = [
        api.patch(f"/attendees/{attendee.code}", body).get_json(force=True)["code"]
        for body in (
            {"name": "  "},
            {"country": "China"},
            {"email": "no address"},
            {"state": "cancelled"},
            {"name": "x" * 201},
        )
    ]

    assert codes == ["name_empty", "country_unknown", "email_invalid", "request_invalid", "name_too_long"]
    assert db.session.scalars(select(Attendee.name)).all() == ["张伟"]


def test_ticket_types_when_listed_then_with_places_left_and_only_here(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=2)
    make_ticket_type(edition, now, "press")
    make_ticket_type(make_edition(now, "expo-2028", 2028), now, "theirs")
    make_attendee(edition, now)
    api = Api(each_app, make_token(edition, Permission.SCAN))

    first = api.get("/ticket-types", limit=1).get_json()
    second = api.get("/ticket-types", limit=1, cursor=first["next"]).get_json()

    assert [(each["code"], each["places_left"]) for page in (first, second) for each in page["items"]] == [
        ("visitor", 1),
        ("press", None),
    ]
    assert second["next"] is None


def test_attendee_when_address_and_ticket_are_corrected_then_both_follow(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    make_ticket_type(edition, now, "delegate", price_cents=100)
    make_ticket_type(edition, now, "full", places=0)
    api = Api(each_app, make_token(edition))

    answer = api.patch(f"/attendees/{attendee.code}", {"email": "new@example.org", "ticket_type": "delegate"})
    refused = api.patch(f"/attendees/{attendee.code}", {"ticket_type": "full"})

    told = answer.get_json()
    assert (told["email"], told["ticket_type"]["code"], told["is_paid"]) == ("new@example.org", "delegate", False)
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (409, "sold_out")
