"""The library that verifies badges where the browser cannot: the same answers as the browser's and the server's."""

from base64 import b64encode
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from tests.journeys.browser import open_browser, serve
from tests.signatures import SignatureCase, list_cases

pytestmark = pytest.mark.browser

_VERIFY_ALL = """async (cases) => {
  const { verifyByBrowser, verifyByLibrary } = await import("/static/js/door/signatures.js");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const answers = [];
  for (const parts of cases) {
    const each = parts.map(bytes);
    answers.push([await verifyByBrowser(...each), await verifyByLibrary(...each)]);
  }
  return answers;
}"""
_HASH_ALL = """async (lengths) => {
  const { sha512 } = await import("/static/vendor/noble-hashes-1.5.0/sha512.js");
  const different = [];
  for (const length of lengths) {
    const content = Uint8Array.from({ length }, (_, at) => (at * 151 + length) % 256);
    const wanted = new Uint8Array(await crypto.subtle.digest("SHA-512", content));
    if (sha512(content).join() !== wanted.join()) different.push(length);
  }
  return different;
}"""
_CHOOSE = """async ([signature, message, key]) => {
  crypto.subtle.generateKey = () => Promise.reject(new DOMException("", "NotSupportedError"));
  crypto.subtle.importKey = () => Promise.reject(new DOMException("", "NotSupportedError"));
  const { isSigned } = await import("/static/js/door/signatures.js?without");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return [
    await isSigned(bytes(signature), bytes(message), bytes(key)),
    await isSigned(bytes(signature), new Uint8Array(12), bytes(key)),
  ];
}"""


def test_library_when_given_signatures_of_every_kind_then_answers_as_browser_and_server(app: Flask) -> None:
    cases = list_cases()

    with serve(app) as address, open_browser() as browser:
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{address}/static/js/door/signatures.js")
        by_browser, by_library = zip(*page.evaluate(_VERIFY_ALL, [_parts(each) for each in cases]), strict=True)
        wrongly_hashed = page.evaluate(_HASH_ALL, [*range(260), 1000, 4096])
        without = page.evaluate(_CHOOSE, _parts(cases[0]))

    own = [place for place, each in enumerate(cases) if each.is_own_key]
    names = [cases[place].name for place in own]
    of_own_keys = [by_library[place] for place in own]
    assert _differing(names, of_own_keys, [by_browser[place] for place in own]) == []
    assert _differing(names, of_own_keys, [_verify_on_server(cases[place]) for place in own]) == []
    # Keys that nobody generates are refused, except for the one without a part of small order.
    foreign = {each.name for each, is_valid in zip(cases, by_library, strict=True) if is_valid and not each.is_own_key}
    assert foreign == {"key with a part of small order 0"}
    accepted = {each.name.rstrip(" 0123456789") for each, is_valid in zip(cases, by_library, strict=True) if is_valid}
    assert accepted == {
        "genuine",
        "point as usual",
        "point with a part of small order",  # the first one has none
        "point of small order",  # the identity
        "point is the identity",
        "key with a part of small order",
    }
    assert sum(by_library) == 20 + 5
    assert wrongly_hashed == []
    assert without == [True, False]


def _parts(case: SignatureCase) -> list[str]:
    return [b64encode(each).decode() for each in (case.signature, case.message, case.key)]


def _differing(names: list[str], ones: Any, others: Any) -> list[tuple[str, bool, bool]]:
    return [each for each in zip(names, ones, others, strict=True) if each[1] != each[2]]


def _verify_on_server(case: SignatureCase) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(case.key).verify(case.signature, case.message)
    except InvalidSignature:
        return False
    return True
