# ruff: noqa: S311 (the curves are drawn, not secret)

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from expo.demo.arrivals import draw_arrivals, draw_order_times

ZONE = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2026, 1, 12, 9, tzinfo=ZONE)
CLOSES = datetime(2026, 5, 27, 18, tzinfo=ZONE)
DEADLINE = datetime(2026, 3, 31, 23, 59, tzinfo=ZONE)
DAY = datetime(2026, 5, 28, tzinfo=ZONE)


def test_draw_order_times_when_drawn_then_in_order_inside_the_window_and_repeatable() -> None:
    times = draw_order_times(5000, OPENS, CLOSES, Random(3))
    assert len(times) == 5000
    assert times == sorted(times)
    assert times[0] >= OPENS
    assert times[-1] < CLOSES
    assert times == draw_order_times(5000, OPENS, CLOSES, Random(3))
    assert times != draw_order_times(5000, OPENS, CLOSES, Random(4))


def test_draw_order_times_when_there_is_a_deadline_then_slow_start_peak_before_it_and_surge_at_the_end() -> None:
    times = draw_order_times(20_000, OPENS, CLOSES, Random(3), early_bird_ends=DEADLINE)

    def week_before(moment: datetime) -> int:
        return sum(moment - timedelta(days=7) <= time < moment for time in times)

    first, peak, after, end = (
        week_before(OPENS + timedelta(days=7)),
        week_before(DEADLINE),
        week_before(DEADLINE + timedelta(days=8)),
        week_before(CLOSES),
    )
    assert peak > 2 * after > 2 * first
    assert end > 2 * after


def test_draw_order_times_when_counted_by_hour_and_weekday_then_people_order_at_work() -> None:
    times = draw_order_times(20_000, OPENS, CLOSES, Random(3))
    hours = Counter(time.hour for time in times)
    weekdays = Counter(time.weekday() for time in times)
    assert hours[10] > 5 * hours[2]
    assert min(weekdays[day] for day in range(5)) > 1.4 * max(weekdays[5], weekdays[6])
    assert {time.utcoffset() for time in times} == {timedelta(hours=8)}


def test_draw_order_times_when_the_window_is_a_few_night_minutes_then_still_inside() -> None:
    opens = datetime(2026, 1, 12, 3, tzinfo=ZONE)
    times = draw_order_times(50, opens, opens + timedelta(minutes=2), Random(3))
    assert all(opens <= time < opens + timedelta(minutes=2) for time in times)


@pytest.mark.parametrize(("opens", "closes"), [(CLOSES, OPENS), (OPENS, OPENS), (OPENS.replace(tzinfo=None), CLOSES)])
def test_draw_order_times_when_the_window_is_no_window_then_refused(opens: datetime, closes: datetime) -> None:
    with pytest.raises(ValueError, match="opening"):
        draw_order_times(1, opens, closes, Random(3))


def test_draw_arrivals_when_drawn_then_each_person_enters_at_most_once_and_in_order_of_time() -> None:
    scans = draw_arrivals(12_000, DAY, Random(3))
    entered = Counter(scan.person for scan in scans if scan.kind == "admitted")
    assert set(entered.values()) == {1}
    assert {scan.person for scan in scans} == set(range(12_000))
    assert [scan.at for scan in scans] == sorted(scan.at for scan in scans)
    assert scans[0].at >= DAY + timedelta(hours=8, minutes=30)
    assert scans[-1].at < DAY + timedelta(hours=18)
    assert scans == draw_arrivals(12_000, DAY, Random(3))


def test_draw_arrivals_when_counted_by_time_then_the_morning_peaks_and_a_smaller_wave_follows_lunch() -> None:
    tens = Counter((scan.at - DAY) // timedelta(minutes=10) for scan in draw_arrivals(12_000, DAY, Random(3)))
    peak = tens.most_common(1)[0][0]
    assert 9 * 6 + 1 <= peak < 9 * 6 + 5
    after_lunch, noon, late = tens[13 * 6 + 3], tens[12 * 6], tens[16 * 6]
    assert tens[peak] > 2 * after_lunch > 4 * noon
    assert noon > late > 0


def test_draw_arrivals_when_a_badge_is_shown_again_or_refused_then_around_the_entry_and_rarely() -> None:
    scans = draw_arrivals(12_000, DAY, Random(3))
    entry = {scan.person: scan.at for scan in scans if scan.kind == "admitted"}
    kinds = Counter(scan.kind for scan in scans)
    assert 0.01 < kinds["again"] / 12_000 < 0.04
    assert 0.005 < kinds["refused"] / 12_000 < 0.02
    for scan in scans:
        assert (scan.reason is None) == (scan.kind != "refused")
        if scan.kind == "again":
            assert scan.at > entry[scan.person]
        if scan.kind == "refused" and scan.person in entry:
            assert scan.at < entry[scan.person]
            assert scan.reason != "not_yet_valid"


def test_draw_arrivals_when_checkpoints_and_refusals_are_given_then_in_their_proportions() -> None:
    scans = draw_arrivals(8000, DAY.astimezone(UTC), Random(3), checkpoints={"A": 3, "B": 1}, refusals={"unpaid": 1})
    gates = Counter(scan.checkpoint for scan in scans)
    assert set(gates) == {"A", "B"}
    assert 2.6 < gates["A"] / gates["B"] < 3.4
    assert {scan.reason for scan in scans} == {None, "unpaid"}
