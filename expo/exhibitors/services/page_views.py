"""Counting views of companies' pages."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Exhibitor, Member, PageView
from expo.exhibitors.queries.companies import is_listed
from expo.exhibitors.rules import MemberState, start_of_hour
from expo.infra.db import atomic, db
from expo.infra.inserting import upsert


def count_page_view(actor: Actor, edition: EditionFacts, slug: str, now: datetime) -> bool:
    """Count a view of a company's public page, and return whether it counts: the company's own team does not.

    Anybody may view the page. Callers count a viewer once an hour. Raises ExhibitorMissing.
    """
    exhibitor_id = db.session.scalar(select(Exhibitor.id).where(is_listed(edition.id), Exhibitor.slug == slug))
    if exhibitor_id is None:
        raise ExhibitorMissing
    if actor.kind == "person" and _is_member(exhibitor_id, actor.id):
        return False
    with atomic():
        _add_views([{"exhibitor_id": exhibitor_id, "hour_at": start_of_hour(now, edition.zone), "count": 1}])
    return True


def merge_page_views(survivor_id: int, duplicate_id: int) -> None:
    """Add the views of a company's page to those of another company, in the open transaction."""
    views = db.session.execute(
        select(PageView.hour_at, PageView.count).where(PageView.exhibitor_id == duplicate_id)
    ).all()
    db.session.execute(delete(PageView).where(PageView.exhibitor_id == duplicate_id))
    if views:
        _add_views([{"exhibitor_id": survivor_id, "hour_at": hour_at, "count": count} for hour_at, count in views])


def _add_views(rows: list[dict[str, Any]]) -> None:
    adding = upsert(PageView)
    db.session.execute(
        adding.on_conflict_do_update(
            index_elements=[PageView.exhibitor_id, PageView.hour_at],
            set_={"count": PageView.count + adding.excluded["count"]},
        ),
        rows,
    )


def _is_member(exhibitor_id: int, person_id: int | None) -> bool:
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Member.exhibitor_id == exhibitor_id,
                    Member.person_id == person_id,
                    Member.state == MemberState.ACTIVE.value,
                )
            )
        )
    )
