"""The control room shows what happens, sends only what changed, and says who deals with an alarm."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.checkin.queries.alarms import AlarmState, get_control_room, list_alarms
from expo.checkin.rules.alarms import AlarmKind
from expo.checkin.services.alarms import update_alarms
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.cache import get_recent
from expo.infra.clock import utcnow
from tests.domains.checkin.doors import make_checkpoint
from tests.domains.checkin.stored_scans import store_device
from tests.web.organizer.conftest import SignIn

HTMX = {"HX-Request": "true"}
ROOM = "/organizer/control-room"


@pytest.fixture(autouse=True)
def fresh(edition: EditionFacts) -> Iterator[None]:
    """Start every test without cached figures of another."""
    get_recent().forget(("control_room", edition.id))
    yield
    get_recent().forget(("control_room", edition.id))


def _raise_alarm(edition: EditionFacts) -> int:
    alarms = {(AlarmKind.ZONE_FULL, 1): AlarmState({"en": "Hall 1"}, 97)}
    return update_alarms(edition.id, alarms, utcnow())[0]


def test_room_when_polled_without_a_change_then_not_sent_again(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=10)

    first = organizer.get(ROOM, headers=HTMX)
    second = organizer.get(ROOM, headers=HTMX | {"If-None-Match": first.headers["ETag"]})

    assert ("<html" in first.text, "Main entrance" in first.text, "of 10" in first.text) == (False, True, True)
    assert (first.status_code, second.status_code, second.data) == (200, 304, b"")


def test_room_when_a_device_is_out_of_contact_then_a_range_is_shown(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    # At night the device would belong to the day before; and each second in between adds to what it may have.
    noon = (utcnow() + timedelta(days=1)).replace(hour=4, minute=0, second=0)
    store_device(edition, "Phone 9", noon - timedelta(seconds=100), queue_length=4)

    with time_machine.travel(noon, tick=False):
        page = organizer.get(ROOM).text

    assert ("Phone 9" in page, "Out of contact" in page, "Between 0 and 7" in page) == (True, True, True)


def test_alarm_when_acknowledged_then_by_whom_and_by_nobody_else(
    organizer: FlaskClient, admin: FlaskClient, edition: EditionFacts
) -> None:
    alarm = _raise_alarm(edition)
    shown = organizer.get(ROOM).text
    get_recent().forget(("control_room", edition.id))

    answers = [each.post(f"{ROOM}/alarms/{alarm}/acknowledge", data={"next": "screen"}) for each in (organizer, admin)]

    assert "Hall 1 is 97% full." in shown
    assert [each.headers["Location"] for each in answers] == [f"{ROOM}/screen"] * 2
    assert list_alarms(edition.id, utcnow())[0].acknowledged_by == "organizer@example.org"
    assert "acknowledged by organizer@example.org" in organizer.get(ROOM).text


def test_alarm_when_the_viewer_only_reads_reports_then_not_acknowledged(sign_in: SignIn, edition: EditionFacts) -> None:
    alarm = _raise_alarm(edition)
    reader = sign_in(Role.PROGRAM_MANAGER)

    assert "/acknowledge" not in reader.get(ROOM).text
    assert reader.post(f"{ROOM}/alarms/{alarm}/acknowledge").status_code == 403
    assert reader.get(f"{ROOM}/settings").status_code == 403


def test_room_when_of_another_expo_then_nothing_of_it(
    organizer: FlaskClient, other_edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, other_edition.id, "foreign", CheckpointRequest({"en": "Foreign gate"}), now)
    alarm = _raise_alarm(other_edition)
    store_device(other_edition, "Foreign phone", utcnow())

    pages = [organizer.get(path).text for path in (ROOM, "/organizer/zones", "/organizer/attendance")]

    assert [page for page in pages if "oreign" in page or "Hall 1" in page] == []
    assert organizer.post(f"{ROOM}/alarms/{alarm}/acknowledge").status_code == 404
    assert organizer.get("/organizer/zones/foreign/edit").status_code == 404


def test_settings_when_changed_then_kept_and_when_out_of_range_then_refused(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    typed = {
        "silent_minutes": "5",
        "queue_minutes": "6",
        "show_percent": "60",
        "scan_seconds": "4",
        "wait_minutes": "2",
        "wait_percent": "95",
        "sends_emails": "y",
    }

    wrong = organizer.post(f"{ROOM}/settings", data=typed | {"wait_percent": "100"})
    right = organizer.post(f"{ROOM}/settings", data=typed)

    assert (wrong.status_code, 'id="wait_percent-error"' in wrong.text, right.status_code) == (422, True, 302)
    found = get_control_room(edition.id)
    assert (found.silent_minutes, found.sends_emails, found.wait_percent) == (5, True, 95)
