"""What a request starts without waiting for it."""

import threading

from flask import Flask
from sqlalchemy import text

from expo.infra import background
from expo.infra.db import db

TIMEOUT = 60


def test_background_when_the_same_is_running_then_it_runs_once_with_its_own_session_and_can_run_again(
    app: Flask,
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    found: list[int] = []
    threads: list[threading.Thread] = []

    def act() -> None:
        found.append(db.session.scalar(text("SELECT 1")) or 0)
        threads.append(threading.current_thread())
        begun.set()
        assert may_end.wait(TIMEOUT)

    background.run_in_background("a", act)
    assert begun.wait(TIMEOUT)
    background.run_in_background("a", act)
    may_end.set()
    threads[0].join(TIMEOUT)
    again = threading.Event()
    background.run_in_background("a", again.set)

    assert again.wait(TIMEOUT)
    assert found == [1]
