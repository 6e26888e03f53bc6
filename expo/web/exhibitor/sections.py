"""The sections of an exhibitor's pages: one blueprint each, for members whose role allows its act."""

from typing import Any

from flask import Blueprint, g, request

from expo.exhibitors.queries import Membership, require_member
from expo.exhibitors.rules import TeamAction
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition


def exhibitor_blueprint(name: str, import_name: str, path: str, act: TeamAction) -> Blueprint:
    """Return a blueprint under `/exhibitor/<company>`; single actions may require another act."""
    blueprint = audience_blueprint(name, import_name, Audience.SIGNED_IN, url_prefix=f"/exhibitor/<company>{path}")
    blueprint.url_value_preprocessor(_note_company)
    blueprint.url_defaults(_fill_company)
    blueprint.before_request(lambda: _guard(act))
    return blueprint


def current_membership() -> Membership:
    """Return the viewer's membership of the company whose pages are shown."""
    membership: Membership = g.membership
    return membership


def require_action(act: TeamAction) -> Membership:
    """Return the viewer's membership if it allows an act. Raises ExhibitorMissing, PermissionMissing."""
    return require_member(current_actor(), current_edition().id, g.company, act)


def _note_company(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the company out of the address, so that views need not name it."""
    g.company = values.pop("company", "") if values else ""


def _fill_company(endpoint: str, values: dict[str, Any]) -> None:
    """Link to pages of the same company unless the link names another one."""
    if endpoint.startswith("exhibitor") and "company" not in values and request.blueprint:
        values["company"] = g.get("company", "")


def _guard(act: TeamAction) -> None:
    g.membership = require_action(act)
