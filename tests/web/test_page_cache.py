"""Public pages from memory: who gets them, how old they may be, and what can never be in them."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.editions.queries import EditionFacts
from expo.editions.rules import RegistrationWindow
from expo.editions.services import increment_content_version, set_registration_window
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.db import atomic
from expo.program.queries import list_sessions
from expo.web.kit.language import LanguagePrefix
from expo.web.kit.metrics import REQUESTS
from expo.web.kit.page_cache import PageCache
from tests.make import make_attendee, make_registration, make_ticket_type, order_request
from tests.sessions import browser_of
from tests.web.page_caching import Clock, queries_noted, rename, stop_time
from tests.web.public.test_program import OWN, schedule


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(app: Flask, edition: EditionFacts, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> PageCache:
    """The cache in front of the application, with a clock that stands still."""
    cache = PageCache(app, app.wsgi_app, "localhost", clock)
    monkeypatch.setattr(app, "wsgi_app", LanguagePrefix(cache, ("en", "zh")))
    return cache


@pytest.fixture
def program(edition: EditionFacts, now: datetime) -> EditionFacts:
    import_program(SYSTEM, edition.id, read_schedule_file(edition, schedule(*OWN)), now)
    return edition


PUBLIC = ("/", "/en/", "/terms", "/program", "/program/2027-05-26", "/zh/program?view=list", "/speakers", "/exhibitors",
    "/sessions/{session}", "/theme.css", "/program/schedule.ics", "/program/schedule.xml", "/program/schedule.json",
    "/sessions/{session}.ics", "/program/rooms/hall-a.ics", "/speakers/{speaker}.ics")  # fmt: skip


@pytest.fixture
def paths(program: EditionFacts) -> list[str]:
    row = list_sessions(program.id)[0]
    return [path.format(session=row.slug, speaker=row.speakers[0].slug) for path in PUBLIC]


def test_public_pages_when_asked_for_again_then_come_from_memory_without_a_query(
    app: Flask, cache: PageCache, paths: list[str]
) -> None:
    first = [app.test_client().get(path) for path in paths]

    with queries_noted() as queries:
        again = [app.test_client().get(path) for path in paths if path not in ("/", "/en/")]

    assert [answer.status_code for answer in first] == [200] * len(paths)
    assert [answer.data for answer in again] == [answer.data for answer in first[2:]]
    assert queries == []
    assert cache.stored_pages == len(paths)


def test_public_pages_when_nothing_was_done_yet_then_set_no_cookie(
    app: Flask, cache: PageCache, paths: list[str]
) -> None:
    answers = [app.test_client().get(path) for path in [*paths, "/program/search?q=cloud", "/program/2027-01-01"]]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * len(answers)
    assert all("csrf" not in answer.text for answer in answers)


def test_page_when_visitor_has_it_already_then_304_without_a_query(
    app: Flask, cache: PageCache, program: EditionFacts
) -> None:
    browser = app.test_client()
    first = browser.get("/en/program")

    with queries_noted() as queries:
        again = browser.get("/en/program", headers={"If-None-Match": first.headers["ETag"]})
        other = browser.get("/en/program", headers={"If-None-Match": '"another", W/"one"'})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in again.headers["Vary"]
    assert (other.status_code, queries) == (200, [])


def test_feed_when_unchanged_since_then_304(app: Flask, cache: PageCache, program: EditionFacts) -> None:
    browser = app.test_client()
    first = browser.get("/program/schedule.ics")

    again = browser.get("/program/schedule.ics", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    older = browser.get("/program/schedule.ics", headers={"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"})

    assert (again.status_code, older.status_code) == (304, 200)


def test_feeds_when_the_reader_has_them_then_304_without_a_query(
    app: Flask, cache: PageCache, paths: list[str]
) -> None:
    feeds = [path for path in paths if path.endswith((".ics", ".xml", ".json"))]
    tags = {path: app.test_client().get(path).headers["ETag"] for path in feeds}

    with queries_noted() as queries:
        again = [app.test_client().get(path, headers={"If-None-Match": tag}) for path, tag in tags.items()]

    assert [answer.status_code for answer in again] == [304] * 6
    assert queries == []


def test_page_when_gzip_is_accepted_then_it_comes_compressed_with_the_same_tag(
    app: Flask, cache: PageCache, program: EditionFacts
) -> None:
    browser = app.test_client()
    plain = browser.get("/en/program")

    packed = browser.get("/en/program", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    refused = browser.get("/en/program", headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_head_when_sent_first_then_same_headers_as_get_and_no_body(
    app: Flask, cache: PageCache, program: EditionFacts
) -> None:
    browser = app.test_client()

    head, got = browser.head("/en/program"), browser.get("/en/program")
    missing = browser.head("/en/sessions/nothing-like-this")

    assert (head.status_code, head.data) == (200, b"")
    assert (head.headers["ETag"], head.headers["Content-Length"]) == (got.headers["ETag"], str(len(got.data)))
    assert (missing.status_code, missing.data) == (404, b"")


def test_languages_and_themes_when_they_differ_then_each_has_its_own_page(
    app: Flask, cache: PageCache, edition: EditionFacts
) -> None:
    def ask(path: str, language: str, theme: str = "") -> str:
        headers = {"Accept-Language": language, **({"Cookie": f"theme={theme}"} if theme else {})}
        return app.test_client(use_cookies=False).get(path, headers=headers).text

    assert 'lang="en"' in ask("/terms", "en-GB,en;q=0.5")
    assert 'lang="zh-Hans"' in ask("/terms", "zh-TW,en;q=0.5")
    assert 'lang="zh-Hans"' in ask("/zh/terms", "en")
    assert "data-bs-theme" not in ask("/terms", "en")
    assert 'data-bs-theme="dark"' in ask("/terms", "en", "dark")
    assert ask("/terms", "en", "no-such-theme") == ask("/terms", "en")


def test_change_by_an_organizer_when_committed_then_seen_by_them_at_once_and_by_visitors_within_a_second(
    app: Flask, cache: PageCache, edition: EditionFacts, clock: Clock, now: datetime
) -> None:
    organizer = browser_of(app, create_admin(SYSTEM, "admin@example.org", now))
    visitor = app.test_client()
    assert "Big Data Expo 2027" in visitor.get("/en/terms").text

    rename(edition, "Renamed Expo", now)

    assert "Renamed Expo" in organizer.get("/en/terms").text
    clock.seconds += 0.999
    assert "Renamed Expo" not in visitor.get("/en/terms").text  # else this test would prove nothing about the bound
    clock.seconds += 0.001
    assert "Renamed Expo" in visitor.get("/en/terms").text


def test_places_left_when_somebody_registers_then_shown_within_a_second(
    app: Flask, cache: PageCache, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now, places=2)
    stop_time(monkeypatch, now)
    visitor = app.test_client()
    assert "2 places left" in visitor.get("/en/").text

    make_registration(edition, now, order_request())

    assert "2 places left" in visitor.get("/en/").text
    stop_time(monkeypatch, now + timedelta(seconds=1))
    assert "1 place left" in visitor.get("/en/").text


def test_registration_when_its_opening_comes_then_pages_change_at_that_moment(
    app: Flask, cache: PageCache, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = now + timedelta(seconds=30)
    set_registration_window(SYSTEM, edition.id, RegistrationWindow(True, opens, None), now)
    stop_time(monkeypatch, now)
    visitor = app.test_client()

    def shows_button() -> bool:
        return 'href="/en/register"' in visitor.get("/en/terms").text

    assert not shows_button()
    stop_time(monkeypatch, opens - timedelta(milliseconds=1))
    assert not shows_button()
    stop_time(monkeypatch, opens)
    assert shows_button()


def test_ticket_sale_when_it_begins_between_two_seconds_then_shown_at_that_moment(
    app: Flask, cache: PageCache, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = now + timedelta(milliseconds=500)
    make_ticket_type(edition, now, sale_starts_at=begins)
    stop_time(monkeypatch, now)
    visitor = app.test_client()
    assert "On sale from" in visitor.get("/en/").text

    stop_time(monkeypatch, begins)

    assert "On sale from" not in visitor.get("/en/").text


def test_programme_when_the_hour_changes_then_now_moves_on(
    app: Flask, cache: PageCache, program: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = app.test_client()
    stop_time(monkeypatch, datetime(2027, 5, 26, 2, 59, 59, tzinfo=UTC))  # 10:59:59 in Guiyang
    assert 'href="#h-10"' in visitor.get("/en/program/2027-05-26").text

    stop_time(monkeypatch, datetime(2027, 5, 26, 3, 0, tzinfo=UTC))

    assert 'href="#h-11"' in visitor.get("/en/program/2027-05-26").text


def test_person_when_signed_in_then_gets_their_own_page_and_leaves_nothing_to_others(
    app: Flask, cache: PageCache, paths: list[str], program: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(program, now, email="secret.person@example.org", name="Secret Person")
    person = browser_of(app, attendee.attendee.person_id)
    names = ("Secret Person", "secret.person", attendee.code)

    own = [person.get(path).text for path in paths]
    assert cache.stored_pages == 0
    others = [app.test_client().get(path).text for path in paths]

    assert any("/en/sign-out" in text or "/sign-out" in text for text in own)
    assert not any("/sign-out" in text or "csrf" in text for text in others)
    assert not any(name in text for text in others for name in names)
    assert all("/sign-out" in person.get(path).text for path in paths if path.startswith("/en"))


HOSTILE_HEADERS = {
    "Host": "127.0.0.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-For": "203.0.113.7",
    "User-Agent": "leaky-agent",
    "Referer": "https://evil.example/leaky",
    "Accept-Language": "en, leaky;q=0.1",
    "Cookie": "theme=leaky; other=leaky",
}


def test_stored_page_when_made_for_a_hostile_request_then_holds_nothing_of_it(
    app: Flask, cache: PageCache, paths: list[str]
) -> None:
    for path in paths:
        query = "&" if "?" in path else "?"
        app.test_client(use_cookies=False).get(f"{path}{query}leaky=1&utm_source=evil", headers=HOSTILE_HEADERS)

    with queries_noted() as queries:
        answers = [app.test_client().get(path) for path in paths]

    assert not any("leaky" in answer.text or "evil" in answer.text for answer in answers)
    assert len([each for each in queries if "theme" in each]) == 0
    assert cache.stored_pages == len(paths)


@pytest.mark.parametrize("cookie", ["session=x", "theme=dark; session=", 'a="b; session=x"'])
def test_request_when_it_may_have_a_session_then_passes_to_flask(
    app: Flask, cache: PageCache, edition: EditionFacts, cookie: str
) -> None:
    app.test_client(use_cookies=False).get("/en/terms", headers={"Cookie": cookie})

    assert cache.stored_pages == 0


@pytest.mark.parametrize(
    "path", ["/en/register", "/en/sign-in", "/en/program/search?q=cloud", "/en/speakers?q=x", "/en/exhibitors?q=x",
        "/en/program/2027-05-26?track=" + "x" * 101, "/en/program?" + "a=1&" * 300, "/en/nothing", "/healthz",
        "/en/sessions/nothing", "/confirm/nothing"],
)  # fmt: skip
def test_page_when_it_is_not_public_or_holds_what_was_typed_then_is_not_stored(
    app: Flask, cache: PageCache, program: EditionFacts, path: str
) -> None:
    app.test_client().get(path)

    assert cache.stored_pages == 0


def test_parameters_when_unknown_repeated_or_in_another_order_then_share_one_page(
    app: Flask, cache: PageCache, program: EditionFacts
) -> None:
    queries = [
        "?view=list&room=a",
        "?room=a&view=list&utm_source=x",
        "?room=a&room=b&view=list",
        "?kind=&room=a&view=list",
    ]

    texts = {app.test_client().get(f"/en/program{query}").text for query in queries}

    assert (len(texts), cache.stored_pages) == (1, 1)


def test_unknown_parameters_when_sent_by_the_thousand_then_fill_nothing(
    app: Flask, cache: PageCache, edition: EditionFacts
) -> None:
    for number in range(50):
        app.test_client().get(f"/en/terms?x{number}={number}")

    assert cache.stored_pages == 1


def test_version_when_it_cannot_be_read_then_flask_answers(
    app: Flask, cache: PageCache, edition: EditionFacts, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    visitor = app.test_client()
    visitor.get("/en/terms")
    monkeypatch.setattr("expo.web.kit.page_cache.find_content_version", fail)
    clock.seconds += 1

    with queries_noted() as queries:
        answer = visitor.get("/en/terms")

    assert (answer.status_code, len(queries), "ETag" in answer.headers) == (200, 1, False)


def test_page_when_many_ask_for_it_at_the_same_moment_then_rendered_once(
    app: Flask, edition: EditionFacts, clock: Clock
) -> None:
    rendered: list[str] = []

    def count_and_render(environ: Any, start_response: Any) -> Any:
        rendered.append(environ["PATH_INFO"])
        return flask_app(environ, start_response)

    flask_app = app.wsgi_app
    cache = PageCache(app, count_and_render, "localhost", clock)
    start = Barrier(6)

    def ask(_number: int) -> bytes:
        start.wait()
        return bytes(Client(LanguagePrefix(cache, ("en", "zh"))).get("/en/terms").data)

    with ThreadPoolExecutor(6) as threads:
        bodies = set(threads.map(ask, range(6)))

    assert (len(bodies), rendered) == (1, ["/terms"])


def test_metrics_when_a_page_comes_from_memory_then_count_it(
    app: Flask, cache: PageCache, edition: EditionFacts
) -> None:
    def count() -> float:
        return float(REQUESTS.labels("/terms", "GET", "200")._value.get())

    visitor = app.test_client()
    before = count()

    visitor.get("/en/terms")
    visitor.get("/en/terms")

    assert count() == before + 2


def test_change_when_rolled_back_then_visitors_keep_their_page(
    app: Flask, cache: PageCache, edition: EditionFacts, clock: Clock, now: datetime
) -> None:
    visitor = app.test_client()
    tag = visitor.get("/en/terms").headers["ETag"]

    with pytest.raises(RuntimeError):
        _change_and_fail(edition, now)

    clock.seconds += 1
    assert visitor.get("/en/terms", headers={"If-None-Match": tag}).status_code == 304


def _change_and_fail(edition: EditionFacts, now: datetime) -> None:
    with atomic():
        increment_content_version(edition.id, now)
        raise RuntimeError
