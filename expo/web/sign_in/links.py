"""Mailed links: each shows a button, and says whose session it would end."""

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from expo.accounts.queries import PersonFacts, find_person
from expo.accounts.rules import Level, SignInWay
from expo.accounts.services.links import SIGN_IN_LINK_SECONDS, use_sign_in_link
from expo.accounts.services.sessions import confirm_session
from expo.errors import Invalid, Refused
from expo.infra.clock import utcnow
from expo.infra.signing import read_text
from expo.web.forms.mailed_links import OpenLinkForm, fill_in, is_pressed
from expo.web.kit.access import Audience, audience_blueprint, landing_page, safe_path
from expo.web.kit.sessions import begin_session, current_session, session_of_other_person

# People register up to a year before the yearly expo. The link gives access only to their own registration, and a
# new link revokes it.
ME_LINK_SECONDS = 366 * 24 * 3600

blueprint = audience_blueprint("sign_in_links", __name__, Audience.EVERYONE)


@blueprint.route("/sign-in/<text>", methods=["GET", "POST"])
def use_link(text: str) -> str | Response:
    """Sign in with a mailed link, or confirm the session of its person, when the button is pressed."""
    person_id, sign_in_count = read_text("sign-in", text, SIGN_IN_LINK_SECONDS)
    person = find_person(person_id)
    if person is None or person.sign_in_count != sign_in_count:
        raise Refused("link_used")
    form = OpenLinkForm()
    if not is_pressed(form, person.id):
        return _ask("sign_in/use_link.html", form, person)
    person = use_sign_in_link(person_id, sign_in_count, utcnow())
    found = current_session()
    if found is not None and found.person.id == person.id and found.level is Level.SIGNED_IN:
        way = SignInWay.SIGN_IN_LINK
        confirm_session(found.id, way, utcnow(), has_second_factor=person.has_second_factor)
    elif person.has_second_factor:
        begin_session(person.id, Level.HALF, SignInWay.SIGN_IN_LINK)
        return redirect(url_for("sign_in_second_step.ask"))
    else:
        begin_session(person.id, Level.SIGNED_IN, SignInWay.SIGN_IN_LINK)
    return redirect(safe_path(session.pop("next", None)) or landing_page())


@blueprint.route("/me/open/<text>", methods=["GET", "POST"])
def open_me(text: str) -> str | Response:
    """Open an attendee's own pages with a mailed link, when the button is pressed."""
    person_id, link_version = read_text("me", text, ME_LINK_SECONDS)
    person = find_person(person_id)
    if person is None or person.link_version != link_version:
        raise Invalid("link_replaced")
    found = current_session()
    if found is not None and found.person.id == person.id and found.level >= Level.LINK:
        return redirect(url_for("attendee.me"))
    form = OpenLinkForm()
    if not is_pressed(form, person.id):
        return _ask("sign_in/open_me.html", form, person)
    begin_session(person.id, Level.LINK, SignInWay.ME_LINK)
    return redirect(url_for("attendee.me"))


def _ask(template: str, form: OpenLinkForm, person: PersonFacts) -> str:
    fill_in(form, person.id)
    return render_template(template, form=form, person=person, other=session_of_other_person(person.id))
