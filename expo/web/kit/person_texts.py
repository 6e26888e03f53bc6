"""A person's profile and the reasons of recommendations, in the reader's language."""

from dataclasses import dataclass

from flask_babel import gettext as _

from expo.matchmaking.rules import Reason, ReasonKind
from expo.profiles.queries import ProfileRow
from expo.web.kit.profile_labels import COMPANY_SIZES, INDUSTRIES, PURPOSES, REGIONS, ROLES, language_name
from expo.web.kit.topic_choices import topic_name

MAX_REASONS = 3


@dataclass(frozen=True)
class ShownPerson:
    """A person as others see them. There is neither an address nor a number."""

    key: str
    attendee_id: int
    name: str
    latin_name: str
    company: str
    job_title: str
    country: str
    headline: str
    about: str
    seeks_text: str
    offers_text: str
    seeks: tuple[str, ...]
    offers: tuple[str, ...]
    # Labels with their values, such as the industries.
    facts: tuple[tuple[str, tuple[str, ...]], ...]


def describe_person(row: ProfileRow) -> ShownPerson:
    """Return a person's profile in the reader's language."""
    profile = row.profile
    facts = (
        (_("Here to"), tuple(str(PURPOSES[code]) for code in profile.purposes if code in PURPOSES)),
        (_("Role"), (str(ROLES[profile.role]),) if profile.role in ROLES else ()),
        (
            _("Company size"),
            (str(COMPANY_SIZES[profile.company_size]),) if profile.company_size in COMPANY_SIZES else (),
        ),
        (_("Industries"), tuple(str(INDUSTRIES[code]) for code in profile.industries if code in INDUSTRIES)),
        (_("Regions"), tuple(str(REGIONS[code]) for code in profile.regions if code in REGIONS)),
        (_("Languages"), tuple(language_name(code) for code in profile.languages)),
    )
    return ShownPerson(
        key=row.key,
        attendee_id=row.attendee_id,
        name=row.name,
        latin_name=row.latin_name,
        company=row.company,
        job_title=row.job_title,
        country=row.country,
        headline=profile.headline,
        about=profile.about,
        seeks_text=profile.seeks_text,
        offers_text=profile.offers_text,
        seeks=tuple(topic_name(code) for code in profile.seeks),
        offers=tuple(topic_name(code) for code in profile.offers),
        facts=tuple(fact for fact in facts if fact[1]),
    )


def reason_texts(reasons: tuple[Reason, ...], *, for_company: bool = False) -> list[str]:
    """Return up to three sentences that say why somebody is recommended, the strongest first."""
    by_kind: dict[ReasonKind, list[str]] = {}
    for reason in reasons:
        by_kind.setdefault(reason.kind, []).append(reason.code)
    texts = [_sentence(kind, codes[:MAX_REASONS], for_company=for_company) for kind, codes in by_kind.items()]
    return [text for text in texts if text][:MAX_REASONS]


def _sentence(kind: ReasonKind, codes: list[str], *, for_company: bool) -> str:
    names = _(", ").join(_name(kind, code) for code in codes)
    sentences = {
        ReasonKind.SHARED: _("Offers what you seek: %(topics)s", topics=names),
        ReasonKind.WANTED: _("Seeks what you offer: %(topics)s", topics=names),
        ReasonKind.ALIKE: _("Also interested in %(topics)s", topics=names),
        ReasonKind.RELATED: _("Related to your interests: %(topics)s", topics=names),
        ReasonKind.SIMILAR: _("Similar to what you starred or visited"),
        ReasonKind.PURPOSE: _("Here to: %(purposes)s", purposes=names),
        ReasonKind.INDUSTRY: _("Works in your industry: %(industries)s", industries=names),
        ReasonKind.REGION: _("Works in your region: %(regions)s", regions=names),
        ReasonKind.LANGUAGE: _("Speaks your language: %(languages)s", languages=names),
        ReasonKind.QUIET: _("Seen by fewer people: no topics chosen yet"),
    }
    if for_company and kind is ReasonKind.SIMILAR:
        return ""
    return str(sentences[kind])


def _name(kind: ReasonKind, code: str) -> str:
    if kind is ReasonKind.PURPOSE:
        return str(PURPOSES.get(code, code))
    if kind is ReasonKind.INDUSTRY:
        return str(INDUSTRIES.get(code, code))
    if kind is ReasonKind.REGION:
        return str(REGIONS.get(code, code))
    if kind is ReasonKind.LANGUAGE:
        return language_name(code)
    return topic_name(code)
