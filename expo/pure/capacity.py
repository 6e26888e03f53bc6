"""Places: how many are left, and how many an order needs from each quota."""

from collections import Counter
from collections.abc import Iterable, Mapping


def places_left(size: int | None, taken: int) -> int | None:
    """Return how many places a quota has left; None means unlimited."""
    return None if size is None else max(0, size - taken)


def scarcest(lefts: Iterable[int | None]) -> int | None:
    """Return the places left if several quotas must each have one; None means unlimited."""
    return min((left for left in lefts if left is not None), default=None)


def demand(wanted: Iterable[int], quotas_of: Mapping[int, Iterable[int]]) -> list[tuple[int, int]]:
    """Return (quota, places) needed by these ticket types, by ascending quota id, the only locking order."""
    asked: Counter[int] = Counter()
    for ticket_type_id in wanted:
        asked.update(quotas_of.get(ticket_type_id, ()))
    return sorted(asked.items())
