"""Fixtures of exhibitors: another expo, whose companies must never appear."""

from datetime import datetime

import pytest

from expo.editions.queries import EditionFacts
from tests.conftest import make_edition


@pytest.fixture
def other_edition(edition: EditionFacts, now: datetime) -> EditionFacts:
    """Another expo, which is not the current one."""
    return make_edition(now, "expo-2028", 2028)
