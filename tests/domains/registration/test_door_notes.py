"""Notes for the doors: set by staff, recorded, and never by attendees."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.registration.queries import attendee_history, get_attendee
from expo.registration.services import set_door_note
from tests.make import make_attendee


def test_door_note_when_set_and_removed_then_each_change_is_recorded(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)

    set_door_note(SYSTEM, edition.id, made.id, "  VIP,\n wheelchair ", now)
    note = get_attendee(edition.id, made.code).door_note
    set_door_note(SYSTEM, edition.id, made.id, "VIP, wheelchair", now)
    removed = set_door_note(SYSTEM, edition.id, made.id, " ", now)

    changes = [each for each in attendee_history(edition.id, made.id) if each.action == "registration.set_door_note"]
    assert (note, removed.door_note, len(changes)) == ("VIP, wheelchair", "", 2)


def test_door_note_when_too_long_or_set_by_the_attendee_then_it_stays(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    person = Actor("person", made.attendee.person_id)

    with pytest.raises(Invalid, match="door_note_too_long"):
        set_door_note(SYSTEM, edition.id, made.id, "x" * 201, now)
    with pytest.raises(PermissionMissing):
        set_door_note(person, edition.id, made.id, "VIP", now)

    assert get_attendee(edition.id, made.code).door_note == ""
