"""The command palette finds what the viewer may open."""

import io
from datetime import datetime

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from tests.make import make_attendee
from tests.web.organizer.conftest import SignIn

SCHEDULE = """<?xml version="1.0"?><schedule><generator name="x" version="1"/><version>1</version>
<conference><title>C</title><acronym>c</acronym><start>2027-05-26</start><end>2027-05-26</end><days>1</days>
<timeslot_duration>00:05</timeslot_duration></conference><day index="1"
date="2027-05-26" start="2027-05-26T08:00:00+08:00"
end="2027-05-26T20:00:00+08:00"><room name="Hall A">{events}</room></day></schedule>"""


EVENT = """<event id="{id}" guid="11111111-1111-1111-1111-11111111111{id}"><date>2027-05-26T10:00:00+08:00</date>
<start>10:00</start><duration>00:30</duration><room>Hall A</room><slug>s{id}</slug><title>{title}</title><subtitle/>
<track>T</track><type>talk</type><language>en</language><abstract>{text}</abstract><description/><logo/>
<persons><person id="{id}">Grace Hopper {id}</person></persons><links/><attachments/></event>"""


def schedule_file(*titles: str, text: str = "") -> bytes:
    events = "".join(EVENT.format(id=number, title=title, text=text) for number, title in enumerate(titles, 1))
    return SCHEDULE.format(events=events).encode()


def upload(browser: FlaskClient, section: str, data: bytes, name: str) -> TestResponse:
    return browser.post(f"/organizer/{section}/imports/new", data={"file": (io.BytesIO(data), name)})


def take_in(browser: FlaskClient, section: str, data: bytes, name: str = "file.xml", **answer: str) -> TestResponse:
    return browser.post(upload(browser, section, data, name).location, data=answer)


def test_find_when_everything_matches_then_each_kind_with_its_address(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    take_in(organizer, "program", schedule_file("Grace notes"))
    take_in(organizer, "exhibitors", b"name\nGrace Ltd\n", "c.csv")
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
    take_in(organizer, "program", schedule_file("Grace notes"))
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
