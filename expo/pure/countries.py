"""Countries and regions: their codes, and finding one by its code or by its name in any language.

Names in all languages of CLDR, and three-letter and numeric codes, are in `data/country_names.txt`, written by
`expo.pure.country_names`. This module adds the rest: official names from ISO 3166 and treaties, common, short and
former names.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale
from rapidfuzz import process
from rapidfuzz.distance import OSA

from expo.errors import Invalid
from expo.pure.similar import allowed_errors

NAMES_FILE = Path(__file__).parent / "data" / "country_names.txt"
# Regions of CLDR that are not countries of ISO 3166-1.
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

_OTHER_NAMES = {
    "AE": "UAE|Emirates|U.A.E.|阿联酋|الإمارات|Dubai|Abu Dhabi|Sharjah|VAE|EAU|United Arab Emirate",
    "AG": "Antigua",
    "AO": "ANG",
    "AT": "Oesterreich",
    "AU": "Commonwealth of Australia",
    "AX": "Aland",
    "BA": "Bosnia|BiH|Bosnia Hercegovina|Bosnia-Hercegovina|Bosnia & Herz.|Bosnia Herz.",
    "BF": "Upper Volta|Haute-Volta|Burkina",
    "BG": "BUL",
    "BJ": "Dahomey",
    "BL": "Saint Barthelemy|St. Barts",
    "BN": "Brunei Darussalam",
    "BO": "Bolivia, Plurinational State of|Bolivia (Plurin. State of)",
    "BQ": "Bonaire, Sint Eustatius and Saba|Caribbean Netherlands|Bonaire",
    "BS": "Bahamas, The",
    "BY": "Byelorussia|Belorussia|Byelorussian SSR|Weissrussland",
    "BZ": "British Honduras",
    "CC": "Cocos Islands|Keeling Islands",
    "CD": "Democratic Republic of the Congo|Congo, the Democratic Republic of the|Congo, Democratic Republic of the"
    "|Congo, Dem. Rep.|Congo, DR|DR Congo|D.R. Congo|DRC|RDC|Congo (DRC)|Congo Kinshasa|Zaire|Zaïre|Belgian Congo"
    "|Democratic Republic of Congo|刚果金|刚果民主共和国"
    "|République démocratique du Congo|Dem. Rep. Congo|Dem. Rep. of the Congo|RD Congo"
    "|Congo, Democratic Republic|Kongo (DRC)",
    "CF": "CAR|Central African Rep.",
    "CG": "Congo|Republic of the Congo|Congo, Republic of the|Congo, Rep.|Congo Brazzaville|Congo Republic"
    "|Republic of Congo|刚果布|刚果共和国"
    "|Rep. of Congo|Rep. of the Congo|République du Congo",
    "CH": "Swiss Confederation|Confoederatio Helvetica|瑞士联邦|SUI",
    "CI": "Ivory Coast|Republic of Côte d'Ivoire|Cote Ivoire|Elfenbeinküste|科特迪瓦|象牙海岸",
    "CL": "CHI",
    "CN": "PRC|P.R.C.|PR China|P.R. China|Mainland China|China, People's Republic of|China (Mainland)|China PR"
    "|People's Republic of China|Chinese Mainland|CHN|中国大陆"
    "|中华人民共和国|中國大陸|中華人民共和國|中國|大陆|大陸|内地"
    "|P. R. of China|PR of China|Volksrepublik China|VR China|République populaire de Chine"
    "|República Popular China|República Popular de China|RPC|КНР|中國大陸地區|中国大陆地区|中华人民共和国大陆",
    "CV": "Cape Verde",
    "CZ": "Czech Republic|Czech Rep.|The Czech Republic|捷克共和国"
    "|Tschechische Republik|République tchèque|República Checa|Czechoslovakia",
    "DE": "Federal Republic of Germany|FRG|BRD|West Germany|East Germany|German Democratic Republic|GDR|DDR"
    "|Bundesrepublik Deutschland|德意志|德意志联邦共和国|西德|ドイツ連邦共和国|W. Germany|GER",
    "DJ": "French Somaliland",
    "DK": "DEN",
    "DO": "Dominican Rep.|Dominican Republic",
    "DZ": "ALG",
    "ES": "西班牙王国",
    "ET": "Abyssinia",
    "FK": "Falklands|Malvinas|Falkland Islands (Malvinas)",
    "FM": "Micronesia, Federated States of|Federated States of Micronesia|FSM"
    "|Micronesia, Fed. Sts.|Fed. States of Micronesia",
    "FO": "Faeroe Islands|Faroes",
    "FR": "French Republic|Metropolitan France",
    "GB": "UK|U.K.|United Kingdom|Great Britain|Britain|England|Scotland|Wales|Northern Ireland"
    "|United Kingdom of Great Britain and Northern Ireland|G.B.|英國|大不列颠|英格兰|苏格兰|威尔士"
    "|Großbritannien|Grande-Bretagne|Gran Bretaña|Gran Bretagna|Angleterre|Inglaterra"
    "|Inghilterra|Schottland|Écosse|Англия|Британия|北爱尔兰|United Kingdom of Great Britain"
    "|Engeland|Groot-Brittannië|ENG|SCO",
    "GE": "Republic of Georgia|Georgia (country)|Gruziya",
    "GH": "Gold Coast",
    "GM": "Gambia, The",
    "GN": "Guinea Conakry|Guinea-Conakry|French Guinea",
    "GR": "Hellenic Republic|Hellas|GRE",
    "GS": "South Georgia and the South Sandwich Islands|South Georgia",
    "GW": "Portuguese Guinea",
    "GY": "British Guiana|Co-operative Republic of Guyana",
    "HK": "Hong Kong|HK SAR|Hong Kong SAR|Hong Kong, China|China, Hong Kong|Hong Kong S.A.R.|Hongkong"
    "|China, Hong Kong SAR|Hong Kong (SAR)|Hong Kong SAR, China|Hong Kong Special Administrative Region"
    "|中国香港|香港|中國香港|香港特别行政区|香港特區"
    "|홍콩|Гонконг|香港特區|中華人民共和國香港特別行政區",
    "HM": "Heard and McDonald Islands",
    "HR": "CRO",
    "HT": "HAI",
    "ID": "Dutch East Indies|Republik Indonesia|INA",
    "IE": "Eire|Irish Republic|Republic of Ireland|Ireland, Republic of",
    "IM": "Man, Isle of",
    "IR": "Iran, Islamic Republic of|Islamic Republic of Iran|Persia|Iran (Islamic Republic of)"
    "|I.R. Iran|I. R. of Iran|I.R. of Iran|IRI",
    "JP": "Nippon|Nihon|日本国|日本國",
    "KG": "Kyrgyz Republic|Kirghizia|Kirgizia|Kirgistan",
    "KH": "Kampuchea|Khmer Republic",
    "KN": "Saint Kitts|St. Kitts and Nevis|Saint Christopher and Nevis",
    "KP": "North Korea|Korea, Democratic People's Republic of|Democratic People's Republic of Korea|DPRK|DPR Korea"
    "|Korea, North|Korea (North)|Korea, DPR|N. Korea|Korea, Dem. People's Rep.|朝鲜民主主义人民共和国"
    "|Korea, Democratic Republic|Korea (Democratic Republic)|Democratic Republic of Korea"
    "|Democratic Korea",
    "KR": "Korea|South Korea|Korea, Republic of|Republic of Korea|ROK|R.O.K.|Korea, South|Korea (South)|S. Korea"
    "|Korea (Republic of)|Korea, Rep.|Rep. of Korea|Corea|Corea del Sur|Corée|Corée du Sud|Südkorea"
    "|대한민국|한국|大韩民国|南韩|南韓"
    "|韓国|大韓民国|كوريا"
    "|Korea (Republic)|Korea Republic|Korea, Rep. of|Republic of Korea (South)"
    "|Korea (South), Republic of|大韓民國|Южная Корея|Республика Корея|Rep. Korea|Zuid-Korea",
    "KW": "KUW",
    "LA": "Lao People's Democratic Republic|Lao PDR|Lao|Laos PDR",
    "LC": "St. Lucia",
    "LK": "Ceylon|SRI",
    "LS": "Basutoland",
    "LV": "LAT",
    "LY": "Libyan Arab Jamahiriya|Socialist People's Libyan Arab Jamahiriya",
    "MD": "Moldova, Republic of|Republic of Moldova|Moldavia",
    "MF": "Saint Martin (French part)|Saint Martin|St. Martin",
    "MG": "Malagasy Republic",
    "MK": "Macedonia|N. Macedonia|North Macedonia|Republic of North Macedonia|FYROM|FYR Macedonia|F.Y.R.O.M."
    "|Macedonia, FYR|Macedonia, the former Yugoslav Republic of"
    "|The former Yugoslav Republic of Macedonia|Republic of Macedonia|马其顿"
    "|Mazedonien|Macédoine|Македония|Македонија"
    "|Northern Macedonia",
    "MM": "Burma|Union of Myanmar|Birma|Birmanie|Birmania|缅甸联邦|Republic of the Union of Myanmar|Myanmar/Burma"
    "|ミャンマー|ビルマ|MYA",
    "MN": "MGL",
    "MO": "Macao|Macau|Macao SAR|Macau SAR|Macao, China|China, Macao|Macau, China|China, Macau|China, Macao SAR"
    "|Macao SAR, China|Macau SAR, China|中国澳门|澳门|中國澳門|澳門|澳门特别行政区"
    "|マカオ|마카오|Макао|澳門特別行政區|澳門特區",
    "MV": "Maldive Islands",
    "MW": "Nyasaland",
    "MX": "United Mexican States|Mexico, D.F.|Estados Unidos Mexicanos",
    "MY": "MAS",
    "NA": "South West Africa",
    "NC": "Nouvelle Calédonie",
    "NG": "NGR",
    "NL": "Holland|Netherlands, The|Kingdom of the Netherlands|荷蘭|Neth.|Netherland|Pays Bas|Holanda|Hollande|NED",
    "NP": "NEP",
    "OM": "OMA",
    "PF": "Tahiti",
    "PG": "PNG|Papua",
    "PH": "PHI",
    "PM": "Saint Pierre and Miquelon",
    "PN": "Pitcairn",
    "PR": "PUR",
    "PS": "Palestine|State of Palestine|Palestine, State of|Palestinian Territory, Occupied|Palestinian Authority"
    "|Occupied Palestinian Territory|West Bank and Gaza|Palestinian Territories"
    "|Palestinian Territories, Occupied|فلسطين",
    "PT": "Portuguese Republic|POR",
    "PY": "PAR",
    "RE": "Reunion Island",
    "RS": "Yugoslavia|Serbia and Montenegro",
    "RU": "Russia|Russian Federation|RF|Russian Fed.|俄國|USSR|Soviet Union|U.S.S.R."
    "|РФ|Российская Федерация|俄罗斯联邦|俄羅斯聯邦",
    "SA": "KSA|K.S.A.|Kingdom of Saudi Arabia|沙特|沙特阿拉伯王国|KSA",
    "SG": "新加坡共和国",
    "SH": "Saint Helena, Ascension and Tristan da Cunha|Saint Helena",
    "SI": "SLO",
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
    "|中國台灣|中国台湾省"
    "|台湾地区|臺灣地區|台灣地區|中华台北|中華台北|中華民國|Taipei, China|대만|Тайвань|TPE",
    "TZ": "Tanzania, United Republic of|United Republic of Tanzania|Tanganyika|Zanzibar|TAN",
    "UM": "United States Minor Outlying Islands",
    "US": "USA|U.S.A.|U.S.|United States|United States of America|America|The States|Estados Unidos de América"
    "|EE. UU.|EEUU|EUA|Etats-Unis d'Amérique|美利坚合众国|美國|США"
    "|アメリカ|米国|ABD|VSA|Amerika|Vereinigte Staaten von Amerika|États-Unis|Estados Unidos"
    "|Stati Uniti|Соединенные Штаты|미국",
    "UY": "URU",
    "VA": "Vatican|Holy See|Holy See (Vatican City State)|Vatican City State",
    "VC": "Saint Vincent|St. Vincent and the Grenadines",
    "VE": "Venezuela, Bolivarian Republic of|Bolivarian Republic of Venezuela|Venezuela, RB|R.B. Venezuela",
    "VG": "BVI|Virgin Islands, British|Virgin Islands (British)|British Virgin Islands",
    "VI": "USVI|Virgin Islands, U.S.|Virgin Islands (U.S.)|US Virgin Islands|United States Virgin Islands",
    "VN": "Viet Nam|Vietnam|Socialist Republic of Vietnam|South Vietnam|Vietnam (SR)|SR Vietnam|越南社会主义共和国|VIE",
    "VU": "New Hebrides",
    "WS": "Western Samoa|Independent State of Samoa",
    "XK": "Kosovo|Kosova|Kosovo (UNMIK)",
    "YE": "North Yemen|South Yemen",
    "ZA": "S. Africa|Afrique du Sud|RSA",
    "ZM": "Northern Rhodesia|ZAM",
    "ZW": "Rhodesia|Southern Rhodesia|ZIM",
}
# Words before or after the names of states: "Kingdom of Spain", "Bolivia, Plurinational State of".
_STATE_WORDS = frozenset(
    [
        "the", "of", "republic", "kingdom", "state", "federal", "islamic", "people's", "peoples", "democratic",
        "united", "arab", "commonwealth", "principality", "grand", "duchy", "sultanate", "plurinational", "bolivarian",
        "socialist", "union", "federation", "federated", "states", "hashemite", "oriental", "cooperative",
        "independent", "sovereign", "rep", "fed", "dem", "country", "republique", "royaume", "republik", "königreich",
        "republica", "reino", "du", "de", "del", "la", "le", "les", "der",
    ]
)  # fmt: skip
# Words that distinguish countries of the same name, and so are not cities.
_DISTINCTIVE_WORDS = frozenset(["north", "south", "dpr", "dem", "rep", "dr", "new", "former", "part", "east", "west"])
_REGIONS_OF_CHINA = frozenset({"HK", "MO", "TW"})
_ACCENTED_CODES = {"čr": "CZ"}
_LONGEST_CODE = 3
# Names that two countries share.
_AMBIGUOUS = frozenset({"virginislands", "saintmartin", "guinea"})
# Shorter names are too similar: Iran and Iraq, Mali and Malawi.
_SHORTEST_MISSPELT = 6
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
    """Return the code of a country or region given by code or by name in any language; empty stays empty.

    Raises Invalid `country_not_known`.
    """
    if not text.strip():
        return ""
    found = find_country(text)
    if found is None:
        raise Invalid("country_not_known", field="country", country=text.strip()[:60])
    return found


def find_country(text: str) -> str | None:
    """Return the code of the country or region that a text names, if it is unambiguous."""
    text = text.strip()[:200]
    flags = {"".join(chr(ord(char) - 0x1F1E6 + 65) for char in flag) for flag in _FLAG.findall(text)}
    rest = _FLAG.sub(" ", text).strip()
    if flags and not rest:
        return next(iter(flags)) if len(flags) == 1 and flags <= country_codes() else None
    found = _find(rest) or _find_in_parts(rest) or _find_misspelt(rest)
    return found if not flags or flags == {found} else None


def fold_country(name: str) -> str:
    """Normalize a name so that spellings compare equal: no accents, apostrophes, spaces, "and" or "the"."""
    return "".join(_words(name))


def _find(text: str) -> str | None:
    words = _words(text)
    known = _codes_by_name()
    key = "".join(words)
    if len(key) <= _LONGEST_CODE and not text.strip().isascii() and key.isascii():
        # Without its accent, ČR (the Czech Republic) would be the code of Costa Rica.
        return _ACCENTED_CODES.get(text.strip().casefold())
    found = known.get(key)
    if found or not words:
        return found
    bare = [word for word in words if word not in _FOLDED_STATE_WORDS]
    # "Democratic Republic of" distinguishes the two Congos and Koreas: they are known only by their whole names.
    if bare and len(bare) < len(words) and (short := known.get("".join(bare))) and short not in {"CG", "KR", "CN"}:
        return short if len("".join(bare)) > _LONGEST_CODE else None
    return None


def _find_in_parts(text: str) -> str | None:
    """Return the country named by the parts of a text: `DE - Germany`, `中国 China`, `香港（中国）`, `London, UK`."""
    parts = re.split(
        r"[/|()（）\[\];:,、–—]|\s-\s|(?<=[^\x00-\u024f])\s+(?=[\x00-\u024f])|(?<=[\x00-\u024f])\s+(?=[^\x00-\u024f])",
        text,
    )
    filled = [part for part in parts if part.strip()]
    if len(filled) < 2:  # noqa: PLR2004 - already looked up as a whole
        return None
    found = {_find(part) for part in filled}
    if None in found:
        return _find_after_city(filled, found - {None})
    if found & _REGIONS_OF_CHINA:
        found -= {"CN"}
    return found.pop() if len(found) == 1 else None


def _find_after_city(parts: list[str], found: set[str | None]) -> str | None:
    """Return the last part if it is a country and the one before it is not: `Lyon, France`, but not `Georgia, USA`."""
    last = _find(parts[-1])
    words = {word for part in parts[:-1] for word in _words(part)}
    is_certain = last is not None and found == {last} and not words & (_FOLDED_STATE_WORDS | _DISTINCTIVE_WORDS)
    return last if is_certain and len("".join(_words(parts[-1]))) > 1 else None


def _find_misspelt(text: str) -> str | None:
    """Return the only country whose name differs from a word by a letter or two; None if two are equally close."""
    name = fold_country(text)
    errors = allowed_errors(name) if len(name) >= _SHORTEST_MISSPELT else 0
    if not errors or re.search(r"[,/;|()&]", text) or name in _AMBIGUOUS:
        return None
    near = process.extract(name, _latin_names(), scorer=OSA.distance, score_cutoff=errors, limit=20)
    least = min((distance for _, distance, _ in near), default=0)
    nearest = [known for known, distance, _ in near if distance == least]
    found = {_codes_by_name()[known] for known in nearest}
    return found.pop() if len(found) == 1 and any(known[0] == name[0] for known in nearest) else None


@cache
def _latin_names() -> list[str]:
    """Return the names to compare a misspelt one with, without codes and other scripts."""
    return [name for name in _codes_by_name() if name.isascii() and len(name) >= _SHORTEST_MISSPELT - 1]


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name).casefold())
    text = re.sub("[\u0300-\u036f\u0640\u064b-\u0652]", "", text).replace("ı", "i").replace("ø", "o").replace("ł", "l")
    text = re.sub(r"(?<=\b\w)\.(?=\s?\w\b)|\.", lambda match: "" if match.end() else " ", text)
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Cc"} or char.isspace())
    words = re.split(r"[\s\-‐-―_,()（）/&+·・.*!?\"“”;:]+", text)
    kept = [word for word in words if word and word not in _CONJUNCTIONS]
    shortened = ["st" if word in {"saint", "sankt", "sainte"} else word for word in kept]
    if len(shortened) > 1 and shortened[0] == "the":
        shortened = shortened[1:]
    if len(shortened) > 1 and shortened[-1] == "the":
        shortened = shortened[:-1]
    return shortened or [word for word in words if word]


_FOLDED_STATE_WORDS = frozenset(word for each in _STATE_WORDS for word in _words(each))


@cache
def _codes_by_name() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in NAMES_FILE.read_text(encoding="utf-8").splitlines():
        code, _, names = line.partition("\t")
        known.update(dict.fromkeys(names.split("|"), code))
    for code, names in _OTHER_NAMES.items():
        known.update(dict.fromkeys(map(fold_country, names.split("|")), code))
    return known | {code.casefold(): code for code in country_codes()}
