"""Builders of companies, packages and team members that use the real services."""

import itertools
from datetime import datetime
from typing import Any

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Actor
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord, MemberRow, get_member, get_record
from expo.exhibitors.rules import CompanyDetails, MemberRole, PackageRequest
from expo.exhibitors.services import add_invitation, answer_team_invitation, create_company, create_package

_numbers = itertools.count(1)


def make_company(edition: EditionFacts, now: datetime, name: str = "", **values: Any) -> CompanyRecord:
    """Add an approved company from China."""
    details = CompanyDetails(name=name or f"Company {next(_numbers)}", **{"country": "CN", **values})
    return get_record(edition.id, create_company(SYSTEM, edition.id, details, now))


def make_package(edition: EditionFacts, now: datetime, name: str = "Standard", **values: Any) -> str:
    """Add a package and return its slug."""
    return create_package(SYSTEM, edition.id, PackageRequest(name={"en": name, "zh": "标准"}, **values), now)


def make_person(now: datetime, email: str = "", name: str = "李娜", language: str = "en") -> Actor:
    """Return somebody with an account."""
    person_id = ensure_person(email or f"member{next(_numbers)}@example.org", name, language, now)
    person = find_person(person_id)
    assert person is not None
    return Actor("person", person_id, label=person.name or person.email)


def make_member(
    edition: EditionFacts,
    company: CompanyRecord,
    now: datetime,
    role: MemberRole = MemberRole.OWNER,
    email: str = "",
    **values: Any,
) -> tuple[Actor, MemberRow]:
    """Invite somebody who accepts, and return them."""
    address = email or f"member{next(_numbers)}@example.org"
    actor = make_person(now, address, **values)
    invited = add_invitation(SYSTEM, edition.id, company.slug, address, "", role, "en", now)
    answer_team_invitation(actor, invited.id, address, now, is_accepted=True)
    return actor, get_member(company.id, invited.id)
