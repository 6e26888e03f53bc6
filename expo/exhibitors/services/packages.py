"""Acts on packages: adding, changing, deleting, and taking one for a company."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.errors import Conflict
from expo.exhibitors.errors import PackageMissing
from expo.exhibitors.models import Application, Package
from expo.exhibitors.rules import PackageRequest, check_package
from expo.exhibitors.services.tasks import delete_tasks_of_package
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.slugs import make_slug


def create_package(actor: Actor, edition_id: int, request: PackageRequest, now: datetime) -> str:
    """Add a package and return its slug. Raises Invalid."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    check_package(request)
    with atomic():
        lock(Edition, edition_id)  # two packages of the same name at once get different slugs
        taken = set(db.session.scalars(select(Package.slug).where(Package.edition_id == edition_id)))
        name = request.name.get("en") or next(text for text in request.name.values() if text.strip())
        package = Package(
            edition_id=edition_id, slug=make_slug(name, taken), position=len(taken), **_columns_of(request)
        )
        db.session.add(package)
        db.session.flush()
        _record(actor, package, "exhibitors.create_package", now)
        return package.slug


def change_package(actor: Actor, edition_id: int, slug: str, request: PackageRequest, now: datetime) -> None:
    """Change a package; companies that have it get the new values.

    Raises PackageMissing, Invalid, Conflict `package_below_taken`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    check_package(request)
    with atomic():
        package = _lock_package(edition_id, slug)
        if request.size is not None and request.size < package.taken:
            raise Conflict("package_below_taken", field="size", taken=package.taken)
        for name, value in _columns_of(request).items():
            setattr(package, name, value)
        db.session.flush()
        _record(actor, package, "exhibitors.change_package", now)


def delete_package(actor: Actor, edition_id: int, slug: str, now: datetime) -> None:
    """Delete a package that no company has or asks for. Raises PackageMissing, Conflict `package_in_use`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        package = _lock_package(edition_id, slug)
        wished = db.session.scalars(select(Application.exhibitor_id).where(Application.package_id == package.id)).all()
        if package.taken or wished:
            raise Conflict("package_in_use", count=max(package.taken, len(wished)))
        _record(actor, package, "exhibitors.delete_package", now)
        delete_tasks_of_package(package.id)
        db.session.delete(package)
        db.session.flush()


def take_package(edition_id: int, slug: str) -> int:
    """Take one of a package for a company, in the open transaction, and return the package's id.

    The condition of the statement is the lock. Raises PackageMissing, Conflict `package_sold_out`.
    """
    taken = db.session.scalar(
        update(Package)
        .where(
            Package.edition_id == edition_id,
            Package.slug == slug,
            or_(Package.size.is_(None), Package.taken < Package.size),
        )
        .values(taken=Package.taken + 1)
        .returning(Package.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        find_package_id(edition_id, slug)
        raise Conflict("package_sold_out", field="package")
    return taken


def release_package(package_id: int | None) -> None:
    """Return a package that a company no longer has, in the open transaction."""
    if package_id is not None:
        db.session.execute(
            update(Package)
            .where(Package.id == package_id)
            .values(taken=Package.taken - 1)
            .execution_options(synchronize_session=False)
        )


def find_package_id(edition_id: int, slug: str) -> int:
    """Return the id of a package. Raises PackageMissing."""
    found = db.session.scalar(select(Package.id).where(Package.edition_id == edition_id, Package.slug == slug))
    if found is None:
        raise PackageMissing
    return found


def _lock_package(edition_id: int, slug: str) -> Package:
    package = lock(Package, find_package_id(edition_id, slug))
    if package is None:
        raise PackageMissing
    return package


def _columns_of(request: PackageRequest) -> dict[str, Any]:
    columns = asdict(request)
    return {**columns, "name": dict(request.name), "description": dict(request.description)}


def _record(actor: Actor, package: Package, action: str, now: datetime) -> None:
    record_act(
        actor, action, now,
        edition_id=package.edition_id, subject="exhibitor_package", subject_id=package.id, slug=package.slug,
        passes=package.passes, price_cents=package.price_cents, size=package.size,
    )  # fmt: skip
