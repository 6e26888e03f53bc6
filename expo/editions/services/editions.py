"""Services for editions: create them, make one current, open registration, mark public content as changed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import func, select, update

from expo.accounts.rules import Actor, Permission, Role, require, require_confirmed
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition
from expo.editions.rules import (
    EditionChange,
    RegistrationWindow,
    check_dates,
    check_edition,
    check_registration_window,
    check_slug,
    check_time_zone,
    check_title,
)
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.door_days import DayRange


def create_edition(
    actor: Actor,
    *,
    slug: str,
    title: dict[str, str],
    starts_on: date,
    ends_on: date,
    time_zone: str,
    languages: list[str],
    now: datetime,
    venue: dict[str, str] | None = None,
    city: dict[str, str] | None = None,
    tagline: dict[str, str] | None = None,
    currency: str = "CNY",
    contact_email: str = "",
    is_demo: bool = False,
    registration_is_open: bool = True,
) -> int:
    """Create an edition and return its id; it becomes current if none is.

    Raises Invalid or Conflict `edition_exists`.
    """
    require(actor, Permission.EDITION_MANAGE, None)
    check_slug(slug)
    check_title(title)
    check_dates(starts_on, ends_on)
    check_time_zone(time_zone)
    with atomic():
        if db.session.scalar(select(Edition.id).where(Edition.slug == slug)):
            raise Conflict("edition_exists", field="slug", slug=slug)
        highest = db.session.scalar(select(func.max(Edition.number))) or 0
        has_current = db.session.scalar(select(Edition.id).where(Edition.is_current)) is not None
        edition = Edition(
            number=highest + 1,
            slug=slug,
            title=title,
            tagline=tagline or {},
            venue=venue or {},
            city=city or {},
            starts_on=starts_on,
            ends_on=ends_on,
            day_zero=starts_on,
            time_zone=time_zone,
            languages=languages,
            currency=currency,
            contact_email=contact_email,
            is_current=not has_current,
            registration_is_open=registration_is_open,
            is_demo=is_demo,
            content_changed_at=now,
            created_at=now,
        )
        db.session.add(edition)
        db.session.flush()
        record_act(
            actor, "edition.create", now, edition_id=edition.id, subject="edition", subject_id=edition.id, slug=slug
        )
        return edition.id


def change_edition(
    actor: Actor, edition_id: int, change: EditionChange, now: datetime, *, may_move: bool = False
) -> None:
    """Change the facts that pages, e-mails and badges show. Raises EditionMissing, or Invalid with the field.

    The days change only with `may_move`, which `flows.edition_dates` sets after moving tickets and badges; otherwise
    Conflict `dates_unconfirmed` is raised.
    """
    require(actor, Permission.EDITION_MANAGE, edition_id)
    check_edition(change)
    with atomic():
        edition = lock(Edition, edition_id)
        if edition is None:
            raise EditionMissing
        if not may_move and (edition.starts_on, edition.ends_on) != (change.starts_on, change.ends_on):
            raise Conflict("dates_unconfirmed")
        values = asdict(change) | {"languages": list(change.languages)}
        changed = sorted(name for name, value in values.items() if getattr(edition, name) != value)
        for name in changed:
            setattr(edition, name, values[name])
        if changed:
            edition.content_version += 1
            edition.content_changed_at = now
            db.session.flush()
            record_act(
                actor,
                "edition.change",
                now,
                edition_id=edition_id,
                subject="edition",
                subject_id=edition_id,
                changed=changed,
            )


def lock_dates(edition_id: int) -> DayRange:
    """Return the days of an edition under an exclusive lock until the transaction ends.

    Raises EditionMissing.
    """
    edition = lock(Edition, edition_id)
    if edition is None:
        raise EditionMissing
    return DayRange(edition.starts_on, edition.ends_on)


def set_second_factor_roles(actor: Actor, edition_id: int, roles: Iterable[Role], now: datetime) -> None:
    """Set which roles in an edition require a second factor. Raises EditionMissing."""
    require(actor, Permission.ROLES_MANAGE, edition_id)
    require_confirmed(actor)
    wanted = sorted({role.value for role in roles})
    with atomic():
        edition = lock(Edition, edition_id)
        if edition is None:
            raise EditionMissing
        edition.second_factor_roles = wanted
        db.session.flush()
        record_act(
            actor,
            "edition.set_second_factor_roles",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            roles=wanted,
        )


def make_current(actor: Actor, edition_id: int, now: datetime) -> None:
    """Make this the edition shown on the public pages. Raises EditionMissing."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        if db.session.get(Edition, edition_id) is None:
            raise EditionMissing
        db.session.execute(update(Edition).where(Edition.is_current).values(is_current=False))
        db.session.execute(update(Edition).where(Edition.id == edition_id).values(is_current=True))
        record_act(actor, "edition.make_current", now, edition_id=edition_id, subject="edition", subject_id=edition_id)


def set_registration_window(actor: Actor, edition_id: int, window: RegistrationWindow, now: datetime) -> None:
    """Open or close public registration, at once or for a period. Raises EditionMissing, Invalid."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    check_registration_window(window)
    with atomic():
        edition = lock(Edition, edition_id)
        if edition is None:
            raise EditionMissing
        edition.registration_is_open = window.is_open
        edition.registration_opens_at = window.opens_at
        edition.registration_closes_at = window.closes_at
        db.session.flush()
        increment_content_version(edition_id, now)
        record_act(
            actor,
            "edition.set_registration",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            is_open=window.is_open,
            opens_at=window.opens_at.isoformat() if window.opens_at else None,
            closes_at=window.closes_at.isoformat() if window.closes_at else None,
        )


def increment_content_version(edition_id: int, now: datetime) -> None:
    """Increment the version of the public content in the open transaction, which refreshes cached pages and feeds."""
    db.session.execute(
        update(Edition)
        .where(Edition.id == edition_id)
        .values(content_version=Edition.content_version + 1, content_changed_at=now)
    )
