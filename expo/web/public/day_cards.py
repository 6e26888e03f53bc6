"""The cards of a day's grid, with all texts ready: templates are slow at what 1,000 cards have in common."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from flask_babel import gettext as _

from expo.program.queries import SessionRow
from expo.program.rules import GridCell
from expo.web.kit.formats import time_local
from expo.web.kit.language import current_language, localized

# The colour of sessions without a track.
COLORS, NO_TRACK = 8, 7
# Cards over fewer steps than this show less.
SHORT = 4


class Card(NamedTuple):
    """A session in the grid; `place` has the classes of its column, its rows and its colour."""

    row: SessionRow
    place: str
    url: str
    title: str
    star_label: str
    begins: str
    time: str
    speakers: str


def make_cards(cells: Sequence[GridCell[SessionRow]], session_url: str) -> list[Card]:
    """Return the cards of a grid's cells; the address of a session is `session_url` with its slug."""
    code = current_language().code
    before, after = _("My schedule: %(title)s", title="\n").split("\n")
    times: dict[datetime | None, tuple[str, str]] = {}
    cards = []
    for cell in cells:
        row = cell.session
        starts_at = row.starts_at
        if starts_at not in times:
            times[starts_at] = (starts_at.isoformat(), time_local(starts_at)) if starts_at else ("", "")
        begins, time = times[starts_at]
        color = row.track.position % COLORS if row.track else NO_TRACK
        title = localized(row.title, code)
        short = " is-short" if cell.span < SHORT else ""
        cards.append(
            Card(
                row,
                f"track-{color} gc-{cell.column} gr-{cell.row} gs-{cell.span}{short}",
                session_url + quote(row.slug),
                title,
                before + title + after,
                begins,
                time,
                " · ".join([localized(each.name, code) for each in row.speakers]),
            )
        )
    return cards
