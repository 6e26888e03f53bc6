import pytest

from expo.pure.emails import NoDomain, address_for_server, fold_email


@pytest.mark.parametrize(
    ("typed", "stored", "handed_over"),
    [
        ("max@maßanfertigung.example", "max@maßanfertigung.example", "max@xn--maanfertigung-cdb.example"),
        ("straße@example.org", "straße@example.org", "straße@example.org"),
        (" Info@MÜLLER.example\u200b", "info@müller.example", "info@xn--mller-kva.example"),
        ("x@xn--mller-kva.example", "x@müller.example", "x@xn--mller-kva.example"),
        ("x@βόλος.com", "x@βόλος.com", "x@xn--nxasmm1c.com"),
        ("ｚｗ＠ｅｘａｍｐｌｅ．ｏｒｇ", "zw@example.org", "zw@example.org"),
        ("zw@example。org", "zw@example.org", "zw@example.org"),
        ("İ@example.org", "İ@example.org", "İ@example.org"),
        ("ﬁ@example.org", "ﬁ@example.org", "ﬁ@example.org"),
        ("x@क्\u200dष.in", "x@क्\u200dष.in", "x@xn--11b2ezcw70k.in"),
    ],
)
def test_address_when_stored_and_handed_over_then_it_is_the_one_that_was_typed(
    typed: str, stored: str, handed_over: str
) -> None:
    assert (fold_email(typed), address_for_server(stored)) == (stored, handed_over)
    assert fold_email(stored) == stored


@pytest.mark.parametrize("domain", ["a_b.example", "☃.net", "-a.org", "ex..org", ""])
def test_address_when_no_server_can_have_the_domain_then_it_is_not_handed_over(domain: str) -> None:
    with pytest.raises(NoDomain):
        address_for_server(f"x@{domain}")


@pytest.mark.parametrize(
    "typed",
    [
        "Anna Lee <anna@lee.example>", '"Lee, Anna" <anna@lee.example>', "<anna@lee.example>",
        "mailto:anna@lee.example", "anna@lee.example;", "anna@lee.example,", "anna@lee.example.", "“anna@lee.example”",
        "'anna@lee.example'",
        "'anna@lee.example", "(anna@lee.example)", "Anna Lee <mailto:anna@lee.example>;", "\u200banna@lee.example\xa0",
        "ａｎｎａ＠lee。example", "ANNA@LEE.EXAMPLE",
    ],
)  # fmt: skip
def test_address_when_something_stands_around_it_then_the_address_alone(typed: str) -> None:
    assert fold_email(typed) == "anna@lee.example"


@pytest.mark.parametrize(
    "typed",
    [
        "a@lee.example; b@lee.example", "a@lee.example, b@lee.example", "A <a@lee.example>, B <b@lee.example>",
        "a@lee.example\nb@lee.example", "a@lee.example <b@lee.example>", "a@lee.example (work)", "anna(at)lee.example",
    ],
)  # fmt: skip
def test_address_when_there_are_two_or_other_words_then_none_is_chosen(typed: str) -> None:
    assert fold_email(typed) not in {"a@lee.example", "b@lee.example", "anna@lee.example"}


@pytest.mark.parametrize(
    "typed", ["o'brien@lee.example", "o’brien@lee.example", "anna+tag@lee.example", "straße@faß.de"]
)
def test_address_when_its_letters_are_unusual_then_as_given(typed: str) -> None:
    assert fold_email(typed) == typed
