"""Schedules and lists of companies for tests, and browsers that import them by way of the preview."""

import io

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from expo.infra.clock import utcnow
from expo.infra.jobs import drain

SCHEDULE = """<?xml version="1.0"?><schedule><generator name="x" version="1"/><version>1</version>
<conference><title>C</title><acronym>c</acronym><start>2027-05-26</start><end>2027-05-26</end><days>1</days>
<timeslot_duration>00:05</timeslot_duration></conference><day index="1"
date="2027-05-26" start="2027-05-26T08:00:00+08:00"
end="2027-05-26T20:00:00+08:00"><room name="Hall A">{events}</room></day></schedule>"""


EVENT = """<event id="{id}" guid="11111111-1111-1111-1111-11111111111{id}"><date>2027-05-26T10:00:00+08:00</date>
<start>10:00</start><duration>00:30</duration><room>Hall A</room><slug>s{id}</slug><title>{title}</title><subtitle/>
<track>T</track><type>talk</type><language>en</language><abstract>{text}</abstract><description/><logo/>
<persons><person id="{id}">Grace Hopper {id}</person></persons><links/><attachments/></event>"""


COMPANIES = """name,country,booths,categories
Ada Ltd,GB,A1,Robots
=CMD(),CN,A2,Data
,CN,A3,Data
"""


def schedule_file(*titles: str, text: str = "") -> bytes:
    events = "".join(EVENT.format(id=number, title=title, text=text) for number, title in enumerate(titles, 1))
    return SCHEDULE.format(events=events).encode()


def upload(browser: FlaskClient, section: str, data: bytes, name: str) -> TestResponse:
    """Upload a file and let the worker read it; the answer leads to the page of its run."""
    answer = browser.post(f"/organizer/{section}/imports/new", data={"file": (io.BytesIO(data), name)})
    drain(utcnow())
    return answer


def import_file(browser: FlaskClient, section: str, data: bytes, name: str = "file.xml", **answer: str) -> TestResponse:
    """Upload a file, confirm its preview and let the worker import it."""
    return confirm(browser, upload(browser, section, data, name).location, **answer)


def confirm(browser: FlaskClient, page: str, **answer: str) -> TestResponse:
    """Confirm the preview of a run and let the worker import it."""
    done = browser.post(f"{page}/start", data=answer)
    drain(utcnow())
    return done
