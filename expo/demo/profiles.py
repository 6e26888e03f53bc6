"""Profiles of the demo's people: a third of them want to be found, most of those by everyone."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import select

from expo.demo.drawing import Weighted
from expo.demo.orders import DemoAttendee
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, ExhibitorTopic
from expo.exhibitors.rules import TopicKind
from expo.infra.db import db
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import (
    COMPANY_SIZES,
    INDUSTRIES,
    LANGUAGES,
    PURPOSES,
    REGIONS,
    ROLES,
    Visibility,
    regions_of_country,
)
from expo.pure.names import search_text
from expo.pure.topics import bundled_topics
from expo.registration.rules import AttendeeState

SHARE = 1 / 3
VISIBILITIES = Weighted(tuple(Visibility), (0.2, 0.25, 0.55))
HEADLINES = {
    "en": (
        "Looking for partners in {seek}",
        "Offers {offer}, seeks {seek}",
        "Wants to learn about {seek}",
        "{offer} for companies in Southwest China",
    ),
    "zh": ("寻找{seek}合作伙伴", "提供{offer}，寻求{seek}", "想了解{seek}", "专注{offer}，欢迎交流合作"),
}
# The share of companies that say what they seek.
SEEKING = 0.4


def load_profiles(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Insert profiles with what people offer, and what some companies seek."""
    topics = bundled_topics()
    codes = [topic.code for topic in topics.topics if topic.parent]
    profiles: list[dict[str, Any]] = []
    offers: list[dict[str, Any]] = []
    for each in attendees:
        if each.state is not AttendeeState.CONFIRMED or rng.random() >= SHARE:
            continue
        language = "zh" if each.person.language.startswith("zh") else "en"
        offered = rng.sample(codes, rng.randint(1, 3))
        sought = [code for code in each.person.interests if code in topics.codes] or offered
        headline = rng.choice(HEADLINES[language]).format(
            seek=topics.name(sought[0], language), offer=topics.name(offered[0], language)
        )
        person = each.person
        languages = {person.language.split("-")[0], *rng.choices(("en", "zh"), (0.6, 0.4))} & set(LANGUAGES)
        profiles.append(
            {
                "attendee_id": each.id,
                "edition_id": edition.id,
                "key": f"demo-{each.id}",
                "visibility": VISIBILITIES.draw(rng).value,
                "headline": headline,
                "industries": [rng.choice(INDUSTRIES)],
                "regions": sorted(regions_of_country(person.country) or {rng.choice(REGIONS)})[:1],
                "languages": sorted(languages),
                "purposes": rng.sample(PURPOSES, rng.randint(1, 2)),
                "role": rng.choice(ROLES),
                "company_size": rng.choice(COMPANY_SIZES),
                "search_text": search_text(
                    person.name, person.latin_name or "", person.company, person.job_title, headline
                ),
                "updated_at": now,
            }
        )
        offers += [{"attendee_id": each.id, "kind": TopicKind.OFFERS.value, "topic": code} for code in offered]
    insert_all(Profile, [{"about": "", "offers_text": "", "seeks_text": "", **row} for row in profiles])
    insert_all(AttendeeTopic, offers)
    _load_what_companies_seek(edition, codes, rng)


def _load_what_companies_seek(edition: EditionFacts, codes: Sequence[str], rng: Random) -> None:
    has_said = select(ExhibitorTopic.exhibitor_id).where(ExhibitorTopic.kind == TopicKind.SEEKS.value)
    query = (
        select(Exhibitor.id)
        .where(Exhibitor.edition_id == edition.id, Exhibitor.id.not_in(has_said))
        .order_by(Exhibitor.id)
    )
    insert_all(
        ExhibitorTopic,
        [
            {"exhibitor_id": company, "kind": TopicKind.SEEKS.value, "topic": code, "weight": 1.0, "is_chosen": True}
            for company in db.session.scalars(query)
            if rng.random() < SEEKING
            for code in rng.sample(codes, rng.randint(1, 3))
        ],
    )
