"""The files of a session: uploaded by organizers and its speakers, checked by content, downloaded by everybody."""

import io
import zipfile
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.infra.audit import list_audit_records
from expo.infra.db import atomic, db
from expo.infra.files import StoredFile, find_file_by_key
from expo.program.models import Session, Speaker
from expo.program.queries import MaterialRow, list_materials
from expo.program.rules import SpeakerPart
from expo.program.services import delete_session
from expo.web.kit import uploads
from tests.sessions import browser_of
from tests.web.organizer.conftest import SignIn
from tests.web.organizer.program_forms import make_session, make_speaker, publish

BASE = "/organizer/program/sessions/open-data"


@pytest.fixture
def session(edition: EditionFacts, now: datetime) -> int:
    """Make a published session and return its id."""
    make_session(edition, "Open data", now, speakers=(SpeakerPart(make_speaker(edition, "Ada", now)),))
    publish("open-data")
    return db.session.scalars(select(Session.id)).one()


@pytest.fixture
def speaker(app: Flask, session: int, now: datetime) -> FlaskClient:
    """The test client of the session's speaker, who has no role."""
    person_id = ensure_person("ada@example.org", "Ada", "en", now)
    with atomic():
        db.session.query(Speaker).update({"person_id": person_id})
    return browser_of(app, person_id)


def _upload(browser: FlaskClient, path: str, content: bytes, name: str, **more: str) -> str:
    answer = browser.post(path, data={"file": (io.BytesIO(content), name), **more})
    return answer.text if answer.status_code == 422 else browser.get(answer.location).text


def _packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def _download(browser: FlaskClient, path: str) -> tuple[bytes, str]:
    """Return the content and how a browser treats it."""
    with browser.get(path) as answer:
        way = answer.headers["Content-Disposition"].partition(";")[0]
        return answer.data, f"{way} {answer.headers['X-Content-Type-Options']}"


def _files(session_id: int) -> list[MaterialRow]:
    return list_materials(session_id)


def test_files_when_they_are_what_they_claim_then_visitors_download_them(
    session: int, organizer: FlaskClient, client: FlaskClient
) -> None:
    contents = {
        "a.pdf": b"%PDF-1.7",
        "b.pptx": _packed(**{"ppt__presentation.xml": b"<p/>"}),
        "c.odp": _packed(mimetype=b"application/vnd.oasis.opendocument.presentation"),
        "d.JPG": _picture("JPEG"),
        "e.png": _picture("PNG"),
        "f.webp": _picture("WEBP"),
        "g.zip": _packed(**{"readme.txt": b"x"}),
    }

    pages = [_upload(organizer, f"{BASE}/files", content, name) for name, content in contents.items()]
    _upload(organizer, f"{BASE}/files", b"%PDF-1.7 2", "handout.pdf", title="  The   handout ")

    assert all("has been uploaded" in page for page in pages)
    assert [each.label for each in _files(session)] == [*contents, "The handout"]
    public = client.get("/sessions/open-data").text
    downloads = [_download(client, f"/sessions/open-data/files/{each.key}") for each in _files(session)]
    assert downloads == [(each, "attachment nosniff") for each in (*contents.values(), b"%PDF-1.7 2")]
    assert all(each.key in public and each.label in public for each in _files(session))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"MZ"), ("a.png", b"<svg/>"), ("a.jpg", _picture("PNG")), ("a.svg", b"<svg/>"), ("a.html", b"%PDF-1.7")],
)
def test_file_when_it_is_something_else_then_refused(
    session: int, organizer: FlaskClient, name: str, content: bytes
) -> None:
    assert "is not a PDF, PPTX, ODP, KEY, ZIP, JPEG, PNG or WebP file" in _upload(
        organizer, f"{BASE}/files", content, name
    )
    assert _files(session) == []


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("path", ["/files", "/files/x/replace"])
def test_file_when_500_megabytes_are_announced_then_refused_unread_with_the_limit(
    organizer: FlaskClient, path: str
) -> None:
    unread = io.BytesIO(b"the first bytes")

    answer = organizer.post(
        f"{BASE}{path}",
        input_stream=unread,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(500 * 1024 * 1024)},
    )

    assert (answer.status_code, unread.tell()) == (413, 0)
    assert "Files can be up to 100 MB." in answer.text


def test_file_when_too_large_then_refused_at_its_field_and_the_title_stays(
    session: int, organizer: FlaskClient, speaker: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MEGABYTE", 1024)

    for browser, path in ((organizer, f"{BASE}/files"), (speaker, "/speaker/sessions/open-data/files")):
        page = _upload(browser, path, b"%PDF-1" + bytes(101 * 1024), "one.pdf", title="Slides Ω")

        assert 'id="file-new-error"' in page
        assert ("Files can be up to 100 MB." in page, 'value="Slides Ω"' in page) == (True, True)
    assert _files(session) == []


def test_file_when_replaced_then_keeps_its_title_and_the_former_is_gone(
    session: int, organizer: FlaskClient, client: FlaskClient
) -> None:
    _upload(organizer, f"{BASE}/files", b"%PDF-1", "one.pdf", title="Slides")
    [before] = _files(session)
    path = find_file_by_key(before.key).path

    _upload(organizer, f"{BASE}/files/{before.key}/replace", b"%PDF-2", "two.pdf")

    [after] = _files(session)
    assert (after.title, after.name, path.exists()) == ("Slides", "two.pdf", False)
    assert client.get(f"/sessions/open-data/files/{before.key}").status_code == 404
    assert _download(client, f"/sessions/open-data/files/{after.key}")[0] == b"%PDF-2"
    history = organizer.get(BASE).text
    assert ("Uploaded a file" in history, "Replaced a file" in history) == (True, True)


def test_file_when_deleted_or_its_session_is_then_its_bytes_are_too(
    session: int, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for name in ("one.pdf", "two.pdf"):
        _upload(organizer, f"{BASE}/files", b"%PDF-1", name)
    paths = [find_file_by_key(each.key).path for each in _files(session)]

    organizer.post(f"{BASE}/files/{_files(session)[0].key}/delete")
    assert [path.exists() for path in paths] == [False, True]
    assert "1 uploaded file is deleted." in organizer.get(f"{BASE}/delete").text
    delete_session(SYSTEM, edition.id, "open-data", None, now)

    assert [path.exists() for path in paths] == [False, False]
    assert db.session.scalars(select(StoredFile.id)).all() == []


def test_files_when_the_session_is_a_draft_then_only_organizers_download_them(
    organizer: FlaskClient, client: FlaskClient, sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "Open data", now)
    _upload(organizer, f"{BASE}/files", b"%PDF-1", "one.pdf")
    [file] = _files(db.session.scalars(select(Session.id)).one())
    reviewer = sign_in(Role.REVIEWER)

    assert _download(organizer, f"{BASE}/files/{file.key}")[0] == b"%PDF-1"
    assert client.get(f"/sessions/open-data/files/{file.key}").status_code == 404
    assert [reviewer.get(f"{BASE}/files{path}").status_code for path in ("", f"/{file.key}")] == [403, 403]


def test_speaker_when_the_session_is_theirs_then_uploads_replaces_and_deletes(
    session: int, speaker: FlaskClient
) -> None:
    base = "/speaker/sessions/open-data/files"
    assert base in speaker.get("/speaker").text
    assert "No files yet" in speaker.get(base).text

    page = _upload(speaker, base, b"%PDF-1", "one.pdf")
    _upload(speaker, f"{base}/{_files(session)[0].key}/replace", b"%PDF-2", "two.pdf")
    names = [each.name for each in _files(session)]
    speaker.post(f"{base}/{_files(session)[0].key}/delete")

    assert ("one.pdf has been uploaded" in page, names, _files(session)) == (True, ["two.pdf"], [])
    acts = [(act.action, act.actor_kind) for act in list_audit_records("session", session) if "material" in act.action]
    assert acts == [(f"program.{act}_material", "person") for act in ("remove", "replace", "add")]


@pytest.mark.usefixtures("speaker")
def test_speaker_when_the_session_is_not_theirs_or_a_draft_then_not_found(
    session: int, sign_in: SignIn, edition: EditionFacts, organizer: FlaskClient
) -> None:
    other, base = sign_in(), "/speaker/sessions/open-data/files"
    _upload(organizer, f"{BASE}/files", b"%PDF-1", "one.pdf")
    key = _files(session)[0].key

    posts = [other.post(f"{base}{path}").status_code for path in ("", f"/{key}/replace", f"/{key}/delete")]

    assert (other.get(base).status_code, posts) == (404, [404, 404, 404])
    assert len(_files(session)) == 1


def test_files_when_there_are_twenty_then_no_more(session: int, organizer: FlaskClient) -> None:
    for number in range(20):
        _upload(organizer, f"{BASE}/files", b"%PDF-1", f"{number}.pdf")

    assert "up to 20 files" in _upload(organizer, f"{BASE}/files", b"%PDF-1", "more.pdf")
    assert len(_files(session)) == 20
