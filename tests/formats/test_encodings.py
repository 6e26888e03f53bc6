"""Encodings guessed from short lists of names, and files of which a part is damaged."""

from itertools import cycle, islice

import pytest

from expo.formats.encodings import decode_as, detect_encoding, list_candidates
from expo.formats.errors import BadFile
from tests.formats.name_lists import NAMES

EAST_ASIAN = {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"}
HEAD = "Name,E-mail,Company\n"


def list_of(names: str, rows: int, first: int = 0) -> str:
    chosen = islice(cycle(names.split("|")), first, first + rows)
    return HEAD + "".join(f"{name},person{at}@mail.example,\n" for at, name in enumerate(chosen))


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("first", [0, 3])
def test_encoding_when_a_list_has_four_names_then_found_whatever_the_language(language: str, first: int) -> None:
    encodings, names = NAMES[language]
    text = list_of(names, 4, first)

    read = {name: decode_as(data, detect_encoding(data)[0]) for name, data in encoded(text, encodings).items()}

    assert read == dict.fromkeys(read, text)


@pytest.mark.parametrize("language", NAMES)
def test_encoding_when_a_list_has_one_name_then_offered_and_never_read_as_chinese(language: str) -> None:
    encodings, names = NAMES[language]

    for first in range(0, 6, 2):
        text = list_of(names, 1, first)
        for name, data in encoded(text, encodings).items():
            candidates = list_candidates(data)
            assert text in [decode_as(data, each.encoding) for each in candidates] or name.startswith("mac"), name
            is_east_asian = language in {"ja", "ko", "zh-Hans", "zh-Hant"}
            assert is_east_asian or candidates[0].encoding not in EAST_ASIAN


def encoded(text: str, encodings: tuple[str, ...]) -> dict[str, bytes]:
    found = {}
    for name in encodings:
        try:
            found[name] = text.encode(name)
        except UnicodeEncodeError:
            continue
    return found


@pytest.mark.parametrize(
    ("parts", "encoding", "shown"),
    [
        ([("Jürgen Müller,Köln", "utf-8"), ("Päivi Hämäläinen,Åbo", "cp1252")], "utf-8/cp1252", "Päivi Hämäläinen,Åbo"),
        ([("张伟,贵州\n李娜,北京", "utf-8"), ("王芳,上海", "gb18030")], "utf-8/gb18030", "王芳,上海"),
        ([("Иван Петров\nАнна Жукова", "utf-8"), ("Олег Смирнов", "cp1251")], "utf-8/cp1251", "Олег Смирнов"),
    ],
)
def test_encoding_when_a_file_is_joined_from_two_then_each_line_is_read_in_its_own(
    parts: list[tuple[str, str]], encoding: str, shown: str
) -> None:
    data = b"name,city\n" + b"\n".join(text.encode(name) for text, name in parts)

    assert detect_encoding(data) == (encoding, False)
    assert decode_as(data, encoding).splitlines()[-1] == shown


@pytest.mark.parametrize(
    ("data", "encoding", "shown"),
    [
        ("张伟,a\n李娜,b\n".encode() + "贵州大数据".encode()[:8], "utf-8/cp1252", "贵州\ufffd"),
        ("张伟,a\n李娜,b\n".encode("gb18030") + "贵州大数据".encode("gb18030")[:7], "gb18030", "贵州大\ufffd"),
        ("김민수,a\n이서연,b\n".encode("cp949") + "삼성전자".encode("cp949")[:7], "cp949", "삼성전\ufffd"),
        (
            "Jürgen Müller\nJosé Núñez Iñigo".encode().replace(b"\xb1igo", b"igo"),
            "utf-8/cp1252",
            "José Núñez I\ufffdigo",
        ),
    ],
)
def test_encoding_when_a_character_is_cut_in_two_then_only_its_place_is_damaged(
    data: bytes, encoding: str, shown: str
) -> None:
    assert detect_encoding(data) == (encoding, False)
    assert decode_as(data, encoding).splitlines()[-1] == shown


@pytest.mark.parametrize("text", ["Jürgen Müller\nJosé Núñez", "Łukasz Żółć\nDvořák", "Иван Петров", "张伟\n王芳"])
def test_encoding_when_utf_8_was_written_twice_then_offered_as_it_was_meant(text: str) -> None:
    halves = "".join(chr(byte) if 0x80 <= byte < 0xA0 else bytes([byte]).decode("latin-1") for byte in text.encode())
    data = halves.encode()

    found, is_certain = detect_encoding(data)

    assert (decode_as(data, found), is_certain) == (text, False)
    assert [each.encoding for each in list_candidates(data)] == ["utf-8-twice", "utf-8"]


@pytest.mark.parametrize("text", ["Ana Ñ", "Ærø à la carte", "São Ângelo Ñuñoa", "Ãlvaro Ünal", "Đặng Thị Ánh"])
def test_encoding_when_utf_8_only_looks_odd_then_certain(text: str) -> None:
    assert detect_encoding(text.encode()) == ("utf-8", True)


@pytest.mark.parametrize(
    "text",
    ["O’Brien,“ok” – yes", "Anna\u00a0Lee,1\u00a0200", "MÜLLER,WEISS\nSCHRÖDER,KÖLN", "PEÑA NÚÑEZ", "René", "Zoë,€ 20"],
)
def test_encoding_when_there_is_little_to_go_by_then_western(text: str) -> None:
    data = f"Name,Note\n{text}\n".encode("cp1252")

    assert decode_as(data, detect_encoding(data)[0]) == f"Name,Note\n{text}\n"


@pytest.mark.parametrize(
    "text", ["氏名,会社\nｱﾝﾄﾞｳ ﾕｳｺ,ﾄﾖﾀ", "氏名\n予想 表\n十 ソ", "お名前,フリガナ\n髙橋 健,ﾀｶﾊｼ ｹﾝ"]
)
def test_encoding_when_japanese_has_half_width_kana_or_backslashes_then_shift_jis(text: str) -> None:
    assert detect_encoding(text.encode("cp932")) == ("cp932", False)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_encoding_when_it_is_another_utf_then_read(encoding: str) -> None:
    text = "姓名,邮箱\n张伟,a@b.example\n"
    data = text.encode(encoding)

    assert decode_as(data, detect_encoding(data)[0]) == text


def test_encoding_when_bytes_are_no_text_then_refused_or_not_chosen() -> None:
    with pytest.raises(BadFile, match="file_not_text"):
        detect_encoding(bytes(range(256)) * 20)
    with pytest.raises(BadFile, match="file_not_in_encoding"):
        decode_as("Jürgen Müller Weiß Größe".encode("cp1252"), "utf-8")
