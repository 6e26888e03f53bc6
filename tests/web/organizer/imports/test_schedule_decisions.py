"""What the preview of a schedule asks, and what happens to the answers; columns of a table are mapped."""

import re

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts, list_rooms
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.infra.jobs import drain
from expo.program.models import Session
from expo.program.queries import list_sessions
from expo.pure.languages import localized
from tests.web.organizer.imported_files import confirm, import_file, schedule_file, upload


def titles(edition: EditionFacts) -> list[str]:
    return sorted(row.title["en"] for row in list_sessions(edition.id))


def rename_first(edition: EditionFacts) -> None:
    with atomic():
        db.session.get_one(Session, list_sessions(edition.id)[0].id).title = {"en": "Ours"}


def test_conflict_when_nothing_is_decided_then_both_values_are_shown_and_ours_stays(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))
    rename_first(edition)
    page = upload(organizer, "program", schedule_file("Theirs", "Two"), "s.xml").location
    preview = organizer.get(page).text

    confirm(organizer, page)

    assert [text in preview for text in ("Ours", "Theirs", "1 field was changed both here and in the file")] == [
        True,
        True,
        True,
    ]
    assert titles(edition) == ["Ours", "Two"]


def test_conflict_when_the_file_is_chosen_for_all_or_for_one_then_its_value_is_used(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))
    rename_first(edition)
    page = upload(organizer, "program", schedule_file("Theirs", "Two"), "s.xml").location
    [name] = re.findall(r'name="(use-session-[^"]+)"', organizer.get(page).text)

    confirm(organizer, page, **{name: "theirs"})
    by_field = titles(edition)
    rename_first(edition)
    page = upload(organizer, "program", schedule_file("Newer", "Two"), "s.xml").location
    confirm(organizer, page, use="theirs")

    assert (by_field, titles(edition)) == (["Theirs", "Two"], ["Newer", "Two"])


def test_sessions_when_not_in_the_file_then_kept_on_request(organizer: FlaskClient, edition: EditionFacts) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))
    page = upload(organizer, "program", schedule_file("One"), "s.xml").location
    preview = organizer.get(page).text

    refused = confirm(organizer, page)
    kept = confirm(organizer, page, mode="update")

    assert "Sessions that are not in the file (1)" in preview
    assert (refused.status_code, kept.status_code, titles(edition)) == (422, 302, ["One", "Two"])


def test_table_when_a_column_is_missing_then_asked_for_and_imported_once_mapped(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    table = b"Title,Wann,Wo\nEins,2027-05-26 10:00,Saal 1\nZwei,gestern,Saal 1\n"
    page = upload(organizer, "program", table, "programme.csv").location
    asked = organizer.get(page).text
    refused = organizer.post(f"{page}/start").status_code

    organizer.post(f"{page}/options", data={"encoding": "utf-8", "column-0": "title", "column-1": "start",
        "column-2": "room"})  # fmt: skip
    upload_again = organizer.get(page).text
    drain(utcnow())
    preview = organizer.get(page).text
    confirm(organizer, page, take_good="y")

    assert "Choose a column for these fields: Start" in asked
    assert refused == 422
    assert "Reading the file" in upload_again
    assert "“gestern” is not a date" in preview
    assert "Line 3" in preview
    assert [(row.title, row.room.name if row.room else None) for row in list_sessions(edition.id)] == [
        ({"en": "Eins"}, {"en": "Saal 1"})
    ]


def test_preview_when_rooms_overlap_then_said(organizer: FlaskClient) -> None:
    page = upload(organizer, "program", schedule_file("One", "Two"), "s.xml").location

    assert "Worth checking (1)" in organizer.get(page).text
    assert "“One” and “Two” are in Hall A at the same time" in organizer.get(f"{page}?part=findings").text


def test_table_when_its_encoding_is_a_guess_then_it_is_confirmed_first(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    table = "标题,开始\n数据,2027-05-26 10:00\n".encode("gb18030")
    page = upload(organizer, "program", table, "programme.csv").location
    asked = organizer.get(page).text
    refused = organizer.post(f"{page}/start").status_code

    organizer.post(f"{page}/options", data={"encoding": "gb18030", "column-0": "title", "column-1": "start"})
    drain(utcnow())
    confirm(organizer, page)

    assert "We could not determine the encoding" in asked
    assert refused == 422
    assert [row.title for row in list_sessions(edition.id)] == [{"en": "数据"}]


def test_room_when_it_looks_renamed_then_asked_about_and_added_only_if_told(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))
    before = [room.slug for room in list_rooms(edition.id)]
    names = [localized(room.name, "en") for room in list_rooms(edition.id)]
    renamed = schedule_file("One", "Two").replace(names[0].encode(), b"Grand ballroom")
    page = upload(organizer, "program", renamed, "s.xml").location

    preview = organizer.get(page).text
    [name] = re.findall(r'name="(rename-room-[^"]+)"', preview)
    confirm(organizer, page, **{name: "same"})

    assert ("The room “Grand ballroom”" in preview, f"is “{names[0]}” under a new name" in preview) == (True, True)
    assert [room.slug for room in list_rooms(edition.id)] == before
    assert localized(list_rooms(edition.id)[0].name, "en") == "Grand ballroom"
    again = upload(organizer, "program", renamed.replace(b"Grand ballroom", b"Aula"), "s.xml").location
    [name] = re.findall(r'name="(rename-room-[^"]+)"', organizer.get(again).text)
    confirm(organizer, again, **{name: "new"})
    assert len(list_rooms(edition.id)) == len(before) + 1
