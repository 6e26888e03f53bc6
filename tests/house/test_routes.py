"""Every route declares its audience, and answers nobody else."""

import re

from flask import Flask
from werkzeug.routing import Rule

from expo.web.kit.access import Audience


def test_routes_when_listed_then_each_has_a_declared_audience(app: Flask) -> None:
    declared = set(Audience) | {"token"}

    without = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.blueprints.get(rule.endpoint.rpartition(".")[0]), "expo_audience", None) not in declared
    }

    assert without == set()


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:any\(([^,)]+)[^>]*|[^>]*)>", lambda place: (place[1] or "1").strip("'"), rule.rule)


def test_routes_when_a_stranger_asks_for_pages_of_others_then_each_leads_to_the_sign_in(
    app: Flask, edition: object
) -> None:
    client = app.test_client()
    guarded = [
        rule
        for rule in app.url_map.iter_rules()
        if vars(app.blueprints[rule.endpoint.rpartition(".")[0]])["expo_audience"] not in {Audience.EVERYONE, "token"}
    ]

    answers = {
        rule.endpoint: client.open(_path(rule), method="GET" if "GET" in (rule.methods or ()) else "POST")
        for rule in guarded
    }

    assert len(answers) > 30
    assert {name for name, each in answers.items() if "/sign-in?next=" not in each.headers.get("Location", "")} == set()
