"""No page, file, export or API route tells anybody about a company that they may not see, in this expo or another."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from expo.accounts.rules import SYSTEM, Permission, Role
from expo.accounts.services import create_api_token, ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord, get_page, list_members
from expo.exhibitors.rules import CompanyDetails, PageRequest, PictureKind, ProductRequest
from expo.exhibitors.services import (
    add_document,
    add_favourite,
    add_product,
    assign_licence,
    change_company,
    choose_company_topics,
    save_page,
    set_picture,
)
from expo.flows.exhibitor_messages import write_as_company
from tests.conftest import make_edition
from tests.domains.exhibitors.makers import make_company, make_member, make_package
from tests.make import make_attendee
from tests.sessions import browser_of

SECRET = "Secretive"
# The addresses that could tell something about companies.
SECTIONS = (
    "public", "attendee", "exhibitor", "organizer_compan", "organizer_exhibitor", "organizer_application",
    "organizer_packages", "organizer_floor", "organizer_meeting", "organizer_topics", "organizer_search", "api",
)  # fmt: skip


@dataclass(frozen=True)
class Hidden:
    """A company that visitors may not see, with the keys of its files."""

    edition: EditionFacts
    company: CompanyRecord
    keys: tuple[str, ...]


def _make_secretive(edition: EditionFacts, now: datetime) -> Hidden:
    """Make a company that has everything, and hide it."""
    make_package(edition, now, f"{SECRET} package", lead_licences=2, is_offered=False)
    company = make_company(edition, now, f"{SECRET} Ltd", package=f"{SECRET.lower()}-package", notes=SECRET)
    owner, member = make_member(edition, company, now, email=f"secretive@{edition.slug}.example", name=SECRET)
    texts = {"en": f"{SECRET} robots", "zh": SECRET}
    save_page(owner, edition.id, company.slug, PageRequest(texts, texts, "https://secretive.example"), now)
    choose_company_topics(owner, edition.id, company.slug, ["robotics"], ["cloud"], now)
    set_picture(owner, edition.id, company.slug, PictureKind.LOGO, io.BytesIO(SECRET.encode()), "image/png", now)
    add_document(owner, edition.id, company.slug, io.BytesIO(b"%PDF-" + SECRET.encode()), "x.pdf", SECRET, now)
    add_product(owner, edition.id, company.slug, ProductRequest(texts, texts), now)
    assign_licence(owner, edition.id, company.slug, member.id, now)
    write_as_company(owner, edition.id, company.slug, f"{SECRET} message", now)
    page = get_page(edition.id, company.slug)
    return Hidden(edition, company, (page.logo_key or "", page.documents[0].key))


@pytest.fixture
def hidden(edition: EditionFacts, now: datetime) -> list[Hidden]:
    """A hidden company here, which a visitor marked before it was hidden, and a visible one of another expo."""
    here = _make_secretive(edition, now)
    visitor = make_attendee(edition, now, "visitor", "visitor@example.org")
    add_favourite(SYSTEM, edition.id, visitor.attendee.id, here.company.slug, now)
    details = CompanyDetails(here.company.name, country="CN", is_hidden=True, notes=SECRET)
    change_company(SYSTEM, edition.id, here.company.slug, details, None, now)
    make_company(edition, now, "Neighbour Ltd")
    return [here, _make_secretive(make_edition(now, "expo-2028", 2028), now)]


def _viewer(who: str, app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    if who == "visitor":
        return app.test_client()
    if who == "organizer of another expo":
        person_id, other = ensure_person("chief@example.org", "", "en", now), make_edition(now, "expo-2029", 2029)
        grant_role(SYSTEM, other.id, person_id, Role.ORGANIZER, now)
        return browser_of(app, person_id, other.id)
    if who == "attendee":
        return browser_of(app, ensure_person("visitor@example.org", "", "en", now))
    return browser_of(app, make_member(edition, make_company(edition, now, "Other Ltd"), now)[0].id or 0)


def _paths(app: Flask, hidden: list[Hidden]) -> Iterator[str]:
    """Return the path of everything that can be read, about each of the hidden companies."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith(SECTIONS):
            for each in hidden:
                for key in each.keys if "key" in rule.arguments else ("1",):
                    yield adapter.build(rule.endpoint, _values(rule, each.company.slug, key))


def _values(rule: Rule, slug: str, key: str) -> dict[str, str]:
    values = dict.fromkeys(rule.arguments, "1") | {"slug": slug, "company": slug, "key": key, "id": slug}
    for name, converter in rule._converters.items():
        if choices := sorted(getattr(converter, "items", None) or []):
            values[name] = choices[0]
    return {name: value for name, value in values.items() if name in rule.arguments}


@pytest.mark.parametrize("who", ["visitor", "attendee", "member of another company", "organizer of another expo"])
def test_company_when_hidden_or_of_another_expo_then_no_address_tells_of_it(
    who: str, app: Flask, hidden: list[Hidden], edition: EditionFacts, now: datetime
) -> None:
    browser = _viewer(who, app, edition, now)
    paths = [*_paths(app, hidden), *_searches(hidden)]

    answers = {path: _get(browser, path) for path in paths}

    assert len(paths) > 150
    assert [path for path, (status, _data) in answers.items() if status >= 500] == []
    assert [path for path, (_status, data) in answers.items() if SECRET.encode() in _told(data, path)] == []


def test_company_when_hidden_or_of_another_expo_then_the_public_api_lists_only_the_neighbours(
    app: Flask, hidden: list[Hidden], edition: EditionFacts, now: datetime
) -> None:
    token = create_api_token(SYSTEM, edition.id, "screen", [Permission.EXHIBITORS_READ], now)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    listed = client.get("/api/v1/exhibitors", headers=headers)
    found = client.get("/api/v1/exhibitors?q=secretive", headers=headers)

    assert ("Neighbour Ltd" in listed.text, SECRET in listed.text, SECRET in found.text) == (True, False, False)
    assert all(list_members(each.company.id) for each in hidden)


def _searches(hidden: list[Hidden]) -> Iterator[str]:
    slug = hidden[0].company.slug
    yield from (
        "/exhibitors?q=robots", "/exhibitors?offers=robotics", "/exhibitors?seeks=cloud", "/exhibitors?country=CN",
        f"/exhibitors/favourites/cards?exhibitor={slug}", "/map/search?q=secre&part=1", f"/map/route?from={slug}&to=1",
    )  # fmt: skip


def _get(browser: FlaskClient, path: str) -> tuple[int, bytes]:
    with browser.get(path, headers={"Accept-Language": "en"}) as answer:
        return answer.status_code, answer.data


def _told(data: bytes, path: str) -> bytes:
    """Return an answer without the address that was asked for, which error and sign-in pages repeat."""
    return data.replace(path.encode(), b"").replace(path.split("?", maxsplit=1)[0].encode(), b"")
