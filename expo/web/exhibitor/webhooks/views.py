"""Webhooks of a company: endpoints, their last deliveries, and a test."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from expo.errors import Conflict, Invalid
from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.leads.rules import LeadEvent
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import lazy_pgettext
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.webhooks.queries import count_failed, get_endpoint, list_deliveries, list_endpoints
from expo.webhooks.rules import TEST_EVENT, DeliveryState
from expo.webhooks.services import (
    create_endpoint,
    delete_endpoint,
    queue_test,
    renew_secret,
    resend_delivery,
    switch_endpoint,
)

blueprint = exhibitor_blueprint("exhibitor_webhooks", __name__, "/webhooks", TeamAction.EXPORT_LEADS)

Page = str | Response | tuple[str, int]
EVENTS = {
    LeadEvent.CREATED: _l("A new lead"),
    LeadEvent.UPDATED: _l("A lead changed"),
    LeadEvent.WITHDRAWN: _l("A visitor stopped sharing"),
}
EVENT_LABELS = {TEST_EVENT: _l("Test")} | {each.value: words for each, words in EVENTS.items()}
STATES = {
    DeliveryState.WAITING: lazy_pgettext("delivery", "Waiting"),
    DeliveryState.DELIVERED: _l("Delivered"),
    DeliveryState.FAILED: _l("Failed"),
}
ERRORS = {
    "timeout": _l("No answer in time"),
    "certificate": _l("The certificate is not valid"),
    "unknown_host": _l("The host name is unknown"),
    "no_connection": _l("No connection"),
    "webhook_address_private": _l("The address leads to a private network"),
    "webhook_url_insecure": _l("Not an https:// address"),
}


class EndpointForm(FlaskForm):  # type: ignore[misc]
    """A new webhook."""

    url = StringField(
        _l("Address"),
        description=_l("Your system receives a POST request with JSON at this address."),
        validators=[DataRequired(_l("Enter an address.")), Length(max=2000)],
        render_kw={"dir": "ltr", "inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    events = check_boxes(_l("Events"), choices=as_choices((each.value, words) for each, words in EVENTS.items()))


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def list_all() -> Page:
    """List the webhooks, and add one; its secret is shown only in this response."""
    form, secret, exhibitor_id = EndpointForm(), None, current_membership().exhibitor_id
    if form.validate_on_submit():
        try:
            address, events = form.url.data or "", form.events.data or []
            _id, secret = create_endpoint(
                current_actor(), current_edition().id, exhibitor_id, address, events, utcnow()
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "url")
    page = render_company_page(
        "exhibitor/webhooks/list.html",
        form=form,
        secret=secret,
        endpoints=list_endpoints(exhibitor_id),
        failed=count_failed(exhibitor_id),
        events=EVENT_LABELS,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<int:endpoint_id>")
def show_endpoint(endpoint_id: int) -> str:
    """Show a webhook with its last deliveries."""
    return _render(endpoint_id)


@blueprint.route("/<int:endpoint_id>/secret", methods=["GET", "POST"])
def replace_secret(endpoint_id: int) -> Page:
    """Replace the signing secret, after confirmation, and show the new one once."""
    membership = current_membership()
    endpoint = get_endpoint(membership.exhibitor_id, endpoint_id)
    if AnswerForm().validate_on_submit():
        return _render(endpoint_id, renew_secret(current_actor(), membership.exhibitor_id, endpoint_id, utcnow()))
    question = Question(
        _("Replace the signing secret?"),
        _("Your system refuses deliveries until it has the new secret, which is shown once."),
        _("Replace signing secret"),
        [
            (membership.name, url_for("exhibitor.show")),
            (endpoint.url, url_for("exhibitor_webhooks.show_endpoint", endpoint_id=endpoint_id)),
        ],
    )
    return show_question(question, template="exhibitor/confirm.html")


@blueprint.post("/<int:endpoint_id>/<any(test, pause, resume):act>")
def change_endpoint(endpoint_id: int, act: str) -> Page:
    """Send a test, pause or resume."""
    exhibitor_id, now = current_membership().exhibitor_id, utcnow()
    if act == "test":
        queue_test(exhibitor_id, endpoint_id, now)
        flash(_("The test is on its way. Reload the page to see the result."), "success")
    else:
        switch_endpoint(current_actor(), exhibitor_id, endpoint_id, now, is_active=act == "resume")
        flash(_("Webhook resumed.") if act == "resume" else _("Webhook paused."), "success")
    return redirect(url_for("exhibitor_webhooks.show_endpoint", endpoint_id=endpoint_id))


@blueprint.post("/<int:endpoint_id>/deliveries/<int:delivery_id>")
def resend(endpoint_id: int, delivery_id: int) -> Response:
    """Send a delivery again."""
    resend_delivery(current_membership().exhibitor_id, endpoint_id, delivery_id, utcnow())
    flash(_("The delivery is being sent again. Reload the page to see the result."), "success")
    return redirect(url_for("exhibitor_webhooks.show_endpoint", endpoint_id=endpoint_id))


@blueprint.route("/<int:endpoint_id>/delete", methods=["GET", "POST"])
def remove_endpoint(endpoint_id: int) -> Page:
    """Ask for confirmation, then delete a webhook."""
    endpoint = get_endpoint(current_membership().exhibitor_id, endpoint_id)
    if not AnswerForm().validate_on_submit():
        return render_company_page("exhibitor/webhooks/delete.html", endpoint=endpoint, form=AnswerForm())
    delete_endpoint(current_actor(), current_membership().exhibitor_id, endpoint_id, utcnow())
    flash(_("Webhook deleted."), "success")
    return redirect(url_for("exhibitor_webhooks.list_all"))


def _render(endpoint_id: int, secret: str | None = None) -> str:
    return render_company_page(
        "exhibitor/webhooks/endpoint.html",
        endpoint=get_endpoint(current_membership().exhibitor_id, endpoint_id),
        deliveries=list_deliveries(endpoint_id),
        secret=secret,
        events=EVENT_LABELS,
        states=STATES,
        errors=ERRORS,
    )
