"""Services for sessions and links: start, confirm and end them."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update

from expo.accounts.models import Person, UserSession
from expo.accounts.queries import session_digest
from expo.accounts.rules import (
    HALF_SESSION,
    LINK_SESSION,
    SIGNED_IN_SESSION,
    Actor,
    Level,
    SignInWay,
)
from expo.errors import Missing, Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_row

_LIFETIMES = {Level.HALF: HALF_SESSION, Level.LINK: LINK_SESSION, Level.SIGNED_IN: SIGNED_IN_SESSION}
MAX_USER_AGENT = 200


def start_session(
    person_id: int,
    level: Level,
    way: SignInWay,
    now: datetime,
    *,
    user_agent: str = "",
    network: str = "",
    replaces: str | None = None,
) -> str:
    """Start a session of HALF, LINK or SIGNED_IN and return its secret, which only the browser stores.

    The session with the secret `replaces` is ended: a browser has one session.
    """
    secret = secrets.token_urlsafe(32)
    is_signed_in = level is Level.SIGNED_IN
    with atomic():
        if replaces:
            db.session.execute(delete(UserSession).where(UserSession.digest == session_digest(replaces)))
        link_version = db.session.scalar(select(Person.link_version).where(Person.id == person_id))
        if link_version is None:
            raise Missing("person_missing")
        session_id = insert_row(
            UserSession,
            digest=session_digest(secret),
            person_id=person_id,
            level=level.value,
            link_version=link_version,
            created_at=now,
            last_seen_at=now,
            expires_at=now + _LIFETIMES[level],
            confirmed_at=now if is_signed_in else None,
            address_proved_at=now if way is SignInWay.SIGN_IN_LINK else None,
            user_agent=user_agent[:MAX_USER_AGENT],
            network=network,
        )
        record_act(
            Actor("person", person_id),
            {Level.HALF: "accounts.first_factor", Level.LINK: "accounts.open_link"}.get(level, "accounts.sign_in"),
            now,
            edition_id=None,
            subject="person",
            subject_id=person_id,
            way=way.value,
            session=session_id,
        )
    return secret


def complete_session(session_id: int, way: SignInWay, now: datetime) -> str:
    """Complete a session after a valid second factor and return its new secret. Raises Refused."""
    secret = secrets.token_urlsafe(32)
    with atomic():
        person_id = db.session.scalar(
            update(UserSession)
            .where(UserSession.id == session_id, UserSession.level == Level.HALF)
            .values(
                digest=session_digest(secret),
                level=Level.SIGNED_IN.value,
                confirmed_at=now,
                last_seen_at=now,
                expires_at=now + SIGNED_IN_SESSION,
            )
            .returning(UserSession.person_id)
            .execution_options(synchronize_session=False)
        )
        if person_id is None:
            raise Refused("sign_in_failed")
        record_act(
            Actor("person", person_id),
            "accounts.sign_in",
            now,
            edition_id=None,
            subject="person",
            subject_id=person_id,
            way=way.value,
            session=session_id,
        )
    return secret


def confirm_session(session_id: int, way: SignInWay, now: datetime, *, has_second_factor: bool) -> None:
    """Record that the person in a signed-in session confirmed their identity.

    An e-mailed link proves their address. If they have a second factor, it proves nothing else: someone who can read
    their mail is not necessarily the person who set it up.
    """
    values: dict[str, datetime] = {}
    if way is SignInWay.SIGN_IN_LINK:
        values["address_proved_at"] = now
    if way is not SignInWay.SIGN_IN_LINK or not has_second_factor:
        values["confirmed_at"] = now
    with atomic():
        person_id = db.session.scalar(
            update(UserSession)
            .where(UserSession.id == session_id, UserSession.level == Level.SIGNED_IN)
            .values(**values)
            .returning(UserSession.person_id)
            .execution_options(synchronize_session=False)
        )
        if person_id is None:
            raise Missing("device_missing")
        record_act(
            Actor("person", person_id),
            "accounts.confirm_session",
            now,
            edition_id=None,
            subject="person",
            subject_id=person_id,
            way=way.value,
            session=session_id,
        )


def update_last_seen(session_id: int, now: datetime) -> None:
    """Update when a session was last used."""
    with atomic():
        db.session.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))


def end_session(secret: str, now: datetime) -> None:
    """End the session with this secret; copies of its cookie stop working."""
    with atomic():
        ended = db.session.execute(
            delete(UserSession)
            .where(UserSession.digest == session_digest(secret))
            .returning(UserSession.id, UserSession.person_id)
        ).one_or_none()
        if ended is not None:
            _record_end(Actor("person", ended.person_id), ended.person_id, ended.id, now)


def end_own_session(actor: Actor, session_id: int, now: datetime) -> None:
    """End one of the actor's own sessions on any device. Raises Missing `device_missing`."""
    with atomic():
        ended = db.session.scalar(
            delete(UserSession)
            .where(UserSession.id == session_id, UserSession.person_id == _signed_in_person(actor))
            .returning(UserSession.id)
        )
        if ended is None:
            raise Missing("device_missing")
        _record_end(actor, actor.id, session_id, now)


def sign_out_everywhere(actor: Actor, now: datetime) -> None:
    """End all sessions of the actor and all links e-mailed to them."""
    person_id = _signed_in_person(actor)
    with atomic():
        increment_link_version(person_id)
        db.session.execute(update(Person).where(Person.id == person_id).values(sign_in_count=Person.sign_in_count + 1))
        record_act(actor, "accounts.sign_out_everywhere", now, edition_id=None, subject="person", subject_id=person_id)


def increment_link_version(person_id: int, *, keep_session: int | None = None, keep_signed_in: bool = False) -> None:
    """End a person's attendee links and sessions in the open transaction, with the given exceptions.

    `keep_session` is the session in which the person is acting; `keep_signed_in` keeps all sessions except those
    started from a link.
    """
    with atomic():
        version = db.session.scalar(
            update(Person)
            .where(Person.id == person_id)
            .values(link_version=Person.link_version + 1)
            .returning(Person.link_version)
            .execution_options(synchronize_session=False)
        )
        if version is None:
            raise Missing("person_missing")
        kept: list[ColumnElement[bool]] = [UserSession.id == keep_session]
        if keep_signed_in:
            kept.append(UserSession.level == Level.SIGNED_IN)
        db.session.execute(
            update(UserSession)
            .where(UserSession.person_id == person_id, UserSession.link_version == version - 1, or_(*kept))
            .values(link_version=version)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            delete(UserSession)
            .where(UserSession.person_id == person_id, UserSession.link_version != version)
            .execution_options(synchronize_session=False)
        )


def replace_me_link(person_id: int) -> None:
    """Invalidate a person's attendee links before a new one is e-mailed; they stay signed in."""
    increment_link_version(person_id, keep_signed_in=True)


def delete_ended_sessions(now: datetime) -> int:
    """Delete expired sessions and return how many there were."""
    with atomic():
        deleted = db.session.execute(delete(UserSession).where(UserSession.expires_at <= now))
        return int(getattr(deleted, "rowcount", 0))


def _signed_in_person(actor: Actor) -> int:
    if actor.kind != "person" or actor.id is None or actor.level < Level.SIGNED_IN:
        raise Refused("permission_missing", permission="own sessions")
    return actor.id


def _record_end(actor: Actor, person_id: int | None, session_id: int, now: datetime) -> None:
    record_act(
        actor,
        "accounts.sign_out",
        now,
        edition_id=None,
        subject="person",
        subject_id=person_id,
        session=session_id,
    )
