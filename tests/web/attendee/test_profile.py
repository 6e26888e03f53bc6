"""The profile page, the directory of people, and recommendations on an attendee's pages."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.profiles.models import Profile
from expo.profiles.queries import find_profile
from expo.profiles.rules import ProfileRequest, Visibility
from tests.make import make_attendee
from tests.profiles import join_company, make_company, make_person
from tests.sessions import browser_of

FORM = {
    "visibility": "everyone",
    "headline": "Looks for <b>storage</b>",
    "seeks": ["storage", "databases"],
    "offers": ["consulting"],
    "purposes": ["buy"],
    "languages": ["zh", "en"],
    "role": "manager",
    "company_size": "11-50",
}


def test_profile_when_saved_then_previewed_as_others_see_it_and_exported(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, name="Ann", email="ann@example.org")
    browser = browser_of(app, made.attendee.person_id)
    assert "Your e-mail address and phone number are never shown." in browser.get("/en/me/profile").text

    saved = browser.post("/en/me/profile", data=FORM, follow_redirects=True)

    assert saved.request.path.endswith("/me/profile/preview")
    for shown in ("Visible to: Everyone at the expo", "Looks for &lt;b&gt;storage&lt;/b&gt;", "Databases", "Manager"):
        assert shown in saved.text, shown
    assert "ann@example.org" not in saved.text
    exported = browser.get("/en/me/profile/profile.json").get_json()
    assert (exported["seeks"], exported["visibility"]) == (["databases", "storage"], "everyone")
    again = browser.get("/en/me/profile").text
    assert again.count("checked") == 3 + 1 + 2 + 1


def test_profile_when_a_topic_is_unknown_then_told_and_nothing_is_saved(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)

    refused = browser_of(app, made.attendee.person_id).post("/en/me/profile", data={**FORM, "seeks": ["nonsense"]})

    assert refused.status_code == 422
    assert "nonsense is not one of the topics." in refused.text
    assert find_profile(made.id) is None


def test_profile_when_deleted_after_the_question_then_gone(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_person(edition, now, Visibility.EVERYONE)
    browser = browser_of(app, made.attendee.person_id)
    assert "Delete your profile?" in browser.get("/en/me/profile/delete").text

    browser.post("/en/me/profile/delete")

    assert find_profile(made.id) is None


def test_people_when_listed_then_only_who_agreed_without_addresses_and_more_for_exhibitors(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    visitor, seller = make_attendee(edition, now, name="Visitor"), make_attendee(edition, now, name="Seller")
    join_company(make_company(edition, now, "Lake Ltd"), seller, now)
    people = {
        visibility: make_person(
            edition,
            now,
            visibility,
            {"name": f"Person {visibility.value}", "email": f"{visibility.value}@secret.example"},
        )
        for visibility in Visibility
    }
    keys = dict(db.session.execute(select(Profile.visibility, Profile.key)).all())
    of_visitor, of_seller = (browser_of(app, each.attendee.person_id) for each in (visitor, seller))

    seen, seen_more = of_visitor.get("/en/people").text, of_seller.get("/en/people").text

    assert [f"Person {each.value}" in seen for each in Visibility] == [False, False, True]
    assert [f"Person {each.value}" in seen_more for each in Visibility] == [False, True, True]
    assert [of_visitor.get(f"/en/people/{keys[each.value]}").status_code for each in Visibility] == [404, 404, 200]
    assert [of_seller.get(f"/en/people/{keys[each.value]}").status_code for each in Visibility] == [404, 200, 200]
    pages = [seen, seen_more, of_seller.get(f"/en/people/{keys['everyone']}").text]
    assert all("secret.example" not in page for page in pages)
    assert all(each.code not in page for page in pages for each in people.values())
    assert app.test_client().get("/en/people").status_code == 302


def test_recommendations_when_dismissed_then_gone_at_once_and_back_after_undo(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, "Lake Ltd", offers=("storage",))
    made = make_attendee(edition, now)
    browser = browser_of(app, made.attendee.person_id)
    browser.post("/en/me/interests", data={"topics": ["storage"]})
    person = make_person(
        edition, now, Visibility.EVERYONE, {"name": "Ann", "email": "ann@secret.example"}, offers=("storage",)
    )

    page = browser.get("/en/me/recommendations").text
    assert "Lake Ltd" in page
    assert "Ann" in page
    assert page.count("Offers what you seek: Storage and backup") == 2
    assert "secret.example" not in page

    for kind, target, name in (("exhibitor", company, "Lake Ltd"), ("attendee", person.id, "Ann")):
        gone = browser.post(f"/en/me/recommendations/{kind}/{target}/dismiss", follow_redirects=True).text
        assert "We will not recommend this again." in gone
        assert f"<bdi>{name}</bdi>" not in gone
        back = browser.post(f"/en/me/recommendations/{kind}/{target}/undo", follow_redirects=True).text
        assert f"<bdi>{name}</bdi>" in back


def test_recommendation_when_of_another_edition_or_unknown_then_not_found(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    browser = browser_of(app, made.attendee.person_id)

    statuses = [
        browser.post(f"/en/me/recommendations/{kind}/{target}/dismiss").status_code
        for kind, target in (("exhibitor", 99), ("attendee", 99), ("session", 99), ("planet", 1))
    ]

    assert statuses == [404, 404, 404, 404]


def test_profile_when_never_made_then_nobody_sees_anything(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now)

    page = browser_of(app, made.attendee.person_id).get("/en/people").text

    assert "You are not listed." in page
    assert ProfileRequest().visibility is Visibility.NOBODY
