"""What a profile can say besides topics: industries, regions, languages, purposes, roles and company sizes. Pure.

Only codes are stored; the pages name them in the reader's language.
"""

from collections.abc import Mapping

INDUSTRIES = (
    "government", "finance", "manufacturing", "energy", "telecom", "internet", "software", "retail", "logistics",
    "transport", "health", "education", "research", "agriculture", "construction", "media", "tourism", "consulting",
    "associations", "other",
)  # fmt: skip
REGIONS = (
    "guizhou", "southwest_china", "south_china", "east_china", "north_china", "hong_kong_macao_taiwan", "east_asia",
    "southeast_asia", "south_asia", "central_asia", "middle_east", "africa", "europe", "north_america",
    "latin_america", "oceania", "worldwide",
)  # fmt: skip
# BCP 47; those that are spoken most, or by most guests.
LANGUAGES = (
    "zh", "en", "ar", "de", "es", "fr", "hi", "id", "it", "ja", "kk", "ko", "ms", "pt", "ru", "th", "tr", "ur", "vi",
)  # fmt: skip
PURPOSES = (
    "buy", "sell", "distribute", "partner", "invest", "raise", "hire", "work", "research", "learn", "teach", "network",
)  # fmt: skip
ROLES = ("executive", "manager", "technical", "sales", "procurement", "investor", "researcher", "official", "press",
    "student", "other")  # fmt: skip
COMPANY_SIZES = ("1", "2-10", "11-50", "51-250", "251-1000", "1001+")

# Mainland China is not here: a company's country does not say in which part of it it works.
_COUNTRIES = {
    "hong_kong_macao_taiwan": "HK MO TW",
    "east_asia": "JP KR KP MN",
    "southeast_asia": "BN ID KH LA MM MY PH SG TH TL VN",
    "south_asia": "AF BD BT IN LK MV NP PK",
    "central_asia": "KG KZ TJ TM UZ",
    "middle_east": "AE BH CY IL IQ IR JO KW LB OM PS QA SA SY TR YE",
    "africa": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA"
    " NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW",
    "europe": "AD AL AM AT AZ BA BE BG BY CH CZ DE DK EE ES FI FR GB GE GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT"
    " NL NO PL PT RO RS RU SE SI SK SM UA VA XK",
    "north_america": "CA US",
    "latin_america": "AG AR BB BO BR BS BZ CL CO CR CU DM DO EC GD GT GY HN HT JM KN LC MX NI PA PE PR PY SR SV TT UY"
    " VC VE",
    "oceania": "AU FJ FM KI MH NR NZ PG PW SB TO TV VU WS",
}
REGION_BY_COUNTRY: Mapping[str, str] = {
    country: region for region, countries in _COUNTRIES.items() for country in countries.split()
}
CHINESE_REGIONS = frozenset({"guizhou", "southwest_china", "south_china", "east_china", "north_china"})


def regions_of_country(country: str) -> frozenset[str]:
    """Return the regions that a country may stand for; a company from China may work in any part of it."""
    if country == "CN":
        return CHINESE_REGIONS
    return frozenset({REGION_BY_COUNTRY[country]}) if country in REGION_BY_COUNTRY else frozenset()
