"""The team page: invitations by e-mail, with and without an account, roles, leaving."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord, list_members
from expo.exhibitors.rules import CompanyDetails, MemberRole, MemberState
from expo.exhibitors.services import change_company
from expo.infra.db import db
from expo.infra.signing import sign_text
from expo.mail.models import Email
from tests.domains.exhibitors.makers import make_member, make_package, make_person
from tests.sessions import browser_of
from tests.web.exhibitor.conftest import SignIn


@pytest.fixture
def organizer(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    """The test client of an organizer."""
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    return browser_of(app, person_id)


@pytest.fixture
def invited(owner: FlaskClient, company: CompanyRecord) -> str:
    """The path in the e-mail of somebody who was invited."""
    answer = owner.post(
        f"/exhibitor/{company.slug}/team",
        data={"email": "lilei@example.org", "name": "李雷", "role": "editor", "language": "zh"},
    )
    assert answer.status_code == 302
    email = db.session.scalars(select(Email).where(Email.message == "exhibitors/invitation")).one()
    assert (email.to_email, email.language) == ("lilei@example.org", "zh")
    path, purpose, payload = email.links["invitation_link"]
    return str(path + sign_text(purpose, payload))


def _states(company: CompanyRecord) -> dict[str, MemberState]:
    return {each.email: each.state for each in list_members(company.id)}


def test_invitation_when_accepted_by_a_newcomer_then_signs_in_and_opens_the_company(
    invited: str, company: CompanyRecord, client: FlaskClient
) -> None:
    assert "Guiyang Data" in client.get(invited).text
    assert find_person_by_email("lilei@example.org") is None

    accepted = client.post(f"{invited}/accept")

    assert accepted.location.endswith(f"/exhibitor/{company.slug}")
    assert _states(company)["lilei@example.org"] is MemberState.ACTIVE
    assert "Visible to visitors" in client.get(accepted.location).text
    assert client.get("/exhibitor").location.endswith(f"/exhibitor/{company.slug}")


def test_invitation_when_answered_then_the_link_gives_nobody_another_session(
    app: Flask, invited: str, client: FlaskClient
) -> None:
    client.post(f"{invited}/accept")
    stranger = app.test_client()

    assert "/sign-in" in stranger.post(f"{invited}/accept").location
    assert "/sign-in" in stranger.get("/exhibitor").location


def test_invitation_when_declined_then_no_account_is_made_and_the_link_is_dead(
    invited: str, company: CompanyRecord, client: FlaskClient
) -> None:
    client.post(f"{invited}/decline")

    assert "lilei@example.org" not in _states(company)
    assert find_person_by_email("lilei@example.org") is None
    assert client.get(invited).status_code == 404


def test_invitation_when_the_address_has_an_account_then_signs_in_first(
    app: Flask, invited: str, company: CompanyRecord, client: FlaskClient, now: datetime
) -> None:
    own = browser_of(app, make_person(now, "lilei@example.org").id or 0)

    assert "has an account. Sign in" in client.get(invited).text
    assert "/sign-in?next=" in client.post(f"{invited}/accept").location
    assert _states(company)["lilei@example.org"] is MemberState.INVITED
    own.post(f"{invited}/accept")

    assert _states(company)["lilei@example.org"] is MemberState.ACTIVE


def test_invitation_when_revoked_then_the_link_is_dead(
    invited: str, owner: FlaskClient, company: CompanyRecord, client: FlaskClient
) -> None:
    member = next(each for each in list_members(company.id) if each.state is MemberState.INVITED)
    path = f"/exhibitor/{company.slug}/team/{member.id}/remove"

    assert "Revoke the invitation of 李雷?" in owner.get(path).text
    owner.post(path)

    gone, cut = client.get(invited), client.get(invited[:-3])
    assert (gone.status_code, cut.status_code) == (404, 404)
    assert "Ask the person who invited you for a new one." in gone.text
    assert "Open it from the e-mail again" in cut.text
    # Signing in would bring no new invitation.
    assert "Get a new link" not in gone.text + cut.text
    assert client.post(f"{invited}/accept").status_code == 404


def test_invitation_when_resent_then_another_e_mail_goes_out(
    invited: str, owner: FlaskClient, company: CompanyRecord
) -> None:
    member = next(each for each in list_members(company.id) if each.state is MemberState.INVITED)

    owner.post(f"/exhibitor/{company.slug}/team/{member.id}/resend")

    emails = db.session.scalars(select(Email.to_email).where(Email.message == "exhibitors/invitation")).all()
    assert emails == ["lilei@example.org", "lilei@example.org"]


def test_team_when_the_form_is_wrong_then_it_keeps_what_was_typed(owner: FlaskClient, company: CompanyRecord) -> None:
    answer = owner.post(
        f"/exhibitor/{company.slug}/team",
        data={"email": "not an address", "name": "李雷 Ω", "role": "editor", "language": "zh"},
    )

    assert (answer.status_code, "李雷 Ω" in answer.text) == (422, True)


def test_team_when_the_last_owner_leaves_then_told_what_to_do(owner: FlaskClient, company: CompanyRecord) -> None:
    (member,) = list_members(company.id)

    answer = owner.post(f"/exhibitor/{company.slug}/team/{member.id}/remove")

    assert (answer.status_code, "Make somebody else an owner first" in answer.text) == (409, True)


def test_team_when_the_member_is_not_an_owner_then_sees_the_team_but_no_forms(
    company: CompanyRecord, owner: FlaskClient, sign_in_member: SignIn
) -> None:
    browser = sign_in_member(company, MemberRole.REPRESENTATIVE)
    base = f"/exhibitor/{company.slug}/team"
    first = list_members(company.id)[0]
    data = {"email": "eve@example.org", "role": "owner", "language": "en"}

    assert ("owner@example.org" in browser.get(base).text, "Send invitation" in browser.get(base).text) == (True, False)
    answers = [
        browser.post(base, data=data).status_code,
        browser.get(f"{base}/{first.id}/edit").status_code,
        browser.get(f"{base}/{first.id}/remove").status_code,
    ]
    assert answers == [403, 403, 403]


def test_team_when_a_role_is_changed_then_the_member_may_do_more(
    owner: FlaskClient, company: CompanyRecord, sign_in_member: SignIn
) -> None:
    browser = sign_in_member(company, MemberRole.REPRESENTATIVE, "rep@example.org")
    member = next(each for each in list_members(company.id) if each.email == "rep@example.org")

    owner.post(f"/exhibitor/{company.slug}/team/{member.id}/edit", data={"role": "owner"})

    assert "Send invitation" in browser.get(f"/exhibitor/{company.slug}/team").text


def test_licences_when_assigned_on_the_team_page_then_counted_and_the_last_one_says_so(
    owner: FlaskClient, company: CompanyRecord, edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", lead_licences=1)
    change_company(SYSTEM, edition.id, company.slug, CompanyDetails(company.name, package="gold"), None, now)
    own, (_, colleague) = list_members(company.id)[0], make_member(edition, company, now, MemberRole.REPRESENTATIVE)
    team, page = f"/en/exhibitor/{company.slug}/team", f"/en/exhibitor/{company.slug}/leads"

    overview = owner.get(f"/en/exhibitor/{company.slug}").text
    blocked = owner.get(page).text
    owner.post(f"{team}/{own.id}/licence/assign")
    allowed = owner.get(page).text
    refused = owner.post(f"{team}/{colleague.id}/licence/assign", follow_redirects=True).text
    owner.post(f"{team}/{own.id}/licence/release")

    assert "lead licence is not assigned yet" in overview
    assert "An owner of your team can assign you one: " in blocked
    assert "An owner of your team" not in allowed
    assert ("1 of 1 lead licences are assigned" in refused, "All 1 lead licences" in refused) == (True, True)
    assert "0 of 1 lead licences are assigned" in owner.get(team).text


def test_licences_when_the_package_gets_fewer_then_organizers_and_the_team_are_told(
    organizer: FlaskClient, owner: FlaskClient, company: CompanyRecord, edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", lead_licences=1)
    change_company(SYSTEM, edition.id, company.slug, CompanyDetails(company.name, package="gold"), None, now)
    [own] = list_members(company.id)
    owner.post(f"/exhibitor/{company.slug}/team/{own.id}/licence/assign")
    numbers = {"booth_area": "0", "passes": "0", "meeting_tables": "0", "lead_licences": "0", "price": "0"}

    told = organizer.post(
        "/en/organizer/exhibitors/packages/gold/edit",
        data={"name-en": "Gold", "name-zh": "金", **numbers},
        follow_redirects=True,
    ).text

    assert "1 company has assigned more lead licences than the package has now." in told
    assert "Members keep theirs" in owner.get(f"/en/exhibitor/{company.slug}/team").text
    assert "1 of 0 assigned" in organizer.get(f"/en/organizer/exhibitors/{company.slug}").text
