"""The e-mail log: what was sent to whom, its content, and resending."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.errors import Missing
from expo.flows.badges import badge_pdf
from expo.flows.emails import retry_failed_email
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.mail.queries import EmailFacts, EmailFilter, count_emails, find_emails, get_email, list_messages
from expo.mail.rules import EmailState
from expo.mail.services import has_mail_server
from expo.registration.queries import list_attendees
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.questions import AnswerForm
from expo.web.organizer.labels import EMAIL_STATES, MESSAGES, email_status
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_emails", __name__, "/emails", Permission.EMAILS_READ)

# CSP of an e-mail's HTML: no scripts, forms or external resources; framed by our own pages only.
EMAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
PAGE = 50
SENT_AGAIN = frozenset({EmailState.FAILED, EmailState.KEPT})


@blueprint.get("", strict_slashes=False)
def list_emails() -> str:
    """List e-mails, newest first."""
    edition = current_edition()
    wanted = _filter()
    cursor = request.args.get("cursor", type=int)
    rows, next_cursor = find_emails(edition.id, wanted, of_no_edition=_sees_sign_in_emails(), cursor=cursor, limit=PAGE)
    template = "organizer/emails/_list.html" if is_partial_request() else "organizer/emails/list.html"
    return render_template(
        template,
        wanted=wanted,
        query=_query(wanted),
        emails=rows,
        next_cursor=next_cursor,
        is_first=cursor is None,
        counts=count_emails(edition.id),
        has_mail_server=has_mail_server(),
        email_status=email_status,
        states=EMAIL_STATES,
        messages=MESSAGES,
        kinds=[(message, MESSAGES.get(message, message)) for message in list_messages(edition.id)],
    )


@blueprint.get("/<int:email_id>")
def show_email(email_id: int) -> str:
    """Show an e-mail's text, and its HTML in a frame."""
    email = _email(email_id)
    attendees = list_attendees(current_edition().id, _badges_of(email))
    return render_template(
        "organizer/emails/email.html",
        email=email,
        attendees=attendees,
        can_send_again=email.row.state in SENT_AGAIN,
        form=AnswerForm(),
        email_status=email_status,
        messages=MESSAGES,
    )


@blueprint.get("/<int:email_id>/html")
def show_html(email_id: int) -> Response:
    """Return the HTML of an e-mail as sent, in a sandboxed document."""
    response = make_response(_email(email_id).html)
    response.headers["Content-Security-Policy"] = EMAIL_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/<int:email_id>/badge-<int:attendee_id>.pdf")
def download_badge(email_id: int, attendee_id: int) -> Response:
    """Return a badge attached to the e-mail."""
    email = _email(email_id)
    if attendee_id not in _badges_of(email):
        raise Missing("badge_missing")
    edition = current_edition()
    pdf = badge_pdf(edition.id, attendee_id)
    record_export(current_actor(), "badge", utcnow(), edition.id, attendee=attendee_id)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename="badge.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/<int:email_id>/resend")
def resend(email_id: int) -> AnyResponse:
    """Resend an e-mail that failed or was not sent."""
    email = _email(email_id)
    retry_failed_email(current_actor(), current_edition().id, email.row.id, utcnow())
    flash(_("E-mail to %(email)s resent.", email=email.row.to_email), "success")
    return redirect(url_for("organizer_emails.show_email", email_id=email_id))


def _email(email_id: int) -> EmailFacts:
    """Return an e-mail that this person may read; only administrators may read those with sign-in links."""
    email = get_email(current_edition().id, email_id)
    if email.row.edition_id is None and not _sees_sign_in_emails():
        raise Missing("email_missing")
    return email


def _sees_sign_in_emails() -> bool:
    return current_actor().edition_id is None


def _badges_of(email: EmailFacts) -> list[int]:
    found = email.attachments.get("badges_of_attendees", [])
    return [int(each) for each in found]


def _filter() -> EmailFilter:
    state = request.args.get("state", "")
    return EmailFilter(
        state=EmailState(state) if state in {each.value for each in EmailState} else None,
        message=request.args.get("message", "")[:64],
        address=request.args.get("q", "").strip()[:100],
    )


def _query(filters: EmailFilter) -> dict[str, str]:
    values = {"q": filters.address, "state": filters.state.value if filters.state else "", "message": filters.message}
    return {name: value for name, value in values.items() if value}
