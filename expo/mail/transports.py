"""Delivery of e-mails to a mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime as format_date_header
from urllib.parse import unquote, urlsplit

from expo.mail.errors import MailRefused, MailUnavailable
from expo.pure.emails import NoDomain, address_for_server

TIMEOUT_SECONDS = 20
SMTP_PORT = 587
SMTPS_PORT = 465
PERMANENT = 500


@dataclass(frozen=True)
class Attachment:
    """A file attached to an e-mail."""

    filename: str
    content_type: str
    content: bytes


def compose(
    *,
    sender: str,
    sender_name: str,
    to_email: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    language: str,
    written_at: datetime,
    attachments: tuple[Attachment, ...] = (),
) -> EmailMessage:
    """Return an e-mail as a MIME message: plain text with an HTML alternative, and attachments.

    Raises MailRefused for an address whose domain cannot exist in the DNS.
    """
    try:
        local, _, domain = address_for_server(to_email).rpartition("@")
    except NoDomain:
        raise MailRefused(f"no mail server can be found for {to_email.rpartition('@')[2]}") from None
    message = EmailMessage()
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = subject
    message["Date"] = format_date_header(written_at)
    message["Message-ID"] = message_id
    message["Content-Language"] = language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    for each in attachments:
        maintype, _, subtype = each.content_type.partition("/")
        message.add_attachment(each.content, maintype=maintype, subtype=subtype, filename=each.filename)
    return message


def send_by_smtp(mail_url: str, message: EmailMessage) -> None:
    """Send an e-mail through `smtp://user:password@host:port` (STARTTLS if offered) or `smtps://…`.

    Raises MailRefused if the server rejects it permanently, MailUnavailable if a later attempt may succeed.
    """
    try:
        with _connect(mail_url) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _as_refusal(code, reason) from None
    except smtplib.SMTPAuthenticationError as error:  # caused by our own settings, not by the e-mail
        raise MailUnavailable(f"{error.smtp_code} {_decode_reason(error.smtp_error)}") from None
    except smtplib.SMTPResponseException as error:
        raise _as_refusal(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:  # non-ASCII characters before the @: retrying would not help
        raise MailRefused(str(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnavailable(f"{type(error).__name__}: {error}") from None


def _connect(mail_url: str) -> smtplib.SMTP:
    url = urlsplit(mail_url)
    host = url.hostname or "localhost"
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or SMTPS_PORT, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, url.port or SMTP_PORT, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo()
        if url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _as_refusal(code: int, reason: bytes | str) -> MailRefused | MailUnavailable:
    sentence = f"{code} {_decode_reason(reason)}"
    return MailRefused(sentence) if code >= PERMANENT else MailUnavailable(sentence)


def _decode_reason(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
