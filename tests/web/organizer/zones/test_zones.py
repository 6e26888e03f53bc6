"""Zones are made, changed and deleted; what depends on one is named first."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.checkin.queries.zones import get_zone, list_zones
from expo.checkin.services.zones import ZoneRequest, create_zone
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.domains.checkin.doors import make_checkpoint, scan_once
from tests.make import make_attendee
from tests.web.organizer.conftest import SignIn

TYPED = {
    "code": "hall-1",
    "name-en": "Hall 1",
    "name-zh": "1 号馆",
    "capacity": "400",
    "warning_percent": "70",
    "alarm_percent": "90",
    "group": "new",
    "passback": "again",
}


def test_zone_when_made_and_changed_then_it_is_so(organizer: FlaskClient, edition: EditionFacts) -> None:
    assert organizer.post("/organizer/zones/new", data=TYPED).status_code == 302
    made = get_zone(edition.id, "hall-1")
    changed = TYPED | {"capacity": "", "group": "alone", "passback": "once", "warning_percent": ""}
    assert organizer.post("/organizer/zones/hall-1/edit", data=changed).status_code == 302
    db.session.expire_all()
    after = get_zone(edition.id, "hall-1")

    assert (made.name, made.capacity, made.exclusive_group, made.anti_passback) == (
        {"en": "Hall 1", "zh": "1 号馆"},
        400,
        "hall-1",
        False,
    )
    assert (made.warning_percent, made.alarm_percent) == (70, 90)
    assert (after.capacity, after.exclusive_group, after.anti_passback, after.warning_percent) == (
        None,
        None,
        True,
        None,
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "main"}, "code"),
        ({"code": "no spaces"}, "code"),
        ({"name-en": "", "name-zh": ""}, "name-en"),
        ({"capacity": "0"}, "capacity"),
        ({"warning_percent": "95", "alarm_percent": "90"}, "warning_percent"),
        ({"alarm_percent": "101"}, "alarm_percent"),
    ],
)
def test_zone_when_the_form_is_wrong_then_the_error_is_at_its_field(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, wrong: dict[str, str], field: str
) -> None:
    make_checkpoint(edition, now)

    answer = organizer.post("/organizer/zones/new", data=TYPED | wrong)

    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert [each.code for each in list_zones(edition.id)] == ["main"]


def test_zone_when_joining_a_group_then_both_say_what_entering_leaves(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_zone(SYSTEM, edition.id, "one", ZoneRequest({"en": "Hall One"}, exclusive_group="halls"), now)
    form = organizer.get("/organizer/zones/new").text
    organizer.post("/organizer/zones/new", data=TYPED | {"group": "group:halls"})

    page = organizer.get("/organizer/zones").text

    assert "Leaves Hall One" in form
    assert ("Entering it leaves Hall One" in page, "Entering it leaves Hall 1" in page) == (True, True)


def test_zone_when_deleted_with_checkpoints_then_they_are_named_and_it_stays(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    create_zone(SYSTEM, edition.id, "empty", ZoneRequest({"en": "Empty"}), now)

    asked, refused = (organizer.open("/organizer/zones/main/delete", method=method) for method in ("GET", "POST"))
    deleted = organizer.post("/organizer/zones/empty/delete")

    assert [(each.status_code, "Main entrance" in each.text) for each in (asked, refused)] == [(200, True), (409, True)]
    assert "/organizer/checkpoints/main/edit" in asked.text
    assert (deleted.status_code, [each.code for each in list_zones(edition.id)]) == (302, ["main"])


def test_zone_when_its_rules_change_after_scans_then_refused_at_the_group(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    scan_once(edition, make_attendee(edition, now).token)

    answer = organizer.post("/organizer/zones/main/edit", data=TYPED)

    assert (answer.status_code, 'id="group-error"' in answer.text) == (422, True)


def test_zones_when_exported_then_a_row_each(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)

    rows = organizer.get("/organizer/zones/export.csv").text.splitlines()

    assert rows[1] == "main,Main entrance,主入口,main,,0,80,95,,refused"


def test_zones_when_the_viewer_may_not_manage_checkpoints_then_refused(sign_in: SignIn) -> None:
    assert sign_in(Role.PROGRAM_MANAGER).get("/organizer/zones").status_code == 403
