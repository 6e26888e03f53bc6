from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from expo.formats.calendars import CalendarEntry, write_ics


def calendar(zone: str) -> str:
    start = datetime(2027, 5, 1, 10, tzinfo=ZoneInfo(zone))
    entry = CalendarEntry("1", "Talk", start, start + timedelta(hours=1), sequence=3)
    return write_ics("Expo", [entry], ZoneInfo(zone), datetime(2027, 1, 1, tzinfo=UTC), "expo").decode()


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("Asia/Shanghai", []),
        ("Europe/Berlin", ["FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"]),
        ("America/New_York", ["FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"]),
        ("Australia/Sydney", ["FREQ=YEARLY;BYDAY=1SU;BYMONTH=4", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=10"]),
    ],
)
def test_write_ics_when_zone_changes_every_year_then_rules(zone: str, rules: list[str]) -> None:
    written = calendar(zone)

    assert [line.removeprefix("RRULE:") for line in written.splitlines() if line.startswith("RRULE:")] == rules
    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert (event["sequence"], event["dtstart"].params["TZID"]) == (3, zone)
