"""Requests are counted one after another in a process: the library's storage fails if two threads use it at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from expo.infra.limits import RateLimits, count_against
from tests.races.racing import WAIT_SECONDS, Meeting, counts, race_threads

RACERS = 2


class _Lock:
    """Tells when a second racer has come to the lock; without a lock inside it lets everybody pass."""

    def __init__(self, inner: Any, on_second: Callable[[], None]) -> None:
        self._inner, self._on_second, self._first = inner, on_second, threading.Semaphore(1)

    def __enter__(self) -> None:
        if not self._first.acquire(False):
            self._on_second()
        if self._inner:
            self._inner.acquire()

    def __exit__(self, *_: object) -> None:
        if self._inner:
            self._inner.release()


def _watch(app: Flask, monkeypatch: pytest.MonkeyPatch, lock: Any, wait: Callable[[], object]) -> list[int]:
    """Let whoever counts wait inside, and return how many were there each time somebody left."""
    limits: RateLimits = app.extensions["expo_limits"]
    inside, seen, hit = threading.Semaphore(0), [], limits._local.hit

    def hit_and_wait(*args: Any) -> bool:
        inside.release()
        wait()
        seen.append(inside._value)
        inside.acquire()
        return hit(*args)

    monkeypatch.setattr(limits, "_local_lock", lock)
    monkeypatch.setattr(limits._local, "hit", hit_and_wait)
    return seen


def test_limits_when_threads_count_at_once_then_one_is_in_the_storage_at_a_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_came = threading.Event()
    lock = _Lock(threading.Lock(), second_came.set)
    seen = _watch(app, monkeypatch, lock, lambda: second_came.wait(WAIT_SECONDS))

    outcomes = race_threads(app, lambda _n: count_against("1/hour", "race"), RACERS)

    assert counts(outcomes) == {"done": 1, "too_many_requests": 1}
    assert seen == [1, 1]


def test_limits_when_threads_count_at_once_without_the_lock_then_two_are_in_the_storage(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _watch(app, monkeypatch, _Lock(None, lambda: None), Meeting().wait)

    race_threads(app, lambda _n: count_against("1/hour", "race"), RACERS)

    assert max(seen) == RACERS
