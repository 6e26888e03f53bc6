import pytest
from babel import Locale

from expo.errors import Invalid
from expo.pure.countries import country_codes, find_country, read_country
from expo.pure.country_names import collect_names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("BA", "Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnien und Herzegowina|BIH"),
        ("CI", "Côte d'Ivoire|Côte d’Ivoire|Cote dIvoire|Ivory Coast|科特迪瓦"),
        ("IR", "Iran|Iran, Islamic Republic of|Islamic Republic of Iran|Iran (Islamic Republic of)"),
        (
            "DE",
            "DE|deu|276|Germany|Deutschland|Alemania|Германия|ドイツ|독일|ألمانيا|德国|德國|DE - Germany|🇩🇪 Germany",
        ),
        ("CN", "中华人民共和国|中国 China|P.R. China|People's Republic of China|CHN"),
        ("TW", "Taiwan, China|Republic of China|Taiwan, Province of China|台灣"),
        ("HK", "Hong Kong|Hong Kong SAR China|Hongkong|香港"),
        ("MK", "Macedonia|North Macedonia|The former Yugoslav Republic of Macedonia"),
        ("KR", "Korea|South Korea|Republic of Korea|Korea, Republic of|한국"),
        ("KP", "North Korea|Korea, Democratic People's Republic of|DPRK"),
        ("CD", "Democratic Republic of the Congo|Congo (Democratic Republic of the)|Zaire"),
        ("CG", "Congo|Republic of the Congo"),
        ("CZ", "Czechia|Czech Republic|Česko"),
        ("SZ", "Eswatini|Swaziland"),
        ("LC", "Saint Lucia|St. Lucia"),
        ("US", "USA|U.S.A.|U.S.|United States of America|America"),
        ("VN", "Viet Nam|Vietnam|Việt Nam"),
        ("BO", "Bolivia (Plurinational State of)"),
        ("ES", "Kingdom of Spain|España"),
        ("GM", "The Gambia|Gambia (the)"),
        ("TR", "Turkey|Türkiye|Turkiye"),
    ],
)
def test_country_when_named_in_any_usual_way_then_found(code: str, names: str) -> None:
    assert {name: find_country(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), code)


@pytest.mark.parametrize("text", ["Atlantis", "Republic", "Germany, France", "EU", "x", "United", "🇩🇪 France"])
def test_country_when_it_is_none_or_two_then_not_known(text: str) -> None:
    with pytest.raises(Invalid, match="country_not_known"):
        read_country(text)


@pytest.mark.parametrize(
    "language", ["en", "zh_Hans", "zh_Hant", "ar", "fr", "de", "es", "ru", "ja", "ko", "hi", "sw", "th"]
)
def test_country_when_named_as_cldr_names_it_then_itself(language: str) -> None:
    names = {code: str(Locale.parse(language).territories[code]) for code in country_codes()}

    assert {code: find_country(name) for code, name in names.items()} == {code: code for code in names}


def test_country_names_when_collected_anew_then_as_in_the_file() -> None:
    assert {name: code for name, code in collect_names().items() if find_country(name) is None} == {}


def test_country_codes_when_listed_then_iso_alone() -> None:
    assert {"CN", "HK", "TW", "XK", "GB"} <= country_codes()
    assert not {"EU", "UN", "ZZ", "XA", "001"} & country_codes()
