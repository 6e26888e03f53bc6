"""Slides of accepted proposals: checked by content, limited in size, kept with the proposal; tasks and slots."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.flows.proposals import accept_proposal
from expo.infra.clock import utcnow
from expo.infra.files import find_file_by_key
from expo.proposals.queries import CallRow, ProposalRow, get_proposal, list_files
from expo.proposals.rules import ProposalState
from tests.domains.proposals.makers import make_proposal

Signed = tuple[Actor, FlaskClient]


def _packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


PPTX = _packed(**{"ppt__presentation.xml": b"<p/>"})
ODP = _packed(mimetype=b"application/vnd.oasis.opendocument.presentation")
KEY = _packed(**{"Index__Document.iwa": b"x"})
ZIP = _packed(**{"readme.txt": b"x"})


@pytest.fixture
def accepted(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> tuple[ProposalRow, FlaskClient]:
    """An accepted proposal and its author's test client."""
    speaker, browser = sign_in_speaker()
    proposal = make_proposal(edition, call, speaker, utcnow())
    return accept_proposal(SYSTEM, edition.id, proposal.code, utcnow()), browser


def _upload(browser: FlaskClient, code: str, content: bytes, name: str) -> str:
    path = f"/speaker/proposals/{code}/slides"
    answer = browser.post(path, data={"slides": (io.BytesIO(content), name)})
    return browser.get(answer.location).text


def test_slides_when_they_are_what_they_claim_then_are_stored_and_can_be_deleted(
    edition: EditionFacts, accepted: tuple[ProposalRow, FlaskClient]
) -> None:
    proposal, browser = accepted
    names = {"a.pdf": b"%PDF-1.7", "b.pptx": PPTX, "c.odp": ODP, "d.key": KEY, "e.zip": ZIP}

    pages = [_upload(browser, proposal.code, content, name) for name, content in names.items()]

    assert all("has been uploaded" in page for page in pages)
    assert {each.name for each in list_files(proposal.id)} == set(names)
    key = next(each.key for each in list_files(proposal.id) if each.name == "a.pdf")
    path = find_file_by_key(key).path
    browser.post(f"/speaker/proposals/{proposal.code}/slides/{key}/delete")
    assert (path.exists(), len(list_files(proposal.id))) == (False, 4)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"MZ"), ("a.pptx", ZIP), ("a.odp", PPTX), ("a.key", b"PK\x03\x04 broken"), ("a.exe", b"%PDF-1.7")],
)
def test_slides_when_they_are_something_else_then_are_refused(
    accepted: tuple[ProposalRow, FlaskClient], name: str, content: bytes
) -> None:
    proposal, browser = accepted

    assert "is not a PDF, PPTX, ODP, KEY or ZIP file" in _upload(browser, proposal.code, content, name)
    assert list_files(proposal.id) == []


def test_slides_when_500_megabytes_are_announced_then_are_refused_unread_with_the_limit(
    accepted: tuple[ProposalRow, FlaskClient],
) -> None:
    proposal, browser = accepted
    unread = io.BytesIO(b"the first bytes")

    answer = browser.post(
        f"/speaker/proposals/{proposal.code}/slides",
        input_stream=unread,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(500 * 1024 * 1024)},
    )

    assert answer.status_code == 413
    assert "Files can be up to 100 MB." in answer.text
    assert unread.tell() == 0


def test_slides_when_the_proposal_is_not_accepted_then_are_refused(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()
    proposal = make_proposal(edition, call, speaker, utcnow())

    assert "status of the proposal has changed" in _upload(browser, proposal.code, b"%PDF-1.7", "a.pdf")


def test_speaker_when_accepted_then_sees_tasks_and_confirms(
    edition: EditionFacts, accepted: tuple[ProposalRow, FlaskClient]
) -> None:
    proposal, browser = accepted

    before = browser.get("/speaker").text
    browser.post(f"/speaker/proposals/{proposal.code}/confirm")
    after = browser.get("/speaker").text

    assert "Confirm that you will take part" in before
    assert "Upload your slides" in before
    assert "Confirm that you will take part" not in after
    assert get_proposal(edition.id, proposal.code).state is ProposalState.CONFIRMED
    assert browser.get("/speaker/schedule.ics").data.startswith(b"BEGIN:VCALENDAR")
    assert browser.get("/speaker/schedule.pdf").data.startswith(b"%PDF")
