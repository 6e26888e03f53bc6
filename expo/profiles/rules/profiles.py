"""What a profile may contain, and who may see it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from expo.errors import Invalid
from expo.exhibitors.rules import check_topics
from expo.profiles.rules.facets import COMPANY_SIZES, INDUSTRIES, LANGUAGES, PURPOSES, REGIONS, ROLES
from expo.pure.fields import clean_text
from expo.pure.texts import clean_text as clean_paragraphs
from expo.pure.topics import TopicList

MAX_HEADLINE_LENGTH = 160
MAX_ABOUT_LENGTH = 2_000
MAX_NOTE_LENGTH = 500
MAX_CODES = 8


class Visibility(StrEnum):
    """Who can find a profile, besides organizers."""

    NOBODY = "nobody"
    EXHIBITORS = "exhibitors"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class ProfileRequest:
    """A profile as its owner enters it."""

    visibility: Visibility = Visibility.NOBODY
    headline: str = ""
    about: str = ""
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    offers_text: str = ""
    seeks_text: str = ""
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    role: str = ""
    company_size: str = ""


@dataclass(frozen=True)
class Viewer:
    """Who looks for people: which profiles they can see, and whom they never find.

    These are their own registrations, and the people who blocked them or whom they blocked.
    """

    sees: frozenset[Visibility] = frozenset()
    attendee_ids: tuple[int, ...] = ()
    blocked_ids: tuple[int, ...] = ()


def viewer_of(
    *, is_registered: bool, is_exhibitor: bool, attendee_ids: Iterable[int] = (), blocked_ids: Iterable[int] = ()
) -> Viewer:
    """Return what somebody sees: with a valid registration those visible to everyone, as an exhibitor more."""
    sees = set[Visibility]()
    if is_registered or is_exhibitor:
        sees.add(Visibility.EVERYONE)
    if is_exhibitor:
        sees.add(Visibility.EXHIBITORS)
    return Viewer(frozenset(sees), tuple(attendee_ids), tuple(blocked_ids))


# Somebody with a valid registration, and a member of an exhibitor's team.
AS_ATTENDEE = viewer_of(is_registered=True, is_exhibitor=False)
AS_EXHIBITOR = viewer_of(is_registered=False, is_exhibitor=True)


def check_profile(request: ProfileRequest, topics: TopicList) -> ProfileRequest:
    """Return a profile for storage. Raises Invalid with the field at fault."""
    return replace(
        request,
        headline=_check_length(clean_text(request.headline), "headline", MAX_HEADLINE_LENGTH),
        about=_check_length(clean_paragraphs(request.about), "about", MAX_ABOUT_LENGTH),
        offers=check_topics(request.offers, topics, "offers"),
        seeks=check_topics(request.seeks, topics, "seeks"),
        offers_text=_check_length(clean_paragraphs(request.offers_text), "offers_text", MAX_NOTE_LENGTH),
        seeks_text=_check_length(clean_paragraphs(request.seeks_text), "seeks_text", MAX_NOTE_LENGTH),
        industries=_check_codes(request.industries, INDUSTRIES, "industries"),
        regions=_check_codes(request.regions, REGIONS, "regions"),
        languages=_check_codes(request.languages, LANGUAGES, "languages"),
        purposes=_check_codes(request.purposes, PURPOSES, "purposes"),
        role=_check_code(request.role, ROLES, "role"),
        company_size=_check_code(request.company_size, COMPANY_SIZES, "company_size"),
    )


def _check_length(text: str, field: str, maximum: int) -> str:
    if len(text) > maximum:
        raise Invalid("text_too_long", field=field, maximum=maximum)
    return text


def _check_codes(codes: Iterable[str], known: tuple[str, ...], field: str) -> tuple[str, ...]:
    """Return distinct codes in their listed order. Raises Invalid `choice_unknown` or `choices_too_many`."""
    chosen = set(codes)
    for code in sorted(chosen):
        _check_code(code, known, field)
    if len(chosen) > MAX_CODES:
        raise Invalid("choices_too_many", field=field, maximum=MAX_CODES)
    return tuple(code for code in known if code in chosen)


def _check_code(code: str, known: tuple[str, ...], field: str) -> str:
    if code and code not in known:
        raise Invalid("choice_unknown", field=field, choice=code[:48])
    return code
