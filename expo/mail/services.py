"""Acts on e-mails: write one in the open transaction, send it after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update

from expo.infra.addresses import mail_server
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_row
from expo.infra.jobs import enqueue_once, has_open_job
from expo.mail.errors import EmailMissing, MailRefused, MailUnavailable
from expo.mail.models import Email
from expo.mail.rendering import render_email
from expo.mail.rules import AWAITED_MESSAGES, SENDING_LEASE, UNSENT_AFTER, EmailState, is_given_up
from expo.mail.transports import Attachment, compose, send_by_smtp

SEND_JOB = "mail.send"
SEND_AWAITED_JOB = "mail.send_awaited"
UNSENT_BATCH = 500


def queue_email(
    message: str,
    *,
    to_email: str,
    language: str,
    now: datetime,
    details: Mapping[str, Any],
    edition_id: int | None = None,
    person_id: int | None = None,
    links: Mapping[str, Sequence[Any]] | None = None,
    attachments: Mapping[str, Any] | None = None,
) -> int:
    """Add an e-mail to the outbox in the open transaction and return its id; it is sent after the commit.

    `message` names the template, `details` (JSON-serializable) has its values, and `links` maps names to the (path,
    purpose, payload) of signed links. It is rendered when it is sent, so that no request waits for rendering and no
    link is ever stored.
    """
    with atomic():
        email_id = insert_row(
            Email,
            edition_id=edition_id,
            person_id=person_id,
            to_email=to_email,
            language=language,
            message=message,
            details=dict(details),
            links={name: list(link) for name, link in (links or {}).items()},
            attachments=dict(attachments or {}),
            created_at=now,
        )
        _queue_sending(email_id, message, now)
        return email_id


def has_mail_server() -> bool:
    """Whether a mail server is configured; without one, e-mails stay in the outbox."""
    return bool(mail_server()[0])


def store_unsent_email(email_id: int, now: datetime) -> EmailState:
    """Mark an e-mail as staying in the outbox because there is no mail server, and return its state."""
    with atomic():
        kept = db.session.scalar(_KEEP, {"email_id": email_id, "moment": now})
    return EmailState.KEPT if kept is not None else _state_of(email_id)


def send_email(
    email_id: int, attachments: tuple[Attachment, ...], links: Mapping[str, Any], now: datetime
) -> EmailState:
    """Send an e-mail that has not been sent yet, and return its state. Idempotent.

    `links` has the payloads to sign its links for.

    An e-mail is sent twice only if a worker dies between the server's "accepted" and our recording it: then it is sent
    again after the lease, with the same Message-ID. Raises EmailMissing, MailUnavailable (try again later).
    """
    server, sender = mail_server()
    if not server:
        return store_unsent_email(email_id, now)
    email = _claim(email_id, now)
    if email is None:
        return _state_of(email_id)
    words = render_email(email.message, email.language, email.details, links, with_links=True)
    title = email.details.get("edition_title", {})
    try:
        message = compose(
            sender=sender,
            sender_name=title.get(email.language) or title.get("en") or "",
            to_email=email.to_email,
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=message_id(email_id, email.created_at, sender),
            language=email.language,
            written_at=email.created_at,
            attachments=attachments,
        )
        send_by_smtp(server, message)
    except MailRefused as error:
        return _record_state(email_id, EmailState.FAILED, now, error.params["reason"])
    except MailUnavailable as error:
        if is_given_up(email.created_at, now):
            return _record_state(email_id, EmailState.FAILED, now, error.params["reason"])
        _record_state(email_id, EmailState.QUEUED, now, error.params["reason"])
        raise
    return _record_state(email_id, EmailState.SENT, now)


def retry_email(email_id: int, now: datetime) -> None:
    """Retry an e-mail that failed or was kept. Raises EmailMissing for one that does not exist or was sent."""
    with atomic():
        taken = db.session.scalar(
            update(Email)
            .where(Email.id == email_id, Email.state.in_([EmailState.FAILED.value, EmailState.KEPT.value]))
            .values(state=EmailState.QUEUED.value, last_error=None, created_at=now)
            .returning(Email.message)
            .execution_options(synchronize_session=False)
        )
        if taken is None:
            raise EmailMissing
        _queue_sending(email_id, taken, now)


def requeue_unsent_emails(now: datetime) -> int:
    """Start sending again the e-mails that their own jobs failed to send, and return their number.

    E-mails with an open job are skipped, so each has at most one job. The oldest come first.
    """
    waiting = or_(
        Email.state == EmailState.QUEUED.value,
        (Email.state == EmailState.SENDING.value) & (Email.lease_until < now),
    )
    with atomic():
        open_job = or_(*(has_open_job(kind, _email.c.id) for kind in (SEND_JOB, SEND_AWAITED_JOB)))
        emails = db.session.execute(
            select(Email.id, Email.message)
            .where(waiting, Email.created_at < now - UNSENT_AFTER, ~open_job)
            .order_by(Email.id)
            .limit(UNSENT_BATCH)
        ).all()
        return sum(_queue_sending(email_id, message, now) for email_id, message in emails)


def _queue_sending(email_id: int, message: str, now: datetime) -> bool:
    """Write the job that sends an e-mail, unless it has one; awaited e-mails overtake the others."""
    kind = SEND_AWAITED_JOB if message in AWAITED_MESSAGES else SEND_JOB
    return enqueue_once(kind, email_id, now, email_id=email_id)


def message_id(email_id: int, created_at: datetime, sender: str) -> str:
    """Return the Message-ID of an e-mail, the same for every attempt."""
    return f"<{email_id}.{int(created_at.timestamp())}@{sender.rpartition('@')[2]}>"


_email = cast("Table", Email.__table__)
_free = or_(
    _email.c.state == EmailState.QUEUED.value,
    (_email.c.state == EmailState.SENDING.value) & (_email.c.lease_until < bindparam("moment")),
)
_TAKE = (
    update(_email)
    .where(_email.c.id == bindparam("email_id"), _free)
    .values(state=EmailState.SENDING.value, lease_until=bindparam("lease_end"), attempts=_email.c.attempts + 1)
    .returning(
        _email.c.to_email,
        _email.c.language,
        _email.c.message,
        _email.c.details,
        _email.c.created_at,
    )
)
_KEEP = (
    update(_email)
    .where(_email.c.id == bindparam("email_id"), _free)
    .values(
        state=EmailState.KEPT.value,
        lease_until=None,
        sent_at=bindparam("moment"),
        attempts=_email.c.attempts + 1,
        last_error=None,
    )
    .returning(_email.c.id)
)


def _claim(email_id: int, now: datetime) -> Any:
    """Mark an e-mail as being sent, if it is queued or its sender stopped responding; the statement is the lock."""
    values = {"email_id": email_id, "moment": now, "lease_end": now + SENDING_LEASE}
    with atomic():
        return db.session.execute(_TAKE, values).one_or_none()


def _state_of(email_id: int) -> EmailState:
    state = db.session.scalar(select(Email.state).where(Email.id == email_id))
    if state is None:
        raise EmailMissing
    return EmailState(state)


def _record_state(email_id: int, state: EmailState, now: datetime, reason: str | None = None) -> EmailState:
    with atomic():
        db.session.execute(
            update(Email)
            .where(Email.id == email_id)
            .values(
                state=state.value,
                lease_until=None,
                sent_at=now if state is EmailState.SENT else None,
                last_error=reason,
            )
            .execution_options(synchronize_session=False)
        )
    return state
