"""Applying as an exhibitor: what it means, and the first step of people who have not signed in."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from expo.accounts.rules import Level, fold_email
from expo.accounts.services.attempts import count_link_request
from expo.errors import Conflict, Invalid, TooMany
from expo.exhibitors.queries import find_window, list_packages
from expo.exhibitors.rules import WindowState
from expo.flows.proposals import send_start_link
from expo.infra.clock import utcnow
from expo.mail.services import has_mail_server
from expo.questions.queries import list_fields
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.form_pages import render_form
from expo.web.kit.language import current_language
from expo.web.kit.public_pages import holds_until, public_page
from expo.web.kit.sessions import network_of_request
from expo.web.public.cfp import StartForm

blueprint = audience_blueprint("public_applications", __name__, Audience.EVERYONE, url_prefix="/exhibit/apply")


@blueprint.get("", strict_slashes=False)
@public_page()
def show() -> str:
    """Show what exhibiting includes, what is asked, and until when companies can apply."""
    now, edition = utcnow(), current_edition()
    window = find_window(edition.id)
    if window is not None and window.is_open:
        for moment in (window.opens_at, window.closes_at):
            if moment is not None and moment > now:
                holds_until(moment)
    return render_template(
        "public/exhibitors/apply.html",
        window=window,
        window_state=window.state_at(now) if window else WindowState.OFF,
        packages=[each for each in list_packages(edition.id) if each.is_offered],
        fields=list_fields(window.form_id) if window else [],
    )


@blueprint.route("/start", methods=["GET", "POST"])
def start() -> str | Response | tuple[str, int]:
    """Ask for name and e-mail address, and send a link that leads to the form."""
    edition = current_edition()
    window = find_window(edition.id)
    if window is None or window.state_at(utcnow()) is not WindowState.OPEN:
        raise Conflict("applications_closed")
    path = url_for("exhibitor_applications.apply")
    if current_actor().kind == "person" and current_actor().level >= Level.SIGNED_IN:
        return redirect(path)
    form = StartForm()
    if form.validate_on_submit():
        email = fold_email(form.email.data or "")
        try:
            count_link_request(email, network_of_request())
            send_start_link(
                edition.id,
                email,
                (form.name.data or "").strip(),
                current_language().code,
                "/exhibit/apply/form",
                utcnow(),
                message="exhibitors/start",
            )
        except TooMany as error:
            form.email.errors = [message_of(error)]
            page = render_template("public/exhibitors/apply_start.html", form=form, next_path=path)
            return page, status_of(error)
        except Invalid as error:
            form.email.errors = [message_of(error)]
        else:
            return redirect(url_for("public_applications.link_sent"))
    return render_form(form, "public/exhibitors/apply_start.html", next_path=path)


@blueprint.get("/sent")
def link_sent() -> str:
    """Say that the link was sent."""
    return render_template("public/exhibitors/apply_sent.html", stores_emails=not has_mail_server())
