"""The kiosk speaks more languages than the product, and returns to its own."""

import json
import re
from datetime import datetime

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.badges.services import set_kiosk_pin
from expo.editions.queries import EditionFacts
from expo.infra.config import ROOT
from expo.web.kiosk import languages
from expo.web.kiosk.languages import OWN_LANGUAGES, TEXTS
from tests.make import make_attendee

PIN = "482913"
# What visitors see; the lock is for staff.
SOURCES = (
    "templates/kiosk/_reset.html",
    "templates/kiosk/answer.html",
    "templates/kiosk/start.html",
    "templates/layouts/kiosk.html",
)
# Texts of components that the kiosk's pages use, and of its forms for visitors.
SHARED = {
    "Skip to content",
    "Please check the following",
    "%(field)s: %(error)s",
    ", ",
    "Code",
    "Name",
    "E-mail address",
    "The address that your registration was confirmed with.",
    "Enter your name.",
    "Enter an e-mail address.",
}


@pytest.fixture
def kiosk(client: FlaskClient, edition: EditionFacts, now: datetime) -> FlaskClient:
    set_kiosk_pin(SYSTEM, edition.id, PIN, now)
    client.post("/en/kiosk/unlock", data={"pin": PIN})
    return client


def test_texts_when_compared_with_the_pages_then_every_language_is_complete() -> None:
    options = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}
    found = {
        message
        for name in SOURCES
        for _, _, message, _, _ in extract_from_dir(
            str(ROOT / name.rpartition("/")[0]),
            [(name.rpartition("/")[2], "jinja2")],
            {name.rpartition("/")[2]: options},
        )
    }

    for language in OWN_LANGUAGES:
        texts = json.loads((TEXTS / f"{language.code}.json").read_text(encoding="utf-8"))
        assert (language.code, texts.keys() ^ (found | SHARED)) == (language.code, set())
        wrong = [text for text, own in texts.items() if _values(text) != _values(own) or not own.strip()]
        assert (language.code, wrong) == (language.code, [])
    assert {path.stem for path in TEXTS.glob("*.json")} == {each.code for each in OWN_LANGUAGES}


def _values(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def test_kiosk_when_a_language_is_chosen_then_all_pages_use_it_until_it_restarts(
    kiosk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Amal Haddad", email="amal@example.org")

    start = kiosk.get("/en/kiosk/language/ar", follow_redirects=True).text
    wrong = kiosk.post("/en/kiosk/person", data={"name": "", "email": ""}).text
    answer = kiosk.post(
        "/en/kiosk/person", data={"name": "Amal Haddad", "email": "amal@example.org"}, follow_redirects=True
    ).text
    for_staff = kiosk.get("/en/kiosk/leave").text
    again = kiosk.get("/en/kiosk/restart", follow_redirects=True).text

    assert ('<html lang="ar" dir="rtl"' in start, "اطبع بطاقتك" in start, "data-foreign" in start) == (True,) * 3
    assert '<label for="code">الرمز</label>' in start
    assert "أدخل اسمك." in wrong
    assert "يرجى التحقق مما يلي" in wrong
    assert "تجري طباعة بطاقتك" in answer
    assert ('<html lang="en"' in for_staff, "Leave the kiosk" in for_staff) == (True, True)
    assert ("Print your badge" in again, "data-foreign" in again) == (True, False)


def test_kiosk_when_unlocked_in_chinese_then_returns_to_chinese(
    client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    set_kiosk_pin(SYSTEM, edition.id, PIN, now)
    client.post("/zh/kiosk/unlock", data={"pin": PIN})

    pages = [
        client.get(path, follow_redirects=True).text
        for path in ("/kiosk", "/kiosk/language/fr", "/kiosk/language/en", "/kiosk/restart")
    ]

    found = [re.search(r'<html lang="([\w-]+)"', page)[1] for page in pages]  # type: ignore[index]
    assert found == ["zh-Hans", "fr", "en", "zh-Hans"]
    assert "Imprimer votre badge" in pages[1]


def test_languages_when_a_text_lacks_a_translation_then_the_language_is_not_offered(
    kiosk: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = languages._read_texts()
    lacking = {code: dict(each) for code, each in texts.items()}
    del lacking["ko"]["Print my badge"]

    complete = kiosk.get("/en/kiosk").text
    monkeypatch.setattr(languages, "_read_texts", lambda: lacking)
    incomplete = kiosk.get("/en/kiosk").text
    refused = kiosk.get("/en/kiosk/language/ko", follow_redirects=True).text

    offered = re.findall(r'/kiosk/language/(\w+)"', complete)
    assert offered == ["en", "zh", "ar", "de", "es", "fr", "ja", "ko", "pt", "ru"]
    assert re.findall(r'/kiosk/language/(\w+)"', incomplete) == [each for each in offered if each != "ko"]
    assert '<html lang="en"' in refused


def test_kiosk_when_used_too_fast_then_asks_to_wait_and_clears_itself(
    kiosk: FlaskClient, edition: EditionFacts
) -> None:
    kiosk.get("/en/kiosk/language/de")
    form = {"name": "Niemand", "email": "niemand@example.org"}

    answers = [kiosk.post("/en/kiosk/person", data=form) for _ in range(6)]

    assert [each.status_code for each in answers] == [302] * 5 + [429]
    assert "Zu viele Versuche" in answers[-1].text
    assert "data-kiosk-reset" in answers[-1].text
