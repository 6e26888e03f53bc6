"""Acts of organizers on companies: adding, changing, approving, declining, hiding, cancelling participation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict
from expo.exhibitors.errors import BoothMissing, BoothTaken, ExhibitorMissing
from expo.exhibitors.models import Booth, Category, Exhibitor, ExhibitorBooth, ExhibitorCategory, Package
from expo.exhibitors.queries import find_former_participation
from expo.exhibitors.rules import CompanyDetails, ExhibitorState, check_company, fold_name
from expo.exhibitors.services.packages import release_package, take_package
from expo.exhibitors.services.sales import release_sold_booths, return_booth
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.pure.names import search_text
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version

MAX_KEY_LENGTH = 200
_SIMPLE_FIELDS = ("name", "description", "website", "country", "extra_passes", "is_hidden", "notes")


@dataclass(frozen=True)
class BoothsAgain:
    """The numbers of the booths that a company got again when it was approved again, and of those that are taken."""

    returned: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


@retried
def create_company(actor: Actor, edition_id: int, details: CompanyDetails, now: datetime) -> str:
    """Add an approved company and return its slug.

    Raises Invalid, PackageMissing, Conflict `exhibitor_exists`, `package_sold_out`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        company = add_company(edition_id, check_company(details), ExhibitorState.APPROVED)
        if details.package:
            company.package_id = take_package(edition_id, details.package)
        record_company_change(actor, company, "exhibitors.create", now, name=company.name)
        return company.slug


@retried
def change_company(
    actor: Actor, edition_id: int, slug: str, details: CompanyDetails, version: str | None, now: datetime
) -> None:
    """Change a company; its address stays.

    Raises ExhibitorMissing, Outdated if its version is not `version` (None allows any), Invalid, PackageMissing,
    Conflict `exhibitor_exists`, `package_sold_out`, `exhibitor_state` for a package of a company not approved.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    checked = check_company(details)
    with atomic():
        company = lock_company(edition_id, slug, version)
        changed = {name for name in _SIMPLE_FIELDS if getattr(company, name) != getattr(checked, name)}
        if "name" in changed:
            _rename(company, checked.name)
        for name in changed:
            value = getattr(checked, name)
            setattr(company, name, dict(value) if name == "description" else value)
        if _set_package(company, checked.package):
            changed.add("package")
        if changed:
            db.session.flush()
            refresh_search_texts([company.id])
            record_company_change(actor, company, "exhibitors.change", now, name=company.name, fields=sorted(changed))


@retried
def approve_company(
    actor: Actor, edition_id: int, slug: str, package: str | None, version: str | None, now: datetime
) -> BoothsAgain:
    """Approve a company that applied, was declined, or whose participation was cancelled.

    `package` is the slug of its package, or empty. With None, a company whose participation was cancelled gets the
    package that it had, if one is left; in any case it gets those of its booths again that are still free.

    Raises ExhibitorMissing, Outdated, PackageMissing, Conflict `exhibitor_state`, `package_sold_out`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        company = lock_company(edition_id, slug, version)
        if company.state == ExhibitorState.APPROVED.value:
            raise Conflict("exhibitor_state")
        former = None
        if company.state == ExhibitorState.WITHDRAWN.value:
            former = find_former_participation(edition_id, company.id, now)
        if package is None:
            package = former.package.slug if former and former.package and former.package.free != 0 else ""
        company.state = ExhibitorState.APPROVED.value
        _set_package(company, package)
        booths = _return_booths(company, former.booth_ids, now) if former else BoothsAgain()
        record_company_change(
            actor, company, "exhibitors.approve", now,
            name=company.name, package=package, booths=list(booths.returned),
        )  # fmt: skip
        return booths


@retried
def decline_company(actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime) -> None:
    """Decline a company that applied. Raises ExhibitorMissing, Outdated, Conflict `exhibitor_state`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        company = lock_company(edition_id, slug, version)
        if company.state != ExhibitorState.APPLIED.value:
            raise Conflict("exhibitor_state")
        company.state = ExhibitorState.DECLINED.value
        record_company_change(actor, company, "exhibitors.decline", now, name=company.name)


@retried
def withdraw_company(actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime) -> None:
    """Cancel the participation of an approved company: visitors no longer see it, and its records stay.

    Its package and booths are available again; the audit log remembers them for `approve_company`. Raises
    ExhibitorMissing, Outdated, Conflict `exhibitor_state`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        company = lock_company(edition_id, slug, version)
        if company.state != ExhibitorState.APPROVED.value:
            raise Conflict("exhibitor_state")
        company.state = ExhibitorState.WITHDRAWN.value
        package_id, company.package_id = company.package_id, None
        release_package(package_id)
        booth_ids = release_sold_booths(company.id)
        refresh_search_texts([company.id])
        record_company_change(
            actor, company, "exhibitors.withdraw", now, name=company.name, package_id=package_id, booth_ids=booth_ids
        )


@retried
def hide_companies(actor: Actor, edition_id: int, slugs: Sequence[str], now: datetime, *, is_hidden: bool) -> int:
    """Hide companies from visitors or show them again; return how many changed. Raises ExhibitorMissing."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    changed = 0
    with atomic():
        for slug in sorted(set(slugs)):
            company = lock_company(edition_id, slug, None)
            if company.is_hidden != is_hidden:
                company.is_hidden = is_hidden
                changed += 1
                action = "exhibitors.hide" if is_hidden else "exhibitors.show"
                record_company_change(actor, company, action, now, name=company.name)
    return changed


def add_company(
    edition_id: int, details: CompanyDetails, state: ExhibitorState, *, may_share_name: bool = False
) -> Exhibitor:
    """Add a company with checked details in the open transaction.

    Raises Conflict `exhibitor_exists` if another one has its name, unless `may_share_name`: applicants must not learn
    which companies exist, so organizers merge those of the same name.
    """
    lock(Edition, edition_id)  # names and slugs are chosen by one at a time
    rows = db.session.execute(select(Exhibitor.key, Exhibitor.slug).where(Exhibitor.edition_id == edition_id)).all()
    key = fold_name(details.name)
    keys = {each.key for each in rows}
    if key in keys and not may_share_name:
        raise Conflict("exhibitor_exists", field="name", name=details.name)
    company = Exhibitor(
        edition_id=edition_id,
        key=_free_key(key, keys),
        slug=make_slug(details.name, {each.slug for each in rows}),
        name=details.name,
        description=dict(details.description),
        website=details.website,
        country=details.country,
        extra_passes=details.extra_passes,
        is_hidden=details.is_hidden,
        notes=details.notes,
        state=state.value,
        search_text=search_text(details.name),
    )
    db.session.add(company)
    db.session.flush()
    return company


def lock_company(edition_id: int, slug: str, version: str | None) -> Exhibitor:
    """Return a company, locked until the commit. Raises ExhibitorMissing or Outdated."""
    company_id = db.session.scalar(
        select(Exhibitor.id).where(Exhibitor.edition_id == edition_id, Exhibitor.slug == slug)
    )
    company = lock(Exhibitor, company_id) if company_id is not None else None
    if company is None:
        raise ExhibitorMissing
    require_version(version, str(company.version))
    return company


def refresh_search_texts(exhibitor_ids: Sequence[int]) -> None:
    """Rewrite what companies are found by: their names, categories and booths."""
    for company in db.session.scalars(select(Exhibitor).where(Exhibitor.id.in_(exhibitor_ids))):
        names = db.session.scalars(
            select(Category.name)
            .join(ExhibitorCategory, ExhibitorCategory.category_id == Category.id)
            .where(ExhibitorCategory.exhibitor_id == company.id)
        )
        codes = db.session.scalars(
            select(Booth.code)
            .join(ExhibitorBooth, ExhibitorBooth.booth_id == Booth.id)
            .where(ExhibitorBooth.exhibitor_id == company.id)
        )
        categories = " ".join(text for name in names for text in name.values())
        company.search_text = search_text(company.name, categories, " ".join(codes))
    db.session.flush()


def record_company_change(actor: Actor, company: Exhibitor, action: str, now: datetime, **details: Any) -> None:
    """Record an act on a company, which makes a new version of it and of the public pages."""
    company.version += 1
    db.session.flush()
    increment_content_version(company.edition_id, now)
    record_act(
        actor, action, now,
        edition_id=company.edition_id, subject="exhibitor", subject_id=company.id, slug=company.slug, **details,
    )  # fmt: skip


def _rename(company: Exhibitor, name: str) -> None:
    lock(Edition, company.edition_id)  # names are chosen by one at a time
    key = fold_name(name)
    if key != company.key:
        exists = db.session.scalar(
            select(Exhibitor.id).where(
                Exhibitor.edition_id == company.edition_id, Exhibitor.key == key, Exhibitor.id != company.id
            )
        )
        if exists is not None:
            raise Conflict("exhibitor_exists", field="name", name=name)
        company.key = key


def _set_package(company: Exhibitor, slug: str) -> bool:
    """Give a company another package or none, and return whether it changed."""
    current = db.session.scalar(select(Package.slug).where(Package.id == company.package_id)) or ""
    if slug == current:
        return False
    if slug and company.state != ExhibitorState.APPROVED.value:
        raise Conflict("exhibitor_state", field="package")
    taken = take_package(company.edition_id, slug) if slug else None
    release_package(company.package_id)
    company.package_id = taken
    db.session.flush()
    return True


def _return_booths(company: Exhibitor, booth_ids: Sequence[int], now: datetime) -> BoothsAgain:
    """Sell a company the booths again that it had, where they are still free."""
    returned, taken = [], []
    for booth_id in booth_ids:
        try:
            returned.append(return_booth(company.edition_id, booth_id, company.id, now))
        except BoothTaken as error:
            taken.append(str(error.params["booth"]))
        except BoothMissing:
            continue
    refresh_search_texts([company.id])
    return BoothsAgain(tuple(returned), tuple(taken))


def _free_key(key: str, taken: set[str]) -> str:
    """Return the key, or with a number if another company of the same name has it."""
    number = 1
    free = key
    while free in taken:
        number += 1
        ending = f" #{number}"
        free = f"{key[: MAX_KEY_LENGTH - len(ending)]}{ending}"
    return free
