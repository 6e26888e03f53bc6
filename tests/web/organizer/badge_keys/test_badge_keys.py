"""Keys that sign badges are rotated and distrusted."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.badges.queries import list_signing_keys, public_keys
from expo.editions.queries import EditionFacts
from tests.make import make_attendee


def test_keys_when_rotated_and_distrusted_then_the_new_one_signs(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    organizer.post("/organizer/settings/badge-keys/rotate")
    organizer.post("/organizer/settings/badge-keys/0/distrust")
    keys = list_signing_keys(edition.id)
    assert ([each.retired_at is None for each in keys], list(public_keys(edition.id))) == ([False, True], [1])
    assert organizer.post("/organizer/settings/badge-keys/9/distrust").status_code == 404
