"""Acts on an attendee's favourite exhibitors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from expo.accounts.rules import Actor, Permission
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Exhibitor, ExhibitorFavourite
from expo.exhibitors.queries import find_successors, is_listed
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_missing
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own

# More companies than a device can store.
MAX_MERGED = 1000


def add_favourite(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Mark a company as a favourite, for themselves or by staff. Idempotent.

    Raises AttendeeMissing, ExhibitorMissing.
    """
    _require_own(actor, edition_id, attendee_id)
    with atomic():
        exhibitor_id = db.session.scalar(select(Exhibitor.id).where(is_listed(edition_id), Exhibitor.slug == slug))
        if exhibitor_id is None:
            raise ExhibitorMissing
        _insert(attendee_id, [exhibitor_id], now)


def merge_favourites(actor: Actor, edition_id: int, attendee_id: int, slugs: Sequence[str], now: datetime) -> int:
    """Add the favourites that an attendee chose before signing in, and return how many were new. Idempotent.

    Of merged companies, the one that is left counts. Unknown ones are skipped: they were removed since. Raises
    AttendeeMissing.
    """
    _require_own(actor, edition_id, attendee_id)
    with atomic():
        chosen = slugs[:MAX_MERGED]
        present = [*chosen, *find_successors(edition_id, chosen).values()]
        query = select(Exhibitor.id).where(is_listed(edition_id), Exhibitor.slug.in_(present))
        return _insert(attendee_id, db.session.scalars(query).all(), now)


def remove_favourite(actor: Actor, edition_id: int, attendee_id: int, slug: str) -> None:
    """Remove a company from the favourites, if it is there. Raises AttendeeMissing."""
    _require_own(actor, edition_id, attendee_id)
    with atomic():
        ids = select(Exhibitor.id).where(Exhibitor.edition_id == edition_id, Exhibitor.slug == slug)
        db.session.execute(
            delete(ExhibitorFavourite).where(
                ExhibitorFavourite.attendee_id == attendee_id, ExhibitorFavourite.exhibitor_id.in_(ids)
            )
        )


def _insert(attendee_id: int, exhibitor_ids: Sequence[int], now: datetime) -> int:
    rows = [{"attendee_id": attendee_id, "exhibitor_id": each, "added_at": now} for each in exhibitor_ids]
    return insert_missing(ExhibitorFavourite, rows)


def _require_own(actor: Actor, edition_id: int, attendee_id: int) -> None:
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
