"""One day of the programme: rooms side by side on wide screens, hour by hour on phones, with filters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.program.queries import (
    FilterChoices,
    LatestChange,
    SessionFilter,
    SessionRow,
    find_end_of_day,
    find_latest_change,
    list_full_session_ids,
    list_running_sessions,
    list_sessions,
)
from expo.program.rules import find_now_and_next, lay_out_grid, list_free
from expo.program.rules.timetable import day_begins_at
from expo.web.kit.caching import FRAGMENT_SECONDS, cached_fragment, recent_value
from expo.web.kit.formats import date_local, kind_in_words, language_in_words, level_in_words
from expo.web.kit.language import localized
from expo.web.kit.own_schedule import list_own_sessions, mark_stars
from expo.web.kit.public_pages import holds_until
from expo.web.public.day_cards import make_cards
from expo.web.public.day_hours import LARGE_DAY, list_hours, since_begin

# The time resolution of the room grid.
SLOT = timedelta(minutes=5)
# The number of columns that static/css/hall-grid.css supports.
MAX_ROOMS = 80
MAX_ROWS = 290

# The query parameters of a day page.
DAY_PARAMETERS = ("hall", "room", "track", "language", "kind", "level", "show", "when", "view", "at")
# Sessions that begin within this time are shown as free now, if seats are left.
SOON = timedelta(minutes=60)
SEATS_SHOWN_FOR = timedelta(minutes=1)

VIEWS = frozenset({"list", "whole"})
HOURS = frozenset(f"{hour:02}" for hour in range(24))

_HOUR_IDS = re.compile('id="(h-[0-9]{2})"')

Option = tuple[str, str]


@dataclass(frozen=True)
class DayQuery:
    """A visitor's view of a day.

    `show` is `mine`, `free` or empty; `when` is `now` or empty; `view` is `list`, `whole` (all hours of a large day,
    such as for printing) or empty (grid); `at` is the hour of which a large day's list shows the sessions, such as
    `09`, or empty.
    """

    day: date | None
    hall: str
    room: str
    track: str
    language: str
    kind: str
    level: str
    show: str
    when: str
    view: str
    at: str

    @property
    def session_filter(self) -> SessionFilter:
        """Return the part of the query that does not depend on the visitor."""
        return SessionFilter(
            self.day,
            self.room or None,
            self.track or None,
            self.language or None,
            kind=self.kind or None,
            level=self.level or None,
            hall=self.hall or None,
        )


@dataclass(frozen=True)
class FilterOptions:
    """The choices of each filter as (value, text), whether any filter is set, and whether they are shown at once."""

    tracks: list[Option]
    halls: list[Option]
    rooms: list[Option]
    languages: list[Option]
    kinds: list[Option]
    levels: list[Option]
    own: list[Option]
    times: list[Option]
    is_narrowed: bool
    is_open: bool


def read_query(day: date | None) -> DayQuery:
    """Parse this request's query string."""
    param = request.args.get
    show = param("show", "")
    return DayQuery(
        day=day,
        hall=param("hall", ""),
        room=param("room", ""),
        track=param("track", ""),
        language=param("language", ""),
        kind=param("kind", ""),
        level=param("level", ""),
        show=show if show in ("mine", "free") else "",
        when="now" if param("when") == "now" else "",
        view=param("view", "") if param("view", "") in VIEWS else "",
        at=param("at", "") if param("at", "") in HOURS else "",
    )


def render_day(edition: EditionFacts, choices: FilterChoices, day: date | None) -> str:
    """Render the page of one day."""
    holds_until(next_hour(utcnow(), edition.zone))  # the current hour and day are marked
    wanted = read_query(day)
    body = _render_sessions(edition, choices, wanted, list_own_sessions())
    return render_template(
        "public/program/day.html",
        body=body,
        day=day,
        day_tabs=[
            (date_local(each, "MMMEd"), _address(replace(wanted, day=each, at="")), each == day)
            for each in choices.days
        ],
        all_day_url=_address(replace(wanted, when="")),
        choices=choices,
        filters=_list_options(choices, wanted, is_today=day == edition.door_calendar.day_of(utcnow())),
        latest=_find_latest_change(edition),
        views=[
            (_("Grid"), _address(replace(wanted, view="")), wanted.view == ""),
            (_("List"), _address(replace(wanted, view="list")), wanted.view == "list"),
        ],
        wanted=wanted,
        now_anchor=_current_anchor(edition, wanted, body),
    )


def _find_latest_change(edition: EditionFacts) -> LatestChange | None:
    key = ("latest_change", edition.id, edition.content_version)
    # In a tuple, because there may be none.
    return recent_value(key, FRAGMENT_SECONDS, lambda: (find_latest_change(edition.id),))[0]


def next_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the start of the next hour in a time zone."""
    local = now.astimezone(zone)
    return (
        now + timedelta(hours=1) - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    )


def _address(filters: DayQuery) -> str:
    query = {name: getattr(filters, name) or None for name in DAY_PARAMETERS}
    return url_for("public_program.show_day", day=filters.day.isoformat() if filters.day else "", **query)


def _list_options(choices: FilterChoices, filters: DayQuery, *, is_today: bool) -> FilterOptions:
    # What is free now is a link of the home page; on a phone, the filters would hide what it leads to.
    is_open = any(getattr(filters, name) for name in ("hall", "room", "track", "language", "kind", "level", "show"))
    return FilterOptions(
        tracks=[(each.slug, localized(each.name)) for each in choices.tracks],
        halls=[(each.code, localized(each.name)) for each in choices.halls],
        rooms=[(each.slug, localized(each.name)) for each in choices.rooms],
        languages=[(each, language_in_words(each)) for each in choices.languages],
        kinds=[(each, kind_in_words(each)) for each in choices.kinds],
        levels=[(each, level_in_words(each)) for each in choices.levels],
        times=[("now", _("Free now"))] if is_today else [],
        own=[("mine", _("On my schedule")), ("free", _("When I am free"))],
        is_narrowed=is_open or bool(filters.when),
        is_open=is_open,
    )


def _render_sessions(
    edition: EditionFacts, choices: FilterChoices, filters: DayQuery, own: Sequence[SessionRow]
) -> Markup:
    """Render a day's sessions with the visitor's stars; what all visitors share is rendered once."""
    now = utcnow()
    is_today = filters.day == edition.door_calendar.day_of(now)
    opened = filters.at or (now.astimezone(edition.zone).strftime("%H") if is_today else "")

    def render(sessions: list[SessionRow]) -> str:
        earlier = [] if filters.show or filters.when else _list_begun_earlier(edition, filters)
        return _render_list(filters, choices, sessions, edition.zone, opened, earlier)

    if filters.show or filters.when:
        body = Markup(render(_list_for_visitor(edition, filters, own)))  # noqa: S704 - rendered by our own template
    else:
        body = cached_fragment(
            edition,
            f"day:{filters}:{opened}",
            lambda: render(list_sessions(edition.id, filters.session_filter) if filters.day else []),
        )
    return mark_stars(body, own)


def _list_begun_earlier(edition: EditionFacts, filters: DayQuery) -> list[SessionRow]:
    """Return the sessions of earlier days that go on for more than the night, such as a hackathon."""
    begins = day_begins_at(filters.day, edition.zone) if filters.day else None
    query = replace(filters.session_filter, day=None)
    return list_running_sessions(edition.id, query, begins, begins + timedelta(hours=2)) if begins else []


def _list_for_visitor(edition: EditionFacts, filters: DayQuery, own: Sequence[SessionRow]) -> list[SessionRow]:
    sessions = list_sessions(edition.id, filters.session_filter) if filters.day else []
    if filters.when:
        holds_until(utcnow() + SEATS_SHOWN_FOR)
        sessions = _list_free_now(edition, [*_list_begun_earlier(edition, filters), *sessions], utcnow())
    if not filters.show:
        return sessions
    if filters.show == "free":
        return list_free(sessions, own)
    chosen = {row.id for row in own}
    return [row for row in sessions if row.id in chosen]


def _list_free_now(edition: EditionFacts, sessions: Sequence[SessionRow], now: datetime) -> list[SessionRow]:
    """Return the sessions that are running or begin soon, and in which seats are left."""
    found = find_now_and_next(sessions, now, SOON)
    full = list_full_session_ids(edition.id)
    return [row for row in (*found.now, *found.next) if row.id not in full and not row.is_cancelled]


def _render_list(
    filters: DayQuery,
    choices: FilterChoices,
    sessions: list[SessionRow],
    zone: ZoneInfo,
    opened: str,
    earlier: Sequence[SessionRow],
) -> str:
    room_slugs = [room.slug for room in choices.rooms]
    has_grid = not (filters.view or filters.room or filters.track or filters.when)
    grid = lay_out_grid(sessions, room_slugs, SLOT, MAX_ROOMS, MAX_ROWS, zone) if has_grid else None
    # The address of a session is this with its slug: asking for each takes long on a large day.
    session_url = url_for("public_program.show_session", slug="-").removesuffix("-")
    return render_template(
        "public/program/_whole_day.html" if filters.view == "whole" else "public/program/_day.html",
        sessions=sessions,
        earlier=earlier,
        hours=list_hours(
            sessions, zone, opened, lambda hour: _address(replace(filters, at=hour)), is_whole=filters.view == "whole"
        ),
        is_large=len(sessions) > LARGE_DAY,
        whole_url=_address(replace(filters, view="whole", at="")),
        hourly_url=_address(replace(filters, view="")),
        grid=grid,
        cards=make_cards(grid.cells, session_url) if grid else [],
        session_url=session_url,
    )


def is_over(edition: EditionFacts, day: date, now: datetime) -> bool:
    """Return whether all sessions of a day have ended; the page holds until then."""
    key = ("end_of_day", edition.id, edition.content_version, day)
    # In a tuple, because there may be none.
    last = recent_value(key, FRAGMENT_SECONDS, lambda: (find_end_of_day(edition.id, day),))[0]
    holds_until(last)
    return last is not None and last <= now


def _current_anchor(edition: EditionFacts, filters: DayQuery, body: str) -> str:
    """Return the id of the current hour, or of the last one before it; empty on other days and when all is over."""
    now = utcnow()
    if filters.day != edition.door_calendar.day_of(now) or is_over(edition, filters.day, now):
        return ""
    hour = now.astimezone(edition.zone).hour
    anchors = (f"h-{(hour - back) % 24:02}" for back in range(since_begin(f"{hour}") + 1))
    present = set(_HOUR_IDS.findall(body))
    return next((anchor for anchor in anchors if anchor in present), "")
