"""Places: how many are left, and what an order asks of each quota."""

from collections import Counter
from collections.abc import Iterable, Mapping


def places_left(size: int | None, taken: int) -> int | None:
    """Return how many places a quota has left; None is without limit."""
    return None if size is None else max(0, size - taken)


def scarcest(lefts: Iterable[int | None]) -> int | None:
    """Return what is left where several quotas must each have a place; None is without limit."""
    return min((left for left in lefts if left is not None), default=None)


def demand(wanted: Iterable[int], quotas_of: Mapping[int, Iterable[int]]) -> list[tuple[int, int]]:
    """Return (quota, places) that these ticket types take together, by rising quota id: the one order of locking."""
    asked: Counter[int] = Counter()
    for ticket_type_id in wanted:
        asked.update(quotas_of.get(ticket_type_id, ()))
    return sorted(asked.items())
