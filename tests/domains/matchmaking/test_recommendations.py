from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Invalid
from expo.exhibitors.rules import MAX_TOPICS, read_companies
from expo.flows.exhibitor_import import import_exhibitors
from expo.flows.program_import import import_program, read_schedule_file
from expo.infra.db import atomic, db
from expo.matchmaking.queries import recommend_exhibitors, recommend_sessions
from expo.matchmaking.rules import Reason, ReasonKind
from expo.matchmaking.services import tag_exhibitors, tag_sessions
from expo.profiles.queries import list_interests
from expo.profiles.services import choose_interests
from expo.program.models import Session
from expo.pure.topics import bundled_topics
from expo.registration.errors import AttendeeMissing
from tests.conftest import make_edition
from tests.domains.program.test_schedules import TWO_TALKS
from tests.make import MadeAttendee, make_attendee

COMPANIES = """name,description,categories
贵州存储,,数据库
Stat Ltd,We do analytics all day.,
Lake Ltd,,Big data; Databases
Bakery,Bread and cakes.,Food
"""
SHARED, RELATED = ReasonKind.SHARED, ReasonKind.RELATED


def own(made: MadeAttendee) -> Actor:
    return Actor("person", made.attendee.person_id, edition_id=made.attendee.edition_id)


def staff(edition: EditionFacts, role: Role, now: datetime) -> Actor:
    person_id = ensure_person(f"{role.value}@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, role, now)
    person = find_person(person_id)
    assert person is not None
    return actor_for_person(person, edition.id)


def run_import(edition: EditionFacts, now: datetime) -> EditionFacts:
    import_exhibitors(SYSTEM, edition.id, read_companies(COMPANIES.encode()), now)
    import_program(SYSTEM, edition.id, read_schedule_file(edition, TWO_TALKS), now)
    return get_edition(edition.id)


def test_interests_when_chosen_by_the_person_or_staff_then_kept_in_place_of_those_before(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)

    choose_interests(own(made), edition.id, made.id, ["databases", "big-data", "databases"], now)
    assert list_interests(made.id) == ["big-data", "databases"]
    choose_interests(staff(edition, Role.DESK, now), edition.id, made.id, ["databases"], now)
    assert list_interests(made.id) == ["databases"]
    choose_interests(own(made), edition.id, made.id, [], now)
    assert list_interests(made.id) == []


def test_interests_when_chosen_by_others_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    made, other = make_attendee(edition, now), make_attendee(edition, now)
    choose_interests(own(made), edition.id, made.id, ["databases"], now)

    for actor in (ANONYMOUS, own(other), staff(edition, Role.STEWARD, now)):
        with pytest.raises(PermissionMissing):
            choose_interests(actor, edition.id, made.id, ["big-data"], now)

    assert list_interests(made.id) == ["databases"]
    assert list_interests(other.id) == []


def test_interests_when_of_another_edition_then_there_is_no_such_attendee(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    other = make_edition(now, "expo-2028", 2028)

    with pytest.raises(AttendeeMissing):
        choose_interests(SYSTEM, other.id, made.id, ["databases"], now)


def test_interests_when_unknown_or_too_many_then_refused_and_the_old_stay(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    codes = [topic.code for topic in bundled_topics().topics]
    choose_interests(own(made), edition.id, made.id, codes[:MAX_TOPICS], now)

    with pytest.raises(Invalid) as unknown:
        choose_interests(own(made), edition.id, made.id, [codes[0], "' OR 1=1"], now)
    with pytest.raises(Invalid) as too_many:
        choose_interests(own(made), edition.id, made.id, codes[: MAX_TOPICS + 1], now)

    assert (unknown.value.code, unknown.value.params) == ("topic_unknown", {"field": "topics", "topic": "' OR 1=1"})
    assert (too_many.value.code, too_many.value.params) == (
        "topics_too_many",
        {"field": "topics", "maximum": MAX_TOPICS},
    )
    assert list_interests(made.id) == sorted(codes[:MAX_TOPICS])


def test_recommend_when_interests_are_chosen_then_what_fits_and_why(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    edition = run_import(edition, now)
    made = make_attendee(edition, now)
    choose_interests(own(made), edition.id, made.id, ["databases", "machine-learning"], now)

    exhibitors = recommend_exhibitors(edition, made.id, now)
    sessions = recommend_sessions(edition, made.id, now)

    assert {match.exhibitor.name: match.reasons for match in exhibitors} == {
        "贵州存储": (Reason(SHARED, "databases"),),
        "Lake Ltd": (Reason(SHARED, "databases"), Reason(RELATED, "big-data")),
        "Stat Ltd": (Reason(RELATED, "data-science"),),
    }
    assert [match.exhibitor.name for match in exhibitors][-1] == "Stat Ltd"
    assert all(0 < score <= 1 for score in (each.score for matches in (exhibitors, sessions) for each in matches))
    assert [(match.session.title, match.reasons[0]) for match in sessions] == [
        ({"en": "Artificial intelligence for ports"}, Reason(SHARED, "machine-learning"))
    ]
    assert recommend_exhibitors(edition, made.id, now, limit=1) == exhibitors[:1]
    assert recommend_exhibitors(edition, made.id, now) == exhibitors


def test_recommend_when_nothing_is_chosen_then_nothing(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    edition = run_import(edition, now)
    made = make_attendee(edition, now)

    assert recommend_exhibitors(edition, made.id, now) == []
    assert recommend_sessions(edition, made.id, now) == []


def test_sessions_when_full_cancelled_or_over_then_not_recommended_any_longer(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    edition = run_import(edition, now)
    made = make_attendee(edition, now)
    choose_interests(own(made), edition.id, made.id, ["machine-learning"], now)
    (match,) = recommend_sessions(edition, made.id, now)
    end = match.session.ends_at
    assert end is not None

    def recommended_with(at: datetime, **values: Any) -> bool:
        values = values or {"seat_limit": None}
        with atomic():
            db.session.execute(update(Session).where(Session.id == match.session.id).values(**values))
        return recommend_sessions(edition, made.id, at) != []

    assert [recommended_with(end - timedelta(seconds=1)), recommended_with(end)] == [True, False]
    assert [recommended_with(now, seat_limit=1), recommended_with(now, seat_limit=0)] == [True, False]
    assert [recommended_with(now, seat_limit=None), recommended_with(now, state="cancelled")] == [True, False]


def test_recommend_when_another_edition_has_what_fits_then_it_is_never_shown(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = run_import(make_edition(now, "expo-2028", 2028), now)
    here, there = make_attendee(edition, now), make_attendee(other, now)
    for made in (here, there):
        choose_interests(own(made), made.attendee.edition_id, made.id, ["databases", "machine-learning"], now)

    assert recommend_exhibitors(edition, here.id, now) == []
    assert recommend_sessions(edition, here.id, now) == []
    assert len(recommend_exhibitors(other, there.id, now)) == 3
    assert len(recommend_sessions(other, there.id, now)) == 1


def test_recommend_when_companies_change_then_at_once_by_the_new_list(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    edition = run_import(edition, now)
    made = make_attendee(edition, now)
    choose_interests(own(made), edition.id, made.id, ["databases"], now)
    before = {match.exhibitor.name for match in recommend_exhibitors(edition, made.id, now)}
    changed = read_companies(b"name,categories\nBakery,Databases\nLake Ltd,Food\n")

    import_exhibitors(SYSTEM, edition.id, changed, now + timedelta(hours=1))

    after = {match.exhibitor.name for match in recommend_exhibitors(get_edition(edition.id), made.id, now)}
    assert (before, after) == ({"贵州存储", "Lake Ltd", "Stat Ltd"}, {"贵州存储", "Bakery", "Stat Ltd"})


def test_tag_when_done_by_a_stranger_then_refused_and_counts_those_with_topics(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, now)

    assert (tag_exhibitors(SYSTEM, edition.id, now), tag_sessions(SYSTEM, edition.id, now)) == (4, 2)
    with pytest.raises(PermissionMissing):
        tag_exhibitors(ANONYMOUS, edition.id, now)
    with pytest.raises(PermissionMissing):
        tag_sessions(ANONYMOUS, edition.id, now)
