"""The link e-mailed to people who are invited to an exhibitor's team."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import ANONYMOUS, Level, SignInWay
from expo.errors import Missing
from expo.exhibitors.errors import MemberMissing
from expo.exhibitors.queries import MemberRow, get_invitation
from expo.flows.exhibitor_team import accept_team_invitation, decline_team_invitation, join_team_as_newcomer
from expo.infra.clock import utcnow
from expo.web.forms.mailed_links import OpenLinkForm, read_invitation
from expo.web.kit.access import Audience, audience_blueprint, current_actor
from expo.web.kit.exhibitor_labels import MEMBER_ROLE_TEXTS, MEMBER_ROLES
from expo.web.kit.language import current_language
from expo.web.kit.sessions import begin_session, own_person_id

blueprint = audience_blueprint(
    "exhibitor_invitations", __name__, Audience.EVERYONE, url_prefix="/exhibitor/invitations"
)


@blueprint.get("/<text>")
def show(text: str) -> str:
    """Show an invitation with the buttons to answer it."""
    member, _slug, company = _read(text)
    email = member.email
    return render_template(
        "exhibitor/invitation.html",
        text=text,
        member=member,
        company=company,
        roles=MEMBER_ROLES,
        role_texts=MEMBER_ROLE_TEXTS,
        form=OpenLinkForm(),
        must_sign_in=own_person_id(email) is None and find_person_by_email(email) is not None,
        next_path=url_for("exhibitor_invitations.show", text=text),
    )


@blueprint.post("/<text>/<any(accept, decline):answer>")
def answer(text: str, answer: str) -> Response:
    """Accept or decline. People without an account get one; all others sign in first."""
    member, slug, company = _read(text)
    member_id, email = member.id, member.email
    person_id = own_person_id(email)
    if person_id is not None:
        answers = accept_team_invitation if answer == "accept" else decline_team_invitation
        answers(current_actor(), member_id, email, utcnow())
    elif find_person_by_email(email) is not None:
        return redirect(url_for("sign_in.sign_in", next=url_for("exhibitor_invitations.show", text=text)))
    elif answer == "accept":
        begin_session(
            join_team_as_newcomer(member_id, email, current_language().code, utcnow()),
            Level.SIGNED_IN,
            SignInWay.SIGN_IN_LINK,
        )
    else:
        decline_team_invitation(ANONYMOUS, member_id, email, utcnow())
    if answer == "accept":
        flash(_("You are now on the team of %(company)s.", company=company), "success")
        return redirect(url_for("exhibitor.show", company=slug))
    flash(_("You have declined the invitation."), "success")
    return redirect(url_for("public.home"))


def _read(text: str) -> tuple[MemberRow, str, str]:
    """Return the member invited, and the slug and name of the company. Raises Missing if the invitation has ended."""
    member_id, email = read_invitation("exhibitor-invitation", text)
    try:
        member, _edition_id, slug, company = get_invitation(member_id, email)
    except MemberMissing:
        raise Missing("invitation_missing") from None
    return member, slug, company
