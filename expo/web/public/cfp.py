"""Calls for proposals: the list, one call, and the first step of people who have not signed in."""

from datetime import datetime

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, Length

from expo.accounts.rules import Level, fold_email
from expo.accounts.services.attempts import count_link_request
from expo.errors import Conflict, Invalid, TooMany
from expo.flows.proposals import send_start_link
from expo.infra.clock import utcnow
from expo.mail.services import has_mail_server
from expo.proposals.queries import CallRow, get_call, list_calls
from expo.proposals.rules import CallState
from expo.questions.queries import list_fields
from expo.reports.offers import list_offered
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.form_pages import render_form
from expo.web.kit.language import current_language
from expo.web.kit.proposal_labels import CALL_STATES
from expo.web.kit.public_pages import holds_until, public_page
from expo.web.kit.sessions import network_of_request

blueprint = audience_blueprint("public_cfp", __name__, Audience.EVERYONE, url_prefix="/cfp")


class StartForm(FlaskForm):  # type: ignore[misc]
    """Who wants to propose something."""

    name = StringField(
        _l("Your name"),
        validators=[DataRequired(_l("Enter a name.")), Length(max=200)],
        render_kw={"autocomplete": "name", "dir": "auto"},
    )
    email = EmailField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Enter your e-mail address.")), Length(max=320)],
        render_kw={"autocomplete": "email", "inputmode": "email", "dir": "ltr"},
    )


@blueprint.get("", strict_slashes=False)
@public_page()
def list_all() -> str:
    """List the calls of the expo: open, upcoming and closed ones."""
    now = utcnow()
    calls = list_calls(current_edition().id)
    _hold(calls, now)
    return render_template(
        "public/cfp/list.html",
        groups=[(state, [each for each in calls if each.state_at(now) is state]) for state in _ORDER],
        labels=CALL_STATES,
        has_calls=bool(calls),
    )


_ORDER = (CallState.OPEN, CallState.UPCOMING, CallState.CLOSED)


@blueprint.get("/<slug>")
@public_page()
def show(slug: str) -> str:
    """Show one call: what it is about, what it asks, and until when."""
    now, edition = utcnow(), current_edition()
    call = get_call(edition.id, slug)
    _hold([call], now)
    return render_template(
        "public/cfp/call.html",
        call=call,
        state_of_call=call.state_at(now),
        labels=CALL_STATES,
        fields=list_fields(call.form_id),
        offered=list_offered(edition, call),
        begin_url=_begin_url(slug),
    )


@blueprint.route("/<slug>/start", methods=["GET", "POST"])
def start(slug: str) -> str | Response | tuple[str, int]:
    """Ask for name and e-mail address, and send a link that leads to the form."""
    edition = current_edition()
    call = get_call(edition.id, slug)
    if call.state_at(utcnow()) is not CallState.OPEN:
        raise Conflict("call_not_open")
    path = url_for("speaker_proposals.begin", slug=slug)
    if current_actor().kind == "person" and current_actor().level >= Level.SIGNED_IN:
        return redirect(path)
    form = StartForm()
    if form.validate_on_submit():
        email = fold_email(form.email.data or "")
        try:
            count_link_request(email, network_of_request())
            send_start_link(
                edition.id, email, (form.name.data or "").strip(), current_language().code, f"/cfp/{slug}/new", utcnow()
            )
        except TooMany as error:
            form.email.errors = [message_of(error)]
            return render_template("public/cfp/start.html", form=form, call=call, next_path=path), status_of(error)
        except Invalid as error:
            form.email.errors = [message_of(error)]
        else:
            return redirect(url_for("public_cfp.link_sent", slug=slug))
    return render_form(form, "public/cfp/start.html", call=call, next_path=path)


@blueprint.get("/<slug>/sent")
def link_sent(slug: str) -> str:
    """Say that the link was sent."""
    call = get_call(current_edition().id, slug)
    return render_template("public/cfp/sent.html", call=call, stores_emails=not has_mail_server())


def _begin_url(slug: str) -> str:
    actor = current_actor()
    if actor.kind == "person" and actor.level >= Level.SIGNED_IN:
        return url_for("speaker_proposals.begin", slug=slug)
    return url_for("public_cfp.start", slug=slug)


def _hold(calls: list[CallRow], now: datetime) -> None:
    """Show the pages until a call opens or closes."""
    for call in calls:
        for moment in (call.opens_at, call.closes_at):
            if moment is not None and moment > now:
                holds_until(moment)
