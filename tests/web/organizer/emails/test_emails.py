"""E-mails are read and resent."""

from datetime import datetime

from flask.testing import FlaskClient
from lxml import html

from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from expo.mail.models import Email
from expo.mail.queries import EmailFilter, find_emails, get_email
from expo.mail.rules import EmailState
from tests.make import make_attendee


def first_email(edition: EditionFacts) -> int:
    emails, _more = find_emails(edition.id, EmailFilter(), of_no_edition=False)
    return emails[0].id


def test_email_log_when_filtered_then_shows_what_matches(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="ann@example.org")
    make_attendee(edition, now, email="bob@example.org")
    shown = {
        query: [name in organizer.get(f"/organizer/emails?{query}").text for name in ("ann@", "bob@")]
        for query in ("", "q=ANN", "q=%25", "message=registration/cancelled", "state=queued")
    }
    assert shown == {
        "": [True, True],
        "q=ANN": [True, False],
        "q=%25": [False, False],
        "message=registration/cancelled": [False, False],
        "state=queued": [True, True],
    }


def test_email_when_its_html_is_shown_then_it_can_do_nothing(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Eve<script>alert(1)</script>")
    email_id = first_email(edition)
    page = organizer.get(f"/organizer/emails/{email_id}")
    frame = organizer.get(f"/organizer/emails/{email_id}/html")
    policy = frame.headers["Content-Security-Policy"]
    assert html.fromstring(page.text).xpath("//iframe/@sandbox") == [""]
    assert (policy.startswith("sandbox; default-src 'none'"), "frame-ancestors 'self'" in policy) == (True, True)
    assert ("<script" in frame.text, "<script>alert" in page.text) == (False, False)


def test_email_when_a_badge_is_attached_then_downloaded_as_a_pdf(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    other = make_attendee(edition, now, email="other@example.org")
    emails, _more = find_emails(edition.id, EmailFilter(person_id=made.attendee.person_id), of_no_edition=False)
    path = f"/organizer/emails/{emails[0].id}/badge-{{}}.pdf"
    assert organizer.get(path.format(made.id)).data[:5] == b"%PDF-"
    assert organizer.get(path.format(other.id)).status_code == 404


def test_email_when_it_failed_then_it_can_be_resent_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    email_id = first_email(edition)
    with atomic():
        email = db.session.get(Email, email_id)
        assert email is not None
        email.state, email.last_error = "failed", "mailbox full"
    assert "mailbox full" in organizer.get(f"/organizer/emails/{email_id}").text
    answers = [organizer.post(f"/organizer/emails/{email_id}/resend").status_code for _ in range(2)]
    db.session.expire_all()
    assert (answers, get_email(edition.id, email_id).row.state) == ([302, 404], EmailState.QUEUED)


def test_email_when_an_attempt_failed_then_its_status_says_what_happens_next(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="ann@example.org")
    email_id = first_email(edition)
    shown = {}
    for state in ("queued", "failed", "sent"):
        with atomic():
            email = db.session.get(Email, email_id)
            assert email is not None
            email.state, email.last_error = state, None if state == "sent" else "mailbox full"
        pages = [organizer.get(f"/organizer/emails{end}").text for end in ("", f"/{email_id}")]
        words = ("Retrying after a failed attempt", "could not be delivered", "We will try again automatically")
        shown[state] = [[word in page for word in words] for page in pages]
    assert shown == {
        "queued": [[True, False, False], [True, False, True]],
        "failed": [[False, True, False], [False, True, False]],
        "sent": [[False, False, False], [False, False, False]],
    }
