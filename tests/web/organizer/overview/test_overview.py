"""The overview."""

import io
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from expo.editions.queries import EditionFacts
from tests.make import make_attendee

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


def test_today_when_there_are_more_rows_then_as_many_queries(
    app: Flask, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    from tests.web.organizer.attendees.test_attendees import count_queries

    make_attendee(edition, now, email="a@example.org")
    first = count_queries(organizer, "/organizer/")
    take_in(organizer, "program", schedule_file(*(f"Talk {number}" for number in range(1, 10))))
    make_attendee(edition, now, email="b@example.org")
    make_attendee(edition, now, email="c@example.org")
    app.extensions.pop("expo_recent", None)  # the figures are a few seconds old otherwise
    assert (first, count_queries(organizer, "/organizer/")) == (first, first)
