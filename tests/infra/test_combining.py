"""Calls that arrive together are served together, and each gets its own result."""

import threading
from collections.abc import Sequence

import pytest

from expo.infra.combining import Combiner


def _call(combiner: Combiner[int, int], items: Sequence[int]) -> dict[int, int | str]:
    outcomes: dict[int, int | str] = {}

    def call(item: int) -> None:
        try:
            outcomes[item] = combiner.run(item)
        except ValueError as error:
            outcomes[item] = str(error)

    threads = [threading.Thread(target=call, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_combiner_when_many_wait_then_served_in_groups_and_each_gets_its_result() -> None:
    groups: list[int] = []

    def act(items: Sequence[int]) -> list[int]:
        groups.append(len(items))
        while len(groups) == 1 and len(combiner._waiting) < 19:
            threading.Event().wait(0.001)
        return [item * 2 for item in items]

    combiner = Combiner(act, 8)

    outcomes = _call(combiner, range(20))

    assert outcomes == {item: item * 2 for item in range(20)}
    assert groups == [1, 8, 8, 3]


def test_combiner_when_one_item_fails_then_only_its_call_does() -> None:
    def act(items: Sequence[int]) -> list[int]:
        if 3 in items:
            raise ValueError("three")
        return list(items)

    assert _call(Combiner(act, 8), range(6)) == {0: 0, 1: 1, 2: 2, 3: "three", 4: 4, 5: 5}


def test_combiner_when_a_single_call_fails_then_it_is_not_repeated_and_others_may_follow() -> None:
    calls: list[Sequence[int]] = []

    def act(items: Sequence[int]) -> list[int]:
        calls.append(items)
        raise ValueError("never")

    combiner = Combiner(act, 8)

    for item in (1, 2):
        with pytest.raises(ValueError, match="never"):
            combiner.run(item)
    assert calls == [[1], [2]]
