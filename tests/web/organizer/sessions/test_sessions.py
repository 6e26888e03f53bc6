"""Sessions: create, change, duplicate, cancel, delete; what visitors see of it."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.program.queries import get_any_session, list_all_sessions
from expo.program.rules import SpeakerPart, TrackRequest, TypeRequest
from expo.program.services import create_track, create_type
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.program_forms import make_session, make_speaker, publish, session_form

PATH = "/organizer/program/sessions"


def test_session_when_created_then_a_draft_with_everything_that_was_typed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    ada, bo = make_speaker(edition, "Ada", now), make_speaker(edition, "Bo", now)
    create_track(SYSTEM, edition.id, TrackRequest({"en": "Cities"}), now)
    create_type(SYSTEM, edition.id, TypeRequest({"en": "Lightning talk"}, 5), now)
    typed: dict[str, Any] = {
        "title-zh": "城市数据",
        "subtitle-en": "A subtitle",
        "abstract-en": "An *abstract*",
        "kind": "lightning-talk",
        "track": "cities",
        "level": "beginner",
        "language": "zh",
        "interpretation": ["en"],
        "tags": "open data, 城市",
        "speakers-name": ["Bo", "ada", ""],
        "speakers-role": ["moderator", "speaker", "speaker"],
        "attachments-title": ["Slides", ""],
        "attachments-url": ["https://example.org/slides.pdf", ""],
        "stream_url": "https://example.org/live",
        "seat_limit": "30",
        "expected_audience": "80",
        "is_recording_refused": "y",
        "notes": "Ask about travel",
    }

    answer = organizer.post(f"{PATH}/new", data=session_form(**typed))

    page = get_any_session(edition.id, "data-for-cities")
    row = page.row
    assert (answer.status_code, answer.location) == (302, f"{PATH}/data-for-cities")
    assert (row.state, row.title, row.kind, row.track.slug if row.track else None) == (
        "draft",
        {"en": "Data for cities", "zh": "城市数据"},
        "lightning-talk",
        "cities",
    )
    assert [(each.slug, each.role) for each in row.speakers] == [(bo, "moderator"), (ada, "speaker")]
    assert (row.tags, row.interpretation, row.level, row.language) == (("open data", "城市"), ("en",), "beginner", "zh")
    assert (row.attachments, row.stream_url) == (
        ({"url": "https://example.org/slides.pdf", "title": "Slides"},),
        "https://example.org/live",
    )
    assert (page.seat_limit, page.expected_audience, row.is_recording_refused, page.notes) == (
        30,
        80,
        True,
        "Ask about travel",
    )
    assert "Ask about travel" in organizer.get(answer.location).text


def test_draft_when_visitors_look_for_it_then_nowhere(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "Secret plan", now, speakers=(SpeakerPart(make_speaker(edition, "Mo", now)),))
    visitor = organizer.application.test_client()

    statuses = [
        visitor.get(path).status_code for path in (f"/sessions/{slug}", f"/sessions/{slug}.ics", "/speakers/mo")
    ]
    pages = [
        visitor.get(path).text
        for path in ("/program", "/program/search?q=secret", "/speakers", "/program/schedule.xml")
    ]

    assert statuses == [404, 404, 404]
    assert [text for text in pages if "Secret plan" in text or ">Mo<" in text] == []
    assert "Secret plan" in organizer.get(PATH).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title-en", " \u200b "),
        ("stream_url", "http://example.org"),
        ("stream_url", "javascript:alert(1)"),
        ("recording_url", "https://"),
        ("speakers-name", "Nobody at all"),
        ("attachments-title", "A title without an address"),
        ("links-url", "ftp://example.org"),
        ("seat_limit", "0"),
        ("kind", "unknown"),
    ],
)
def test_session_when_a_value_is_wrong_then_said_there_and_the_rest_is_kept(
    field: str, value: str, organizer: FlaskClient, edition: EditionFacts
) -> None:
    form = session_form(notes="What I typed", **{"speakers-role": "speaker", field: value})
    for name in ("attachments", "links"):
        form.setdefault(f"{name}-title", "")
        form.setdefault(f"{name}-url", "")

    answer = organizer.post(f"{PATH}/new", data=form)

    assert (answer.status_code, "What I typed" in answer.text, "error-summary" in answer.text) == (422, True, True)
    assert list_all_sessions(edition.id) == []


def test_rows_when_added_or_moved_then_nothing_is_saved_and_everything_is_kept(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for name in ("Ada", "Bo"):
        make_speaker(edition, name, now)
    rows: dict[str, Any] = {"speakers-name": ["Ada", "Bo"], "speakers-role": ["speaker", "moderator"]}

    added = organizer.post(f"{PATH}/new", data=session_form(rows="speakers:add", **rows)).text
    moved = organizer.post(f"{PATH}/new", data=session_form(rows="speakers:up:1", **rows)).text

    assert added.count('name="speakers-name"') == 6
    assert moved.index('value="Bo" list') < moved.index('value="Ada" list')
    assert "Data for cities" in moved
    assert list_all_sessions(edition.id) == []


def test_session_when_somebody_else_changed_it_then_shown_and_saved_only_on_the_second_try(
    organizer: FlaskClient, sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now)
    colleague = sign_in(Role.PROGRAM_MANAGER)
    opened = get_any_session(edition.id, slug).version
    colleague.post(f"{PATH}/{slug}/edit", data=session_form("Theirs", version=opened))

    refused = organizer.post(f"{PATH}/{slug}/edit", data=session_form("Mine", version=opened))
    between = get_any_session(edition.id, slug)
    saved = organizer.post(f"{PATH}/{slug}/edit", data=session_form("Mine", version=between.version))

    assert (refused.status_code, between.row.title, saved.status_code) == (409, {"en": "Theirs"}, 302)
    assert "Someone else changed this" in refused.text
    assert "<bdi>Theirs</bdi>" in refused.text
    assert 'value="Mine"' in refused.text
    assert f'name="version" type="hidden" value="{between.version}"' in refused.text
    assert get_any_session(edition.id, slug).row.title == {"en": "Mine"}


def test_session_when_duplicated_then_a_draft_to_be_edited(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    ada = make_speaker(edition, "Ada", now)
    slug = make_session(edition, "First", now, speakers=(SpeakerPart(ada),), tags=("x",))
    publish(slug)

    answer = organizer.post(f"{PATH}/{slug}/duplicate")

    copy = get_any_session(edition.id, "first-2").row
    assert answer.location == f"{PATH}/first-2/edit"
    assert (copy.state, copy.tags, [each.slug for each in copy.speakers]) == ("draft", ("x",), [ada])


def test_session_when_cancelled_then_visible_as_cancelled_until_reinstated(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now)
    publish(slug)
    asked = organizer.get(f"{PATH}/{slug}/cancel").text

    organizer.post(f"{PATH}/{slug}/cancel")
    page = organizer.application.test_client().get(f"/sessions/{slug}").text
    organizer.post(f"{PATH}/{slug}/reinstate")

    assert "0 attendees have it on their schedules." in asked
    assert ("Cancelled" in page, "<s>" in page, "Add to my schedule" in page) == (True, True, False)
    assert get_any_session(edition.id, slug).row.state == "published"


def test_draft_when_cancelled_then_told_to_delete_it(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now)

    answer = organizer.post(f"{PATH}/{slug}/cancel")

    assert (answer.status_code, "Delete it instead" in answer.text) == (409, True)


def test_session_when_deleted_then_first_named_what_depends_on_it(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now, speakers=(SpeakerPart(make_speaker(edition, "Ada", now)),))

    asked = organizer.get(f"{PATH}/{slug}/delete").text
    answer = organizer.post(f"{PATH}/{slug}/delete")

    assert "1 speaker is no longer listed with it." in asked
    assert (answer.status_code, answer.location) == (302, PATH)
    with pytest.raises(Missing):
        get_any_session(edition.id, slug)


def test_list_when_filtered_by_state_then_only_those(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "Alpha", now)
    publish(make_session(edition, "Beta", now))

    shown = {state: organizer.get(f"{PATH}?state={state}").text for state in ("", "draft", "published", "unplaced")}

    assert {state: ("Alpha" in page, "Beta" in page) for state, page in shown.items()} == {
        "": (True, True),
        "draft": (True, False),
        "published": (False, True),
        "unplaced": (True, True),
    }


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DESK])
def test_session_when_others_try_to_change_it_then_refused(
    role: Role, sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    slug = make_session(edition, "First", now)
    person = sign_in(role)
    gets = ("new", f"{slug}/edit", f"{slug}/cancel", f"{slug}/delete")
    posts = (*gets, f"{slug}/duplicate", f"{slug}/reinstate")

    statuses = {person.get(f"{PATH}/{path}").status_code for path in gets}
    statuses |= {person.post(f"{PATH}/{path}", data=session_form()).status_code for path in posts}

    assert statuses == {403}
    assert [row.session.title for row in list_all_sessions(edition.id)] == [{"en": "First"}]
