"""Organizers do something with several exhibitors at once, on one page of the list or on all."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import RecordFilter, get_record, list_records, list_threads
from expo.exhibitors.rules import ApplicationRequest, ExhibitorState, MemberRole, PageRequest, WindowRequest
from expo.exhibitors.services import save_page, send_application, set_window
from expo.infra.db import db
from expo.mail.models import Email
from expo.web.kit import list_pages
from tests.domains.exhibitors.makers import make_company, make_member, make_person
from tests.web.organizer.conftest import SignIn
from tests.web.query_counts import count_queries

LIST = "/en/organizer/exhibitors"
SELECTED = f"{LIST}/selected"


def names(edition: EditionFacts, **wanted: str) -> list[str]:
    return [each.name for each in list_records(edition.id, RecordFilter(**wanted))]  # type: ignore[arg-type]


def test_selection_when_all_pages_are_selected_then_the_act_reaches_what_matches_the_filter(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_pages, "PAGE_SIZE", 1)
    for name, country in (("Ada", "GB"), ("Babbage", "GB"), ("Curie", "FR")):
        make_company(edition, now, name, country=country)

    page = organizer.get(f"{LIST}?country=GB&select=all").text
    answer = organizer.post(f"{SELECTED}?country=GB", data={"act": "hide", "scope": "all"})

    assert ("All 2 companies are selected, on all pages." in page, "checked disabled" in page) == (True, True)
    assert answer.location.endswith("/organizer/exhibitors?country=GB")
    assert names(edition, state="hidden") == ["Ada", "Babbage"]


def test_selection_when_declined_then_each_applicant_gets_the_reason_and_others_stay(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    set_window(SYSTEM, edition.id, WindowRequest(is_open=True), now)
    slugs = [make_company(edition, now).slug]
    for name in ("Ada", "Babbage"):
        applicant = make_person(now, f"{name.lower()}@example.org")
        request = ApplicationRequest(name, name, "GB", description="Engines")
        slugs.append(send_application(applicant, edition.id, request, {}, "en", now).slug)
    selected = {"act": "decline", "company": slugs}

    asked = organizer.post(SELECTED, data=selected)
    empty = organizer.post(SELECTED, data={**selected, "text": " "})
    before = names(edition, state="applied")
    organizer.post(SELECTED, data={**selected, "text": "The halls are full."})

    assert ("Decline 2 applications" in asked.text, asked.status_code, empty.status_code) == (True, 200, 422)
    assert before == ["Ada", "Babbage"]
    assert names(edition, state="declined") == ["Ada", "Babbage"]
    assert get_record(edition.id, slugs[0]).state is ExhibitorState.APPROVED
    emails = db.session.scalars(select(Email.to_email).where(Email.message == "exhibitors/declined")).all()
    assert sorted(emails) == ["ada@example.org", "babbage@example.org"]


def test_selection_when_written_to_then_previewed_with_counts_and_sent_to_the_teams(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    first, second, third = (make_company(edition, now, name) for name in ("Ada", "Babbage", "Curie"))
    make_member(edition, first, now, MemberRole.OWNER, "ada@example.org")
    make_member(edition, third, now, MemberRole.OWNER, "curie@example.org")
    write = f"{LIST}/messages/selected"
    selected = {"company": [first.slug, second.slug]}

    shown = organizer.post(write, data=selected)
    preview = organizer.post(write, data={**selected, "text": "Doors open at 8.", "step": "preview"}).text
    before = list_threads(edition.id)
    organizer.post(write, data={**selected, "text": "Doors open at 8.", "step": "send"})

    assert (shown.status_code, "Enter a message." in shown.text) == (200, False)
    assert ("Send to 2 companies" in preview, "1 person will get an e-mail." in preview) == (True, True)
    assert "Nobody on the team of 1 company can receive e-mails yet: <bdi>Babbage</bdi>" in preview
    assert before == []
    assert {each.name for each in list_threads(edition.id)} == {"Ada", "Babbage"}
    emails = db.session.scalars(select(Email.to_email).where(Email.message == "exhibitors/message_from_organizers"))
    assert emails.all() == ["ada@example.org"]


def test_selection_when_exported_then_only_what_was_selected(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    ada, _babbage = make_company(edition, now, "Ada"), make_company(edition, now, "Babbage")

    lines = organizer.post(SELECTED, data={"act": "csv", "company": ada.slug}).data.decode("utf-8-sig").splitlines()

    assert [line.split(",")[0] for line in lines] == ["name", "Ada"]


def test_selection_when_nothing_is_selected_or_nobody_applied_then_says_so(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now).slug

    organizer.post(SELECTED, data={"act": "hide"})
    organizer.post(SELECTED, data={"act": "decline", "company": slug})

    page = organizer.get(LIST).text
    assert "Select at least one company." in page
    assert "None of the selected companies is awaiting" in page


def test_selection_when_the_viewer_may_not_manage_exhibitors_then_refused(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    slug, browser = make_company(edition, now).slug, sign_in(Role.DESK)
    acts = ("csv", "approve", "decline", "hide")

    answers = [browser.post(SELECTED, data={"act": act, "company": slug}).status_code for act in acts]

    assert (answers, "Write e-mail" in browser.get(LIST).text) == ([403] * 4, False)
    assert browser.post(f"{LIST}/messages/selected", data={"company": slug}).status_code == 403


@pytest.mark.parametrize(
    ("completeness", "found"),
    [
        ("below-50", ["Bare"]),
        ("logo", ["Bare", "Written"]),
        ("description", ["Bare"]),
        ("complete", []),
        ("nonsense", ["Bare", "Written"]),
    ],
)
def test_list_when_filtered_by_the_page_then_those_it_is_true_of(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, completeness: str, found: list[str]
) -> None:
    make_company(edition, now, "Bare")
    written = make_company(edition, now, "Written", website="https://example.com")
    texts = {"en": "Engines", "zh": "引擎"}
    topics = {"offers": ("cloud",), "seeks": ()}
    save_page(SYSTEM, edition.id, written.slug, PageRequest(texts, texts, website="https://example.com", **topics), now)

    page = organizer.get(f"{LIST}?completeness={completeness}").text

    assert [name for name in ("Bare", "Written") if f">{name}<" in page] == found
    assert (re.search(r">\s*50%</span>", page) is not None) == ("Written" in found)


def test_list_when_longer_then_no_more_queries(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    make_company(edition, now)
    few = count_queries(organizer, f"{LIST}?completeness=logo")
    for _number in range(3):
        make_company(edition, now)

    assert count_queries(organizer, f"{LIST}?completeness=logo") == few
