"""Ticket types are offered and changed."""

from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.tickets.queries import get_ticket_type, list_quotas
from tests.make import make_ticket_type

TICKET = {
    "code": "day",
    "name-en": "Day ticket",
    "price": "12.50",
    "max_per_order": "4",
    "valid_from": "2027-05-27",
    "valid_days": "1",
    "band": "3",
    "sale_starts_at": "2027-04-01T09:00",
}


def test_ticket_when_offered_and_changed_then_it_is_so_with_its_quota(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=9)
    [quota] = list_quotas(edition.id)
    assert (
        organizer.post("/organizer/settings/tickets/new", data=TICKET | {"quota_ids": str(quota.id)}).status_code == 302
    )
    row = get_ticket_type(edition.id, "day", now)
    assert (row.price_cents, row.band, row.is_public, row.valid_from) == (1250, 3, False, date(2027, 5, 27))
    assert row.sale_starts_at == datetime.fromisoformat("2027-04-01T01:00:00+00:00")
    assert list_quotas(edition.id)[0].ticket_type_codes == ("visitor", "day")
    assert f">{row.name['en']}</h1>" in organizer.get("/en/organizer/settings/tickets/day/edit").text
    answer = organizer.post("/organizer/settings/tickets/day/edit", data=TICKET | {"price": "0", "is_public": "y"})
    db.session.expire_all()
    row = get_ticket_type(edition.id, "day", now)
    assert (answer.status_code, row.price_cents, row.is_public) == (302, 0, True)
    assert list_quotas(edition.id)[0].ticket_type_codes == ("visitor",)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", {"code": "visitor"}),
        ("code", {"code": "a b"}),
        ("name-en", {"name-en": ""}),
        ("price", {"price": "-1"}),
        ("sale_ends_at", {"sale_ends_at": "2027-03-01T09:00"}),
        ("valid_from", {"valid_from": "2027-01-01"}),
    ],
)
def test_ticket_when_a_field_is_wrong_then_said_there(
    field: str, typed: dict[str, str], organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    answer = organizer.post("/organizer/settings/tickets/new", data=TICKET | typed)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
