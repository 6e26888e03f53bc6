"""Lists from A to Z as each language sorts them."""

import pytest

from expo.pure.collation import collate


def in_order(names: str, language: str) -> str:
    return " ".join(sorted(names.split(), key=lambda name: collate(name, language)[1]))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", "Ärzte Azur Bär Čapek Öresund Oslo Zürich"),
        ("sv", "Azur Bär Čapek Oslo Zürich Ängby Öresund"),
        ("da", "Azur Zürich Æbelø Ørsted Åbenrå Aarhus"),
        ("es", "Nadal Nube Ñandú Oveja"),
        ("cs", "Cukr Čapek Dům Hora Chata Ivan"),
        ("pl", "Las Lody Łódź Malwa"),
        ("et", "Saar Šeff Zorro Tartu"),
        ("hr", "Car Čavao Ćup Dan Luka Ljubav Mir"),
        ("zh", "安顺科技 Beta 重庆数据 Delta 贵阳银行"),
        ("zh", "長江 Chengdu 重庆 Zeta 中国银行"),
    ],
)
def test_sort_when_names_have_accents_then_as_the_language_does(language: str, names: str) -> None:
    assert in_order(" ".join(reversed(names.split())), language) == names


@pytest.mark.parametrize(
    ("name", "language", "letter"),
    [
        ("Ärzte", "de", "A"),
        ("Ängby", "sv", "Ä"),
        ("A\u0308ngby", "sv", "Ä"),
        ("chata", "cs", "Ch"),
        ("Chata", "en", "C"),
        ("æble", "en", "A"),
        ("Łódź", "en", "L"),
        ("Łódź", "pl", "Ł"),
        ("张江", "zh-Hans", "Z"),
        ("張江", "en", "Z"),
        ("重庆", "zh", "C"),
        ("Яндекс", "en", "Y"),
        ("삼성", "en", "S"),
        ("شركة", "en", "S"),
        ("3M", "en", "#"),
        ("@home", "en", "#"),
        ("", "en", "#"),
    ],
)
def test_letter_when_a_name_begins_with_it_then_as_the_language_counts(name: str, language: str, letter: str) -> None:
    assert collate(name, language)[0] == letter


def test_sort_when_names_begin_with_digits_or_signs_then_after_all_letters() -> None:
    assert in_order("360 Alpha @home Zeta", "en") == "Alpha Zeta 360 @home"


def test_sort_when_names_differ_only_in_accents_then_side_by_side() -> None:
    assert in_order("Résumé Resumee Resume", "en") == "Resume Résumé Resumee"
