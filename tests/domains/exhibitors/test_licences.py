"""Lead licences: as many as the package has, assigned by owners, and nobody loses one by accident."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.exhibitors.errors import ExhibitorMissing, MemberMissing
from expo.exhibitors.queries import (
    CompanyRecord,
    count_companies_over_licences,
    get_licences,
    get_scan_right,
    list_owner_names,
)
from expo.exhibitors.rules import MemberRole, PackageRequest, ScanRight
from expo.exhibitors.services import (
    add_invitation,
    assign_licence,
    change_package,
    merge_companies,
    release_licence,
    remove_member,
)
from tests.domains.exhibitors.makers import make_company, make_member, make_package

GOLD = PackageRequest(name={"en": "Gold", "zh": "金"}, lead_licences=2)


@pytest.fixture
def company(edition: EditionFacts, now: datetime) -> CompanyRecord:
    """A company whose package has two licences."""
    make_package(edition, now, "Gold", lead_licences=GOLD.lead_licences)
    return make_company(edition, now, package="gold")


def test_licence_when_assigned_then_as_many_as_the_package_has(
    edition: EditionFacts, company: CompanyRecord, now: datetime
) -> None:
    owner, own = make_member(edition, company, now)
    others = [make_member(edition, company, now, MemberRole.REPRESENTATIVE)[1] for _ in range(2)]

    for member in (own, others[0], others[0]):
        assign_licence(owner, edition.id, company.slug, member.id, now)

    with pytest.raises(Conflict, match="lead_licences_used"):
        assign_licence(owner, edition.id, company.slug, others[1].id, now)
    release_licence(owner, edition.id, company.slug, own.id, now)
    assign_licence(owner, edition.id, company.slug, others[1].id, now)
    assert get_licences(company.id).holders == {each.id for each in others}


def test_licence_when_not_an_owner_then_refused(edition: EditionFacts, company: CompanyRecord, now: datetime) -> None:
    _owner, own = make_member(edition, company, now)
    editor, _ = make_member(edition, company, now, MemberRole.EDITOR)
    stranger, strange = make_member(edition, make_company(edition, now), now)

    with pytest.raises(PermissionMissing):
        assign_licence(editor, edition.id, company.slug, own.id, now)
    with pytest.raises(ExhibitorMissing):
        assign_licence(stranger, edition.id, company.slug, own.id, now)
    with pytest.raises(MemberMissing):
        assign_licence(SYSTEM, edition.id, company.slug, strange.id, now)
    assert get_licences(company.id).holders == frozenset()


def test_licence_when_the_package_has_fewer_then_nobody_loses_it_and_nobody_else_gets_one(
    edition: EditionFacts, company: CompanyRecord, now: datetime
) -> None:
    members = [make_member(edition, company, now)[1] for _ in range(3)]
    for member in members[:2]:
        assign_licence(SYSTEM, edition.id, company.slug, member.id, now)

    change_package(SYSTEM, edition.id, "gold", replace(GOLD, lead_licences=1), now)

    assert (get_licences(company.id).excess, count_companies_over_licences(edition.id, "gold")) == (1, 1)
    assert all(get_scan_right(each.id).is_held for each in members[:2])
    release_licence(SYSTEM, edition.id, company.slug, members[0].id, now)
    with pytest.raises(Conflict, match="lead_licences_used"):
        assign_licence(SYSTEM, edition.id, company.slug, members[2].id, now)
    assert count_companies_over_licences(edition.id, "gold") == 0


def test_licence_when_its_holder_leaves_then_it_is_free_and_does_not_come_back_with_them(
    edition: EditionFacts, company: CompanyRecord, now: datetime
) -> None:
    make_member(edition, company, now)
    _, member = make_member(edition, company, now, MemberRole.EDITOR, "gone@example.org")
    assign_licence(SYSTEM, edition.id, company.slug, member.id, now)

    remove_member(SYSTEM, edition.id, company.slug, member.id, now)
    add_invitation(SYSTEM, edition.id, company.slug, member.email, "", MemberRole.EDITOR, "en", now)

    assert get_licences(company.id).holders == frozenset()


def test_licence_when_companies_merge_then_it_stays_with_who_is_on_both_teams(
    edition: EditionFacts, company: CompanyRecord, now: datetime
) -> None:
    other = make_company(edition, now, package="gold")
    make_member(edition, other, now, email="both@example.org")
    _, leaving = make_member(edition, company, now, email="both@example.org")
    assign_licence(SYSTEM, edition.id, company.slug, leaving.id, now)

    merge_companies(SYSTEM, edition.id, company.slug, other.slug, now)

    assert len(get_licences(other.id).holders) == 1


def test_licences_when_there_is_no_package_then_everybody_may_scan(edition: EditionFacts, now: datetime) -> None:
    company = make_company(edition, now)
    _, member = make_member(edition, company, now, name="王芳")

    assert (get_licences(company.id).bought, get_scan_right(member.id).is_held) == (None, True)
    assert list_owner_names(company.id) == [member.email]


def test_scan_when_made_before_the_licence_was_taken_back_then_it_counts(now: datetime) -> None:
    right = ScanRight(is_limited=True, licensed_at=now, unlicensed_at=now + timedelta(hours=1))

    assert right.covers(now + timedelta(minutes=59))
    assert not right.covers(now + timedelta(minutes=61))
    assert not ScanRight(is_limited=True).covers(now)
    assert ScanRight(is_limited=True, licensed_at=now).covers(now - timedelta(hours=2))
