import re
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.badges.services import revoke_badge
from expo.editions.queries import EditionFacts
from expo.flows.email_delivery import send_email_with_attachments
from expo.flows.email_links import show_email_with_links
from expo.flows.emails import notify_attendee
from expo.flows.registration import confirm_registration
from expo.infra.config import ROOT
from expo.infra.db import atomic
from expo.infra.jobs import drain
from expo.infra.signing import read_text
from expo.mail import services as mail
from expo.mail.errors import MailUnavailable
from expo.mail.queries import EmailFacts, get_email, list_emails
from expo.mail.rules import GIVE_UP_AFTER, SENDING_LEASE, EmailState
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request
from tests.ports import free_port


class Mailbox:
    """A mail server that keeps what it gets, or answers as the test asks."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
        return self.answer


@pytest.fixture
def port(each_app: Flask) -> Iterator[int]:
    """Tell the application about a mail server at this port; none runs there yet."""
    found = free_port()
    settings = each_app.config["SETTINGS"]
    each_app.config["SETTINGS"] = replace(settings, mail_url=f"smtp://127.0.0.1:{found}", mail_from="expo@example.org")
    yield found
    each_app.config["SETTINGS"] = settings


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


def write_sign_in(now: datetime) -> int:
    with atomic():
        return mail.queue_email(
            "accounts/sign_in",
            to_email="li@example.org",
            language="en",
            now=now,
            details={},
            links={"sign_in_link": ("/sign-in/", "sign-in", [1, 0])},
        )


def words_of(edition: EditionFacts, index: int = 0) -> EmailFacts:
    return get_email(edition.id, list_emails(edition.id)[index].id)


def test_email_when_no_server_is_named_then_kept_and_readable(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now, order_request(email="zhang@example.org", language="zh"))

    drain(now)

    email = words_of(edition)
    sent = show_email_with_links(SYSTEM, str(email.row.id), now)
    link = re.search(r"http://127\.0\.0\.1:8000/zh/confirm/(\S+)", sent.text)
    assert email.row.state is EmailState.KEPT
    assert "/confirm/" not in email.text + email.html
    assert link is not None
    assert read_text("confirm-order", link[1]) == [registered.id, registered.person_id]
    assert 'lang="zh-Hans" dir="ltr"' in email.html


def test_email_when_the_reader_writes_from_right_to_left_then_the_frame_does(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_registration(edition, now, order_request(language="ar"))

    assert 'lang="ar" dir="rtl"' in words_of(edition).html


def test_email_when_a_name_holds_markup_then_it_stays_text(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    make_registration(edition, now, order_request(attendee_request(name="<b>Bobby</b>")))

    email = words_of(edition)

    assert "&lt;b&gt;Bobby&lt;/b&gt;" in email.html
    assert "<b>Bobby" not in email.html


def test_confirmed_email_when_sent_then_badge_is_attached_and_the_headers_are_right(
    each_app: Flask, edition: EditionFacts, now: datetime, mailbox: Mailbox
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now, order_request(email="zhang@example.org"))
    confirm_registration(registered.id, now)

    drain(now)

    asked, confirmed = mailbox.received
    assert [asked["To"], confirmed["To"]] == ["zhang@example.org"] * 2
    assert confirmed["Subject"] == "Your badge for Big Data Expo 2027"
    assert confirmed["From"] == "Big Data Expo 2027 <expo@example.org>"
    assert confirmed["Auto-Submitted"] == "auto-generated"
    assert asked["Message-ID"] != confirmed["Message-ID"]
    body = confirmed.get_body(("html",))
    assert body is not None
    assert "/en/me/open/" in body.get_content()
    files = [(part.get_filename(), part.get_content_type()) for part in confirmed.iter_attachments()]
    assert files == [("badge.pdf", "application/pdf")]
    assert [email.state for email in list_emails(edition.id)] == [EmailState.SENT] * 2


def test_email_when_the_badge_was_revoked_meanwhile_then_it_is_not_attached(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    from expo.flows.email_delivery import list_attachments

    made = make_attendee(edition, now)
    assert len(list_attachments(edition.id, {"badges_of_attendees": [made.id]})) == 1

    revoke_badge(SYSTEM, edition.id, made.id, now)

    assert list_attachments(edition.id, {"badges_of_attendees": [made.id]}) == ()


def test_send_when_sent_before_then_not_sent_again(each_app: Flask, now: datetime, mailbox: Mailbox) -> None:
    email_id = write_sign_in(now)

    states = [send_email_with_attachments(email_id, now) for _ in range(2)]

    assert states == [EmailState.SENT, EmailState.SENT]
    assert len(mailbox.received) == 1


def test_send_when_the_server_refuses_for_good_then_failed_with_its_reason(
    each_app: Flask, now: datetime, mailbox: Mailbox
) -> None:
    email_id = write_sign_in(now)
    mailbox.answer = "550 No such user here"

    state = send_email_with_attachments(email_id, now)

    assert state is EmailState.FAILED
    assert get_email(None, email_id).row.last_error == "550 No such user here"
    mailbox.answer = "250 OK"
    mail.retry_email(email_id, now)
    drain(now)
    assert len(mailbox.received) == 1


def test_send_when_the_server_is_down_then_later_when_it_is_up(each_app: Flask, now: datetime, port: int) -> None:
    email_id = write_sign_in(now)
    with pytest.raises(MailUnavailable):
        send_email_with_attachments(email_id, now)
    assert get_email(None, email_id).row.state is EmailState.QUEUED
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()

    drain(now + timedelta(hours=2))

    controller.stop()
    assert len(box.received) == 1
    assert get_email(None, email_id).row.state is EmailState.SENT


def test_send_when_the_server_asks_to_come_later_for_two_days_then_given_up(
    each_app: Flask, now: datetime, mailbox: Mailbox
) -> None:
    email_id = write_sign_in(now)
    mailbox.answer = "451 Try again later"
    with pytest.raises(MailUnavailable):
        send_email_with_attachments(email_id, now + timedelta(hours=1))

    state = send_email_with_attachments(email_id, now + GIVE_UP_AFTER)

    assert state is EmailState.FAILED
    assert get_email(None, email_id).row.last_error == "451 Try again later"


def test_send_when_the_worker_died_after_the_server_accepted_then_once_more_under_the_same_id(
    each_app: Flask, now: datetime, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    email_id = write_sign_in(now)

    def die(*_arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mail, "_record_state", die)
        with pytest.raises(SystemExit):
            send_email_with_attachments(email_id, now)

    early = send_email_with_attachments(email_id, now + timedelta(minutes=1))
    late = send_email_with_attachments(email_id, now + SENDING_LEASE + timedelta(seconds=1))
    after = send_email_with_attachments(email_id, now + 3 * SENDING_LEASE)

    assert (early, late, after) == (EmailState.SENDING, EmailState.SENT, EmailState.SENT)
    assert len(mailbox.received) == 2
    assert len({message["Message-ID"] for message in mailbox.received}) == 1


def test_unsent_emails_when_their_job_is_gone_then_queued_again(
    each_app: Flask, now: datetime, mailbox: Mailbox
) -> None:
    from sqlalchemy import delete

    from expo.infra.db import db
    from expo.infra.jobs import Job

    write_sign_in(now)
    db.session.execute(delete(Job))
    db.session.commit()

    early, late = (mail.requeue_unsent_emails(now + timedelta(minutes=minutes)) for minutes in (59, 61))
    drain(now + timedelta(minutes=62))

    assert (early, late) == (0, 1)
    assert len(mailbox.received) == 1


def test_connect_when_a_password_is_needed_and_wrong_then_tried_again_later(
    each_app: Flask, now: datetime, port: int
) -> None:
    controller = Controller(
        Mailbox(), hostname="127.0.0.1", port=port, auth_require_tls=False, authenticator=lambda *_: _refused()
    )
    controller.start()
    settings = each_app.config["SETTINGS"]
    each_app.config["SETTINGS"] = replace(settings, mail_url=f"smtp://me:pa%2Fss@127.0.0.1:{port}")
    email_id = write_sign_in(now)

    with pytest.raises(MailUnavailable) as refused:
        send_email_with_attachments(email_id, now)

    controller.stop()
    assert "535" in refused.value.params["reason"]
    assert issubclass(smtplib.SMTPAuthenticationError, smtplib.SMTPException)


def _refused() -> object:
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=False, handled=False)


def test_email_when_rendered_then_its_text_begins_with_the_greeting(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now)

    email = words_of(edition)

    assert email.row.subject == "Please confirm your registration for Big Data Expo 2027"
    assert email.text.startswith("Hello,\n\nThank you for registering for Big Data Expo 2027.")
    assert "until Sunday, 28 March 2027, 10:00 China Time." in email.text
    # What mail programs show beside the subject has neither the greeting nor a link.
    assert 'overflow:hidden;">Thank you for registering for Big Data Expo 2027. One step is left' in email.html
    assert f"Order {registered.code}\n" in email.text
    assert "\n\n\n" not in email.text


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
@pytest.mark.parametrize(
    "message",
    [
        f"{path.parent.name}/{path.stem}"
        for path in sorted((ROOT / "templates" / "mail").glob("*/*.txt"))
        if path.parent.name == "registration" and path.stem != "invited"
    ],
)
def test_email_when_of_any_kind_and_language_then_it_has_text(
    app: Flask, edition: EditionFacts, now: datetime, message: str, language: str
) -> None:
    made = make_attendee(edition, now, language=language)

    notify_attendee(message, made.attendee, now, with_badge=False) if message != "registration/confirm" else (
        make_registration(edition, now, order_request(language=language))
    )

    email = words_of(edition)
    assert (email.row.message, email.row.language) == (message, language)
    assert email.row.subject
    assert "张伟" in email.text
    assert "张伟" in email.html


def test_outage_when_over_then_every_email_has_gone_once_by_one_job_each(
    each_app: Flask, now: datetime, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import func, select, update

    from expo.infra.db import atomic, db
    from expo.infra.jobs import Job

    monkeypatch.setattr(mail, "UNSENT_BATCH", 5)
    for _ in range(12):
        write_sign_in(now)
    with atomic():
        # Their jobs gave up during the outage.
        db.session.execute(update(Job).values(state="failed", unique_key=None))
    begun = [mail.requeue_unsent_emails(now + timedelta(hours=2, minutes=10 * n)) for n in range(5)]
    jobs = db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "queued"))
    drain(now + timedelta(hours=3))

    assert (begun, jobs) == ([5, 5, 2, 0, 0], 12)
    assert len({message["Message-ID"] for message in mailbox.received}) == len(mailbox.received) == 12
