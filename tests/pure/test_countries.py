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
        ("TR", "Turkey|Türkiye|Turkiye|TÜRKİYE|Turkey (Türkiye)"),
        ("GB", "Großbritannien|London, UK|England, UK|The U.K.|Untied Kingdom|United Kingdon|英国|Англия"),
        ("CN", "P. R. of China|Volksrepublik China|КНР|中国（大陆）|Guiyang, China|Mainland China (PRC)"),
        ("HK", "香港（中国）|China - Hong Kong|Hong Kong (China)|H.K.|홍콩|中华人民共和国香港特别行政区"),
        ("MO", "Macau (China)|Macao, SAR|澳門特別行政區|マカオ"),
        ("TW", "Taiwan (China)|Taiwan R.O.C.|台湾地区|中华台北|Taipei, China"),
        ("KR", "Korea (Republic)|Republic of Korea (South)|S.Korea|Südkorea|Seoul, South Korea|大韓民國"),
        ("KP", "Korea, Democratic Republic|Korea (DPR)|North-Korea"),
        ("RU", "РФ|Российская Федерация|The Russian Federation|俄罗斯联邦"),
        ("CZ", "ČR|Tschechische Republik|The Czech Republic|Czechoslovakia"),
        ("CR", "CR|Costa Rica"),
        ("AE", "U.A.E|Dubai, UAE|Abu Dhabi|VAE|United Arab Emirate"),
        ("NL", "The Netherlands (Holland)|Netherland|Neth.|NED|Pays-Bas"),
        ("PH", "The Phillipines|Philipines|PHI"),
        ("DE", "Gemany|Germny|GERMANY*|GER|Munich, Germany|Federal Rep. of Germany|🇩🇪"),
        ("CH", "Swizerland|Switzerland / Schweiz|SUI|瑞士联邦"),
        ("US", "Etats Unis|U S A|Untied States|米国|Austin, Texas, USA|United States (USA)"),
    ],
)
def test_country_when_named_in_any_usual_way_then_found(code: str, names: str) -> None:
    assert {name: find_country(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), code)


@pytest.mark.parametrize(
    "text",
    [
        "Atlantis", "Republic", "Germany, France", "EU", "x", "United", "🇩🇪 France", "USA, China", "China/Japan",
        "Europe", "Virgin Islands", "Nouth Korea", "Korea, North or South", "N/A", "none", "other", "-", "Georgia, USA",
        "123", "Paris",
    ],
)  # fmt: skip
def test_country_when_it_is_none_or_two_then_not_known(text: str) -> None:
    with pytest.raises(Invalid, match="country_not_known"):
        read_country(text)


@pytest.mark.parametrize(
    "language", ["en", "zh_Hans", "zh_Hant", "ar", "fr", "de", "es", "ru", "ja", "ko", "hi", "sw", "th"]
)
def test_country_when_named_as_cldr_names_it_then_itself(language: str) -> None:
    names = {code: str(Locale.parse(language).territories[code]) for code in country_codes()}

    assert {code: find_country(name) for code, name in names.items()} == {code: code for code in names}


def test_country_names_when_collected_again_then_as_in_the_file() -> None:
    assert {name: code for name, code in collect_names().items() if find_country(name) is None} == {}


def test_country_codes_when_listed_then_iso_alone() -> None:
    assert {"CN", "HK", "TW", "XK", "GB"} <= country_codes()
    assert not {"EU", "UN", "ZZ", "XA", "001"} & country_codes()
