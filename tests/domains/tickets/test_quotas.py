from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.flows.tickets import change_quota, create_quota
from expo.tickets.queries import get_ticket_type
from tests.make import make_registration, make_ticket_type


def test_quota_when_made_smaller_than_what_is_taken_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    for _ in range(3):
        make_registration(edition, now)
    quota_id = create_quota(SYSTEM, edition.id, "hall", 3, ["visitor"], now)

    with pytest.raises(Conflict) as refused:
        change_quota(SYSTEM, edition.id, quota_id, 2, ["visitor"], now)

    assert refused.value.params == {"taken": 3, "size": 2}
    assert get_ticket_type(edition.id, "visitor", now).places_left == 0
