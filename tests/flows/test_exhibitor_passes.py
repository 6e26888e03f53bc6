"""Members of teams get a registration out of the company's passes, and never a second one."""

from datetime import datetime

import pytest

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM, Actor
from expo.badges.queries import find_badge_of
from expo.badges.rules import is_valid
from expo.checkin.models import Presence
from expo.checkin.services.zones import ZoneRequest, create_zone
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import CompanyRecord, MemberRow, count_passes_used, get_member, list_members
from expo.exhibitors.rules import CompanyDetails, MemberRole
from expo.exhibitors.services import add_invitation, change_company, withdraw_company
from expo.flows.exhibitor_passes import PassHolder, issue_pass, remove_from_team, return_pass
from expo.flows.granted_tickets import TicketOutcome
from expo.infra.db import atomic, db
from expo.mail.models import Email
from expo.registration.queries import get_attendee_by_id, list_attendees_of_person
from expo.registration.rules import AttendeeState
from tests.domains.exhibitors.makers import make_company, make_member, make_package
from tests.make import make_attendee, make_ticket_type

HOLDER = PassHolder("李娜", "CN", "Li Na", "Sales")


@pytest.fixture
def company(edition: EditionFacts, now: datetime) -> CompanyRecord:
    """A company with two passes."""
    make_ticket_type(edition, now, "exhibitor", is_public=False)
    make_package(edition, now, "Gold", passes=2, pass_ticket="exhibitor")
    return make_company(edition, now, "Guiyang Data", package="gold")


@pytest.fixture
def owner(edition: EditionFacts, company: CompanyRecord, now: datetime) -> Actor:
    """The owner of the company."""
    return make_member(edition, company, now)[0]


def _issue(edition: EditionFacts, company: CompanyRecord, actor: Actor, member: MemberRow, now: datetime) -> MemberRow:
    issue_pass(actor, edition.id, company.slug, member.id, HOLDER, now)
    return get_member(company.id, member.id)


def _enter(edition: EditionFacts, attendee_id: int, now: datetime) -> None:
    create_zone(SYSTEM, edition.id, "hall", ZoneRequest(name={"en": "Hall"}), now)
    with atomic():
        db.session.add(Presence(zone_id=1, attendee_id=attendee_id, is_inside=True, entries=1, as_of=now))


def test_pass_when_issued_then_the_member_is_registered_once_with_a_badge_by_e_mail(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime
) -> None:
    actor, member = make_member(edition, company, now, MemberRole.REPRESENTATIVE, "rep@example.org")

    holder = _issue(edition, company, actor, member, now)

    (attendee,) = list_attendees_of_person(actor.id or 0, edition.id)
    assert (attendee.ticket_type_code, attendee.state, attendee.company, attendee.name) == (
        "exhibitor",
        AttendeeState.CONFIRMED,
        "Guiyang Data",
        "李娜",
    )
    assert (holder.pass_code, count_passes_used(company.id)) == (attendee.code, 1)
    assert find_badge_of(attendee.id) is not None
    sent = [(each.to_email, each.message) for each in db.session.query(Email)]
    assert sent == [("rep@example.org", "registration/confirmed")]
    with pytest.raises(Conflict, match="member_has_pass"):
        _issue(edition, company, owner, member, now)


def test_pass_when_the_member_is_registered_then_only_the_ticket_changes_and_returns(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime
) -> None:
    make_attendee(edition, now, "visitor", "rep@example.org", name="李娜")
    actor, member = make_member(edition, company, now, MemberRole.REPRESENTATIVE, "rep@example.org")

    outcome = issue_pass(owner, edition.id, company.slug, member.id, HOLDER, now)
    (during,) = list_attendees_of_person(actor.id or 0, edition.id)
    return_pass(actor, edition.id, company.slug, member.id, now)
    (after,) = list_attendees_of_person(actor.id or 0, edition.id)

    assert (outcome, during.ticket_type_code) == (TicketOutcome.CHANGED, "exhibitor")
    assert (after.id, after.ticket_type_code, after.state) == (during.id, "visitor", AttendeeState.CONFIRMED)
    assert count_passes_used(company.id) == 0


def test_pass_when_all_are_used_then_refused_until_one_is_cancelled(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime
) -> None:
    members = [make_member(edition, company, now, MemberRole.EDITOR)[1] for _ in range(3)]
    first, _ = (_issue(edition, company, owner, each, now) for each in members[:2])

    with pytest.raises(Conflict, match="passes_used_up"):
        _issue(edition, company, owner, members[2], now)
    return_pass(owner, edition.id, company.slug, members[0].id, now)
    _issue(edition, company, owner, members[2], now)

    cancelled = get_attendee_by_id(edition.id, first.attendee_id or 0)
    badge = find_badge_of(cancelled.id)
    assert (cancelled.state, badge is not None and is_valid(badge.revoked_at)) == (AttendeeState.CANCELLED, False)
    assert count_passes_used(company.id) == 2


def test_member_when_removed_then_the_pass_is_free_again(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime
) -> None:
    _, member = make_member(edition, company, now, MemberRole.EDITOR)
    holder = _issue(edition, company, owner, member, now)

    remove_from_team(owner, edition.id, company.slug, member.id, now)

    assert get_attendee_by_id(edition.id, holder.attendee_id or 0).state is AttendeeState.CANCELLED
    assert count_passes_used(company.id) == 0


@pytest.mark.parametrize("why", ["kept", "scanned"])
def test_member_when_removed_with_a_badge_that_stays_then_the_pass_stays_used(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime, why: str
) -> None:
    _, member = make_member(edition, company, now, MemberRole.EDITOR)
    holder = _issue(edition, company, owner, member, now)
    if why == "scanned":
        _enter(edition, holder.attendee_id or 0, now)
        with pytest.raises(Conflict, match="pass_in_use"):
            return_pass(owner, edition.id, company.slug, member.id, now)

    remove_from_team(owner, edition.id, company.slug, member.id, now, keeps_badge=why == "kept")

    assert [each.id for each in list_members(company.id) if each.id == member.id] == []
    assert get_attendee_by_id(edition.id, holder.attendee_id or 0).state is AttendeeState.CONFIRMED
    assert count_passes_used(company.id) == 1


def test_pass_when_it_cannot_be_issued_then_the_reason_is_named(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime
) -> None:
    (own,) = list_members(company.id)
    invited = add_invitation(owner, edition.id, company.slug, "i@example.org", "", MemberRole.EDITOR, "en", now)

    with pytest.raises(Conflict, match="member_without_account"):
        _issue(edition, company, owner, invited, now)
    with pytest.raises(Conflict, match="member_without_pass"):
        return_pass(owner, edition.id, company.slug, own.id, now)
    with pytest.raises(Invalid):
        issue_pass(owner, edition.id, company.slug, own.id, PassHolder("", "CN"), now)
    change_company(SYSTEM, edition.id, company.slug, CompanyDetails(company.name, country="CN"), None, now)
    with pytest.raises(Conflict, match="pass_ticket_missing"):
        _issue(edition, company, owner, own, now)
    withdraw_company(SYSTEM, edition.id, company.slug, None, now)
    with pytest.raises(Conflict, match="exhibitor_state"):
        _issue(edition, company, owner, own, now)
    assert list_attendees_of_person(owner.id or 0, edition.id) == []


def test_pass_when_the_actor_is_not_an_owner_then_only_their_own(
    edition: EditionFacts, company: CompanyRecord, owner: Actor, now: datetime
) -> None:
    (first,) = list_members(company.id)
    actor, own = make_member(edition, company, now, MemberRole.REPRESENTATIVE)
    stranger, _ = make_member(edition, make_company(edition, now), now)

    with pytest.raises(PermissionMissing):
        _issue(edition, company, actor, first, now)
    for act in (issue_pass, return_pass):
        arguments = (HOLDER, now) if act is issue_pass else (now,)
        with pytest.raises(ExhibitorMissing):
            act(stranger, edition.id, company.slug, own.id, *arguments)
    assert _issue(edition, company, actor, own, now).has_pass
