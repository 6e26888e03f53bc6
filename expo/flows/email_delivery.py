"""Send e-mails with attachments; badges are rendered when the e-mail is sent, not during the request."""

from datetime import datetime
from io import BytesIO
from typing import Any

from expo.flows.badges import write_badges
from expo.flows.email_links import links_for_sending
from expo.mail.queries import attachments_of
from expo.mail.rules import EmailState
from expo.mail.services import has_mail_server, send_email, store_unsent_email
from expo.mail.transports import Attachment


def send_email_with_attachments(email_id: int, now: datetime) -> EmailState:
    """Send an e-mail that was not sent yet. Raises EmailMissing, MailUnavailable (try again later)."""
    if not has_mail_server():
        return store_unsent_email(email_id, now)
    edition_id, wanted = attachments_of(email_id)
    return send_email(email_id, list_attachments(edition_id, wanted), links_for_sending(email_id), now)


def list_attachments(edition_id: int | None, wanted: dict[str, Any]) -> tuple[Attachment, ...]:
    """Return the attachments of an e-mail, without badges revoked in the meantime."""
    attendee_ids = wanted.get("badges_of_attendees", [])
    if edition_id is None or not attendee_ids:
        return ()
    out = BytesIO()
    if not write_badges(edition_id, attendee_ids, out):
        return ()
    return (Attachment("badge.pdf" if len(attendee_ids) == 1 else "badges.pdf", "application/pdf", out.getvalue()),)
