"""How many queries a public page takes when it is rendered: the same with one entry as with many."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.program_import import import_program, read_schedule_file
from expo.program.queries import list_sessions, list_speakers
from tests.make import make_ticket_type
from tests.query_counts import listen_to_statements
from tests.web.public.test_program import OWN, schedule

MANY = tuple((str(n), f"{10 + n // 2}:{n % 2 * 3}0", f"Hall {n % 5}", f"Talk {n}", f"Person {n}") for n in range(10))

# The first is the edition; a page of the programme also reads its days, rooms and tracks, once for each version.
QUERIES = {
    "/en/": 4,
    "/en/terms": 1,
    "/en/program": 11,
    "/en/program/2027-05-26?view=list": 11,
    "/en/sessions/{session}": 6,
    "/en/speakers": 2,
    "/en/speakers/{speaker}": 4,
    "/en/exhibitors": 6,
    "/en/register": 5,
}


@pytest.mark.parametrize("talks", [OWN, MANY], ids=["2 talks", "10 talks"])
def test_public_pages_when_rendered_then_queries_do_not_grow_with_what_they_show(
    app: Flask, edition: EditionFacts, now: datetime, talks: tuple[tuple[str, str, str, str, str], ...]
) -> None:
    import_program(SYSTEM, edition.id, read_schedule_file(edition, schedule(*talks)), now)
    make_ticket_type(edition, now)
    names = {"session": list_sessions(edition.id)[0].slug, "speaker": list_speakers(edition.id)[0].slug}
    counts: dict[str, int] = {}

    def note(statement: str) -> None:
        counts[path] += not statement.startswith(("BEGIN", "PRAGMA"))

    with listen_to_statements(note):
        for path in QUERIES:
            counts[path] = 0
            app.extensions.pop("expo_recent", None)
            assert app.test_client().get(path.format(**names)).status_code == 200

    assert counts == QUERIES
