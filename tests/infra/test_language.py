"""The language of a path is taken off before routing, and stays in every link."""

from dataclasses import replace

import pytest
from flask import Flask, Response, request, url_for

from expo.editions.queries import EditionFacts
from expo.infra.languages import TRANSLATED
from expo.pure.languages import BY_CODE, PSEUDO_LANGUAGE, Language
from expo.web.kit.language import LanguagePrefix, path_in_language, preferred_language


def _small_app(offered: tuple[str, ...]) -> Flask:
    """Return an application that says where it was asked and where it leads."""
    small = Flask("small")
    small.wsgi_app = LanguagePrefix(small.wsgi_app, offered)  # type: ignore[method-assign]

    @small.get("/")
    @small.get("/<path:path>")
    def show(path: str = "") -> Response:
        return Response(f"{request.script_root} {request.path} {url_for('show', path='x')} {path_in_language('ar')}")

    return small


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", " / /x /ar/"),
        ("/zh", "/zh / /zh/x /ar/"),
        ("/zh/", "/zh / /zh/x /ar/"),
        ("/zh/program?q=%E5%BC%A0", "/zh /program /zh/x /ar/program?q=%E5%BC%A0"),
        ("/zhejiang", " /zhejiang /x /ar/zhejiang"),
        ("/program/zh", " /program/zh /x /ar/program/zh"),
        ("/fr/program", " /fr/program /x /ar/fr/program"),
        ("/zh/zh/x", "/zh /zh/x /zh/x /ar/zh/x"),
    ],
)
def test_prefix_when_a_path_is_asked_for_then_only_a_leading_language_is_taken_off(path: str, shown: str) -> None:
    assert _small_app((*TRANSLATED, PSEUDO_LANGUAGE.code)).test_client().get(path).text == shown


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (["zh-CN", "en"], "zh"),
        (["zh-Hant-TW"], "zh"),
        (["fr", "ar-EG", "zh"], "ar"),
        (["EN_us"], "en"),
        (["fr", "de"], "en"),
        ([], "en"),
    ],
)
def test_preferred_language_when_a_browser_asks_then_is_the_first_that_we_speak(tags: list[str], code: str) -> None:
    assert preferred_language(tags, (*TRANSLATED, PSEUDO_LANGUAGE.code)) is BY_CODE[code]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/ar", "/en/"),
        ("/ar/", "/en/"),
        ("/ar/program?q=%E5%BC%A0", "/en/program?q=%E5%BC%A0"),
        ("/ar/%E5%BC%A0", "/en/%E5%BC%A0"),
    ],
)
def test_prefix_when_the_language_is_not_offered_then_leads_to_english(path: str, target: str) -> None:
    browser = _small_app(TRANSLATED).test_client()

    shown, sent = browser.get(path), browser.post(path)

    assert (shown.status_code, shown.location, sent.status_code, sent.location) == (302, target, 307, target)


def test_menu_when_the_pseudo_language_is_not_asked_for_then_is_not_offered(
    app: Flask, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    with_it = client.get("/en/", headers={"Accept-Language": "ar"}).text
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], pseudo_language=False))

    without_it = client.get("/", headers={"Accept-Language": "ar"}).text

    assert ('hreflang="ar"' in with_it, 'hreflang="ar"' in without_it) == (True, False)
    assert '<html lang="en" dir="ltr"' in without_it


@pytest.mark.parametrize("language", list(BY_CODE.values()), ids=list(BY_CODE))
def test_page_when_pinned_to_a_language_then_says_so_to_machines(
    app: Flask, edition: EditionFacts, language: Language
) -> None:
    found = BY_CODE[language.code]

    page = app.test_client().get(f"/{found.code}/", headers={"Accept-Language": "fr"}).text

    direction = "rtl" if found.code == "ar" else "ltr"
    assert f'<html lang="{found.tag}" dir="{direction}"' in page
