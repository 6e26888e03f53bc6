"""Tracks: add, rename, reorder, delete."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.program.queries import SessionFilter, get_any_session, list_all_tracks, list_sessions
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.program_forms import make_session, publish

PATH = "/organizer/program/tracks"


def names(edition: EditionFacts) -> list[str]:
    return [each.name["en"] for each in list_all_tracks(edition.id)]


def test_tracks_when_added_moved_and_renamed_then_listed_so(organizer: FlaskClient, edition: EditionFacts) -> None:
    for name in ("Cloud", "Health"):
        organizer.post(f"{PATH}/new", data={"name-en": name})
    organizer.post(f"{PATH}/health/move/up")
    version = list_all_tracks(edition.id)[1].version

    saved = organizer.post(f"{PATH}/cloud/edit", data={"name-en": "Clouds", "version": version})
    refused = organizer.post(f"{PATH}/cloud/edit", data={"name-en": "Late", "version": version})
    same = organizer.post(f"{PATH}/new", data={"name-en": "clouds"})

    assert (names(edition), saved.status_code) == (["Health", "Clouds"], 302)
    assert (refused.status_code, "<bdi>Clouds</bdi>" in refused.text, 'value="Late"' in refused.text) == (
        409,
        True,
        True,
    )
    assert (same.status_code, "already a track with this name" in same.text) == (422, True)
    assert "Clouds" in organizer.get(PATH).text


def test_track_when_renamed_then_its_sessions_are_found_by_the_new_name(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Cloud"})
    publish(make_session(edition, "First", now, track="cloud"))
    version = list_all_tracks(edition.id)[0].version

    organizer.post(f"{PATH}/cloud/edit", data={"name-en": "Quantum", "version": version})

    found = {q: len(list_sessions(edition.id, SessionFilter(q=q))) for q in ("cloud", "quantum")}
    assert found == {"cloud": 0, "quantum": 1}


def test_track_when_deleted_then_first_counted_what_it_has(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Cloud"})
    make_session(edition, "First", now, track="cloud")

    asked = organizer.get(f"{PATH}/cloud/delete").text
    organizer.post(f"{PATH}/cloud/delete")

    assert "1 session will be left without a track." in asked
    assert (names(edition), get_any_session(edition.id, "first").row.track) == ([], None)


def test_track_when_duplicated_then_the_form_suggests_a_free_name(organizer: FlaskClient) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Cloud", "name-zh": "云"})

    listed, page = organizer.get(PATH).text, organizer.get(f"{PATH}/new?copy=cloud").text
    organizer.post(f"{PATH}/new?copy=cloud", data={"name-en": "Cloud (2)"})

    assert f"{PATH}/new?copy=cloud" in listed
    assert ("Duplicate Cloud" in page, 'value="Cloud (2)"' in page, 'value="云（2）"' in page) == (True, True, True)
    assert [organizer.get(f"{PATH}/{path}").status_code for path in ("cloud-2/edit", "new?copy=x")] == [200, 404]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DESK])
def test_track_when_others_try_to_change_it_then_refused(
    role: Role, sign_in: SignIn, organizer: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Cloud"})
    person = sign_in(role)

    paths = [f"{PATH}/{path}" for path in ("new", "cloud/edit", "cloud/delete", "cloud/move/up")]
    statuses = {person.post(path, data={"name-en": "X"}).status_code for path in paths}

    assert (statuses, names(edition)) == ({403}, ["Cloud"])
