"""Strings that break programs, in every text field of the programme: refused at the field or stored, never an error."""

import pytest
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.program.queries import list_all_sessions, list_all_speakers, list_all_tracks, list_types
from tests.bad_input import find_code, sendable_strings
from tests.web.organizer.program_forms import session_form

SESSIONS, SPEAKERS = "/organizer/program/sessions", "/organizer/program/speakers"
# Each request has as many strings as it has fields, so that every string is in some field, and every field has many.
FIELDS = (
    "title-en", "title-zh", "subtitle-en", "abstract-en", "abstract-zh", "description-en", "tags", "notes",
    "attachments-title",
)  # fmt: skip
WRONG = (
    "stream_url",
    "recording_url",
    "speakers-name",
    "links-url",
    "kind",
    "track",
    "language",
    "seat_limit",
    "version",
)


@pytest.mark.long
def test_session_when_its_texts_are_odd_then_stored_and_shown_harmless(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    texts = sendable_strings()
    answers = []
    for at in range(0, len(texts), len(FIELDS)):
        form = dict(zip(FIELDS, texts[at : at + len(FIELDS)], strict=False))
        form |= {"attachments-url": "https://example.org"}
        answers.append(organizer.post(f"{SESSIONS}/new", data=session_form(**form)).status_code)

    stored = list_all_sessions(edition.id)
    pages = [organizer.get(f"{SESSIONS}/{row.session.slug}") for row in stored]
    pages += [organizer.get(SESSIONS), organizer.get(f"{SESSIONS}?q={texts[30][:50]}")]
    assert set(answers) <= {302, 422}
    assert (answers.count(302) > 20, len(stored)) == (True, answers.count(302))
    assert {page.status_code for page in pages} == {200}
    assert [each for page in pages for each in find_code(page.text)] == []


@pytest.mark.long
def test_session_when_its_choices_and_addresses_are_odd_then_refused_at_the_field(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    texts = [text for text in sendable_strings() if text.strip()]
    answers = []
    for at in range(0, len(texts), 12):
        field = WRONG[at % len(WRONG)]
        rows = {"speakers-role": "speaker", "links-title": "x"} if "-" in field else {}
        answers.append(organizer.post(f"{SESSIONS}/new", data=session_form(**{**rows, field: texts[at]})).status_code)

    assert set(answers) <= {302, 422}
    assert answers.count(422) > len(answers) // 2


@pytest.mark.long
@pytest.mark.parametrize("section", ["speakers", "tracks", "types"])
def test_name_when_it_is_odd_then_stored_or_refused(
    section: str, organizer: FlaskClient, edition: EditionFacts
) -> None:
    texts = sendable_strings()[::4]
    answers = [
        organizer.post(f"/organizer/program/{section}/new", data={"name-en": text, "biography-en": text}).status_code
        for text in texts
    ]

    counts = {
        "speakers": len(list_all_speakers(edition.id)),
        "tracks": len(list_all_tracks(edition.id)),
        "types": len(list_types(edition.id)),
    }
    assert set(answers) <= {302, 422}
    assert counts[section] == answers.count(302) > 20
    assert organizer.get(f"/organizer/program/{section}").status_code == 200
