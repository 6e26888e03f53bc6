import pytest
from hypothesis import given, strategies as st

from expo.pure.names import latin_form, search_terms, search_text


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("张伟", "Zhang Wei"),
        ("張偉", "Zhang Wei"),
        ("欧阳娜娜", "Ouyang Nana"),
        ("諸葛亮", "Zhuge Liang"),
        ("单田芳", "Shan Tianfang"),
        ("김민준", "Kim Minjun"),
        ("Иванов Пётр", "Ivanov Petr"),
        ("Γιώργος", "Giorgos"),
        ("Müller", ""),
        ("たなか 花子", ""),
        ("محمد", ""),
        ("สมชาย", ""),
        ("", ""),
    ],
)
def test_latin_form_when_letters_tell_then_suggested(name: str, latin: str) -> None:
    assert latin_form(name) == latin


def test_latin_form_when_the_language_is_japanese_then_nothing_is_guessed() -> None:
    assert latin_form("田中", "ja") == ""


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("zhang", "张伟"),
        ("zhangwei", "张伟"),
        ("Zhang Wei", "张伟"),
        ("wei zhang", "张伟"),
        ("张", "张伟"),
        ("伟", "张伟"),
        ("張偉", "张伟"),
        ("张伟", "張偉"),
        ("ＺＨＡＮＧ", "张伟"),
        ("muller", "Müller"),
        ("mueller", "Müller"),
        ("müller", "Mueller"),
        ("MÜL", "Müller"),
        ("nguyen", "Nguyễn Văn An"),
        ("ivanov", "Иванов"),
        ("Иванов", "Ivanov"),
        ("иван", "Иванов"),
        ("kim", "김민준"),
        ("민준", "김민준"),
        ("tanaka", "たなか"),
        ("shan", "单田芳"),
        ("chongqing", "重庆长安汽车"),
        ("changanqiche", "重慶長安汽車"),
        ("zhongqing", "重庆长安汽车"),
        ("yinhang", "贵阳银行"),
        ("lubu", "吕布"),
        ("lvbu", "吕布"),
        ("lyubu", "吕布"),
        ("محمد", "محمّد"),
        ("राहुल", "राहुल शर्मा"),
        ("大数据", "贵州大数据有限公司"),
        ("o'brien", "O'Brien"),
        ("li.wei@example.org", "li.wei@example.org"),
    ],
)
def test_search_when_written_otherwise_then_found(query: str, name: str) -> None:
    text = search_text(name)

    assert search_terms(query) != []
    assert [term for term in search_terms(query) if f" {term}" not in text] == []


@pytest.mark.parametrize(("query", "name"), [("hang", "张伟"), ("ei", "张伟"), ("张", "章伟"), ("iller", "Miller")])
def test_search_when_no_word_begins_so_then_not_found(query: str, name: str) -> None:
    text = search_text(name)

    assert [term for term in search_terms(query) if f" {term}" not in text] == search_terms(query)


@given(st.text(max_size=40))
def test_search_when_any_text_is_sought_by_itself_then_found(text: str) -> None:
    found = search_text(text)

    assert all(f" {term}" in found for term in search_terms(text))


@given(st.text(max_size=40))
def test_search_terms_when_any_text_then_no_sign_has_a_meaning(text: str) -> None:
    assert all(term.isalnum() or term.isprintable() for term in search_terms(text))
    assert not {"%", "_", "\\", " ", "'"} & set("".join(search_terms(text)))
