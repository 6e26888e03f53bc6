"""Quotas are made and changed."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.tickets.queries import list_quotas
from tests.make import make_attendee


def test_quota_when_made_smaller_than_taken_then_said_and_kept(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="a@example.org")
    make_attendee(edition, now, email="b@example.org")
    made = organizer.post(
        "/organizer/settings/quotas/new", data={"name": "Hall", "size": "5", "ticket_types": "visitor"}
    )
    [quota] = list_quotas(edition.id)
    path = f"/organizer/settings/quotas/{quota.id}/edit"
    answer = organizer.post(path, data={"size": "1", "ticket_types": "visitor"})
    assert (made.status_code, quota.taken, answer.status_code, 'id="size-error"' in answer.text) == (302, 2, 422, True)
    assert organizer.post(path, data={"size": "2", "ticket_types": "visitor"}).status_code == 302
    assert list_quotas(edition.id)[0].size == 2
