"""Reads of packages."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.exhibitors.errors import PackageMissing
from expo.exhibitors.models import Exhibitor, Package
from expo.infra.db import db


@dataclass(frozen=True)
class PackageRow:
    """A package, with how many companies have it."""

    id: int
    slug: str
    name: dict[str, str]
    description: dict[str, str]
    booth_area: int
    passes: int
    meeting_tables: int
    lead_licences: int
    price_cents: int
    pass_ticket: str
    size: int | None
    taken: int
    is_offered: bool

    @property
    def free(self) -> int | None:
        """How many are left; None for any number."""
        return None if self.size is None else self.size - self.taken


@dataclass(frozen=True)
class PackageCount:
    """How many companies have a package by its counter and by their rows."""

    slug: str
    taken: int
    counted: int

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.taken == self.counted


def list_packages(edition_id: int) -> list[PackageRow]:
    """Return the packages of an edition in their order."""
    rows = db.session.scalars(
        select(Package).where(Package.edition_id == edition_id).order_by(Package.position, Package.id)
    )
    return [_row(each) for each in rows]


def get_package(edition_id: int, slug: str) -> PackageRow:
    """Return a package. Raises PackageMissing."""
    found = [each for each in list_packages(edition_id) if each.slug == slug]
    if not found:
        raise PackageMissing
    return found[0]


def recount_packages(edition_id: int) -> list[PackageCount]:
    """Return for each package how often it was taken, by its counter and counted from the companies."""
    rows = db.session.execute(
        select(Package.slug, Package.taken, func.count(Exhibitor.id))
        .outerjoin(Exhibitor, Exhibitor.package_id == Package.id)
        .where(Package.edition_id == edition_id)
        .group_by(Package.id)
        .order_by(Package.id)
    )
    return [PackageCount(*row) for row in rows]


def _row(package: Package) -> PackageRow:
    return PackageRow(
        id=package.id,
        slug=package.slug,
        name=package.name,
        description=package.description,
        booth_area=package.booth_area,
        passes=package.passes,
        meeting_tables=package.meeting_tables,
        lead_licences=package.lead_licences,
        price_cents=package.price_cents,
        pass_ticket=package.pass_ticket,
        size=package.size,
        taken=package.taken,
        is_offered=package.is_offered,
    )
