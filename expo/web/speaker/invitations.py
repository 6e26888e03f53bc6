"""Links e-mailed to speakers: the invitation of a co-speaker, and the start of somebody's first proposal."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import find_person, find_person_by_email
from expo.accounts.rules import ANONYMOUS, Level, SignInWay
from expo.accounts.services.links import SIGN_IN_LINK_SECONDS, use_sign_in_link
from expo.errors import Refused
from expo.flows.proposals import accept_as_newcomer, accept_invitation, decline_invitation
from expo.infra.clock import utcnow
from expo.infra.signing import read_text
from expo.proposals.queries import get_invitation
from expo.web.forms.mailed_links import OpenLinkForm, fill_in, is_pressed, read_invitation
from expo.web.kit.access import Audience, audience_blueprint, current_actor, safe_path
from expo.web.kit.language import current_language
from expo.web.kit.sessions import begin_session, own_person_id, session_of_other_person

blueprint = audience_blueprint("speaker_invitations", __name__, Audience.EVERYONE, url_prefix="/speaker")


@blueprint.route("/start/<text>", methods=["GET", "POST"])
def start(text: str) -> str | Response:
    """Sign in with a link that leads to a call's form, when the button is pressed."""
    person_id, sign_in_count, path = read_text("speaker-start", text, SIGN_IN_LINK_SECONDS)
    person = find_person(person_id)
    if person is None or person.sign_in_count != sign_in_count:
        raise Refused("link_used")
    form = OpenLinkForm()
    if not is_pressed(form, person.id):
        fill_in(form, person.id)
        other = session_of_other_person(person.id)
        return render_template("sign_in/use_link.html", form=form, person=person, other=other)
    use_sign_in_link(person_id, sign_in_count, utcnow())
    goal = safe_path(path) or url_for("speaker.show")
    if person.has_second_factor:
        return redirect(url_for("sign_in.sign_in", next=goal))
    begin_session(person.id, Level.SIGNED_IN, SignInWay.SIGN_IN_LINK)
    return redirect(goal)


@blueprint.get("/invitations/<text>")
def show(text: str) -> str:
    """Show an invitation with the buttons to answer it."""
    speaker_id, email = read_invitation("speaker-invitation", text)
    speaker, proposal = get_invitation(speaker_id, email)
    return render_template(
        "speaker/invitation.html",
        text=text,
        speaker=speaker,
        proposal=proposal,
        form=OpenLinkForm(),
        must_sign_in=own_person_id(email) is None and find_person_by_email(email) is not None,
        next_path=url_for("speaker_invitations.show", text=text),
    )


@blueprint.post("/invitations/<text>/<any(accept, decline):answer>")
def answer(text: str, answer: str) -> Response:
    """Accept or decline. People without an account get one; all others sign in first."""
    speaker_id, email = read_invitation("speaker-invitation", text)
    person_id = own_person_id(email)
    if person_id is not None:
        (accept_invitation if answer == "accept" else decline_invitation)(current_actor(), speaker_id, email, utcnow())
    elif find_person_by_email(email) is not None:
        return redirect(url_for("sign_in.sign_in", next=url_for("speaker_invitations.show", text=text)))
    elif answer == "accept":
        begin_session(
            accept_as_newcomer(speaker_id, email, current_language().code, utcnow()),
            Level.SIGNED_IN,
            SignInWay.SIGN_IN_LINK,
        )
    else:
        decline_invitation(ANONYMOUS, speaker_id, email, utcnow())
        flash(_("You have declined the invitation."), "success")
        return redirect(url_for("public.home"))
    if answer == "accept":
        flash(_("You are now a speaker of this proposal. Please fill in your profile."), "success")
        return redirect(url_for("speaker_profile.edit"))
    flash(_("You have declined the invitation."), "success")
    return redirect(url_for("speaker.show"))
