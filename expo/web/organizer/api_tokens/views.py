"""API tokens: list, create and revoke."""

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.queries import list_api_tokens
from expo.accounts.rules import Permission, require, require_confirmed
from expo.accounts.services import create_api_token, revoke_api_token
from expo.errors import Invalid, Missing
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.api_tokens.forms import ApiTokenForm
from expo.web.organizer.labels import PERMISSIONS
from expo.web.organizer.navigation import settings_trail
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_api_tokens", __name__, "/settings/api-tokens", Permission.EDITION_MANAGE)

Page = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
def show_tokens() -> Page:
    """List API tokens, and create one; its secret is shown only in this response."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.TOKENS_MANAGE, edition.id)
    require_confirmed(actor)
    form = ApiTokenForm()
    secret = None
    if form.validate_on_submit():
        try:
            secret = create_api_token(
                actor,
                edition.id,
                form.name.data or "",
                [Permission(each) for each in form.permissions.data or []],
                utcnow(),
            )
        except Invalid as error:
            show_at_field(form, error, "permissions")
    page = render_template(
        "organizer/api_tokens/list.html",
        form=form,
        secret=secret,
        tokens=list_api_tokens(edition.id),
        permissions={each.value: words for each, words in PERMISSIONS.items()},
    )
    return page, 422 if form.errors else 200


@blueprint.route("/<int:token_id>/revoke", methods=["GET", "POST"])
def revoke_token(token_id: int) -> Response | tuple[str, int]:
    """Ask for confirmation, then revoke an API token."""
    require_confirmed(current_actor())
    edition = current_edition()
    token = next((each for each in list_api_tokens(edition.id) if each.id == token_id), None)
    if token is None:
        raise Missing("api_token_missing")
    question = Question(
        _("Revoke token %(name)s?", name=token.name),
        _("Everything that uses this token loses access immediately. This cannot be undone."),
        _("Revoke token"),
        settings_trail(_("API tokens"), "organizer_api_tokens.show_tokens"),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: revoke_api_token(current_actor(), edition.id, token_id, utcnow()),
        _("Token %(name)s revoked.", name=token.name),
    )
