"""Finds every parameter of every route, by reading the routes, the views and the forms on the pages."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin
from urllib.parse import quote, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

VALUES = {
    "nul": "a\x00b",
    "long": "x" * 10_000,
    "beyond": str(2**63),
    "negative": "-1",
    "arabic": "٣",
    "emoji": "👩‍👩‍👧",
    "surrogate": "\ud800",
    "endless": "9" * 5_000,
}
# What ends the session that the others need.
ENDING = frozenset({"sign_in.sign_out"})
_QUERY_NAME = re.compile(r"""args\.(?:get|getlist)\("(\w+)\"""")


def encode(text: str) -> str:
    """Return the text as a browser, or somebody without one, would put it into an address or a form."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def fill(rule: str, values: dict[str, str]) -> str:
    """Return the path of a rule with its arguments filled in; 1 where no value is given."""

    def argument(place: re.Match[str]) -> str:
        choice = re.match(r"any\(([^,)]+)", place[1])
        name = place[1].rpartition(":")[2]
        return values.get(name) or (choice[1].strip("'\"") if choice else "1")

    return re.sub(r"<([^>]+)>", argument, rule)


def query_names(view: Callable[..., Any]) -> list[str]:
    """Return the names that the module of a view asks of a query."""
    source = inspect.getsource(sys.modules[view.__module__])
    return sorted(set(_QUERY_NAME.findall(source)))


def list_addresses(app: Flask, known: dict[str, str], value: str) -> Iterator[str]:
    """Give every GET address with the value as each path argument and each query parameter in turn."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ENDING:
            continue
        for argument in sorted(rule.arguments):
            yield fill(rule.rule, {**known, argument: encode(value)})
        for name in query_names(app.view_functions[rule.endpoint]):
            yield f"{fill(rule.rule, known)}?{name}={encode(value)}"


@dataclass(frozen=True)
class PageForm:
    """A form on a page, with what it would send if everything in it were filled in."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    # The fields in which people type.
    texts: tuple[str, ...] = ()

    def fill(self, browser: FlaskClient, values: dict[str, str]) -> TestResponse:
        """Send the form with these values, and return the answer."""
        body = "&".join(f"{encode(each)}={encode(values.get(each, own))}" for each, own in self.fields)
        if self.method == "get":
            return browser.get(f"{self.path}?{body}")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return browser.open(self.path, method="POST", data=body.encode(), headers=headers)

    def send(self, browser: FlaskClient, name: str, value: str) -> int:
        """Send the form with one field replaced, and return the status of the answer."""
        return self.fill(browser, {name: value}).status_code


_PLAUSIBLE = {
    "email": "somebody@example.org",
    "number": "3",
    "date": "2027-05-26",
    "datetime-local": "2027-05-26T09:00",
    "time": "09:00",
    "url": "https://example.org/",
    "color": "#0f766e",
    "password": "correct horse battery",
}


_NOT_TYPED = frozenset({"hidden", "submit", "button", "radio", "checkbox", "file", "reset"})


def _is_typed(field: Any) -> bool:
    return field.tag == "textarea" or (field.tag == "input" and field.get("type", "text") not in _NOT_TYPED)


def _value_of(field: Any) -> str:
    if field.tag == "select":
        options = [each.get("value") or "" for each in field.iter("option")]
        chosen = [each.get("value") or "" for each in field.iter("option") if each.get("selected") is not None]
        return next(filter(None, [*chosen, *options]), "")
    if field.tag == "textarea":
        return field.text or "Some text"
    return field.get("value") or _PLAUSIBLE.get(field.get("type", "text"), "Something")


def read_forms(page: str, path: str) -> list[PageForm]:
    """Return the forms of a page."""
    found = []
    for form in html.fromstring(page).iter("form"):
        fields: dict[str, str] = {}
        texts: list[str] = []
        for field in form.iter("input", "select", "textarea", "button"):
            name = field.get("name")
            if name is not None and field.get("type") != "file":
                fields.setdefault(name, _value_of(field))
                texts += [name] if _is_typed(field) else []
        action = urlsplit(form.get("action") or path).path
        found.append(
            PageForm((form.get("method") or "get").lower(), action, tuple(fields.items()), tuple(dict.fromkeys(texts)))
        )
    return found


def endpoint_of(app: Flask, path: str, method: str) -> str:
    """Return which route answers a path, without the language in front; empty where none does."""
    path = re.sub(r"^/(en|zh|ar)(?=/|$)", "", path) or "/"
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(path, method=method)
    except HTTPException:
        return ""
    return str(endpoint)


def crawl(app: Flask, browser: FlaskClient, starts: list[str]) -> list[PageForm]:
    """Follow the links of the pages, one address a route, and return the forms met: one for each route and shape."""
    todo, seen = list(starts), set[str]()
    forms: dict[tuple[str, str, tuple[str, ...]], PageForm] = {}
    while todo:
        path = todo.pop(0)
        endpoint = endpoint_of(app, urlsplit(path).path, "GET")
        if not endpoint or endpoint in seen | ENDING:
            continue
        seen.add(endpoint)
        answer = browser.get(path, follow_redirects=True)
        if answer.mimetype != "text/html" or not answer.data:
            continue
        for form in read_forms(answer.text, urlsplit(path).path):
            target = endpoint_of(app, form.path, form.method.upper())
            if target and target not in ENDING:
                forms.setdefault((target, form.method, tuple(name for name, _ in form.fields)), form)
        links = [each.get("href") or "" for each in html.fromstring(answer.text).iter("a")]
        todo += [link for link in links if link.startswith("/")]
    return list(forms.values())


def list_bodies(body: Any, value: Any) -> Iterator[Any]:
    """Give a JSON body again and again, each time with another of its leaves replaced by the value."""
    if isinstance(body, dict):
        for name, inner in body.items():
            for changed in list_bodies(inner, value):
                yield {**body, name: changed}
    elif isinstance(body, list):
        for at, inner in enumerate(body):
            for changed in list_bodies(inner, value):
                yield [*body[:at], changed, *body[at + 1 :]]
    else:
        yield value


def example_of(shape: Any) -> Any:
    """Return the example of an API schema, composed of its fields' examples if it has none of its own."""
    own = getattr(shape, "model_config", {}).get("json_schema_extra") or {}
    if "examples" in own:
        return own["examples"][0]
    if hasattr(shape, "model_fields"):
        return {name: example_of(field.annotation) for name, field in shape.model_fields.items()}
    inner = [each for each in get_args(shape) if each is not type(None)]
    return [example_of(inner[0])] if get_origin(shape) in (list, tuple) else example_of(inner[0]) if inner else "x"
