"""Odd strings in every text of meetings and profiles: stored or refused at their field, and harmless on every page."""

from collections.abc import Iterator
from datetime import datetime

from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.meetings.queries import list_meetings, list_messages
from expo.meetings.rules import (
    MeetingState,
    SettingsRequest,
    TableRequest,
    check_link,
    check_table,
    check_text,
    parse_hours,
)
from expo.meetings.services import add_tables, change_settings
from expo.profiles.queries import get_party_profile
from expo.profiles.rules import Visibility
from tests.bad_input import find_code, sendable_strings, strings
from tests.make import make_attendee
from tests.meetings import FIRST, guest_of, make_company
from tests.sessions import browser_of

MEETINGS = "/en/me/meetings"


def chunks(texts: list[str], longest: int) -> Iterator[str]:
    """Give the strings joined by lines, as many as fit in a text."""
    lines: list[str] = []
    for text in texts:
        if lines and len("\r\n".join([*lines, text])) > longest:
            yield "\r\n".join(lines)
            lines = []
        lines.append(text)
    yield "\r\n".join(lines)


def test_texts_of_meetings_when_odd_then_stored_and_shown_harmless(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    change_settings(SYSTEM, edition.id, SettingsRequest(max_per_day=1000, max_open=1000, max_with_one=1000), now)
    ann, company = make_attendee(edition, now), make_company(edition, now)
    guest, host = browser_of(app, ann.attendee.person_id), browser_of(app, company.actors[0].id or 0)
    texts = [text for text in sendable_strings() if len(text) < 1900]
    parts = list(chunks(texts, 1900))
    pages, statuses = [], set()
    for at in range(0, len(parts), 5):
        asked, proposed, wrote, complaint, reason = [*parts[at : at + 5], *["ok"] * 5][:5]
        sent = guest.post(f"{MEETINGS}/new", data={"exhibitor": company.slug, "message": asked})
        code = sent.location.rsplit("/", 1)[-1]
        own, theirs = f"{MEETINGS}/{code}", f"/en/exhibitor/{company.slug}/meetings/{code}"
        acts = (
            (host, theirs, {"act": "propose", "times": FIRST.isoformat(), "message": proposed}),
            (guest, own, {"act": "message", "text": wrote, "key": asked[:50]}),
            (host, theirs, {"act": "report", "report": complaint}),
            (guest, own, {"act": "cancel", "reason": reason}),
        )
        statuses |= {browser.post(path, data=data).status_code for browser, path, data in acts}
        pages += [guest.get(own), host.get(theirs)]

    rows = list_meetings(guest_of(edition, ann))
    assert (statuses, {each.status_code for each in pages}) == ({302}, {200})
    assert {row.state for row in rows} == {MeetingState.CANCELLED}
    assert (len(rows) > 2, all(list_messages(row.id) for row in rows)) == (True, True)
    assert [each for page in pages for each in find_code(page.text)] == []


def test_fields_of_meetings_when_odd_then_refused_or_clean(app: Flask) -> None:
    texts = strings()
    refused = 0
    for text in texts:
        for check in (
            check_link,
            parse_hours,
            lambda each: check_table(TableRequest(each)),
            lambda each: check_text(each, "message"),
        ):
            try:
                check(text)
            except Invalid:
                refused += 1
    links = []
    for text in texts:
        try:
            links.append(check_link(f"https://meet.example/{text}"))
        except Invalid:
            continue

    assert refused > len(texts)
    assert all(link.startswith("https://") and not set(link) & set(' \t\r\n"<>\\') for link in links)


def test_pages_of_meetings_when_every_choice_is_odd_then_no_failure(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    add_tables(SYSTEM, edition.id, [TableRequest("T1")], now)
    ann, company = make_attendee(edition, now), make_company(edition, now)
    guest, host = browser_of(app, ann.attendee.person_id), browser_of(app, company.actors[0].id or 0)
    code = guest.post(f"{MEETINGS}/new", data={"exhibitor": company.slug}).location.rsplit("/", 1)[-1]
    base = f"/en/exhibitor/{company.slug}/meetings"
    names = ("starts_at", "times", "member", "table", "link", "badge", "rating", "version", "key", "day", "from")
    texts = [text[:3000] for text in sendable_strings()[::12]]

    statuses = set()
    for n, text in enumerate(texts):
        odd = dict.fromkeys(names, text)
        act = ("accept", "propose", "assign", "link", "check_in", "rate", "move")[n % 7]
        statuses |= {
            guest.post(f"{MEETINGS}/{code}", data={**odd, "act": act}).status_code,
            host.post(f"{base}/{code}", data={**odd, "act": act}).status_code,
            host.post(f"{base}/check-in", data=odd).status_code,
            host.post(f"{base}/check-in/scan", json={"badge": text}).status_code,
            guest.post("/en/me/busy", data=odd).status_code,
            guest.get(f"{MEETINGS}/new", query_string={"attendee": text}).status_code,
            guest.get("/en/people", query_string={"q": text, "topic": text, "page": text}).status_code,
        }

    assert max(statuses) < 500


def test_profile_when_its_texts_are_odd_then_stored_and_shown_harmless(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now), make_attendee(edition, now)
    own, other = browser_of(app, ann.attendee.person_id), browser_of(app, ben.attendee.person_id)
    texts = [text for text in sendable_strings() if len(text) < 450]
    paragraphs, lines = list(chunks(texts, 450)), [text for text in texts if len(text) <= 100]
    pages, statuses = [], []
    for n, at in enumerate(range(0, len(paragraphs), 3)):
        seeks, offers, about = [*paragraphs[at : at + 3], "", ""][:3]
        form = {"visibility": "everyone", "headline": lines[n * 7 % len(lines)]}
        form |= {"seeks_text": seeks, "offers_text": offers, "about": about, "role": "manager"}
        statuses.append(own.post("/en/me/profile", data=form).status_code)
        pages += [own.get("/en/me/profile/preview"), other.get("/en/people")]
    wrong = [own.post("/en/me/profile", data={"visibility": text, "role": text}).status_code for text in texts[::40]]

    assert set(statuses) == {302}
    assert {each.status_code for each in pages} == {200}
    assert [each for page in pages for each in find_code(page.text)] == []
    assert set(wrong) <= {302, 422}
    assert get_party_profile(ann.id).visibility is Visibility.EVERYONE
