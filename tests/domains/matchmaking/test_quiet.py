"""Companies and people that state no topic: the last place of some lists, on another day that of others."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.infra.db import atomic, db
from expo.matchmaking.models import ExposurePrice
from expo.matchmaking.queries import recommend_exhibitors, recommend_people, recommend_people_for_exhibitor
from expo.matchmaking.rules import Reason, ReasonKind, TargetKind
from expo.matchmaking.services import balance_exposure, dismiss, dismiss_visitor, exposure
from expo.meetings.models import MeetingBlock
from expo.profiles.rules import ProfileRequest, Visibility
from expo.profiles.services import save_profile
from expo.registration.models import Attendee
from tests.profiles import make_company, make_person, own_actor

# As many draws as make it sure that each of a few has been drawn; hashes of fixed ids are the same in every run.
DAYS = 24


def on_all_days(names_of: Callable[[datetime], Iterable[str]], now: datetime) -> list[list[str]]:
    return [list(names_of(now + timedelta(days=day))) for day in range(DAYS)]


def test_companies_when_they_state_no_topic_then_in_the_last_place_of_some_lists_and_only_if_they_may_be_shown(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    viewer = make_person(edition, now, Visibility.NOBODY, seeks=("storage",), regions=("east_asia",))
    stranger = make_person(edition, now, Visibility.NOBODY)
    for each in ("Lake", "River", "Sea"):
        make_company(edition, now, each, offers=("storage",))
    make_company(edition, now, "Quiet", country="JP")
    dismissed, blocked = (make_company(edition, now, each) for each in ("Dismissed", "Blocked"))
    make_company(edition, now, "Hidden", is_hidden=True)
    make_company(edition, now, "Cancelled", state="cancelled")

    def names(at: datetime) -> list[str]:
        return [each.exhibitor.name for each in recommend_exhibitors(get_edition(edition.id), viewer.id, at)]

    before = on_all_days(names, now)
    dismiss(own_actor(viewer), edition.id, viewer.id, TargetKind.EXHIBITOR, dismissed, now)
    with atomic():
        db.session.add(MeetingBlock(created_at=now, attendee_id=viewer.id, blocked_exhibitor_id=blocked))
    after = on_all_days(names, now)

    assert {name for each in before for name in each[3:]} == {"Quiet", "Dismissed", "Blocked"}
    assert {name for each in after for name in each[3:]} == {"Quiet"}
    assert all(set(each[:3]) == {"Lake", "River", "Sea"} and len(each) <= 4 for each in before + after)
    assert 0 < sum(len(each) == 3 for each in after) < DAYS
    assert on_all_days(names, now) == after
    # Somebody of whom no topic is known has no list that could end with it.
    facts = get_edition(edition.id)
    assert not any(recommend_exhibitors(facts, stranger.id, now + timedelta(days=day)) for day in range(DAYS))
    shown = now + timedelta(days=next(day for day, each in enumerate(after) if len(each) == 4))
    assert recommend_exhibitors(facts, viewer.id, shown)[-1].reasons[:2] == (
        Reason(ReasonKind.QUIET),
        Reason(ReasonKind.REGION, "east_asia"),
    )
    # There is no place to spare in a list of a few, and a full list is no longer for it.
    assert all(len(recommend_exhibitors(facts, viewer.id, shown, limit)) == min(limit, 3) for limit in range(1, 5))
    for number in range(5):
        make_company(edition, now, f"Lake {number}", offers=("storage",))
    full = on_all_days(
        lambda at: [each.exhibitor.name for each in recommend_exhibitors(get_edition(edition.id), viewer.id, at, 5)],
        now,
    )
    assert {len(each) for each in full} == {5}
    assert {each.index("Quiet") for each in full if "Quiet" in each} == {4}


def test_people_when_they_state_no_topic_then_shown_as_far_as_they_agreed_until_they_withdraw(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, "Lake", offers=("storage",))
    viewer = make_person(edition, now, Visibility.EVERYONE, {"name": "Viewer"}, seeks=("storage",))
    for each in ("Ann", "Ben"):
        make_person(edition, now, Visibility.EVERYONE, {"name": each}, offers=("storage",), seeks=("storage",))
    quiet = {each: make_person(edition, now, each, {"name": f"Quiet {each.value}"}) for each in Visibility}
    blocked = make_person(edition, now, Visibility.EVERYONE, {"name": "Blocked"})
    with atomic():
        db.session.add(MeetingBlock(created_at=now, attendee_id=blocked.id, blocked_attendee_id=viewer.id))
        db.session.add(MeetingBlock(created_at=now, exhibitor_id=company, blocked_attendee_id=blocked.id))

    def to_person() -> set[str]:
        facts = get_edition(edition.id)
        lists = on_all_days(lambda at: (each.person.name for each in recommend_people(facts, viewer.id, at)), now)
        return {name for each in lists for name in each}

    def to_company() -> set[str]:
        facts = get_edition(edition.id)
        lists = on_all_days(
            lambda at: (each.person.name for each in recommend_people_for_exhibitor(facts, company, at)), now
        )
        return {name for each in lists for name in each}

    assert to_person() == {"Ann", "Ben", "Quiet everyone"}
    assert to_company() == {"Ann", "Ben", "Viewer", "Quiet everyone", "Quiet exhibitors"}

    everyone = quiet[Visibility.EVERYONE]
    dismiss_visitor(SYSTEM, edition.id, "lake", everyone.id, now)
    with atomic():
        gone = update(Attendee).where(Attendee.id == quiet[Visibility.EXHIBITORS].id).values(state="cancelled")
        db.session.execute(gone)
    assert (to_person(), to_company()) == ({"Ann", "Ben", "Quiet everyone"}, {"Ann", "Ben", "Viewer"})
    save_profile(own_actor(everyone), edition.id, everyone.id, ProfileRequest(), now + timedelta(minutes=1))
    assert to_person() == {"Ann", "Ben"}


def test_exposure_when_some_state_no_topic_then_their_prices_make_their_draws_even_by_capacity(
    app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_company(edition, now, "Lake", offers=("storage",))
    small, large = (make_company(edition, now, each) for each in ("Small", "Large"))
    for _ in range(3):
        make_person(edition, now, Visibility.NOBODY, seeks=("storage",))
    capacities = {small: 1.0, large: 3.0}
    monkeypatch.setattr(
        exposure,
        "read_capacities",
        lambda _edition, ids, _now: np.array([capacities.get(each, 2.0) for each in ids], np.float32),
    )

    balance_exposure(SYSTEM, get_edition(edition.id), now)

    prices = {row.target_id: row.price for row in db.session.scalars(select(ExposurePrice))}
    assert math.exp(prices[small] - prices[large]) == pytest.approx(3.0, rel=0.01)
