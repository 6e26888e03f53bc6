"""What tests of the page cache share: a clock to turn, times to stop, queries to count, a change to make."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime

import pytest

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.rules import EditionChange
from expo.editions.services import change_edition
from tests.query_counts import listen_to_statements

TIMES = (
    "expo.web.kit.page_cache.utcnow",
    "expo.web.kit.pages.utcnow",
    "expo.web.public.home.utcnow",
    "expo.web.public.program.utcnow",
    "expo.web.public.program_day.utcnow",
)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def stop_time(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for name in TIMES:
        monkeypatch.setattr(name, lambda: moment)


@contextmanager
def queries_noted() -> Iterator[list[str]]:
    noted: list[str] = []

    def note(statement: str) -> None:
        if statement.split(maxsplit=1)[0] not in ("BEGIN", "PRAGMA"):
            noted.append(statement)

    with listen_to_statements(note):
        yield noted


def rename(edition: EditionFacts, title: str, now: datetime) -> None:
    facts = get_edition(edition.id)
    change = EditionChange(**{each.name: getattr(facts, each.name) for each in fields(EditionChange)})
    change_edition(SYSTEM, edition.id, replace(change, title={"en": title}), now)
