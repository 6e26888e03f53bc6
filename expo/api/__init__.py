"""The JSON API for scanners, partners and programs."""

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from expo.api import documentation
from expo.api.problems import Sentence, handle_problems, no_route
from expo.api.v1.version import v1 as routes_v1


def register_api(app: Flask, csrf: CSRFProtect, sentence: Sentence) -> None:
    """Register the API. It accepts bearer tokens and no cookies, so CSRF protection does not apply to it.

    `sentence` returns the message of a domain error, as pages show it.
    """
    blueprint = _make_blueprint(sentence)
    app.register_blueprint(documentation.blueprint)
    app.register_blueprint(blueprint)
    csrf.exempt(blueprint)
    own = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{blueprint.name}.")}
    app.config["EDITION_FREE_ENDPOINTS"] |= own | {"api_docs.describe"}


def _make_blueprint(sentence: Sentence) -> Blueprint:
    blueprint = Blueprint("api", __name__, url_prefix="/api")
    blueprint.expo_audience = "token"  # type: ignore[attr-defined]
    handle_problems(blueprint, sentence)
    routes_v1.add_to(blueprint, "v1")
    for path in ("", "/", "/<path:rest>"):
        blueprint.add_url_rule(path, "no_route", no_route, methods=["DELETE", "GET", "PATCH", "POST", "PUT"])
    return blueprint
