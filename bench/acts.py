"""Measures one act on the database: its time, its processor time, and its statements."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import event

from expo.infra.db import db


@dataclass(frozen=True)
class Sample:
    """How long an act took and how much processor time it used, in milliseconds, and how many statements it ran."""

    milliseconds: float
    processor: float
    statements: int


def measure_act(act: Callable[[], object]) -> Sample:
    """Run an act once in this thread, and return what it cost."""
    statements = 0

    def count(*_details: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(db.engine, "before_cursor_execute", count)
    used, began = time.thread_time(), time.perf_counter()
    try:
        act()
        ended, used = time.perf_counter(), time.thread_time() - used
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return Sample(1000 * (ended - began), 1000 * used, statements)
