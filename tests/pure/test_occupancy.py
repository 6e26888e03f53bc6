"""Bounds of people inside: whatever unsent scans turn out to be, the truth is within them."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, strategies as st

from expo.pure.occupancy import Bounds, DeviceState, bound_site, bound_zones, unsent_scans

NOW = datetime(2027, 5, 26, 2, 0, tzinfo=UTC)
GROUPS: dict[str, str | None] = {"h1": "halls", "h2": "halls", "h3": "halls", "lounge": None}
ZONES = tuple(GROUPS)

devices = st.lists(
    st.builds(
        DeviceState,
        zones=st.frozensets(st.sampled_from(ZONES), min_size=1),
        seen_at=st.integers(0, 7200).map(lambda seconds: NOW - timedelta(seconds=seconds)),
        queued=st.integers(0, 12),
        busiest_rate=st.floats(0, 0.1),
        may_admit=st.booleans(),
        may_check_out=st.booleans(),
        most_people=st.integers(1, 3),
    ),
    max_size=4,
)


def _device(**values: object) -> DeviceState:
    facts = {"zones": frozenset({"h1"}), "seen_at": NOW, "queued": 0, "busiest_rate": 4.0}
    return DeviceState(**{**facts, **values})  # type: ignore[arg-type]


@given(devices, st.randoms(use_true_random=False))
def test_bounds_when_unsent_scans_are_received_then_the_truth_is_within(
    held: list[DeviceState], random: Random
) -> None:
    people: dict[int, set[str]] = {person: set() for person in range(40)}
    for inside in people.values():
        inside.update(_somewhere(random))
    counted = {zone: sum(zone in inside for inside in people.values()) for zone in ZONES}
    zones = bound_zones(counted, held, GROUPS, NOW)
    site = bound_site(sum(bool(inside) for inside in people.values()), held, NOW)

    for device in held:
        for _ in range(random.randint(0, unsent_scans(device, NOW))):
            _scan(device, people, random)

    for zone, bounds in zones.items():
        assert bounds.lower <= sum(zone in inside for inside in people.values()) <= bounds.upper
    assert site.lower <= sum(bool(inside) for inside in people.values()) <= site.upper


def _somewhere(random: Random) -> set[str]:
    halls = random.sample(("h1", "h2", "h3"), k=random.randint(0, 1))
    return {*halls, *random.sample(("lounge",), k=random.randint(0, 1))}


def _scan(device: DeviceState, people: dict[int, set[str]], random: Random) -> None:
    """Move up to a group of people in or out of a zone of the device, as the product does."""
    ways = [way for way, may in (("in", device.may_admit), ("out", device.may_check_out)) if may]
    if not ways:
        return
    zone, way = random.choice(sorted(device.zones)), random.choice(ways)
    for person in random.sample(sorted(people), k=device.most_people):
        if way == "out":
            people[person].discard(zone)
        else:
            group = GROUPS[zone]
            people[person] -= {other for other, its in GROUPS.items() if group is not None and its == group}
            people[person].add(zone)


@given(devices, st.integers(0, 3600))
def test_bounds_when_silence_lasts_then_never_narrower(held: list[DeviceState], seconds: int) -> None:
    counted = dict.fromkeys(ZONES, 20)

    before = bound_zones(counted, held, GROUPS, NOW)
    after = bound_zones(counted, held, GROUPS, NOW + timedelta(seconds=seconds))

    assert all(after[zone].lower <= before[zone].lower for zone in ZONES)
    assert all(after[zone].upper >= before[zone].upper for zone in ZONES)


def test_bounds_when_every_device_is_in_contact_then_exact() -> None:
    bounds = bound_zones({"h1": 12}, [_device(), _device(seen_at=NOW - timedelta(seconds=60))], GROUPS, NOW)

    assert bounds == {"h1": Bounds(12, 12, 12)}
    assert bounds["h1"].is_exact


def test_bounds_when_a_device_in_contact_has_a_queue_then_the_queue_either_way() -> None:
    bounds = bound_zones({"h1": 12, "h2": 5}, [_device(queued=4)], GROUPS, NOW)

    assert bounds == {"h1": Bounds(12, 8, 16), "h2": Bounds(5, 1, 5)}


def test_bounds_when_a_device_only_admits_then_nobody_leaves_its_zone() -> None:
    bounds = bound_zones({"h1": 12}, [_device(queued=4, may_check_out=False)], GROUPS, NOW)

    assert bounds == {"h1": Bounds(12, 12, 16)}


def test_unsent_when_silent_for_ten_minutes_then_three_deviations_above_its_busiest_rate() -> None:
    # 40 scans on average; 40 + 3 × √40 is 58.97.
    assert unsent_scans(_device(queued=2, seen_at=NOW - timedelta(minutes=10)), NOW) == 2 + 59 + 3
