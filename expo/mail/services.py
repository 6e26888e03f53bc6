"""Acts on e-mails: write one in the open transaction, send it after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update

from expo.infra.addresses import mail_server
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_row
from expo.infra.jobs import enqueue_once, has_open_job
from expo.mail.errors import LetterMissing, MailRefused, MailUnavailable
from expo.mail.models import Letter
from expo.mail.rules import AWAITED_MESSAGES, LEFT_OVER_AFTER, SENDING_LEASE, LetterState, is_given_up
from expo.mail.transports import Attachment, compose, send_by_smtp
from expo.mail.words import put_into_words

SEND_JOB = "mail.send"
SEND_AWAITED_JOB = "mail.send_awaited"
LEFT_OVER_BATCH = 500


def write_letter(
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
        letter_id = insert_row(
            Letter,
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
        _queue_sending(letter_id, message, now)
        return letter_id


def has_mail_server() -> bool:
    """Whether a mail server is configured; without one, e-mails stay in the outbox."""
    return bool(mail_server()[0])


def keep_letter(letter_id: int, now: datetime) -> LetterState:
    """Mark an e-mail as staying in the outbox because there is no mail server, and return its state."""
    with atomic():
        kept = db.session.scalar(_KEEP, {"letter_id": letter_id, "moment": now})
    return LetterState.KEPT if kept is not None else _state_of(letter_id)


def send_letter(
    letter_id: int, attachments: tuple[Attachment, ...], links: Mapping[str, Any], now: datetime
) -> LetterState:
    """Send an e-mail that has not been sent yet, and return its state. Idempotent.

    `links` has the payloads to sign its links for.

    An e-mail is sent twice only if a worker dies between the server's "accepted" and our recording it: then it is sent
    again after the lease, with the same Message-ID. Raises LetterMissing, MailUnavailable (try again later).
    """
    server, sender = mail_server()
    if not server:
        return keep_letter(letter_id, now)
    letter = _claim(letter_id, now)
    if letter is None:
        return _state_of(letter_id)
    words = put_into_words(letter.message, letter.language, letter.details, links, with_links=True)
    title = letter.details.get("edition_title", {})
    try:
        message = compose(
            sender=sender,
            sender_name=title.get(letter.language) or title.get("en") or "",
            to_email=letter.to_email,
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=message_id(letter_id, letter.created_at, sender),
            language=letter.language,
            written_at=letter.created_at,
            attachments=attachments,
        )
        send_by_smtp(server, message)
    except MailRefused as error:
        return _record_state(letter_id, LetterState.FAILED, now, error.params["reason"])
    except MailUnavailable as error:
        if is_given_up(letter.created_at, now):
            return _record_state(letter_id, LetterState.FAILED, now, error.params["reason"])
        _record_state(letter_id, LetterState.QUEUED, now, error.params["reason"])
        raise
    return _record_state(letter_id, LetterState.SENT, now)


def send_again(letter_id: int, now: datetime) -> None:
    """Retry an e-mail that failed or was kept. Raises LetterMissing for one that does not exist or was sent."""
    with atomic():
        taken = db.session.scalar(
            update(Letter)
            .where(Letter.id == letter_id, Letter.state.in_([LetterState.FAILED.value, LetterState.KEPT.value]))
            .values(state=LetterState.QUEUED.value, last_error=None, created_at=now)
            .returning(Letter.message)
            .execution_options(synchronize_session=False)
        )
        if taken is None:
            raise LetterMissing
        _queue_sending(letter_id, taken, now)


def send_left_overs(now: datetime) -> int:
    """Start sending again the e-mails that their own jobs failed to send, and return their number.

    E-mails with an open job are skipped, so each has at most one job. The oldest come first.
    """
    waiting = or_(
        Letter.state == LetterState.QUEUED.value,
        (Letter.state == LetterState.SENDING.value) & (Letter.lease_until < now),
    )
    with atomic():
        open_job = or_(*(has_open_job(kind, _letter.c.id) for kind in (SEND_JOB, SEND_AWAITED_JOB)))
        letters = db.session.execute(
            select(Letter.id, Letter.message)
            .where(waiting, Letter.created_at < now - LEFT_OVER_AFTER, ~open_job)
            .order_by(Letter.id)
            .limit(LEFT_OVER_BATCH)
        ).all()
        return sum(_queue_sending(letter_id, message, now) for letter_id, message in letters)


def _queue_sending(letter_id: int, message: str, now: datetime) -> bool:
    """Write the job that sends an e-mail, unless it has one; awaited e-mails overtake the others."""
    kind = SEND_AWAITED_JOB if message in AWAITED_MESSAGES else SEND_JOB
    return enqueue_once(kind, letter_id, now, letter_id=letter_id)


def message_id(letter_id: int, created_at: datetime, sender: str) -> str:
    """Return the Message-ID of an e-mail, the same for every attempt."""
    return f"<{letter_id}.{int(created_at.timestamp())}@{sender.rpartition('@')[2]}>"


_letter = cast("Table", Letter.__table__)
_free = or_(
    _letter.c.state == LetterState.QUEUED.value,
    (_letter.c.state == LetterState.SENDING.value) & (_letter.c.lease_until < bindparam("moment")),
)
_TAKE = (
    update(_letter)
    .where(_letter.c.id == bindparam("letter_id"), _free)
    .values(state=LetterState.SENDING.value, lease_until=bindparam("lease_end"), attempts=_letter.c.attempts + 1)
    .returning(
        _letter.c.to_email,
        _letter.c.language,
        _letter.c.message,
        _letter.c.details,
        _letter.c.created_at,
    )
)
_KEEP = (
    update(_letter)
    .where(_letter.c.id == bindparam("letter_id"), _free)
    .values(
        state=LetterState.KEPT.value,
        lease_until=None,
        sent_at=bindparam("moment"),
        attempts=_letter.c.attempts + 1,
        last_error=None,
    )
    .returning(_letter.c.id)
)


def _claim(letter_id: int, now: datetime) -> Any:
    """Mark an e-mail as being sent, if it is queued or its sender stopped responding; the statement is the lock."""
    values = {"letter_id": letter_id, "moment": now, "lease_end": now + SENDING_LEASE}
    with atomic():
        return db.session.execute(_TAKE, values).one_or_none()


def _state_of(letter_id: int) -> LetterState:
    state = db.session.scalar(select(Letter.state).where(Letter.id == letter_id))
    if state is None:
        raise LetterMissing
    return LetterState(state)


def _record_state(letter_id: int, state: LetterState, now: datetime, reason: str | None = None) -> LetterState:
    with atomic():
        db.session.execute(
            update(Letter)
            .where(Letter.id == letter_id)
            .values(
                state=state.value,
                lease_until=None,
                sent_at=now if state is LetterState.SENT else None,
                last_error=reason,
            )
            .execution_options(synchronize_session=False)
        )
    return state
