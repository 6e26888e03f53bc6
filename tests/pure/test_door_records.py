from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, strategies as st

from expo.pure.door_records import (
    ID_BYTES,
    MAX_DICTIONARY,
    NONCE_BYTES,
    RecordSealer,
    make_dictionary,
    open_record,
    record_key,
)
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token, token_bytes

PRIVATE, _PUBLIC = new_key_pair(bytes(32))
DICTIONARY = make_dictionary(["data-lakes"], [("visitor", date(2027, 5, 26), date(2027, 5, 28))])
CONTENT = ["张伟", "Zhang Wei", "数据谷", "CN", "visitor", 1, 0, "2027-05-26", "2027-05-28", "confirmed"]


def _token(serial: int) -> str:
    return sign_token(BadgeToken(1, 27, serial, 1, 1, 0, 3), PRIVATE)


@given(st.integers(0, 2**32 - 1))
def test_keys_when_derived_then_as_hkdf_of_the_tokens_bytes(serial: int) -> None:
    token = _token(serial)

    found = record_key(token)

    def derived(info: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=b"expo-door-v1", info=info).derive(token_bytes(token))

    assert (found.id, found.key) == (derived(b"id", 9), derived(b"key", 16))


@given(st.lists(st.text(max_size=300) | st.integers() | st.none() | st.lists(st.text(max_size=20)), max_size=20))
def test_record_when_opened_with_its_badge_then_has_the_content(content: list[object]) -> None:
    where = record_key(_token(1))

    record = RecordSealer(DICTIONARY).seal(where, content)

    assert record[:ID_BYTES] == where.id
    assert open_record(where, record, DICTIONARY) == content


def test_record_when_opened_with_another_badge_then_refused() -> None:
    record = RecordSealer(DICTIONARY).seal(record_key(_token(1)), CONTENT)

    with pytest.raises(InvalidTag):
        open_record(record_key(_token(2)), record, DICTIONARY)


@pytest.mark.parametrize("position", [ID_BYTES, ID_BYTES + NONCE_BYTES, -1])
def test_record_when_a_byte_was_changed_then_refused(position: int) -> None:
    where = record_key(_token(1))
    record = bytearray(RecordSealer(DICTIONARY).seal(where, CONTENT))
    record[position] ^= 1

    with pytest.raises(InvalidTag):
        open_record(where, bytes(record), DICTIONARY)


def test_record_when_content_is_unchanged_then_so_is_the_record_and_otherwise_its_nonce_differs() -> None:
    sealer, where = RecordSealer(DICTIONARY), record_key(_token(1))

    first, second = sealer.seal(where, CONTENT), sealer.seal(where, CONTENT)
    renamed = sealer.seal(where, ["李伟", *CONTENT[1:]])

    nonce = slice(ID_BYTES, ID_BYTES + NONCE_BYTES)
    assert first == second
    assert first[nonce] != renamed[nonce]


def test_record_when_written_then_does_not_contain_the_name() -> None:
    record = RecordSealer(DICTIONARY).seal(record_key(_token(1)), CONTENT)

    assert not [part for part in ("张伟", "Zhang", "数据谷") if part.encode() in record]


def test_dictionary_when_there_are_many_sessions_then_what_is_most_frequent_stays() -> None:
    found = make_dictionary(
        (f"a-session-with-a-long-name-{n}" for n in range(1000)), [("visitor", date(2027, 5, 26), date(2027, 5, 28))]
    )

    assert len(found) == MAX_DICTIONARY
    assert b'"visitor",1,0,"2027-05-26","2027-05-28"' in found
