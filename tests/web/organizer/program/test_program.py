"""The programme: lists, single pages, files imported by way of a preview, files exported."""

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.program.queries import count_sessions, list_sessions, list_speakers
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.imported_files import confirm, import_file, schedule_file, upload


def test_schedule_when_uploaded_then_only_previewed_until_it_is_wanted(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    asked = upload(organizer, "program", schedule_file("One", "Two"), "s.xml")
    page = organizer.get(asked.location).text
    before = count_sessions(edition.id)
    confirm(organizer, asked.location)
    result = organizer.get(asked.location).text
    assert (asked.status_code, "One" in page, before, count_sessions(edition.id)) == (302, True, 0, 2)
    assert ("View programme" in result, organizer.post(f"{asked.location}/start").status_code) == (True, 409)


def test_schedule_when_sessions_are_gone_then_the_preview_names_them(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", schedule_file("One", "Two"))
    asked = upload(organizer, "program", schedule_file("One changed"), "s.xml")
    page = organizer.get(asked.location).text
    assert ["Sessions that are not in the file (1)" in page, "Changes by field (1)" in page] == [True, True]


@pytest.mark.parametrize("data", [b"", b"no schedule", b"%PDF-1.4", b"<schedule>", b'{"a": 1}'])
def test_schedule_when_the_file_is_none_then_its_run_says_why(data: bytes, organizer: FlaskClient) -> None:
    page = organizer.get(upload(organizer, "program", data, "s.xml").location).text
    assert ("Import failed" in page, "Import another file" in page) == (True, True)


def test_schedule_when_another_expo_uploaded_it_then_missing(
    organizer: FlaskClient, admin: FlaskClient, other_edition: EditionFacts
) -> None:
    asked = upload(organizer, "program", schedule_file("One"), "s.xml")
    admin.post("/organizer/edition", data={"edition": other_edition.id})
    answers = [admin.get(asked.location), admin.post(f"{asked.location}/start")]
    assert [each.status_code for each in answers] == [404, 404]


def test_schedule_when_a_reviewer_wants_to_import_it_then_refused(sign_in: SignIn) -> None:
    reviewer = sign_in(Role.REVIEWER)
    page = reviewer.get("/organizer/program/sessions").text
    assert (upload(reviewer, "program", schedule_file("One"), "s.xml").status_code, "imports/new" in page) == (
        403,
        False,
    )


def test_session_and_speaker_when_opened_then_shown_harmless(organizer: FlaskClient, edition: EditionFacts) -> None:
    text = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;p onclick='x'&gt;Fine&lt;/p&gt;"
    import_file(organizer, "program", schedule_file("One", text=text))
    [session], [speaker] = list_sessions(edition.id), list_speakers(edition.id)
    page = organizer.get(f"/organizer/program/sessions/{session.slug}").text
    assert ("Fine" in page, "<script>alert" in page, "onclick" in page) == (True, False, False)
    assert "One" in organizer.get(f"/organizer/program/speakers/{speaker.slug}").text
    missing = ("/organizer/program/sessions/none", "/organizer/program/speakers/none", "/organizer/exhibitors/none")
    assert [organizer.get(path).status_code for path in missing] == [404, 404, 404]


def test_sessions_when_filtered_then_what_matches(organizer: FlaskClient) -> None:
    import_file(organizer, "program", schedule_file("Alpha", "Beta"))
    queries = ("q=alph", "day=2027-05-26", "day=2027-05-27", "day=nonsense", "room=hall-a", "track=none")
    shown = {query: organizer.get(f"/organizer/program/sessions?{query}").text for query in queries}
    assert {query: ("Alpha" in page, "Beta" in page) for query, page in shown.items()} == {
        "q=alph": (True, False),
        "day=2027-05-26": (True, True),
        "day=2027-05-27": (False, False),
        "day=nonsense": (True, True),
        "room=hall-a": (True, True),
        "track=none": (False, False),
    }


def test_programme_when_opened_then_leads_to_its_sessions_with_the_same_filter(organizer: FlaskClient) -> None:
    answer = organizer.get("/organizer/program?q=alph")
    assert (answer.status_code, answer.location) == (302, "/organizer/program/sessions?q=alph")


@pytest.mark.parametrize("name", ["frab-xml", "frab-json", "json", "csv", "xlsx", "ics", "pdf"])
def test_schedule_when_exported_then_a_file_with_content(name: str, organizer: FlaskClient) -> None:
    import_file(organizer, "program", schedule_file("Alpha"))
    answer = organizer.get(f"/organizer/program/export/{name}")
    assert (answer.status_code, "attachment" in answer.headers["Content-Disposition"], len(answer.data) > 100) == (
        200,
        True,
        True,
    )


FAULTY = b"""<schedule><conference><title>T</title></conference><day date="2027-05-26"><room name="Hall 1">
<event id="1"><title>Good</title><start>10:00</start><duration>00:30</duration></event>
<event id="2"><title>Bad</title><start>soon</start><duration>00:30</duration></event></room></day></schedule>"""


def test_schedule_when_one_session_is_bad_then_all_faults_are_shown_and_the_rest_is_imported_on_request(
    sign_in: SignIn, edition: EditionFacts
) -> None:
    organizer = sign_in(Role.ORGANIZER)
    kept = upload(organizer, "program", FAULTY, "schedule.xml").location
    page = organizer.get(kept).text
    refused = confirm(organizer, kept)
    count_before = count_sessions(edition.id)
    done = confirm(organizer, kept, take_good="y")

    assert ("Sessions that could not be read (1)" in page, "soon" in page) == (True, True)
    assert (refused.status_code, count_before, done.status_code, count_sessions(edition.id)) == (422, 0, 302, 1)


def test_schedule_when_it_removes_much_then_the_number_is_asked_for(sign_in: SignIn, edition: EditionFacts) -> None:
    organizer = sign_in(Role.ORGANIZER)
    good = FAULTY.replace(b"soon", b"11:00")
    import_file(organizer, "program", good)
    kept = upload(organizer, "program", good.replace(b'id="2"', b'id="3"'), "schedule.xml").location
    wanted: tuple[dict[str, str], ...] = ({}, {"removals": "2"}, {"removals": "1"})
    answers = [confirm(organizer, kept, **data) for data in wanted]
    assert [each.status_code for each in answers] == [422, 422, 302]
    assert "The file removes 1 session. Enter this number." in answers[1].text


def test_programme_when_its_pdf_lacks_letters_then_the_page_names_them(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    import_file(organizer, "program", schedule_file("One"))
    before = organizer.get("/organizer/program/sessions").text
    import_file(organizer, "program", schedule_file("Runes ᚠ", "Smile 😀"))

    page = organizer.get("/organizer/program/sessions").text

    assert "The PDF cannot show these characters" not in before
    assert "The PDF cannot show these characters" in page
    assert "U+16A0" in page
    assert "U+1F600" in page
