"""The e-mail log: what was sent to whom, its content, and resending."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.errors import Missing
from expo.flows.badges import badge_pdf
from expo.flows.emails import send_letter_again
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.mail.queries import LetterFacts, LetterFilter, count_letters, find_letters, get_letter, list_messages
from expo.mail.rules import LetterState
from expo.mail.services import has_mail_server
from expo.registration.queries import list_attendees
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.questions import AnswerForm
from expo.web.organizer.labels import LETTER_STATES, MESSAGES, letter_status
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_emails", __name__, "/emails", Permission.LETTERS_READ)

# CSP of an e-mail's HTML: no scripts, forms or external resources; framed by our own pages only.
LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
PAGE = 50
SENT_AGAIN = frozenset({LetterState.FAILED, LetterState.KEPT})


@blueprint.get("", strict_slashes=False)
def list_emails() -> str:
    """List e-mails, newest first."""
    edition = current_edition()
    wanted = _filter()
    cursor = request.args.get("cursor", type=int)
    rows, next_cursor = find_letters(
        edition.id, wanted, of_no_edition=_sees_sign_in_letters(), cursor=cursor, limit=PAGE
    )
    template = "organizer/emails/_list.html" if is_partial_request() else "organizer/emails/list.html"
    return render_template(
        template,
        wanted=wanted,
        query=_query(wanted),
        letters=rows,
        next_cursor=next_cursor,
        is_first=cursor is None,
        counts=count_letters(edition.id),
        has_mail_server=has_mail_server(),
        letter_status=letter_status,
        states=LETTER_STATES,
        messages=MESSAGES,
        kinds=[(message, MESSAGES.get(message, message)) for message in list_messages(edition.id)],
    )


@blueprint.get("/<int:letter_id>")
def show_email(letter_id: int) -> str:
    """Show an e-mail's text, and its HTML in a frame."""
    letter = _letter(letter_id)
    attendees = list_attendees(current_edition().id, _badges_of(letter))
    return render_template(
        "organizer/emails/email.html",
        letter=letter,
        attendees=attendees,
        can_send_again=letter.row.state in SENT_AGAIN,
        form=AnswerForm(),
        letter_status=letter_status,
        messages=MESSAGES,
    )


@blueprint.get("/<int:letter_id>/html")
def show_html(letter_id: int) -> Response:
    """Return the HTML of an e-mail as sent, in a sandboxed document."""
    response = make_response(_letter(letter_id).html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/<int:letter_id>/badge-<int:attendee_id>.pdf")
def download_badge(letter_id: int, attendee_id: int) -> Response:
    """Return a badge attached to the e-mail."""
    letter = _letter(letter_id)
    if attendee_id not in _badges_of(letter):
        raise Missing("badge_missing")
    edition = current_edition()
    pdf = badge_pdf(edition.id, attendee_id)
    record_export(current_actor(), "badge", utcnow(), edition.id, attendee=attendee_id)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename="badge.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/<int:letter_id>/resend")
def resend(letter_id: int) -> AnyResponse:
    """Resend an e-mail that failed or was not sent."""
    letter = _letter(letter_id)
    send_letter_again(current_actor(), current_edition().id, letter.row.id, utcnow())
    flash(_("E-mail to %(email)s resent.", email=letter.row.to_email), "success")
    return redirect(url_for("organizer_emails.show_email", letter_id=letter_id))


def _letter(letter_id: int) -> LetterFacts:
    """Return an e-mail that this person may read; only administrators may read those with sign-in links."""
    letter = get_letter(current_edition().id, letter_id)
    if letter.row.edition_id is None and not _sees_sign_in_letters():
        raise Missing("letter_missing")
    return letter


def _sees_sign_in_letters() -> bool:
    return current_actor().edition_id is None


def _badges_of(letter: LetterFacts) -> list[int]:
    found = letter.attachments.get("badges_of_attendees", [])
    return [int(each) for each in found]


def _filter() -> LetterFilter:
    state = request.args.get("state", "")
    return LetterFilter(
        state=LetterState(state) if state in {each.value for each in LetterState} else None,
        message=request.args.get("message", "")[:64],
        address=request.args.get("q", "").strip()[:100],
    )


def _query(wanted: LetterFilter) -> dict[str, str]:
    values = {"q": wanted.address, "state": wanted.state.value if wanted.state else "", "message": wanted.message}
    return {name: value for name, value in values.items() if value}
