"""Co-speakers of one's own proposal: inviting and removing them; and messages to the organizers."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, ExpoError, Invalid, TooMany
from expo.flows.proposals import invite_speaker, write_to_organizers
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.proposals.services import remove_speaker
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import PageWithError, message_of, with_error
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import current_language
from expo.web.speaker.forms import InviteForm, MessageForm
from expo.web.speaker.proposal_pages import proposal_page

blueprint = audience_blueprint(
    "speaker_co_speakers", __name__, Audience.SIGNED_IN, url_prefix="/speaker/proposals/<code>"
)


@blueprint.post("/speakers")
def invite(code: str) -> Response | PageWithError:
    """Invite a co-speaker by e-mail."""
    form = InviteForm()
    actor, edition = current_actor(), current_edition()
    if not form.validate_on_submit():
        return _page(code, invite=form)
    try:
        count_against("30/hour", "invite-speaker", str(actor.id))
        invite_speaker(
            actor, edition.id, code, form.email.data or "", form.name.data or "", current_language().code, utcnow(),
            is_moderator=form.role.data == "moderator",
        )  # fmt: skip
    except (Conflict, Invalid, TooMany) as error:
        show_at_field(form, error, "email")
        return _page(code, invite=form, error=error)
    else:
        flash(_("We have sent an invitation to %(email)s.", email=form.email.data), "success")
    return _back(code)


@blueprint.post("/speakers/<int:speaker_id>/remove")
def remove(code: str, speaker_id: int) -> Response:
    """Remove a co-speaker."""
    try:
        remove_speaker(current_actor(), current_edition().id, code, speaker_id, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The speaker has been removed."), "success")
    return _back(code)


@blueprint.post("/message")
def write(code: str) -> Response | PageWithError:
    """Write to the organizers about a proposal."""
    form = MessageForm()
    actor, edition = current_actor(), current_edition()
    if not form.validate_on_submit():
        return _page(code, message=form)
    try:
        count_against("10/hour", "write-to-organizers", str(actor.id))
        write_to_organizers(
            actor,
            edition.id,
            code,
            form.text.data or "",
            current_language().code,
            utcnow(),
            key=form.key.data or "",
        )
    except (Conflict, Invalid, TooMany) as error:
        show_at_field(form, error, "text")
        return _page(code, message=form, error=error)
    else:
        flash(_("Your message has been sent to the organizers."), "success")
    return _back(code)


def _back(code: str) -> Response:
    anchor = "message" if request.path.endswith("/message") else "speakers"
    return redirect(url_for("speaker_proposals.show", code=code, _anchor=anchor))


def _page(
    code: str,
    invite: InviteForm | None = None,
    message: MessageForm | None = None,
    error: ExpoError | None = None,
) -> PageWithError:
    """Return the page of the proposal again, with what was typed and what is wrong with it."""
    page = proposal_page(code, invite or InviteForm(formdata=None), message or MessageForm(formdata=None))
    return with_error(page, error) if error else (page, HTTPStatus.UNPROCESSABLE_ENTITY, {})
