"""The exhibitor's pages of the company page, products and documents, and what visitors see of them."""

import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from PIL import Image
from werkzeug.test import TestResponse

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import get_page
from expo.exhibitors.rules import ExhibitorState, MemberRole
from expo.infra.files import find_file_by_key
from expo.pure.topics import bundled_topics
from expo.web.kit import uploads
from tests.conftest import SHARED_DATA
from tests.domains.exhibitors.page_makers import make_company, make_member, picture, set_company
from tests.sessions import browser_of

PDF = b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj"
PAGE = {
    "tagline-en": "Data for everyone",
    "tagline-zh": "数据服务大众",
    "description-en": "We *sell* data.\n\n<script>alert(1)</script>",
    "website": "example.cn",
    "links": "https://weibo.com/x",
    "videos": "https://www.bilibili.com/video/BV1",
    "categories": "cloud",
}


@dataclass(frozen=True)
class Team:
    """A company with its owner and the owner's test client."""

    slug: str
    owner: Actor
    browser: FlaskClient

    @property
    def path(self) -> str:
        return f"/exhibitor/{quote(self.slug)}"

    @property
    def public(self) -> str:
        return f"/en/exhibitors/{quote(self.slug)}"


@pytest.fixture
def team(app: Flask, edition: EditionFacts, now: datetime) -> Team:
    """A company, with another one of the same category beside it."""
    slug = make_company(edition, now)
    make_company(edition, now, "Other Ltd")
    owner = make_member(edition, slug, now)
    return Team(slug, owner, browser_of(app, owner.id or 0))


def _get(browser: FlaskClient, path: str) -> TestResponse:
    """Return a response whose file, if it has one, is read and closed."""
    answer = browser.get(path)
    answer.get_data()
    answer.close()
    return answer


def _upload(team: Team, path: str, content: bytes, name: str, field: str = "photo") -> str:
    answer = team.browser.post(f"{team.path}{path}", data={field: (io.BytesIO(content), name), "title": "Prices Ω"})
    return answer.text if answer.status_code == 422 else team.browser.get(answer.location).text


def test_page_when_filled_in_then_visitors_see_it_safely_in_their_language(
    team: Team, client: FlaskClient, edition: EditionFacts
) -> None:
    topic = bundled_topics().topics[0]

    saved = team.browser.post(f"{team.path}/page", data={**PAGE, "offers": topic.code})
    page = client.get(team.public)

    assert saved.status_code == 302
    assert topic.names["en"] in page.text
    assert "We <em>sell</em> data." in page.text
    assert "<script>alert" not in page.text
    assert "<iframe" not in page.text
    tree = html.fromstring(page.data)
    [main] = tree.iter("main")
    outward = [each for each in main.iter("a") if (each.get("href") or "").startswith("http")]
    assert {each.get("href") for each in outward} == {
        "https://example.cn",
        "https://weibo.com/x",
        "https://www.bilibili.com/video/BV1",
    }
    assert {each.get("rel") for each in outward} == {"noopener noreferrer nofollow ugc"}
    data = json.loads(
        next(each.text or "" for each in tree.iter("script") if each.get("type") == "application/ld+json")
    )
    assert (data["@type"], data["name"], data["slogan"]) == ("Organization", "Guiyang Cloud", "Data for everyone")
    described = {each.get("property"): each.get("content") for each in tree.iter("meta")}
    assert described["og:description"] == "Data for everyone"
    assert "数据服务大众" in client.get(team.public.replace("/en/", "/zh/")).text
    assert "Other Ltd" in page.text


def test_page_when_a_link_is_bad_then_says_so_at_the_field(team: Team) -> None:
    answer = team.browser.post(f"{team.path}/page", data={**PAGE, "videos": "https://example.org/film"})

    assert answer.status_code == 422
    assert "Videos on example.org cannot be linked" in answer.text


def test_pictures_when_uploaded_then_shrunk_without_metadata(
    team: Team, client: FlaskClient, edition: EditionFacts
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    pages = [
        _upload(team, "/page/logo", picture("PNG", (1200, 300)).read(), "logo.png"),
        # Heavier than other files may be.
        _upload(
            team, "/page/banner", picture("JPEG", (3200, 400), exif=exif).read() + bytes(17 * 1024**2), "banner.jpg"
        ),
    ]
    page = get_page(edition.id, team.slug)
    found = {}
    for key in (page.logo_key, page.banner_key):
        answer = _get(client, f"{team.public}/files/{key}")
        with Image.open(io.BytesIO(answer.data)) as stored:
            found[answer.mimetype] = (stored.size, dict(stored.getexif()))

    assert all("The picture has been saved." in each for each in pages)
    assert found == {"image/png": ((600, 150), {}), "image/jpeg": ((1600, 200), {})}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a photo that can be read"),
        (b"<!doctype html><script>alert(1)</script>", "not a photo that can be read"),
        (b"\x89PNG\r\n\x1a\n<html>", "not a photo that can be read"),
    ],
)
def test_picture_when_it_is_something_else_then_refused(
    content: bytes, words: str, team: Team, edition: EditionFacts
) -> None:
    assert words in _upload(team, "/page/logo", content, "logo.png")
    assert get_page(edition.id, team.slug).logo_key is None


def test_picture_when_it_has_more_than_40_megapixels_then_refused_with_the_limit(team: Team) -> None:
    large = io.BytesIO()
    Image.new("1", (8000, 5001)).save(large, "PNG")

    assert "more than 40 megapixels" in _upload(team, "/page/logo", large.getvalue(), "logo.png")


def test_document_when_uploaded_then_is_only_ever_a_download(
    team: Team, client: FlaskClient, edition: EditionFacts
) -> None:
    assert "has been uploaded" in _upload(team, "/documents", PDF, "price.pdf", "file")
    [document] = get_page(edition.id, team.slug).documents

    answer = _get(client, f"{team.public}/files/{document.key}")

    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(("content", "name"), [(b"<html>", "a.pdf"), (b"<svg/>", "a.pdf"), (PDF, "a.html")])
def test_document_when_it_is_not_a_pdf_then_refused(
    content: bytes, name: str, team: Team, edition: EditionFacts
) -> None:
    page = _upload(team, "/documents", content, name, "file")

    assert ("is not a PDF file" in page, 'value="Prices Ω"' in page) == (True, True)
    assert get_page(edition.id, team.slug).documents == ()


def test_document_when_too_large_then_refused_at_its_field_and_the_title_stays(
    team: Team, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MEGABYTE", 1024)

    page = _upload(team, "/documents", PDF + bytes(16 * 1024), "price.pdf", "file")

    assert 'id="document-file-error"' in page
    assert ("Files can be up to 15 MB." in page, 'value="Prices Ω"' in page) == (True, True)
    assert get_page(edition.id, team.slug).documents == ()


def test_products_when_managed_in_pages_then_shown_in_order_and_restored(
    team: Team, client: FlaskClient, edition: EditionFacts
) -> None:
    for name in ("Lake", "Robot"):
        team.browser.post(f"{team.path}/products/new", data={"name-en": name, "text-en": "**Good**"})
    first, second = get_page(edition.id, team.slug).products
    _upload(team, f"/products/{first.id}/pictures", picture("JPEG").read(), "a.jpg")
    team.browser.post(f"{team.path}/products/{second.id}/move/up")
    shown = client.get(team.public).text

    team.browser.post(f"{team.path}/products/{second.id}/delete")
    without = client.get(team.public).text
    listing = team.browser.get(f"{team.path}/products").text
    team.browser.post(f"{team.path}/products/{second.id}/restore")

    assert shown.index("Robot") < shown.index("Lake")
    assert re.search(r'<img class="product-picture"[^>]*alt="Picture 1 of Lake"', shown)
    assert ("Robot" in without, "Recently deleted" in listing) == (False, True)
    assert "Robot" in client.get(team.public).text


@pytest.mark.parametrize("hidden", [True, False])
def test_page_when_not_public_then_only_the_team_sees_its_preview_and_files(
    team: Team, client: FlaskClient, app: Flask, edition: EditionFacts, now: datetime, *, hidden: bool
) -> None:
    team.browser.post(f"{team.path}/page", data=PAGE)
    _upload(team, "/page/logo", picture().read(), "logo.png")
    _upload(team, "/documents", PDF, "price.pdf", "file")
    page = get_page(edition.id, team.slug)
    keys = [page.logo_key, page.documents[0].key]
    rival = make_company(edition, now, "Rival Ltd")
    stranger = browser_of(app, make_member(edition, rival, now).id or 0)
    set_company(team.slug, ExhibitorState.APPROVED if hidden else ExhibitorState.APPLIED, is_hidden=hidden)

    for path in (team.public, *(f"{team.public}/files/{key}" for key in keys)):
        assert [client.get(path).status_code, stranger.get(path).status_code] == [404, 404]
    for path in ("/page", "/page/preview", "/products", *(f"/page/files/{key}" for key in keys)):
        assert stranger.get(f"{team.path}{path}").status_code == 404
        assert _get(team.browser, f"{team.path}{path}").status_code == 200
    assert "It is not public yet." in team.browser.get(f"{team.path}/page/preview").text
    # Neither is it named beside companies of its category.
    assert "Guiyang Cloud" not in client.get(f"/en/exhibitors/{quote(rival)}").text


def test_file_when_asked_for_at_another_company_then_missing(
    team: Team, client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    _upload(team, "/page/logo", picture().read(), "logo.png")
    key = get_page(edition.id, team.slug).logo_key
    other = make_company(edition, now, "Third Ltd")

    assert client.get(f"/en/exhibitors/{quote(other)}/files/{key}").status_code == 404
    assert find_file_by_key(key or "").size > 0


def test_representative_when_opening_the_page_then_refused(
    team: Team, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    browser = browser_of(app, make_member(edition, team.slug, now, MemberRole.REPRESENTATIVE).id or 0)

    paths = ("", "/page", "/products", "/documents", "/tasks", "/services", "/messages")

    assert [browser.get(f"{team.path}{path}").status_code for path in paths] == [200, *[403] * 6]


def test_texts_when_hostile_then_every_page_still_shows_them_as_text(team: Team, client: FlaskClient) -> None:
    path = SHARED_DATA / "bad-input" / "blns.json"
    texts = json.loads(path.read_text("utf-8")) if path.exists() else ["<script>alert(1)</script>", "${{7*7}}"]

    for text in texts[::12]:
        data = {**PAGE, "tagline-en": text, "description-en": text, "links": text, "website": text, "videos": text}
        assert team.browser.post(f"{team.path}/page", data=data).status_code in (302, 422)
        assert team.browser.post(
            f"{team.path}/products/new", data={"name-en": text, "text-en": text, "link": text}
        ).status_code in (302, 422)
        assert team.browser.post(f"{team.path}/messages", data={"text": text}).status_code in (302, 422)

    everything = "\n".join(text for text in texts if len(text) <= 160)
    team.browser.post(f"{team.path}/page", data={"tagline-en": "x", "description-en": everything})
    for path_of_page in ("/page", "/page/preview", "/products", "/messages"):
        answer = team.browser.get(f"{team.path}{path_of_page}")
        assert answer.status_code == 200
        assert not [each for each in html.fromstring(answer.data).iter("script") if (each.text or "").strip()]
    assert client.get(team.public).status_code == 200
