"""Badge signing keys: list, rotate and distrust."""

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require_confirmed
from expo.badges.queries import list_signing_keys
from expo.badges.services import create_signing_key, distrust_signing_key
from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.navigation import settings_trail
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_badge_keys", __name__, "/settings/badge-keys", Permission.EDITION_MANAGE)


@blueprint.get("")
def show_keys() -> str:
    """List the badge signing keys."""
    return render_template("organizer/badge_keys/list.html", keys=list_signing_keys(current_edition().id))


@blueprint.route("/rotate", methods=["GET", "POST"])
def rotate_key() -> Response | tuple[str, int]:
    """Ask for confirmation, then sign new badges with a new key."""
    require_confirmed(current_actor())
    edition = current_edition()
    question = Question(
        _("Sign new badges with a new key?"),
        _("Badges issued so far stay valid. Offline scanners download the new key the next time they are online."),
        _("Create new key"),
        _trail(),
    )
    return confirm_first(
        question,
        lambda: create_signing_key(current_actor(), edition.id, utcnow()),
        _("New key created. It signs all new badges."),
    )


@blueprint.route("/<int:key_id>/distrust", methods=["GET", "POST"])
def distrust_key(key_id: int) -> Response | tuple[str, int]:
    """Ask for confirmation, then reject every badge that a key signed."""
    require_confirmed(current_actor())
    edition = current_edition()
    if key_id not in {each.key_id for each in list_signing_keys(edition.id)}:
        raise Missing("signing_key_missing")
    question = Question(
        _("Revoke key %(number)s?", number=key_id),
        _(
            "All badges signed with this key are refused at check-in and must be reissued. Do this only if the "
            "key has leaked."
        ),
        _("Revoke key"),
        _trail(),
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: distrust_signing_key(current_actor(), edition.id, key_id, utcnow()),
        _("Key %(number)s revoked. Badges signed with it are no longer accepted at check-in.", number=key_id),
    )


def _trail() -> list[tuple[str, str]]:
    return settings_trail(_("Badge keys"), "organizer_badge_keys.show_keys")
