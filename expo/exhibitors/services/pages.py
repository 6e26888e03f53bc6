"""Acts on companies' pages: texts, links, categories, topics, logo and banner."""

from datetime import datetime
from typing import IO, Any

from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor
from expo.editions.services import increment_content_version
from expo.errors import Invalid
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import (
    Category,
    Document,
    Exhibitor,
    ExhibitorCategory,
    ExhibitorPage,
    Product,
    ProductPicture,
)
from expo.exhibitors.queries.members import require_member
from expo.exhibitors.rules import TeamAction
from expo.exhibitors.rules.pages import PageRequest, PictureKind, check_page
from expo.exhibitors.services.companies import record_company_change, refresh_search_texts
from expo.exhibitors.services.topics import check_company_topics, replace_company_topics
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.infra.files import delete_file, store_file


@retried
def save_page(actor: Actor, edition_id: int, slug: str, request: PageRequest, now: datetime) -> None:
    """Save the texts, links, categories and topics of a company's page.

    Raises ExhibitorMissing, PermissionMissing, Invalid `category_unknown`, `topic_unknown` and those of `check_page`.
    """
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    wanted = check_page(request)
    topics = check_company_topics(edition_id, wanted.offers, wanted.seeks)
    with atomic():
        company, page = lock_page(member.exhibitor_id)
        categories = _find_categories(edition_id, wanted.categories)
        company.description, company.website = dict(wanted.description), wanted.website
        page.tagline = dict(wanted.tagline)
        page.links, page.videos = list(wanted.links), list(wanted.videos)
        _replace_categories(company.id, categories)
        replace_company_topics(company.id, topics)
        db.session.flush()
        refresh_search_texts([company.id])
        record_company_change(actor, company, "exhibitors.save_page", now)


@retried
def set_picture(
    actor: Actor, edition_id: int, slug: str, kind: PictureKind, content: IO[bytes], media_type: str, now: datetime
) -> None:
    """Replace the logo or banner of a company by a picture that was encoded by us.

    Raises ExhibitorMissing, PermissionMissing.
    """
    _replace_picture(actor, edition_id, slug, kind, (content, media_type), now)


@retried
def remove_picture(actor: Actor, edition_id: int, slug: str, kind: PictureKind, now: datetime) -> None:
    """Remove the logo or banner of a company. Raises ExhibitorMissing, PermissionMissing."""
    _replace_picture(actor, edition_id, slug, kind, None, now)


def merge_page(survivor_id: int, duplicate_id: int) -> None:
    """Give a company's page what it lacks from another company's, which is then empty, in the open transaction."""
    duplicate = db.session.get(ExhibitorPage, duplicate_id, populate_existing=True)
    if duplicate is None:
        return
    _company, survivor = lock_page(survivor_id)
    survivor.tagline = {**duplicate.tagline, **survivor.tagline}
    survivor.links = list(dict.fromkeys([*survivor.links, *duplicate.links]))
    survivor.videos = list(dict.fromkeys([*survivor.videos, *duplicate.videos]))
    spare = []
    for column in ("logo_id", "banner_id"):
        file_id = getattr(duplicate, column)
        if getattr(survivor, column) is None:
            setattr(survivor, column, file_id)
        elif file_id is not None:
            spare.append(file_id)
    db.session.delete(duplicate)
    db.session.flush()
    for file_id in spare:
        delete_file(file_id)


def delete_page_files(exhibitor_id: int) -> None:
    """Delete the pictures and documents of a company that is about to be deleted, in the open transaction."""
    page = db.session.get(ExhibitorPage, exhibitor_id, populate_existing=True)
    file_ids = [file_id for file_id in (page.logo_id, page.banner_id) if file_id] if page else []
    if page is not None:
        db.session.delete(page)
    pictures = select(ProductPicture).join(Product, Product.id == ProductPicture.product_id)
    for row in [
        *db.session.scalars(pictures.where(Product.exhibitor_id == exhibitor_id)),
        *db.session.scalars(select(Document).where(Document.exhibitor_id == exhibitor_id)),
    ]:
        file_ids.append(row.file_id)
        db.session.delete(row)
    db.session.flush()
    for file_id in file_ids:
        delete_file(file_id)


def lock_exhibitor(exhibitor_id: int) -> Exhibitor:
    """Return the locked row of a company. Raises ExhibitorMissing."""
    company = lock(Exhibitor, exhibitor_id)
    if company is None:
        raise ExhibitorMissing
    return company


def lock_page(exhibitor_id: int) -> tuple[Exhibitor, ExhibitorPage]:
    """Return the locked row of a company, and its page, which is created if necessary. Raises ExhibitorMissing."""
    company = lock_exhibitor(exhibitor_id)
    page = db.session.get(ExhibitorPage, exhibitor_id, populate_existing=True)
    if page is None:
        page = ExhibitorPage(exhibitor_id=exhibitor_id, tagline={}, links=[], videos=[])
        db.session.add(page)
        db.session.flush()
    return company, page


def record_on_company(actor: Actor, action: str, company: Exhibitor, now: datetime, **details: Any) -> None:
    """Record an act on a company's page, in the open transaction; cached public pages are renewed."""
    db.session.flush()
    record_act(
        actor,
        action,
        now,
        edition_id=company.edition_id,
        subject="exhibitor",
        subject_id=company.id,
        **details,
    )
    increment_content_version(company.edition_id, now)


def _replace_picture(
    actor: Actor, edition_id: int, slug: str, kind: PictureKind, picture: tuple[IO[bytes], str] | None, now: datetime
) -> None:
    member = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    with atomic():
        company, page = lock_page(member.exhibitor_id)
        column = f"{kind.value}_id"
        former = getattr(page, column)
        stored = None
        if picture is not None:
            content, media_type = picture
            content.seek(0)
            stored = store_file(content, f"{kind.value}.{media_type.rpartition('/')[2]}", media_type, now, edition_id)
        setattr(page, column, stored.id if stored else None)
        db.session.flush()
        if former is not None:
            delete_file(former)
        act = "set" if stored else "remove"
        record_on_company(actor, f"exhibitors.{act}_{kind.value}", company, now)


def _find_categories(edition_id: int, slugs: tuple[str, ...]) -> list[int]:
    """Return the ids of categories. Raises Invalid `category_unknown`."""
    rows = db.session.execute(select(Category.slug, Category.id).where(Category.edition_id == edition_id))
    ids = dict(rows.all())
    for slug in slugs:
        if slug not in ids:
            raise Invalid("category_unknown", field="categories", category=slug[:100])
    return [ids[slug] for slug in slugs]


def _replace_categories(exhibitor_id: int, category_ids: list[int]) -> None:
    db.session.execute(delete(ExhibitorCategory).where(ExhibitorCategory.exhibitor_id == exhibitor_id))
    rows = [
        {"exhibitor_id": exhibitor_id, "category_id": category_id, "position": position}
        for position, category_id in enumerate(category_ids)
    ]
    if rows:
        db.session.execute(insert(ExhibitorCategory), rows)
