"""The words for what profiles say: visibility, industries, regions, languages, purposes, roles, company sizes."""

from babel import Locale
from flask_babel import lazy_gettext as _l

from expo.profiles.rules import Visibility
from expo.web.kit.language import current_locale

VISIBILITIES = {
    Visibility.NOBODY: (_l("Nobody"), _l("Only you see your profile.")),
    Visibility.EXHIBITORS: (_l("Exhibitors"), _l("Teams of exhibitors can find you, other visitors cannot.")),
    Visibility.EVERYONE: (_l("Everyone at the expo"), _l("Registered visitors and exhibitors can find you.")),
}
INDUSTRIES = {
    "government": _l("Government and public services"),
    "finance": _l("Finance and insurance"),
    "manufacturing": _l("Manufacturing"),
    "energy": _l("Energy and utilities"),
    "telecom": _l("Telecommunications"),
    "internet": _l("Internet services"),
    "software": _l("Software and IT services"),
    "retail": _l("Retail and consumer goods"),
    "logistics": _l("Logistics"),
    "transport": _l("Transport and automotive"),
    "health": _l("Health and life sciences"),
    "education": _l("Education and training"),
    "research": _l("Research"),
    "agriculture": _l("Agriculture and food"),
    "construction": _l("Construction and real estate"),
    "media": _l("Media and culture"),
    "tourism": _l("Travel and hospitality"),
    "consulting": _l("Consulting and legal services"),
    "associations": _l("Associations and non-profits"),
    "other": _l("Other"),
}
REGIONS = {
    "guizhou": _l("Guizhou"),
    "southwest_china": _l("Southwest China"),
    "south_china": _l("South China"),
    "east_china": _l("East China"),
    "north_china": _l("North China"),
    "hong_kong_macao_taiwan": _l("Hong Kong, Macao and Taiwan"),
    "east_asia": _l("East Asia outside China"),
    "southeast_asia": _l("Southeast Asia"),
    "south_asia": _l("South Asia"),
    "central_asia": _l("Central Asia"),
    "middle_east": _l("Middle East"),
    "africa": _l("Africa"),
    "europe": _l("Europe"),
    "north_america": _l("North America"),
    "latin_america": _l("Latin America"),
    "oceania": _l("Oceania"),
    "worldwide": _l("Worldwide"),
}
PURPOSES = {
    "buy": _l("Buy products or services"),
    "sell": _l("Sell products or services"),
    "distribute": _l("Become a distributor"),
    "partner": _l("Look for partners"),
    "invest": _l("Invest"),
    "raise": _l("Raise funding"),
    "hire": _l("Hire people"),
    "work": _l("Look for a job"),
    "research": _l("Do research together"),
    "learn": _l("Learn"),
    "teach": _l("Share knowledge"),
    "network": _l("Meet people in my field"),
}
ROLES = {
    "executive": _l("Executive or founder"),
    "manager": _l("Manager"),
    "technical": _l("Engineer or developer"),
    "sales": _l("Sales or marketing"),
    "procurement": _l("Procurement"),
    "investor": _l("Investor"),
    "researcher": _l("Researcher"),
    "official": _l("Government official"),
    "press": _l("Press"),
    "student": _l("Student"),
    "other": _l("Other"),
}
COMPANY_SIZES = {
    "1": _l("Only me"),
    "2-10": _l("2 to 10 people"),
    "11-50": _l("11 to 50 people"),
    "51-250": _l("51 to 250 people"),
    "251-1000": _l("251 to 1,000 people"),
    "1001+": _l("More than 1,000 people"),
}


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language."""
    locale: Locale = current_locale()
    name = str(locale.languages.get(code, code))
    return name[:1].upper() + name[1:]
