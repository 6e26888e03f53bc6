"""The leads of a company: the list, one lead, files, and that nobody else sees any of it."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import MemberRole, MemberState
from expo.formats.tables import read_records
from expo.infra.clock import utcnow
from expo.leads.rules import FollowUp
from expo.leads.services import stop_sharing
from tests.bad_input import find_code, sendable_strings
from tests.exhibitors import make_exhibitor, make_member
from tests.make import make_attendee
from tests.sessions import browser_of
from tests.web.exhibitor.leads.booths import Booth, make_booth, scan_body


@pytest.fixture
def booth(app: Flask, edition: EditionFacts, now: datetime) -> Booth:
    return make_booth(app, edition, now)


def test_list_when_empty_then_says_what_to_do(booth: Booth) -> None:
    page = booth.browser.get(booth.path).text

    assert "No leads yet" in page
    assert f"{booth.path}/scan" in page


def test_lead_when_scanned_then_listed_with_what_is_shared_and_not_more(booth: Booth) -> None:
    booth.scan(rating=4, note="Wants a demo")

    page = booth.browser.get(booth.path).text

    for shown in ("王芳", "Dataflow", "China", "Wants a demo", "4 of 5 stars"):
        assert shown in page
    assert "fang@" not in page
    assert "CTO" not in page


def test_lead_when_edited_then_stored_and_an_older_form_is_refused(booth: Booth) -> None:
    booth.scan()
    (lead,) = booth.leads
    address = f"{booth.path}/{lead.code}"
    form = {"status": "contacted", "rating": "5", "version": str(lead.version)}

    assert booth.browser.post(address, data=form).status_code == 302
    refused = booth.browser.post(address, data={**form, "status": "lost"})

    assert refused.status_code == 409
    (lead,) = booth.leads
    assert (lead.status, lead.rating) == (FollowUp.CONTACTED, 5)


def test_note_when_written_then_with_its_author_and_deleted_only_by_those_who_may(booth: Booth, now: datetime) -> None:
    booth.scan()
    address = f"{booth.path}/{booth.leads[0].code}"
    colleague = booth.browser_of(make_member(booth.edition, booth.slug, now, "Zhao Min", MemberRole.REPRESENTATIVE))

    booth.browser.post(f"{address}/notes", data={"note": "<b>Call</b> on Friday"})
    page = colleague.get(address).text
    (note,) = booth.leads[0].notes
    refused = colleague.post(f"{address}/notes/{note.id}/delete")
    booth.browser.post(f"{address}/notes/{note.id}/delete")

    assert "&lt;b&gt;Call&lt;/b&gt; on Friday" in page
    assert "Li Na" in page
    assert refused.status_code == 403
    assert booth.leads[0].notes == ()


def test_status_when_set_for_several_then_all_of_them(booth: Booth, now: datetime) -> None:
    booth.scan()
    booth.scan(make_attendee(booth.edition, now, name="Ann").token)

    booth.browser.post(f"{booth.path}/selected", data={"lead": [each.code for each in booth.leads], "status": "won"})

    assert {each.status for each in booth.leads} == {FollowUp.WON}


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=fang", False),
        ("q=王芳 data", True),
        ("q=demo", True),
        ("q=CTO", False),
        ("rating=3", True),
        ("rating=5", False),
        ("status=new", True),
        ("status=won", False),
        ("day=1999-01-01", False),
        ("member=999999", False),
        ("answer=q9", False),
        ("rating=x&status=x&day=x&member=x", True),
    ],
)
def test_filter_when_given_then_only_matching_leads(booth: Booth, query: str, found: bool) -> None:  # noqa: FBT001
    booth.scan(rating=4, note="Wants a demo")

    assert ("王芳" in booth.browser.get(f"{booth.path}?{query}").text) is found


def test_lead_when_deleted_then_gone_until_the_badge_is_scanned_again(booth: Booth) -> None:
    body = scan_body(booth.visitor.token, note="Wants a demo")
    booth.browser.post(f"{booth.path}/scan/scans", json={"scans": [body]})
    address = f"{booth.path}/{booth.leads[0].code}/delete"

    assert "Delete this lead?" in booth.browser.get(address).text
    booth.browser.post(address)
    repeated = booth.browser.post(f"{booth.path}/scan/scans", json={"scans": [body]}).get_json()
    assert (repeated["answers"][0]["outcome"], booth.leads) == ("deleted", [])
    booth.scan(scanned_at=utcnow().isoformat())

    assert [each.notes for each in booth.leads] == [()]


def test_files_when_exported_then_the_same_leads_and_no_formula_or_foreign_line(booth: Booth, now: datetime) -> None:
    booth.scan(rating=4, note="=HYPERLINK(1)\nEND:VCARD")
    booth.scan(make_attendee(booth.edition, now, name="=1+1", company="A;B,C\\").token)

    csv = booth.browser.get(f"{booth.path}/export.csv").get_data(as_text=True)
    xlsx = booth.browser.get(f"{booth.path}/export.xlsx").data
    vcf = booth.browser.get(f"{booth.path}/export.vcf").get_data(as_text=True)

    assert [row.cells["Name"] for row in read_records(xlsx).rows] == ["=1+1", "王芳"]
    assert "'=1+1" in csv
    assert "fang@" not in csv + vcf
    assert vcf.count("BEGIN:VCARD\r\n") == vcf.count("\r\nEND:VCARD\r\n") == 2
    assert "FN:王芳\r\n" in vcf
    assert r"ORG:A\;B\,C\\" in vcf
    stop_sharing(SYSTEM, booth.edition.id, booth.visitor.id, booth.slug, now)
    csv = booth.browser.get(f"{booth.path}/export.csv").get_data(as_text=True)
    assert "An organizer removed the details because the visitor asked for it." in csv
    assert "王芳" not in csv


def test_export_when_a_representative_asks_then_refused(booth: Booth, now: datetime) -> None:
    booth.scan()
    colleague = booth.browser_of(make_member(booth.edition, booth.slug, now, "Zhao Min", MemberRole.REPRESENTATIVE))

    assert colleague.get(f"{booth.path}/export.csv").status_code == 403
    assert "export.csv" not in colleague.get(booth.path).text


def test_leads_when_somebody_else_asks_then_nothing(booth: Booth, app: Flask, now: datetime) -> None:
    booth.scan(note="Wants a demo")
    code, edition = booth.leads[0].code, booth.edition
    rival_slug = make_exhibitor(edition, "Rival")
    rival = make_member(edition, rival_slug, now)
    removed = make_member(edition, booth.slug, now, "Old Hand", state=MemberState.REMOVED)
    programme = ensure_person("programme@example.org", "P", "en", now)
    grant_role(SYSTEM, edition.id, programme, Role.PROGRAM_MANAGER, now)
    others = [
        browser_of(app, each) for each in (rival.id, removed.id, programme, booth.visitor.attendee.person_id) if each
    ]
    paths = ("", f"/{code}", "/export.csv", "/export.xlsx", "/export.vcf", "/scan", "/scan/booth", "/questions")

    for browser in others:
        answers = [browser.get(f"{booth.path}{path}") for path in paths]
        posted = browser.post(f"{booth.path}/scan/scans", json={"scans": [scan_body(booth.visitor.token)]})
        assert {each.status_code for each in [*answers, posted]} == {404}
        assert not any("Wants a demo" in each.text or "王芳" in each.text for each in answers)
    own = booth.browser_of(rival).get(f"/en/exhibitor/{rival_slug}/leads/{code}")
    assert own.status_code == 404


def test_questions_when_added_then_answered_on_the_lead_and_found_by_answer(booth: Booth) -> None:
    address = f"{booth.path}/questions"
    booth.browser.post(address, data={"label": "Budget", "kind": "single_choice", "options": "Small\nLarge"})
    refused = booth.browser.post(address, data={"label": "Plans", "kind": "multiple_choice", "options": "Only one"})
    booth.browser.post(address, data={"label": "Plans", "kind": "text", "options": ""})
    booth.scan()
    (lead,) = booth.leads
    keys = [each["key"] for each in booth.browser.get(f"{booth.path}/scan/booth").get_json()["questions"]]

    booth.browser.post(
        f"{booth.path}/{lead.code}",
        data={"status": "new", "version": lead.version, f"answer-{keys[0]}": "Large", f"answer-{keys[1]}": "A lake"},
    )
    booth.browser.post(f"{address}/{keys[1][1:]}/remove")

    assert refused.status_code == 422
    assert booth.leads[0].answers == {keys[0]: "Large", keys[1]: "A lake"}
    assert "王芳" in booth.browser.get(f"{booth.path}?answer={keys[0]}=Large").text
    assert "王芳" not in booth.browser.get(f"{booth.path}?answer={keys[0]}=Small").text
    assert "Earlier answers" in booth.browser.get(f"{booth.path}/{lead.code}").text


def test_texts_of_leads_when_odd_then_stored_or_refused_and_shown_harmless(booth: Booth) -> None:
    booth.scan()
    address = f"{booth.path}/{booth.leads[0].code}"
    statuses = set()
    for text in sendable_strings()[::30]:
        statuses |= {
            booth.browser.post(f"{address}/notes", data={"note": text}).status_code,
            booth.browser.post(address, data=dict.fromkeys(("status", "rating", "version"), text)).status_code,
            booth.scan(note=text).status_code,
        }

    pages = [booth.browser.get(each) for each in (booth.path, address)]

    assert statuses <= {200, 302, 409, 422}
    assert [(page.status_code, find_code(page.text)) for page in pages] == [(200, [])] * 2
    assert booth.leads[0].notes
