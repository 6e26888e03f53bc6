"""Teams: who may invite, the last owner stays, and nobody sees teams of others."""

from datetime import datetime

import pytest

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.exhibitors.errors import ExhibitorMissing, MemberMissing
from expo.exhibitors.queries import list_members, list_memberships, require_member
from expo.exhibitors.rules import MemberRole, MemberState, TeamAction
from expo.exhibitors.services import add_invitation, answer_team_invitation, change_member, remove_member
from tests.domains.exhibitors.makers import make_company, make_member, make_person


def test_member_when_invited_then_they_belong_to_the_team_only_after_accepting(
    edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now)
    owner, _ = make_member(edition, company, now)
    invited = add_invitation(
        owner, edition.id, company.slug, "Colleague@Example.org", "王芳", MemberRole.EDITOR, "zh", now
    )
    colleague = make_person(now, "colleague@example.org")

    assert list_memberships(edition.id, colleague.id or 0) == []
    answer_team_invitation(colleague, invited.id, invited.email, now, is_accepted=True)

    (membership,) = list_memberships(edition.id, colleague.id or 0)
    assert (membership.slug, membership.role) == (company.slug, MemberRole.EDITOR)
    assert [(each.email, each.state) for each in list_members(company.id)][1] == (
        "colleague@example.org",
        MemberState.ACTIVE,
    )
    with pytest.raises(Conflict, match="member_state"):
        answer_team_invitation(colleague, invited.id, invited.email, now, is_accepted=True)


def test_member_when_invited_twice_or_at_a_wrong_address_then_refused(edition: EditionFacts, now: datetime) -> None:
    company = make_company(edition, now)
    add_invitation(SYSTEM, edition.id, company.slug, "a@example.org", "", MemberRole.OWNER, "en", now)

    with pytest.raises(Conflict, match="member_invited"):
        add_invitation(SYSTEM, edition.id, company.slug, "A@example.org", "", MemberRole.EDITOR, "en", now)
    with pytest.raises(Invalid, match="email_invalid"):
        add_invitation(SYSTEM, edition.id, company.slug, "not an address", "", MemberRole.EDITOR, "en", now)


def test_member_when_removed_then_invited_again_then_the_row_starts_over(edition: EditionFacts, now: datetime) -> None:
    company = make_company(edition, now)
    make_member(edition, company, now)
    former, member = make_member(edition, company, now, MemberRole.EDITOR)
    remove_member(SYSTEM, edition.id, company.slug, member.id, now)

    assert list_memberships(edition.id, former.id or 0) == []
    with pytest.raises(MemberMissing):
        answer_team_invitation(former, member.id, member.email, now, is_accepted=True)
    again = add_invitation(SYSTEM, edition.id, company.slug, member.email, "", MemberRole.REPRESENTATIVE, "en", now)

    assert (again.id, again.state, again.person_id) == (member.id, MemberState.INVITED, None)


def test_owner_when_the_last_one_then_neither_demoted_nor_removed(edition: EditionFacts, now: datetime) -> None:
    company = make_company(edition, now)
    owner, member = make_member(edition, company, now)
    add_invitation(owner, edition.id, company.slug, "invited@example.org", "", MemberRole.OWNER, "en", now)

    with pytest.raises(Conflict, match="last_owner"):
        change_member(owner, edition.id, company.slug, member.id, MemberRole.EDITOR, now)
    with pytest.raises(Conflict, match="last_owner"):
        remove_member(owner, edition.id, company.slug, member.id, now)

    make_member(edition, company, now)
    remove_member(owner, edition.id, company.slug, member.id, now)
    assert list_memberships(edition.id, owner.id or 0) == []


@pytest.mark.parametrize("role", [MemberRole.EDITOR, MemberRole.REPRESENTATIVE])
def test_member_when_not_an_owner_then_may_only_leave(edition: EditionFacts, now: datetime, role: MemberRole) -> None:
    company = make_company(edition, now)
    _, owner = make_member(edition, company, now)
    actor, member = make_member(edition, company, now, role)

    for act in (
        lambda: add_invitation(actor, edition.id, company.slug, "x@example.org", "", MemberRole.OWNER, "en", now),
        lambda: change_member(actor, edition.id, company.slug, member.id, MemberRole.OWNER, now),
        lambda: remove_member(actor, edition.id, company.slug, owner.id, now),
    ):
        with pytest.raises(PermissionMissing):
            act()
    remove_member(actor, edition.id, company.slug, member.id, now)

    assert [each.id for each in list_members(company.id)] == [owner.id]


def test_team_when_the_actor_belongs_to_another_company_or_edition_then_missing(
    edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    company, other = make_company(edition, now), make_company(edition, now)
    foreign = make_company(other_edition, now, company.name)
    _, member = make_member(edition, company, now)
    stranger, own = make_member(edition, other, now)
    foreigner, _ = make_member(other_edition, foreign, now)

    for actor in (stranger, foreigner, make_person(now)):
        with pytest.raises(ExhibitorMissing):
            require_member(actor, edition.id, company.slug, TeamAction.VIEW)
        with pytest.raises(ExhibitorMissing):
            remove_member(actor, edition.id, company.slug, member.id, now)
    with pytest.raises(MemberMissing):
        change_member(stranger, edition.id, other.slug, member.id, MemberRole.EDITOR, now)
    assert require_member(stranger, edition.id, other.slug, TeamAction.MANAGE_TEAM).member_id == own.id
