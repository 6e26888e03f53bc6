"""The demo's profiles: what attendees offer, and who may find them. Most prefer not to be found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from expo.demo.drawing import Weighted, read_data
from expo.demo.orders import DemoAttendee
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import COMPANY_SIZES, INDUSTRIES, LANGUAGES, PURPOSES, ROLES, Visibility
from expo.pure.codes import make_code
from expo.pure.names import search_text
from expo.pure.topics import bundled_topics
from expo.registration.rules import AttendeeState

PROFILE_SHARE = 0.4
MOST_OFFERS, KEY_LENGTH = 3, 16
VISIBILITIES = Weighted([Visibility.NOBODY, Visibility.EXHIBITORS, Visibility.EVERYONE], [25, 40, 35])
ABOUT = (
    ("Happy to talk about what did not work, too.", "也乐意聊聊失败的经验。"),
    ("Looking for two or three good conversations a day.", "每天希望有两三次深入的交流。"),
    ("First time in Guiyang: show me what I should not miss.", "第一次来贵阳，请推荐不可错过的内容。"),
    ("", ""),
)


def load_profiles(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Insert profiles, with topics that people offer besides those that they seek."""
    known = sorted(bundled_topics().codes & set(_cluster_topics()))
    profiles: list[dict[str, Any]] = []
    topics: list[dict[str, Any]] = []
    for each in attendees:
        if each.state is not AttendeeState.CONFIRMED or rng.random() >= PROFILE_SHARE:
            continue
        profiles.append(_draw_profile(edition, each, now, rng))
        topics += [
            {"attendee_id": each.id, "kind": "offers", "topic": topic}
            for topic in rng.sample(known, rng.randint(0, MOST_OFFERS))
        ]
    insert_all(Profile, profiles)
    insert_all(AttendeeTopic, topics)


def _cluster_topics() -> list[str]:
    return [topic for cluster in read_data("interests.json")["clusters"].values() for topic in cluster]


def _draw_profile(edition: EditionFacts, each: DemoAttendee, now: datetime, rng: Random) -> dict[str, Any]:
    person = each.person
    headline = " · ".join(filter(None, (person.job_title, person.company)))[:160]
    about = rng.choice(ABOUT)[person.language.startswith("zh")]
    spoken = person.language.partition("-")[0]
    return {
        "attendee_id": each.id,
        "edition_id": edition.id,
        "key": make_code(KEY_LENGTH, rng.choice),
        "visibility": VISIBILITIES.draw(rng).value,
        "headline": headline,
        "about": about,
        "offers_text": "",
        "seeks_text": "",
        "industries": [rng.choice(INDUSTRIES)],
        "regions": [],
        "languages": sorted({"en", spoken} & set(LANGUAGES)),
        "purposes": sorted(rng.sample(PURPOSES, rng.randint(1, 3))),
        "role": rng.choice(ROLES),
        "company_size": rng.choice(COMPANY_SIZES) if person.company else "",
        "search_text": search_text(person.name, person.latin_name or "", person.company, person.job_title, about),
        "updated_at": now - timedelta(hours=rng.randint(1, 600)),
    }
