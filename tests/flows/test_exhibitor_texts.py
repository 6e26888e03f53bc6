"""Changing the texts of a company changes what it is found by; what the company chose stays."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import ExhibitorTopic
from expo.exhibitors.queries import CompanyRecord
from expo.exhibitors.rules import CompanyDetails, MemberRole, PageRequest
from expo.flows.exhibitor_texts import change_company, create_company, save_page
from expo.infra.db import db
from tests.domains.exhibitors.makers import make_company, make_member

PAGE = PageRequest(tagline={}, description={"en": "We build robots."}, offers=("cloud",), seeks=("robotics",))


def topics_of(company: CompanyRecord) -> set[tuple[str, str, bool]]:
    rows = db.session.execute(
        select(ExhibitorTopic.kind, ExhibitorTopic.topic, ExhibitorTopic.is_chosen).where(
            ExhibitorTopic.exhibitor_id == company.id
        )
    )
    return {(kind, topic, is_chosen) for kind, topic, is_chosen in rows}


def test_page_when_saved_then_its_topics_are_found_beside_the_chosen_ones(edition: EditionFacts, now: datetime) -> None:
    company, other = make_company(edition, now), make_company(edition, now, description={"en": "Robots too."})
    owner, _ = make_member(edition, company, now)
    chosen = {("offers", "cloud", True), ("seeks", "robotics", True)}

    save_page(owner, edition.id, company.slug, PAGE, now)
    first = topics_of(company)
    save_page(owner, edition.id, company.slug, replace(PAGE, description={"zh": "区块链与云计算"}), now)
    second = topics_of(company)

    assert first - chosen >= {("offers", "robotics", False)}
    assert second >= chosen
    assert ("offers", "robotics", False) not in second
    assert ("offers", "blockchain", False) in second
    assert topics_of(other) == set()


def test_company_when_added_and_changed_by_organizers_then_tagged(edition: EditionFacts, now: datetime) -> None:
    details = CompanyDetails("Ada", description={"en": "Robots"})

    slug = create_company(SYSTEM, edition.id, details, now)
    added = db.session.scalars(select(ExhibitorTopic.topic)).all()
    change_company(SYSTEM, edition.id, slug, replace(details, description={"en": "Bread"}), None, now)

    assert ("robotics" in added, db.session.scalars(select(ExhibitorTopic.topic)).all()) == (True, [])


def test_page_when_a_representative_saves_it_then_nothing_is_tagged(edition: EditionFacts, now: datetime) -> None:
    company = make_company(edition, now)
    representative, _ = make_member(edition, company, now, MemberRole.REPRESENTATIVE)

    with pytest.raises(PermissionMissing):
        save_page(representative, edition.id, company.slug, PAGE, now)
    assert topics_of(company) == set()
