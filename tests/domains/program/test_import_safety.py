from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Conflict
from expo.flows.importing import check_schedule_file, import_program, read_schedule_file
from expo.formats.errors import BadFile
from expo.program.queries import list_sessions
from expo.reports.schedules import export_ics, list_unprintable
from tests.domains.program.test_importing import TWO_TALKS, take_in, without


def address(slug: str) -> str:
    return f"https://expo.test/sessions/{slug}"


def test_import_when_more_than_a_tenth_would_go_then_the_number_must_be_confirmed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    take_in(edition, TWO_TALKS, now)
    schedule = read_schedule_file(edition, without(TWO_TALKS, "1"))

    for allowed in (None, 2):
        with pytest.raises(Conflict) as refused:
            import_program(SYSTEM, edition.id, schedule, now, allowed_removals=allowed)
        assert (refused.value.code, refused.value.params) == ("removals_not_confirmed", {"count": 1, "total": 2})
    assert len(list_sessions(edition.id)) == 2

    import_program(SYSTEM, edition.id, schedule, now, allowed_removals=1)
    assert len(list_sessions(edition.id)) == 1


def test_import_when_one_session_is_bad_then_it_stays_as_it_was(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    take_in(edition, TWO_TALKS, now)
    before = list_sessions(edition.id)
    data = TWO_TALKS.replace(b"10:00", b"soon").replace(b"Artificial", b"Natural")

    with pytest.raises(BadFile):
        read_schedule_file(edition, data)
    result = check_schedule_file(edition, data)
    change = import_program(SYSTEM, edition.id, result.schedule, now, faults=result.faults)

    after = list_sessions(edition.id)
    assert (change.changed, change.removed) == (({"en": "Natural intelligence for ports"},), ())
    assert after[0] == before[0]
    assert after[1].title == {"en": "Natural intelligence for ports"}


def test_export_ics_when_a_session_changes_then_its_sequence_rises(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    take_in(edition, TWO_TALKS, now)
    take_in(edition, TWO_TALKS, now + timedelta(hours=1))
    take_in(edition, TWO_TALKS.replace(b"10:00", b"12:00"), now + timedelta(hours=2))

    calendar = Calendar.from_ical(export_ics(get_edition(edition.id), "en", address))

    assert sorted(int(event["sequence"]) for event in calendar.walk("VEVENT")) == [0, 1]


def test_list_unprintable_when_a_title_has_an_emoji_then_named(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    take_in(edition, TWO_TALKS.replace(b"Cloud computing", "Clouds \U0001f680".encode()), now)

    assert list_unprintable(edition) == ("\U0001f680",)
