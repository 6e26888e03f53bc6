"""Reads of lead licences: how many a company bought, and which members hold one."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.exhibitors.models import Exhibitor, Member, Package
from expo.exhibitors.rules import MemberRole, MemberState, ScanRight
from expo.infra.db import db


@dataclass(frozen=True)
class Licences:
    """The lead licences of a company. `bought` is None without a package: then the whole team may scan."""

    bought: int | None
    holders: frozenset[int] = frozenset()

    @property
    def is_free(self) -> bool:
        """Whether another member can get one."""
        return self.bought is None or len(self.holders) < self.bought

    @property
    def excess(self) -> int:
        """How many more are held than the package has now; it had more when they were assigned."""
        return 0 if self.bought is None else max(0, len(self.holders) - self.bought)


def get_licences(exhibitor_id: int) -> Licences:
    """Return the lead licences of a company."""
    bought = db.session.scalar(
        select(Package.lead_licences)
        .join(Exhibitor, Exhibitor.package_id == Package.id)
        .where(Exhibitor.id == exhibitor_id)
    )
    holders = db.session.scalars(
        select(Member.id).where(
            Member.exhibitor_id == exhibitor_id,
            Member.state != MemberState.REMOVED.value,
            Member.licensed_at.is_not(None),
            Member.unlicensed_at.is_(None),
        )
    )
    return Licences(bought, frozenset(holders))


def get_scan_right(member_id: int) -> ScanRight:
    """Return whether a member may scan badges, and until when their scans count."""
    row = db.session.execute(
        select(Member.licensed_at, Member.unlicensed_at, Exhibitor.package_id)
        .join(Exhibitor, Exhibitor.id == Member.exhibitor_id)
        .where(Member.id == member_id)
    ).one()
    return ScanRight(row.package_id is not None, row.licensed_at, row.unlicensed_at)


def list_owner_names(exhibitor_id: int) -> list[str]:
    """Return the names of the owners of a company, who can assign licences."""
    rows = db.session.execute(
        select(Member.name, Member.email)
        .where(
            Member.exhibitor_id == exhibitor_id,
            Member.role == MemberRole.OWNER.value,
            Member.state == MemberState.ACTIVE.value,
        )
        .order_by(Member.name, Member.id)
    )
    return [name or email for name, email in rows]


def count_companies_over_licences(edition_id: int, package: str) -> int:
    """Return how many companies with a package hold more lead licences than it has now."""
    held = (
        select(func.count())
        .where(
            Member.exhibitor_id == Exhibitor.id,
            Member.state != MemberState.REMOVED.value,
            Member.licensed_at.is_not(None),
            Member.unlicensed_at.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(func.count())
        .select_from(Exhibitor)
        .join(Package, Package.id == Exhibitor.package_id)
        .where(Package.edition_id == edition_id, Package.slug == package, held > Package.lead_licences)
    )
    return db.session.scalar(query) or 0
