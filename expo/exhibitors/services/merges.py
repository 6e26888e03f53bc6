"""Acts that end a company: merging it into another one, and deleting it."""

from datetime import datetime

from sqlalchemy import delete, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.exhibitors.models import Application, Exhibitor, FormerSlug, Member
from expo.exhibitors.queries import count_references, exhibitor_table, has_visitor_records
from expo.exhibitors.rules import MemberState
from expo.exhibitors.services.companies import lock_company, record_company_change, refresh_search_texts
from expo.exhibitors.services.files import delete_application_files
from expo.exhibitors.services.orders import cancel_orders, merge_orders
from expo.exhibitors.services.packages import release_package
from expo.exhibitors.services.page_views import merge_page_views
from expo.exhibitors.services.pages import delete_page_files, merge_page
from expo.exhibitors.services.references import delete_references, move_references
from expo.exhibitors.services.sales import free_booths_of
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.questions.services import delete_sheet


@retried
def merge_companies(actor: Actor, edition_id: int, slug: str, into: str, now: datetime) -> None:
    """Merge a company into another one, which keeps its own values and gets what it lacks, and everything else.

    Raises ExhibitorMissing, Invalid `exhibitor_merged_with_itself`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if slug == into:
        raise Invalid("exhibitor_merged_with_itself", field="into")
    with atomic():
        # Locked in one order, so that two merges of the same companies never wait for each other.
        locked = {each: lock_company(edition_id, each, None) for each in sorted((slug, into))}
        duplicate, survivor = locked[slug], locked[into]
        duplicate_id, name = duplicate.id, duplicate.name
        _fill_gaps(survivor, duplicate)
        _merge_members(survivor.id, duplicate_id)
        _drop_second_application(survivor.id, duplicate_id)
        merge_page(survivor.id, duplicate_id)
        merge_orders(survivor.id, duplicate_id)
        merge_page_views(survivor.id, duplicate_id)
        move_references(exhibitor_table(), duplicate_id, survivor.id)
        release_package(duplicate.package_id)
        db.session.delete(db.session.get_one(Exhibitor, duplicate_id))
        db.session.flush()
        db.session.merge(FormerSlug(edition_id=edition_id, slug=slug, exhibitor_id=survivor.id))
        refresh_search_texts([survivor.id])
        record_company_change(
            actor, survivor, "exhibitors.merge", now, name=survivor.name, merged=name, merged_id=duplicate_id
        )


@retried
def delete_company(
    actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime, *, with_uses: bool = True
) -> None:
    """Delete a company with everything that belongs to it.

    Raises ExhibitorMissing, Outdated, Conflict `exhibitor_has_contacts` if visitors have contacts or meetings with it
    (cancel its participation instead) or `exhibitor_has_passes` while its team has badges, and `exhibitor_in_use` if
    anything belongs to it and `with_uses` is false.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        company = lock_company(edition_id, slug, version)
        counts = count_references(company.id)
        if has_visitor_records(counts):
            raise Conflict("exhibitor_has_contacts", count=sum(counts.values()))
        if db.session.scalar(
            select(Member.id).where(Member.exhibitor_id == company.id, Member.attendee_id.is_not(None)).limit(1)
        ):
            raise Conflict("exhibitor_has_passes")
        if counts and not with_uses:
            raise Conflict("exhibitor_in_use", count=sum(counts.values()))
        company_id, name = company.id, company.name
        sheet_id = db.session.scalar(select(Application.sheet_id).where(Application.exhibitor_id == company_id))
        cancel_orders(company_id)
        delete_page_files(company_id)
        delete_application_files(company_id)
        free_booths_of(company_id)
        delete_references(exhibitor_table(), [company_id])
        if sheet_id is not None:
            delete_sheet(sheet_id)
        release_package(company.package_id)
        db.session.delete(db.session.get_one(Exhibitor, company_id))
        db.session.flush()
        increment_content_version(edition_id, now)
        record_act(
            actor, "exhibitors.delete", now,
            edition_id=edition_id, subject="exhibitor", subject_id=company_id, name=name, slug=slug, **counts,
        )  # fmt: skip


def _fill_gaps(survivor: Exhibitor, duplicate: Exhibitor) -> None:
    survivor.description = {**duplicate.description, **survivor.description}
    survivor.website = survivor.website or duplicate.website
    survivor.country = survivor.country or duplicate.country
    survivor.extra_passes += duplicate.extra_passes
    survivor.notes = "\n\n".join(text for text in (survivor.notes, duplicate.notes) if text)
    if survivor.package_id is None and survivor.state == duplicate.state:
        survivor.package_id, duplicate.package_id = duplicate.package_id, None
    db.session.flush()


def _merge_members(survivor_id: int, duplicate_id: int) -> None:
    """Let people who are on both teams keep the better of the two: an accepted invitation, and a pass."""
    rows = db.session.scalars(select(Member).where(Member.exhibitor_id.in_([survivor_id, duplicate_id]))).all()
    staying = {each.email: each for each in rows if each.exhibitor_id == survivor_id}
    for leaving in (each for each in rows if each.exhibitor_id == duplicate_id and each.email in staying):
        member = staying[leaving.email]
        if member.state != MemberState.ACTIVE.value and leaving.state == MemberState.ACTIVE.value:
            member.state, member.role, member.person_id = leaving.state, leaving.role, leaving.person_id
            member.accepted_at = leaving.accepted_at
        if member.licensed_at is None:
            member.licensed_at, member.unlicensed_at = leaving.licensed_at, leaving.unlicensed_at
        if member.attendee_id is None:
            member.attendee_id, member.former_ticket = leaving.attendee_id, leaving.former_ticket
    db.session.flush()


def _drop_second_application(survivor_id: int, duplicate_id: int) -> None:
    """Delete the application of the company that is merged, if the other one has its own: each has one at most."""
    rows = db.session.execute(
        select(Application.exhibitor_id, Application.sheet_id).where(
            Application.exhibitor_id.in_([survivor_id, duplicate_id])
        )
    ).all()
    sheets = {each.exhibitor_id: each.sheet_id for each in rows}
    if len(sheets) > 1:
        delete_application_files(duplicate_id)
        db.session.execute(delete(Application).where(Application.exhibitor_id == duplicate_id))
        if sheets[duplicate_id] is not None:
            delete_sheet(sheets[duplicate_id])
