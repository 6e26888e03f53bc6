"""Signed texts hold for one purpose, one secret key and a while; sealed secrets open with their key alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from expo.errors import ExpoError, Invalid, Unavailable
from expo.infra.sealing import seal, unseal
from expo.infra.signing import read_text, sign_text

SOON = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def _code(kind: type[ExpoError], act: Callable[[], object]) -> str:
    with pytest.raises(kind) as refusal:
        act()
    return refusal.value.code


def test_read_text_when_signed_here_then_gives_the_payload(app: Flask) -> None:
    text = sign_text("me", [7, 2])

    assert read_text("me", text) == [7, 2]
    assert text.isascii()
    assert set(text) & set("/+=? &#") == set()


def test_read_text_when_signed_for_another_purpose_then_is_broken(app: Flask) -> None:
    text = sign_text("confirm", [7, 2])

    assert _code(Invalid, lambda: read_text("me", text)) == "link_broken"


@pytest.mark.parametrize("place", [0, 5, -1])
def test_read_text_when_one_character_is_changed_then_is_broken(app: Flask, place: int) -> None:
    letters = list(sign_text("me", [7, 2]))
    letters[place] = "A" if letters[place] != "A" else "Q"

    assert _code(Invalid, lambda: read_text("me", "".join(letters))) == "link_broken"


@pytest.mark.parametrize("text", ["", ".", "..", "数据", "\x00", "a" * 10_000])
def test_read_text_when_it_is_no_signed_text_then_is_broken(app: Flask, text: str) -> None:
    assert _code(Invalid, lambda: read_text("me", text)) == "link_broken"


def test_read_text_when_its_time_is_over_then_is_expired(app: Flask) -> None:
    with time_machine.travel(SOON, tick=False) as clock:
        text = sign_text("me", [7, 2])
        clock.shift(60)
        assert read_text("me", text, max_age=60) == [7, 2]
        clock.shift(1)

        assert _code(Invalid, lambda: read_text("me", text, max_age=60)) == "link_expired"


def test_read_text_when_the_secret_key_changed_then_is_broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    text = sign_text("me", [7, 2])
    monkeypatch.setitem(app.config, "SECRET_KEY", "y" * 32)

    assert _code(Invalid, lambda: read_text("me", text)) == "link_broken"


def test_unseal_when_sealed_here_then_gives_the_secret_and_never_seals_alike(app: Flask) -> None:
    first, second = seal("badge key", b"secret"), seal("badge key", b"secret")

    assert first != second
    assert [unseal("badge key", each) for each in (first, second)] == [b"secret", b"secret"]
    assert b"secret" not in first


def test_unseal_when_purpose_key_or_bytes_differ_then_is_unavailable(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = seal("badge key", b"secret")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])

    codes = [
        _code(Unavailable, lambda: unseal("another", sealed)),
        _code(Unavailable, lambda: unseal("badge key", changed)),
    ]
    monkeypatch.setitem(app.config, "SECRET_KEY", "y" * 32)
    codes.append(_code(Unavailable, lambda: unseal("badge key", sealed)))

    assert codes == ["secret_key_changed"] * 3
