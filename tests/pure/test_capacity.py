from expo.pure.capacity import demand, places_left, scarcest


def test_demand_when_types_share_quotas_then_summed_by_rising_quota() -> None:
    assert demand([2, 1, 2], {1: [9, 3], 2: [3]}) == [(3, 3), (9, 1)]
    assert demand([1], {}) == []


def test_places_left_when_without_limit_then_none() -> None:
    assert (places_left(None, 7), places_left(5, 3), places_left(5, 5)) == (None, 2, 0)
    assert (scarcest([None, 4, 2]), scarcest([None]), scarcest([])) == (2, None, None)
