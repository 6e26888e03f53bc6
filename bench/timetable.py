"""Measures the timetable editor with 1,000 sessions in 30 rooms: opening it, dropping a session, polling."""

import http.client
import json
import random
import re
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Connection, func, insert, select

from bench.load import request, send_all
from bench.table import Row
from bench.world import World
from expo.accounts.rules import Level, SignInWay
from expo.accounts.services.sessions import start_session
from expo.app import create_app
from expo.editions.queries import get_current_edition
from expo.infra.clock import utcnow
from expo.infra.config import ROOT, Settings
from expo.infra.db import atomic, db
from expo.program.queries import Draft, read_draft
from expo.program.rules.conflicts import find_conflicts, find_session_conflicts
from expo.program.rules.timetable import slot_to_json
from expo.schema import metadata
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE

SESSIONS, ROOMS = 1_000, 30
OPENED, DROPPED, POLLED = 15, 150, 1_000
SYNC = ROOT / "static/js/organizer/timetable/sync.js"
_POLL = re.compile(r"const POLL = ([\d_]+);")
PAGE = "/organizer/program/timetable"
ORGANIZER = "organizer@demo.example"

_room, _session, _placement, _link, _speaker, _person = (
    metadata.tables[name] for name in ("room", "session", "placement", "session_speaker", "speaker", "person")
)


@dataclass(frozen=True)
class _Tab:
    """The editor as it is open in a browser."""

    port: int
    cookie: str
    token: str
    revision: int


def measure_timetable(world: World) -> list[Row]:
    """Measure the editor over HTTP, and the search for conflicts on its own."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        edition = get_current_edition()
        with atomic() as session:
            _fill(session.connection(), edition.id)
        draft = read_draft(edition)
        db.session.rollback()
        rows = _measure_conflicts(draft)
        cookie = _sign_in(app)
        db.session.remove()
        db.engine.dispose()
    opened = []
    idle = world.cpu_seconds()
    for _ in range(OPENED):
        tab, size, milliseconds = _open(world.port, cookie)
        opened.append(milliseconds)
    loaded = world.cpu_seconds()
    dropped = _drop(tab, draft)
    worked = world.cpu_seconds()
    poll = request("GET", f"{PAGE}/changes?since={tab.revision + DROPPED}", world.port, Cookie=tab.cookie)
    polled = send_all([poll] * POLLED, world.port, 8)
    return [
        *rows,
        Row("open the editor, median", statistics.median(opened), "ms", "< 1,000", f"{size / 1024:.0f} kB"),
        Row("  slowest", max(opened), "ms"),
        Row("  processor time", _cpu_milliseconds(idle, loaded, OPENED), "ms"),
        Row("drop a session, median", statistics.median(dropped), "ms", "< 100"),
        Row("  p95", statistics.quantiles(dropped, n=20)[-1], "ms", "< 100"),
        Row("  processor time", _cpu_milliseconds(loaded, worked, DROPPED), "ms"),
        Row("poll without changes", polled.per_second, "requests/s", "", f"p95 {polled.percentile(0.95):.0f} ms"),
        _measure_arrival(world.port, tab),
    ]


def _measure_arrival(port: int, tab: _Tab) -> Row:
    """Measure how old a change is at most when another open editor gets it, which asks every few moments."""
    found = _POLL.search(SYNC.read_text(encoding="utf-8"))
    if not found:
        raise AssertionError("the editor's pause is not found")
    pause = float(found[1].replace("_", ""))
    poll = request("GET", f"{PAGE}/changes?since={tab.revision + DROPPED - 5}", port, Cookie=tab.cookie)
    answer = send_all([poll] * 20, port, 1).percentile(0.95)
    return Row(
        "a change in another editor after at most", pause + answer, "ms", "< 2,000", f"asks every {pause:.0f} ms"
    )


def _measure_conflicts(draft: Draft) -> list[Row]:
    slots = draft.slots
    some = random.Random(1).sample(sorted(slots), 50)
    whole = [_milliseconds(partial(find_conflicts, draft.facts, slots)) for _ in range(10)]
    single = [_milliseconds(partial(find_session_conflicts, draft.facts, slots, each)) for each in some]
    note = f"{len(slots):,} placed, {len(find_conflicts(draft.facts, slots)):,} conflicts"
    return [
        Row("judge the whole timetable, median", statistics.median(whole), "ms", "< 100", note),
        Row("judge one move, median", statistics.median(single), "ms", "< 10"),
    ]


def _fill(connection: Connection, edition_id: int) -> None:
    """Add rooms, sessions with two speakers each, and their places until there are enough."""
    rooms = connection.scalar(select(func.count()).select_from(_room)) or 0
    for number in range(rooms, ROOMS):
        values = {
            "slug": f"bench-{number}",
            "name": {"en": f"Bench {number}"},
            "capacity": 100,
            "position": 100 + number,
        }
        connection.execute(insert(_room).values(edition_id=edition_id, source={}, **values))
    room_ids = list(connection.scalars(select(_room.c.id).order_by(_room.c.id)))[:ROOMS]
    speakers = list(connection.scalars(select(_speaker.c.id)))
    first = connection.scalar(select(func.min(_placement.c.starts_at))) or datetime.now(UTC)
    opens = first.replace(tzinfo=UTC, hour=1, minute=0)
    rng = random.Random(7)
    sessions = connection.scalar(select(func.count()).select_from(_session)) or 0
    for number in range(sessions, SESSIONS):
        texts = {"title": {"en": f"Session {number}", "zh": f"会议 {number}"}, "subtitle": {}, "abstract": {}}
        session_id = connection.execute(
            insert(_session)
            .values(
                edition_id=edition_id, slug=f"bench-{number}", state="draft", kind="talk", language="en", level="",
                description={}, search_text="", links=[], attachments=[], is_recording_refused=False, sequence=0,
                position=number, source={}, **texts,
            )
            .returning(_session.c.id)
        ).scalar_one()  # fmt: skip
        for position, speaker in enumerate(rng.sample(speakers, 2)):
            connection.execute(
                insert(_link).values(session_id=session_id, speaker_id=speaker, position=position, source={})
            )
        starts_at = opens + timedelta(days=rng.randrange(3), minutes=15 * rng.randrange(36))
        connection.execute(
            insert(_placement).values(
                session_id=session_id, edition_id=edition_id, room_id=rng.choice(room_ids),
                starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30),
            )
        )  # fmt: skip


def _sign_in(app: Flask) -> str:
    """Return the cookie of a session of the demo's organizer."""
    person_id = db.session.scalar(select(_person.c.id).where(_person.c.email == ORGANIZER))
    if person_id is None or not isinstance(app.session_interface, SecureCookieSessionInterface):
        raise LookupError(ORGANIZER)
    secret = start_session(person_id, Level.SIGNED_IN, SignInWay.PASSWORD, utcnow())
    serializer = app.session_interface.get_signing_serializer(app)
    if serializer is None:
        raise LookupError("no secret key")
    return f"session={serializer.dumps({SECRET_KEY_IN_COOKIE: secret, '_permanent': True})}"


def _open(port: int, cookie: str) -> tuple[_Tab, int, float]:
    """Open the editor; return its tab, the size of the page, and how long it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    connection.request("GET", f"/en{PAGE}", headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read()
    took = 1000 * (time.perf_counter() - began)
    text = page.decode()
    if answer.status != http.HTTPStatus.OK:
        raise AssertionError(answer.status)
    own = (answer.headers.get("Set-Cookie") or cookie).partition(";")[0]
    connection.close()
    token, revision = (_find(pattern, text) for pattern in (r'csrf-token" content="([^"]+)', r'"revision": ?(\d+)'))
    return _Tab(port, own, token, int(revision)), len(page), took


def _drop(tab: _Tab, draft: Draft) -> list[float]:
    """Move sessions one after another, and return how long each answer took."""
    connection = http.client.HTTPConnection("127.0.0.1", tab.port)
    rng = random.Random(3)
    placed = rng.sample([each for each in draft.sessions.values() if each.slot], DROPPED)
    taken, revision = [], tab.revision
    for session in placed:
        before: dict[str, Any] = slot_to_json(session.slot) or {}
        slot = before | {"room_id": rng.choice([each for each in draft.rooms if each != before["room_id"]])}
        body = {"slug": session.slug, "before": before, "slot": slot, "request_id": uuid.uuid4().hex, "since": revision}
        headers = {"Cookie": tab.cookie, "X-CSRFToken": tab.token, "Content-Type": "application/json"}
        began = time.perf_counter()
        connection.request("POST", f"{PAGE}/placements", json.dumps(body), headers)
        answer = connection.getresponse()
        found = json.loads(answer.read())
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status != http.HTTPStatus.OK:
            raise AssertionError(found)
        revision = found["revision"]
    connection.close()
    return taken


def _cpu_milliseconds(before: dict[str, float], after: dict[str, float], count: int) -> float:
    """Return the processor time of one request, of the web server and the database together."""
    return 1000 * sum(after[part] - before[part] for part in ("web", "database") if part in after) / count


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise LookupError(pattern)
    return found[1]
