"""Days in words."""

from datetime import date

import pytest
from babel import Locale

from expo.pure.dates import condense_days


@pytest.mark.parametrize(
    ("first", "last", "locale", "words"),
    [
        (date(2026, 11, 24), date(2026, 11, 26), "en_GB", "24–26 November 2026"),
        (date(2026, 11, 24), date(2026, 11, 26), "zh_Hans_CN", "2026年11月24日至26日"),
        (date(2026, 5, 26), date(2026, 5, 28), "en_GB", "26–28 May 2026"),
        (date(2026, 11, 29), date(2026, 12, 2), "en_GB", "29 November\u2009–\u20092 December 2026"),
        (date(2026, 11, 24), date(2026, 11, 24), "en_GB", "24 November 2026"),
    ],
)
def test_condense_days_when_they_share_month_or_year_then_said_once(
    first: date, last: date, locale: str, words: str
) -> None:
    assert condense_days(first, last, Locale.parse(locale)) == words


def test_condense_days_when_short_then_months_are_short() -> None:
    words = condense_days(date(2026, 11, 24), date(2026, 11, 26), Locale.parse("en_GB"), is_short=True)

    assert words == "24–26 Nov 2026"
