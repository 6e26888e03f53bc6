"""The evacuation list: on the page, on paper and as a file, for people who may read attendees."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from expo.web.organizer.evacuation import views
from tests.documents.papers import words
from tests.domains.checkin.doors import make_checkpoint, scan_once
from tests.make import make_attendee
from tests.web.organizer.conftest import SignIn

PAGE = "/organizer/evacuation"


def test_list_when_people_are_inside_then_on_the_page_and_in_each_file_with_a_note(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_checkpoint(edition, now)
    scan_once(edition, make_attendee(edition, now, name="Inside Li").token)
    make_attendee(edition, now, name="Outside Wu")

    page = organizer.get(PAGE).text
    table = organizer.get(f"{PAGE}/export.csv").text
    paper = words(organizer.get(f"{PAGE}/export.pdf").data, tmp_path)
    other = organizer.get(f"{PAGE}/export.pdf?zone=other")

    assert [("Inside Li" in each, "Outside Wu" in each) for each in (page, table, paper)] == 3 * [(True, False)]
    assert other.status_code == 404
    acts = db.session.execute(select(AuditEntry.action, AuditEntry.details).where(AuditEntry.action.like("export.%")))
    assert [(action, details["format"], details["people"]) for action, details in acts] == [
        ("export.evacuation", "csv", 1),
        ("export.evacuation", "pdf", 1),
    ]


def test_list_when_the_viewer_may_not_read_attendees_then_refused(sign_in: SignIn, edition: EditionFacts) -> None:
    reader = sign_in(Role.PROGRAM_MANAGER)

    assert [reader.get(path).status_code for path in (PAGE, f"{PAGE}/export.pdf")] == [403, 403]
    assert edition.id


@pytest.mark.usefixtures("pages_of_two")
def test_list_when_a_zone_is_chosen_then_its_people_page_by_page_and_the_files_have_all(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SHOWN_OF_ZONE", 1)
    make_checkpoint(edition, now)
    for name in ("Ann", "Ben", "Cas"):
        scan_once(edition, make_attendee(edition, now, name=name).token)
    whole = organizer.get(PAGE).text
    zone = re.findall(r'href="(.*)">Show all', whole)[0]

    first, last, beyond = (organizer.get(f"{zone}{more}").text for more in ("", "&page=2", "&page=9"))

    assert [[f">{name}</bdi>" in each for name in ("Ann", "Ben", "Cas")] for each in (whole, first, last, beyond)] == [
        [True, False, False],
        [True, True, False],
        [False, False, True],
        [False, False, True],
    ]
    assert ("Show all 3 people" in whole, "3 people are listed." in last) == (True, True)
    assert len(organizer.get(f"{PAGE}/export.csv").text.splitlines()) == 4
