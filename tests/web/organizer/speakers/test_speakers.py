"""Speakers: create with a photo, change, merge, delete; what visitors see of it."""

from datetime import datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.infra.files import find_file_by_key
from expo.program.queries import get_any_session, get_any_speaker, list_all_sessions
from expo.program.rules import SpeakerPart
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.program_forms import make_session, make_speaker, publish, session_form
from tests.web.query_counts import count_queries

PATH = "/organizer/program/speakers"


def photo(width: int = 300, height: int = 200, form: str = "PNG") -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (width, height), "teal").save(data, form)
    return BytesIO(data.getvalue())


def test_speaker_when_added_with_a_photo_then_a_square_without_metadata(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    form = {
        "name-en": "Ada Lovelace",
        "name-zh": "阿达",
        "biography-en": "Wrote the *first* program.",
        "photo": (photo(), "me.png"),
        "links-title": ["Home", ""],
        "links-url": ["https://example.org/ada", ""],
        "unavailable-from": ["2027-05-26T09:00"],
        "unavailable-to": ["2027-05-26T12:00"],
    }

    answer = organizer.post(f"{PATH}/new", data=form)

    speaker = get_any_speaker(edition.id, "ada-lovelace")
    assert (answer.status_code, answer.location) == (302, f"{PATH}/ada-lovelace")
    assert (speaker.name, speaker.links) == (
        {"en": "Ada Lovelace", "zh": "阿达"},
        ({"url": "https://example.org/ada", "title": "Home"},),
    )
    assert [(each.start.hour, each.end.hour) for each in speaker.unavailable] == [(9, 12)]
    assert speaker.is_public is False
    with Image.open(find_file_by_key(speaker.photo_key or "").path) as stored:
        assert (stored.format, stored.size, "exif" in stored.info) == ("JPEG", (200, 200), False)
    with organizer.get(f"{PATH}/ada-lovelace/photo") as sent:
        assert sent.mimetype == "image/jpeg"


@pytest.mark.parametrize(
    "content", [b"", b"no image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"0" * 60]
)
def test_photo_when_it_is_none_then_said_there_and_nothing_is_saved(
    content: bytes, organizer: FlaskClient, edition: EditionFacts
) -> None:
    answer = organizer.post(f"{PATH}/new", data={"name-en": "Ada", "photo": (BytesIO(content), "me.jpg")})

    shown = ('id="photo-error"' in answer.text, 'value="Ada"' in answer.text)
    assert (answer.status_code, shown) == (422, (True, True))
    with pytest.raises(Missing):
        get_any_speaker(edition.id, "ada")


def test_photo_when_it_has_too_many_pixels_then_refused(organizer: FlaskClient) -> None:
    answer = organizer.post(f"{PATH}/new", data={"name-en": "Ada", "photo": (photo(8000, 5001), "me.png")})

    assert (answer.status_code, "more than 40 megapixels" in answer.text) == (422, True)


def test_photo_when_replaced_or_removed_then_the_former_is_gone(organizer: FlaskClient, edition: EditionFacts) -> None:
    organizer.post(f"{PATH}/new", data={"name-en": "Ada", "photo": (photo(), "me.png")})
    first = get_any_speaker(edition.id, "ada")
    former = find_file_by_key(first.photo_key or "").path

    organizer.post(
        f"{PATH}/ada/edit", data={"name-en": "Ada", "version": first.version, "photo": (photo(form="WEBP"), "b.webp")}
    )
    second = get_any_speaker(edition.id, "ada")
    organizer.post(f"{PATH}/ada/edit", data={"name-en": "Ada", "version": second.version, "removes_photo": "y"})

    assert (former.exists(), second.photo_key != first.photo_key) == (False, True)
    assert get_any_speaker(edition.id, "ada").photo_key is None


def test_speaker_when_public_then_visitors_see_photo_and_links(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    organizer.post(
        f"{PATH}/new",
        data={
            "name-en": "Ada",
            "photo": (photo(), "me.png"),
            "links-title": "Home",
            "links-url": "https://example.org/ada",
        },
    )
    visitor = organizer.application.test_client()
    key = get_any_speaker(edition.id, "ada").photo_key
    before = [visitor.get(path).status_code for path in ("/speakers/ada", f"/speakers/ada/{key}.jpg")]
    publish(make_session(edition, "First", now))

    form = {"title-en": "First", "kind": "", "track": "", "level": "", "language": ""}
    version = get_any_session(edition.id, "first").version
    rows = {"speakers-name": "Ada", "speakers-role": "moderator"}
    organizer.post("/organizer/program/sessions/first/edit", data={**form, **rows, "version": version})

    page = visitor.get("/speakers/ada").text
    assert before == [404, 404]
    assert (f"/speakers/ada/{key}.jpg" in page, "https://example.org/ada" in page) == (True, True)
    with visitor.get(f"/speakers/ada/{key}.jpg") as sent:
        assert (sent.status_code, "max-age=2592000" in sent.headers["Cache-Control"]) == (200, True)
    assert visitor.get("/speakers/ada/other.jpg").status_code == 404
    assert "(moderator)" in visitor.get("/sessions/first").text


def test_speakers_when_merged_then_one_with_the_sessions_of_both(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for name in ("Ada", "A. Lovelace"):
        make_speaker(edition, name, now)
    make_session(edition, "First", now, speakers=(SpeakerPart("ada"),))
    make_session(edition, "Second", now, speakers=(SpeakerPart("a-lovelace"), SpeakerPart("ada")))
    make_session(edition, "Third", now, speakers=(SpeakerPart("a-lovelace"),))

    refused = organizer.post(f"{PATH}/ada/merge", data={"other": "Nobody"})
    done = organizer.post(f"{PATH}/ada/merge", data={"other": "A. Lovelace"})

    speakers = {row.session.slug: [each.slug for each in row.session.speakers] for row in list_all_sessions(edition.id)}
    assert (refused.status_code, done.status_code) == (422, 302)
    assert speakers == {"first": ["ada"], "second": ["ada"], "third": ["ada"]}
    with pytest.raises(Missing):
        get_any_speaker(edition.id, "a-lovelace")


def test_speaker_when_deleted_then_first_named_in_which_sessions(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "First", now, speakers=(SpeakerPart(make_speaker(edition, "Ada", now)),))

    asked = organizer.get(f"{PATH}/ada/delete").text
    answer = organizer.post(f"{PATH}/ada/delete")

    assert "They are removed from 1 session (First), which stays in the programme." in asked
    assert (answer.location, get_any_session(edition.id, "first").row.speakers) == (PATH, ())


def test_speaker_when_cancelled_then_first_named_where_nobody_else_speaks(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    ada, grace = (SpeakerPart(make_speaker(edition, name, now)) for name in ("Ada", "Grace"))
    publish(make_session(edition, "First", now))
    rows = {"speakers-name": "Ada", "speakers-role": "speaker", "version": get_any_session(edition.id, "first").version}
    organizer.post("/organizer/program/sessions/first/edit", data=session_form("First", **rows))
    make_session(edition, "Second", now, speakers=(ada, grace))
    visitor = organizer.application.test_client()
    assert visitor.get("/speakers/ada").status_code == 200

    asked = organizer.get(f"{PATH}/ada/cancel").text
    answer = organizer.post(f"{PATH}/ada/cancel")

    left = {row.session.slug: [each.slug for each in row.session.speakers] for row in list_all_sessions(edition.id)}
    assert "Nobody else speaks in 1 session (First): add another speaker or cancel it." in asked
    assert (answer.location, left) == (f"{PATH}/ada", {"first": [], "second": ["grace"]})
    assert visitor.get("/speakers/ada").status_code == 404


def test_speaker_when_duplicated_then_the_form_has_what_may_be_the_same(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    given = {"name-en": "Ada", "biography-en": "Wrote the first.", "email": "ada@example.org"}
    organizer.post(f"{PATH}/new", data={**given, "links-title": "Home", "links-url": "https://example.org/ada"})

    page = organizer.get(f"{PATH}/new?copy=ada").text

    shown = [
        each in page for each in ("Wrote the first.", "https://example.org/ada", 'value="Ada (2)"', "ada@example.org")
    ]
    assert shown == [True, True, True, False]


def test_speaker_when_somebody_else_changed_it_then_shown(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_speaker(edition, "Ada", now)
    opened = get_any_speaker(edition.id, "ada").version
    organizer.post(f"{PATH}/ada/edit", data={"name-en": "Ada King", "version": opened})

    refused = organizer.post(f"{PATH}/ada/edit", data={"name-en": "Countess", "version": opened})

    assert (refused.status_code, "<bdi>Ada King</bdi>" in refused.text, 'value="Countess"' in refused.text) == (
        409,
        True,
        True,
    )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DESK])
def test_speaker_when_others_try_to_change_it_then_refused(
    role: Role, sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    make_speaker(edition, "Ada", now)
    person = sign_in(role)

    paths = [f"{PATH}/{path}" for path in ("new", "ada/edit", "ada/merge", "ada/cancel", "ada/delete")]
    statuses = {person.post(path, data={"name-en": "X", "other": "Ada"}).status_code for path in paths}

    assert (statuses, get_any_speaker(edition.id, "ada").name) == ({403}, {"en": "Ada"})


@pytest.mark.usefixtures("pages_of_two")
def test_list_when_longer_than_a_page_then_is_cut_and_keeps_the_search(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    names = [f"Ada {name}" for name in ("Ahn", "Berg", "Cruz")]
    for name in [*names, "Zoe Dahl"]:
        make_speaker(edition, name, now)

    first, last, beyond = (organizer.get(f"{PATH}?q=ada{more}").text for more in ("", "&page=2", "&page=9"))
    costs = [count_queries(organizer, f"{PATH}?page={page}") for page in (1, 2)]

    assert [[name in page for name in names] for page in (first, last)] == [[True, True, False], [False, False, True]]
    assert (f'href="{PATH}?q=ada&amp;page=2"' in first, f'href="{PATH}?q=ada"' in last) == (True, True)
    assert ("3 speakers" in first, "Page 2 of 2" in last, "Zoe" in first + last) == (True, True, False)
    assert ("Page 2 of 2" in beyond, names[2] in beyond) == (True, True)
    assert costs[0] == costs[1]
    assert "4 speakers" in organizer.get(PATH).text
