"""Builders of companies with a team, for tests of their pages."""

import io
import itertools
from datetime import datetime

from PIL import Image
from sqlalchemy import select, update

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Actor
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.queries import list_all_exhibitors
from expo.exhibitors.rules import ExhibitorState, MemberRole, MemberState, read_companies
from expo.flows.exhibitor_import import import_exhibitors
from expo.infra.db import atomic, db

_numbers = itertools.count(1)


def make_company(edition: EditionFacts, now: datetime, name: str = "Guiyang Cloud") -> str:
    """Import a company with a category and a booth, and return its slug."""
    row = f'"{name}",Hall 1,A{next(_numbers)},Cloud,CN,We sell data.'
    text = f"name,venue,booth,categories,country,description\n{row}\n"
    import_exhibitors(SYSTEM, edition.id, read_companies(text.encode()), now)
    return next(row.slug for row in list_all_exhibitors(edition.id) if row.name == name)


def make_member(
    edition: EditionFacts, slug: str, now: datetime, role: MemberRole = MemberRole.OWNER, language: str = "en"
) -> Actor:
    """Add a person to a company's team and return them."""
    person_id = ensure_person(f"member{next(_numbers)}@example.org", "Li Na", language, now)
    person = find_person(person_id)
    assert person is not None
    with atomic():
        company = select(Exhibitor.id).where(Exhibitor.edition_id == edition.id, Exhibitor.slug == slug)
        db.session.add(
            Member(
                exhibitor_id=db.session.scalars(company).one(),
                email=person.email,
                name=person.name,
                role=role.value,
                state=MemberState.ACTIVE.value,
                person_id=person_id,
                invited_at=now,
                accepted_at=now,
            )
        )
    return Actor("person", person_id, label=person.name)


def set_company(slug: str, state: ExhibitorState = ExhibitorState.APPROVED, *, is_hidden: bool = False) -> None:
    """Set the state of a company, and whether it is hidden."""
    with atomic():
        db.session.execute(update(Exhibitor).where(Exhibitor.slug == slug).values(state=state, is_hidden=is_hidden))


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 900), **options: object) -> io.BytesIO:
    """Return a picture as a file."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    out.seek(0)
    return out
