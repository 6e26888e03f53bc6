import base64

import pytest
from hypothesis import given, settings, strategies as st

from expo.documents.qr import MODULES, qr_rows
from expo.pure.tokens import (
    BadgeToken,
    BadSignature,
    MalformedToken,
    TokenError,
    UnknownKey,
    UnknownVersion,
    new_key_pair,
    parse_token,
    sign_token,
    verify_token,
)

PRIVATE, PUBLIC = new_key_pair(bytes(range(32)))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
TOKEN = BadgeToken(key_id=1, edition=2026, serial=4_000_000_000, ticket_type=3, issue=1, first_day=0, days=4)
TEXT = sign_token(TOKEN, PRIVATE)

byte = st.integers(0, 255)
tokens = st.builds(
    BadgeToken,
    key_id=byte,
    edition=st.integers(0, 2**16 - 1),
    serial=st.integers(0, 2**32 - 1),
    ticket_type=byte,
    issue=byte,
    first_day=byte,
    days=st.integers(1, 255),
)


def raw_of(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def text_of(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


@given(tokens)
def test_verify_token_when_signed_then_says_what_was_signed(token: BadgeToken) -> None:
    text = sign_token(token, PRIVATE)

    assert verify_token(text, {token.key_id: PUBLIC}) == token
    assert len(text) == 122
    assert set(text) <= set(ALPHABET)


def test_sign_token_when_signed_then_bytes_stand_as_the_contract_says() -> None:
    raw = raw_of(TEXT)

    assert len(raw) == 76
    assert raw[:12] == bytes.fromhex("010107eaee6b280003010004")


def test_verify_token_when_any_single_bit_is_flipped_then_refuses() -> None:
    raw = raw_of(TEXT)

    accepted = []
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << (bit % 8)
        try:
            verify_token(text_of(bytes(changed)), dict.fromkeys(range(256), PUBLIC))
        except TokenError:
            continue
        accepted.append(bit)

    assert accepted == []


@given(st.integers(0, 121), st.sampled_from(ALPHABET))
@settings(max_examples=300)
def test_verify_token_when_any_character_is_another_then_refuses(place: int, character: str) -> None:
    changed = TEXT[:place] + character + TEXT[place + 1 :]

    if changed == TEXT:
        assert verify_token(changed, {1: PUBLIC}) == TOKEN
    else:
        with pytest.raises(TokenError):
            verify_token(changed, {1: PUBLIC})


@pytest.mark.parametrize("length", range(122))
def test_parse_token_when_truncated_then_is_malformed(length: int) -> None:
    with pytest.raises(MalformedToken):
        parse_token(TEXT[:length])


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=40))
def test_parse_token_when_extended_then_is_malformed(more: str) -> None:
    with pytest.raises(MalformedToken):
        parse_token(TEXT + more)
    with pytest.raises(MalformedToken):
        parse_token(more + TEXT)


def test_parse_token_when_trailing_bits_are_set_then_is_malformed() -> None:
    # 122 characters hold 610 bits, the token 608: four last characters would decode to the same bytes.
    last = ALPHABET.index(TEXT[-1])
    twins = [TEXT[:-1] + ALPHABET[last | spare] for spare in (1, 2, 3)]

    for twin in twins:
        with pytest.raises(MalformedToken):
            parse_token(twin)


@pytest.mark.parametrize("text", [f" {TEXT}\r\n", TEXT.lower(), f"\t{TEXT.lower()} "])
def test_parse_token_when_a_handheld_scanner_changed_it_then_is_understood(text: str) -> None:
    assert parse_token(text).token == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:60] + " " + TEXT[60:],
        TEXT[:60] + "-" + TEXT[61:],
        TEXT + "======",
        TEXT.replace(TEXT[20], "1"),
        "\uff21" * 122,
        # Upper case would make a plain S and I of these two.
        TEXT[:60] + "\u017f" + TEXT[61:],
        TEXT[:60] + "\u0131" + TEXT[61:],
        "A" * 10_000,
    ],
)
def test_parse_token_when_it_is_anything_else_then_is_malformed(text: str) -> None:
    with pytest.raises(MalformedToken):
        parse_token(text)


@given(st.text(max_size=200))
def test_parse_token_when_given_any_text_then_raises_only_token_errors(text: str) -> None:
    with pytest.raises(TokenError):
        parse_token(text)


def test_parse_token_when_version_is_another_then_says_so() -> None:
    with pytest.raises(UnknownVersion):
        parse_token(text_of(b"\x02" + raw_of(TEXT)[1:]))


def test_parse_token_when_it_is_valid_for_no_day_then_is_malformed() -> None:
    raw = raw_of(TEXT)

    with pytest.raises(MalformedToken):
        parse_token(text_of(raw[:11] + b"\x00" + raw[12:]))


def test_verify_token_when_key_is_not_among_the_trusted_then_says_so() -> None:
    with pytest.raises(UnknownKey):
        verify_token(TEXT, {2: PUBLIC})


def test_verify_token_when_another_key_signed_then_says_so() -> None:
    _, other = new_key_pair(b"\x07" * 32)

    with pytest.raises(BadSignature):
        verify_token(TEXT, {1: other})


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 0},
        {"days": 256},
        {"first_day": 256},
        {"serial": 2**32},
        {"edition": 2**16},
        {"key_id": -1},
        {"issue": 256},
    ],
)
def test_sign_token_when_a_number_has_no_room_then_refuses(changes: dict[str, int]) -> None:
    token = BadgeToken(**{**TOKEN.__dict__, **changes})

    with pytest.raises(MalformedToken):
        sign_token(token, PRIVATE)


@given(tokens)
@settings(max_examples=20)
def test_sign_token_when_drawn_as_qr_code_then_fills_version_five(token: BadgeToken) -> None:
    assert len(qr_rows(sign_token(token, PRIVATE))) == MODULES
