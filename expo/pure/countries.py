"""Countries and regions: their codes, and which of them a name or code in any language means.

The names of all languages of CLDR, the three-letter and numeric codes stand in `data/country_names.txt`, written by
`expo.pure.country_names`. Here stand the rest: names of ISO 3166 and of treaties, common, short and former names.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale

from expo.errors import Invalid

NAMES_FILE = Path(__file__).parent / "data" / "country_names.txt"
# Regions of CLDR that are no countries of ISO 3166-1.
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

_OTHER_NAMES = {
    "AE": "UAE|Emirates|U.A.E.|阿联酋|الإمارات",
    "AG": "Antigua",
    "AX": "Aland",
    "BA": "Bosnia|BiH|Bosnia Hercegovina|Bosnia-Hercegovina",
    "BF": "Upper Volta|Haute-Volta|Burkina",
    "BJ": "Dahomey",
    "BL": "Saint Barthelemy|St. Barts",
    "BN": "Brunei Darussalam",
    "BO": "Bolivia, Plurinational State of",
    "BQ": "Bonaire, Sint Eustatius and Saba|Caribbean Netherlands|Bonaire",
    "BS": "Bahamas, The",
    "BY": "Byelorussia|Belorussia|Byelorussian SSR|Weissrussland",
    "BZ": "British Honduras",
    "CC": "Cocos Islands|Keeling Islands",
    "CD": "Democratic Republic of the Congo|Congo, the Democratic Republic of the|Congo, Democratic Republic of the"
    "|Congo, Dem. Rep.|Congo, DR|DR Congo|D.R. Congo|DRC|RDC|Congo (DRC)|Congo Kinshasa|Zaire|Zaïre|Belgian Congo"
    "|Democratic Republic of Congo|刚果金|刚果民主共和国",
    "CF": "CAR|Central African Rep.",
    "CG": "Congo|Republic of the Congo|Congo, Republic of the|Congo, Rep.|Congo Brazzaville|Congo Republic"
    "|Republic of Congo|刚果布|刚果共和国",
    "CH": "Swiss Confederation|Confoederatio Helvetica",
    "CI": "Ivory Coast|Republic of Côte d'Ivoire|Cote Ivoire|Elfenbeinküste|科特迪瓦|象牙海岸",
    "CN": "PRC|P.R.C.|PR China|P.R. China|Mainland China|China, People's Republic of|China (Mainland)|China PR"
    "|People's Republic of China|Chinese Mainland|CHN|中国大陆"
    "|中华人民共和国|中國大陸|中華人民共和國|中國|大陆|大陸|内地",
    "CV": "Cape Verde",
    "CZ": "Czech Republic|Czech Rep.|The Czech Republic|捷克共和国",
    "DE": "Federal Republic of Germany|FRG|BRD|West Germany|East Germany|German Democratic Republic|GDR|DDR",
    "DJ": "French Somaliland",
    "DO": "Dominican Rep.|Dominican Republic",
    "ET": "Abyssinia",
    "FK": "Falklands|Malvinas|Falkland Islands (Malvinas)",
    "FM": "Micronesia, Federated States of|Federated States of Micronesia|FSM",
    "FO": "Faeroe Islands|Faroes",
    "FR": "French Republic|Metropolitan France",
    "GB": "UK|U.K.|United Kingdom|Great Britain|Britain|England|Scotland|Wales|Northern Ireland"
    "|United Kingdom of Great Britain and Northern Ireland|G.B.|英國|大不列颠|英格兰|苏格兰|威尔士",
    "GE": "Republic of Georgia|Georgia (country)|Gruziya",
    "GH": "Gold Coast",
    "GM": "Gambia, The",
    "GN": "Guinea Conakry|Guinea-Conakry|French Guinea",
    "GR": "Hellenic Republic|Hellas",
    "GS": "South Georgia and the South Sandwich Islands|South Georgia",
    "GW": "Portuguese Guinea",
    "GY": "British Guiana|Co-operative Republic of Guyana",
    "HK": "Hong Kong|HK SAR|Hong Kong SAR|Hong Kong, China|China, Hong Kong|Hong Kong S.A.R.|Hongkong"
    "|China, Hong Kong SAR|Hong Kong (SAR)|Hong Kong SAR, China|Hong Kong Special Administrative Region"
    "|中国香港|香港|中國香港|香港特别行政区|香港特區",
    "HM": "Heard and McDonald Islands",
    "ID": "Dutch East Indies",
    "IE": "Eire|Irish Republic|Republic of Ireland|Ireland, Republic of",
    "IM": "Man, Isle of",
    "IR": "Iran, Islamic Republic of|Islamic Republic of Iran|Persia|Iran (Islamic Republic of)",
    "JP": "Nippon|Nihon",
    "KG": "Kyrgyz Republic|Kirghizia|Kirgizia|Kirgistan",
    "KH": "Kampuchea|Khmer Republic",
    "KN": "Saint Kitts|St. Kitts and Nevis|Saint Christopher and Nevis",
    "KP": "North Korea|Korea, Democratic People's Republic of|Democratic People's Republic of Korea|DPRK|DPR Korea"
    "|Korea, North|Korea (North)|Korea, DPR|N. Korea|Korea, Dem. People's Rep.|朝鲜民主主义人民共和国",
    "KR": "Korea|South Korea|Korea, Republic of|Republic of Korea|ROK|R.O.K.|Korea, South|Korea (South)|S. Korea"
    "|Korea (Republic of)|Korea, Rep.|Rep. of Korea|Corea|Corea del Sur|Corée|Corée du Sud|Südkorea"
    "|대한민국|한국|大韩民国|南韩|南韓"
    "|韓国|大韓民国|كوريا",
    "LA": "Lao People's Democratic Republic|Lao PDR|Lao|Laos PDR",
    "LC": "St. Lucia",
    "LK": "Ceylon",
    "LS": "Basutoland",
    "LY": "Libyan Arab Jamahiriya|Socialist People's Libyan Arab Jamahiriya",
    "MD": "Moldova, Republic of|Republic of Moldova|Moldavia",
    "MF": "Saint Martin (French part)|Saint Martin|St. Martin",
    "MG": "Malagasy Republic",
    "MK": "Macedonia|N. Macedonia|North Macedonia|Republic of North Macedonia|FYROM|FYR Macedonia|F.Y.R.O.M."
    "|Macedonia, FYR|Macedonia, the former Yugoslav Republic of"
    "|The former Yugoslav Republic of Macedonia|Republic of Macedonia|马其顿"
    "|Mazedonien|Macédoine|Македония|Македонија",
    "MM": "Burma|Union of Myanmar|Birma|Birmanie|Birmania|缅甸联邦|Republic of the Union of Myanmar|Myanmar/Burma",
    "MO": "Macao|Macau|Macao SAR|Macau SAR|Macao, China|China, Macao|Macau, China|China, Macau|China, Macao SAR"
    "|Macao SAR, China|Macau SAR, China|中国澳门|澳门|中國澳門|澳門|澳门特别行政区",
    "MV": "Maldive Islands",
    "MW": "Nyasaland",
    "NA": "South West Africa",
    "NC": "Nouvelle Calédonie",
    "NL": "Holland|Netherlands, The|Kingdom of the Netherlands|荷蘭",
    "PF": "Tahiti",
    "PG": "PNG|Papua",
    "PM": "Saint Pierre and Miquelon",
    "PN": "Pitcairn",
    "PS": "Palestine|State of Palestine|Palestine, State of|Palestinian Territory, Occupied|Palestinian Authority"
    "|Occupied Palestinian Territory|West Bank and Gaza|Palestinian Territories",
    "PT": "Portuguese Republic",
    "RE": "Reunion Island",
    "RU": "Russia|Russian Federation|RF|Russian Fed.|俄國|USSR|Soviet Union|U.S.S.R.",
    "SA": "KSA|K.S.A.|Kingdom of Saudi Arabia|沙特",
    "SH": "Saint Helena, Ascension and Tristan da Cunha|Saint Helena",
    "SJ": "Svalbard",
    "SK": "Slovak Republic",
    "SO": "Somaliland",
    "SR": "Dutch Guiana",
    "ST": "Sao Tome",
    "SX": "Sint Maarten (Dutch part)|Sint Maarten|St. Maarten",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland|Kingdom of Eswatini|Kingdom of Swaziland",
    "TC": "Turks and Caicos",
    "TH": "Siam|ประเทศไทย",
    "TL": "East Timor|Democratic Republic of Timor-Leste|Portuguese Timor",
    "TR": "Turkey|Türkiye|Turkiye|Republic of Turkey|Republic of Türkiye",
    "TT": "Trinidad",
    "TW": "Taiwan|Taiwan, China|China, Taiwan|Taiwan, Province of China|Chinese Taipei|Taiwan (Province of China)|ROC"
    "|R.O.C.|Taiwan, R.O.C.|Taiwan (R.O.C.)|Taiwan, Republic of China|Republic of China|Taiwan Province|Formosa"
    "|中国台湾|台湾|臺灣|台灣"
    "|中國台灣|中国台湾省",
    "TZ": "Tanzania, United Republic of|United Republic of Tanzania|Tanganyika|Zanzibar",
    "UM": "United States Minor Outlying Islands",
    "US": "USA|U.S.A.|U.S.|United States|United States of America|America|The States|Estados Unidos de América"
    "|EE. UU.|EEUU|EUA|Etats-Unis d'Amérique|美利坚合众国|美國|США",
    "VA": "Vatican|Holy See|Holy See (Vatican City State)|Vatican City State",
    "VC": "Saint Vincent|St. Vincent and the Grenadines",
    "VE": "Venezuela, Bolivarian Republic of|Bolivarian Republic of Venezuela",
    "VG": "BVI|Virgin Islands, British|Virgin Islands (British)|British Virgin Islands",
    "VI": "USVI|Virgin Islands, U.S.|Virgin Islands (U.S.)|US Virgin Islands|United States Virgin Islands",
    "VN": "Viet Nam|Vietnam|Socialist Republic of Vietnam|South Vietnam",
    "VU": "New Hebrides",
    "WS": "Western Samoa|Independent State of Samoa",
    "XK": "Kosovo|Kosova",
    "YE": "North Yemen|South Yemen",
    "ZM": "Northern Rhodesia",
    "ZW": "Rhodesia|Southern Rhodesia",
}
# Words that states put before or behind their names: "Kingdom of Spain", "Bolivia, Plurinational State of".
_STATE_WORDS = frozenset(
    [
        "the", "of", "republic", "kingdom", "state", "federal", "islamic", "people's", "peoples", "democratic",
        "united", "arab", "commonwealth", "principality", "grand", "duchy", "sultanate", "plurinational", "bolivarian",
        "socialist", "union", "federation", "federated", "states", "hashemite", "oriental", "cooperative",
        "independent", "sovereign", "rep", "fed", "dem", "country", "republique", "royaume", "republik", "königreich",
        "republica", "reino", "du", "de", "del", "la", "le", "les", "der",
    ]
)  # fmt: skip
_CONJUNCTIONS = frozenset(
    [
        "&", "and", "und", "et", "y", "e", "en", "og", "och", "ja", "ve", "un", "dhe", "и", "й", "та", "і", "i", "a",
        "και", "și", "si",
    ]
)  # fmt: skip
_APOSTROPHES = re.compile("['’‘ʼʻ`´′＇ˈ\u2018\u2019\u02bc\u055a]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")


@cache
def country_codes() -> frozenset[str]:
    """Return the two-letter codes of all countries."""
    territories: list[str] = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES  # noqa: PLR2004


def read_country(text: str) -> str:
    """Return the code of a country or region given by code, or by name in any language; empty stays empty.

    Raises Invalid `country_not_known`.
    """
    if not text.strip():
        return ""
    found = find_country(text)
    if found is None:
        raise Invalid("country_not_known", field="country", country=text.strip()[:60])
    return found


def find_country(text: str) -> str | None:
    """Return the code of the country or region that a text means, if it means one and only one."""
    text = text.strip()[:200]
    flags = {"".join(chr(ord(sign) - 0x1F1E6 + 65) for sign in flag) for flag in _FLAG.findall(text)}
    rest = _FLAG.sub(" ", text).strip()
    if flags and not rest:
        return next(iter(flags)) if len(flags) == 1 and flags <= country_codes() else None
    found = _find(rest) or _find_in_parts(rest)
    return found if not flags or flags == {found} else None


def fold_country(name: str) -> str:
    """Return the form in which spellings of one name are equal: no accents, apostrophes, spaces, "and" or "the"."""
    return "".join(_words(name))


def _find(text: str) -> str | None:
    words = _words(text)
    known = _known()
    found = known.get("".join(words))
    if found or not words:
        return found
    bare = [word for word in words if word not in _FOLDED_STATE_WORDS]
    # "Democratic Republic of" tells two Congos and two Koreas apart: those are known by their whole names only.
    if bare and len(bare) < len(words) and (short := known.get("".join(bare))) and short not in {"CG", "KR", "CN"}:
        return short if len("".join(bare)) > 3 else None  # noqa: PLR2004 - no codes beside words
    return None


def _find_in_parts(text: str) -> str | None:
    """Return the country that every part names: `DE - Germany`, `中国 China`, `Deutschland (Germany)`."""
    parts = re.split(
        r"[/|()（）\[\];:,、–—]|\s-\s|(?<=[^\x00-\u024f])\s+(?=[\x00-\u024f])|(?<=[\x00-\u024f])\s+(?=[^\x00-\u024f])",
        text,
    )
    filled = [part for part in parts if part.strip()]
    if len(filled) < 2:  # noqa: PLR2004 - looked up whole already
        return None
    found = {_find(part) for part in filled}
    return found.pop() if len(found) == 1 else None


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name).casefold())
    text = re.sub("[\u0300-\u036f\u0640\u064b-\u0652]", "", text).replace("ı", "i").replace("ø", "o").replace("ł", "l")
    text = re.sub(r"(?<=\b\w)\.(?=\s?\w\b)|\.", lambda match: "" if match.end() else " ", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc"} or sign.isspace())
    words = re.split(r"[\s\-‐-―_,()（）/&+·・.]+", text)
    kept = [word for word in words if word and word not in _CONJUNCTIONS]
    shortened = ["st" if word in {"saint", "sankt", "sainte"} else word for word in kept]
    if len(shortened) > 1 and shortened[0] == "the":
        shortened = shortened[1:]
    if len(shortened) > 1 and shortened[-1] == "the":
        shortened = shortened[:-1]
    return shortened or [word for word in words if word]


_FOLDED_STATE_WORDS = frozenset(word for each in _STATE_WORDS for word in _words(each))


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in NAMES_FILE.read_text(encoding="utf-8").splitlines():
        code, _, names = line.partition("\t")
        known.update(dict.fromkeys(names.split("|"), code))
    for code, names in _OTHER_NAMES.items():
        known.update(dict.fromkeys(map(fold_country, names.split("|")), code))
    return known | {code.casefold(): code for code in country_codes()}
