"""Profiles: only their owners change them, and only those they agreed to be found by find them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.exhibitors.queries import list_topics
from expo.infra.db import atomic, db
from expo.profiles.models import Profile
from expo.profiles.queries import PeopleFilter, find_profile, get_person, list_interests, search_people
from expo.profiles.rules import ProfileRequest, Viewer, Visibility, viewer_of
from expo.profiles.services import delete_profile, save_profile
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee
from tests.conftest import make_edition
from tests.make import make_attendee
from tests.profiles import make_person, own_actor

NOBODY_SEES = viewer_of(is_registered=False, is_exhibitor=False)
VISITOR = viewer_of(is_registered=True, is_exhibitor=False)
EXHIBITOR = viewer_of(is_registered=False, is_exhibitor=True)
FULL = ProfileRequest(
    visibility=Visibility.EVERYONE,
    headline="Looks for storage",
    about="Twenty years of data centres.",
    offers=("consulting",),
    seeks=("data-lakes-and-lakehouses", "storage"),
    offers_text="Advice",
    seeks_text="Cheap disks",
    industries=("finance", "telecom"),
    regions=("guizhou",),
    languages=("zh", "en"),
    purposes=("buy",),
    role="manager",
    company_size="11-50",
)


def find(edition: EditionFacts, viewer: Viewer, **wanted: str) -> list[str]:
    page = search_people(edition.id, viewer, PeopleFilter(**wanted), list_topics(edition.id))
    return sorted(each.name for each in page.people)


def test_profile_when_saved_then_stored_whole_and_replaced_by_the_next(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)

    save_profile(own_actor(made), edition.id, made.id, FULL, now)
    assert find_profile(made.id) == FULL
    assert list_interests(made.id) == ["data-lakes-and-lakehouses", "storage"]

    save_profile(own_actor(made), edition.id, made.id, ProfileRequest(), now)
    assert find_profile(made.id) == ProfileRequest()


def test_profile_when_others_change_or_delete_it_then_refused_even_for_staff(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made, other = make_person(edition, now, Visibility.NOBODY), make_attendee(edition, now)

    for actor in (ANONYMOUS, SYSTEM, own_actor(other)):
        with pytest.raises(PermissionMissing):
            save_profile(actor, edition.id, made.id, FULL, now)
        with pytest.raises(PermissionMissing):
            delete_profile(actor, edition.id, made.id, now)

    assert find_profile(made.id) == ProfileRequest()


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"headline": "x" * 161}, "text_too_long", "headline"),
        ({"about": "x" * 2001}, "text_too_long", "about"),
        ({"offers": ("' OR 1=1",)}, "topic_unknown", "offers"),
        ({"regions": ("atlantis",)}, "choice_unknown", "regions"),
        ({"role": "king"}, "choice_unknown", "role"),
        ({"languages": ("zh", "en", "ar", "de", "es", "fr", "hi", "id", "it")}, "choices_too_many", "languages"),
    ],
)
def test_profile_when_a_value_is_wrong_then_refused_with_its_field(
    app: Flask, edition: EditionFacts, now: datetime, wrong: dict[str, object], code: str, field: str
) -> None:
    made = make_attendee(edition, now)

    with pytest.raises(Invalid) as refused:
        save_profile(own_actor(made), edition.id, made.id, replace(FULL, **wrong), now)  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.params["field"]) == (code, field)
    assert find_profile(made.id) is None


def test_directory_when_people_agreed_to_different_viewers_then_each_sees_only_theirs(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for visibility in Visibility:
        make_person(edition, now, visibility, {"name": f"Ann {visibility.value}"}, seeks=("storage",))
    other = make_edition(now, "expo-2028", 2028)
    make_person(other, now, Visibility.EVERYONE, {"name": "Ann elsewhere"}, seeks=("storage",))
    gone = make_person(edition, now, Visibility.EVERYONE, {"name": "Ann cancelled"}, seeks=("storage",))
    with atomic():
        db.session.execute(update(Attendee).where(Attendee.id == gone.id).values(state="cancelled"))

    for wanted in ({}, {"q": "Ann"}, {"q": "Annn"}, {"topic": "storage"}, {"country": "CN"}):
        assert find(edition, NOBODY_SEES, **wanted) == []
        assert find(edition, VISITOR, **wanted) == ["Ann everyone"]
        assert find(edition, EXHIBITOR, **wanted) == ["Ann everyone", "Ann exhibitors"]


def test_person_when_asked_for_by_key_then_only_shown_to_those_who_may_see_them(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_person(edition, now, Visibility.EXHIBITORS)
    profile = db.session.get(Profile, made.id)
    assert profile is not None

    assert get_person(edition.id, EXHIBITOR, profile.key).attendee_id == made.id
    for viewer in (NOBODY_SEES, VISITOR, viewer_of(is_registered=True, is_exhibitor=True, attendee_ids=[made.id])):
        with pytest.raises(AttendeeMissing):
            get_person(edition.id, viewer, profile.key)
    with pytest.raises(AttendeeMissing):
        get_person(edition.id + 1, EXHIBITOR, profile.key)


def test_directory_when_searched_by_address_or_code_then_nobody_is_found(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_person(edition, now, Visibility.EVERYONE, {"name": "Ann Lee", "email": "hidden.box@secret.example"})

    for q in ("hidden.box@secret.example", "hidden", "secret", made.code, made.code[4:]):
        assert find(edition, EXHIBITOR, q=q) == [], q
    assert find(edition, EXHIBITOR, q="lee") == ["Ann Lee"]


def test_directory_when_words_are_misspelt_or_in_another_script_then_still_found(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_person(edition, now, Visibility.EVERYONE, {"name": "张伟", "company": "Kowalski GmbH"}, offers=("databases",))

    for q in ("张伟", "zhang", "kowalsky", "数据库", "databases"):
        assert find(edition, VISITOR, q=q) == ["张伟"], q
    assert find(edition, VISITOR, q="%") == []


def test_directory_when_filtered_then_all_filters_hold_and_a_topic_includes_its_parts(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, name="Ann")
    save_profile(own_actor(made), edition.id, made.id, FULL, now)

    assert find(edition, VISITOR, topic="big-data", industry="finance", purpose="buy", country="CN") == ["Ann"]
    for wrong in ({"topic": "robotics"}, {"industry": "energy"}, {"purpose": "sell"}, {"country": "FR"}):
        assert find(edition, VISITOR, **wrong) == []


def test_profile_when_deleted_then_nothing_is_left_and_nobody_finds_them(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    save_profile(own_actor(made), edition.id, made.id, FULL, now)

    delete_profile(own_actor(made), edition.id, made.id, now + timedelta(hours=1))

    assert (find_profile(made.id), list_interests(made.id), find(edition, EXHIBITOR)) == (None, [], [])
