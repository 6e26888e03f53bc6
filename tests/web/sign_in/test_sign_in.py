"""Signing in with a password or a mailed link, the second step, and signing out."""

from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from expo.accounts.queries import actor_for_person, find_person, list_sessions
from expo.accounts.rules import HALF_SESSION, SYSTEM, Level, Role
from expo.accounts.services import ensure_person, grant_role, issue_sign_in_link, set_password
from expo.accounts.services.attempts import LINK_PER_PLACE
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Member
from expo.infra.audit import list_audit_records
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.mail.queries import list_newest_emails
from tests.emails import newest_link
from tests.exhibitors import make_exhibitor, make_member
from tests.make import make_attendee
from tests.second_factors import add_authenticator, add_recovery_codes
from tests.sessions import browser_of

EMAIL = "li@example.org"
PASSWORD = "a pond with seven frogs"


@pytest.fixture
def li(app: Flask, edition: EditionFacts, now: datetime) -> int:
    person_id = ensure_person(EMAIL, "Li Lei", "en", now)
    set_password(SYSTEM, person_id, PASSWORD, now)
    return person_id


def sign_in(client: FlaskClient, password: str, email: str = EMAIL, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"email": email, "password": password, **more})
    return answer.status_code, answer.location or ""


def acts_of(person_id: int) -> list[tuple[str, str | None]]:
    db.session.rollback()
    return [(each.action, each.details.get("way")) for each in list_audit_records("person", person_id)]


def test_password_when_right_then_signed_in_and_audited(li: int, client: FlaskClient) -> None:
    assert sign_in(client, PASSWORD, "  LI@example.org ") == (302, "/me")
    assert client.get("/account").status_code == 200
    assert acts_of(li)[0] == ("accounts.sign_in", "password")


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.org", PASSWORD)])
def test_password_when_wrong_then_the_same_answer_for_either(
    email: str, password: str, li: int, client: FlaskClient
) -> None:
    answer = client.post("/sign-in", data={"email": email, "password": password})

    assert answer.status_code == 422
    assert "The e-mail address or password is incorrect." in answer.text
    assert client.get("/account").status_code == 302


def test_sign_in_when_no_address_is_typed_then_asked_for_it(li: int, client: FlaskClient) -> None:
    assert client.get("/sign-in").status_code == 200
    assert sign_in(client, "", email="")[0] == 422


@pytest.mark.parametrize(
    ("wanted", "goal"),
    [("/account", "/account"), ("//evil.example", "/me"), ("https://evil.example/", "/me"), ("/\\evil", "/me")],
)
def test_sign_in_when_a_page_was_wanted_then_leads_there_but_never_elsewhere(
    wanted: str, goal: str, li: int, client: FlaskClient
) -> None:
    assert sign_in(client, PASSWORD, next=wanted) == (302, goal)


@pytest.mark.parametrize(
    ("role", "goal"), [(Role.ORGANIZER, "/organizer"), (Role.STEWARD, "/door/"), (Role.EXHIBITOR, "/me")]
)
def test_sign_in_when_of_a_role_then_leads_to_its_work(
    role: Role, goal: str, li: int, client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    grant_role(SYSTEM, edition.id, li, role, now)

    assert sign_in(client, PASSWORD) == (302, goal)


def test_sign_in_when_on_the_team_of_an_exhibitor_then_leads_to_its_pages(
    li: int, client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    slug = make_exhibitor(edition)
    make_member(edition, slug, now, "Li Lei")
    with atomic():
        db.session.execute(update(Member).values(person_id=li))

    assert sign_in(client, PASSWORD) == (302, "/exhibitor")
    assert client.get("/exhibitor").location == f"/exhibitor/{slug}"


def test_sign_in_when_somebody_is_signed_in_then_says_who_and_ends_that(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now, name="Ann Li", email="ann@example.org").attendee.person_id
    browser = browser_of(app, ann)

    page = browser.get("/sign-in").text
    sign_in(browser, PASSWORD)

    assert "Ann Li is signed in on this device." in page
    assert list_sessions(ann, utcnow()) == []
    assert [each.level for each in list_sessions(li, utcnow())] == [Level.SIGNED_IN]


def test_passwords_when_many_are_wrong_then_stopped_from_there_and_links_still_come(
    li: int, client: FlaskClient
) -> None:
    statuses = [sign_in(client, "wrong")[0] for _ in range(11)]

    assert statuses == [422] * 10 + [429]
    assert sign_in(client, "") == (302, "/sign-in/sent")
    assert client.post(newest_link(EMAIL)).status_code == 302


def test_links_when_asked_for_too_often_then_stopped_and_the_password_still_works(li: int, client: FlaskClient) -> None:
    allowed = int(LINK_PER_PLACE.partition("/")[0])

    statuses = [sign_in(client, "")[0] for _ in range(allowed + 1)]

    assert statuses == [302] * allowed + [429]
    assert sign_in(client, PASSWORD)[0] == 302


def test_links_when_strangers_ask_from_many_places_then_the_mailbox_gets_so_many(li: int, app: Flask) -> None:
    for number in range(25):
        app.test_client().post(
            "/sign-in", data={"email": EMAIL}, environ_overrides={"REMOTE_ADDR": f"203.0.113.{number}"}
        )

    assert len(list_newest_emails(EMAIL, limit=100)) == 20


def test_link_when_there_is_no_account_then_the_same_answer_and_no_email(li: int, client: FlaskClient) -> None:
    assert sign_in(client, "", email="nobody@example.org") == (302, "/sign-in/sent")
    assert "flask expo emails show" in client.get("/sign-in/sent").text
    assert list_newest_emails() == []


def test_link_when_only_opened_then_asks_and_stays_unused(li: int, client: FlaskClient) -> None:
    sign_in(client, "")
    link = newest_link(EMAIL)

    pages = [client.get(link) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert EMAIL in pages[0].text
    assert client.get("/account").status_code == 302


def test_link_when_pressed_then_signed_in_once_and_leads_where_one_wanted(li: int, client: FlaskClient) -> None:
    sign_in(client, "", next="/account")
    link = newest_link(EMAIL)

    first, second = client.post(link), client.post(link)

    assert (first.status_code, first.location, second.status_code) == (302, "/account", 410)
    assert acts_of(li)[0] == ("accounts.sign_in", "sign_in_link")


def test_link_when_it_does_not_work_any_more_then_leads_to_a_new_one_and_names_nobody(
    li: int, client: FlaskClient
) -> None:
    sign_in(client, "")
    used = newest_link(EMAIL)
    client.post(used)
    client.post("/sign-out")

    gone, broken = client.get(used), client.get(f"{used}x")

    assert (gone.status_code, broken.status_code) == (410, 404)
    for page in (gone.text, broken.text):
        assert 'href="/en/sign-in"' in page.partition("<main")[2]
        assert EMAIL not in page


def test_link_when_it_is_older_than_an_hour_then_refused(li: int, client: FlaskClient) -> None:
    link = issue_sign_in_link(SYSTEM, li, utcnow()).partition("8000")[2]

    with time_machine.travel(utcnow() + timedelta(hours=1, seconds=2)):
        assert client.post(link).status_code == 410
    assert client.get("/account").status_code == 302


def test_link_when_its_person_is_signed_in_here_then_confirms_that_session(li: int, app: Flask) -> None:
    browser = browser_of(app, li, level=Level.SIGNED_IN)
    before = browser.get("/account/password").status_code

    browser.post(issue_sign_in_link(SYSTEM, li, utcnow()).partition("8000")[2])

    assert (before, browser.get("/account/password").status_code) == (302, 200)
    assert len(list_sessions(li, utcnow())) == 1


def test_link_when_somebody_else_is_signed_in_then_asks_and_replaces_nobody_unasked(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now, email="ann@example.org").attendee.person_id
    browser = browser_of(app, ann)
    link = issue_sign_in_link(SYSTEM, li, utcnow()).partition("8000")[2]

    asked, unasked = browser.get(link).text, browser.post(link)
    still_ann = browser.get("/account").text
    pressed = browser.post(link, data={"replaces": str(ann)})

    assert "ann@example.org is signed in on this device." in asked
    assert (unasked.status_code, "ann@example.org" in still_ann) == (200, True)
    assert pressed.status_code == 302
    assert EMAIL in browser.get("/account").text
    assert list_sessions(ann, utcnow()) == []


def test_badge_link_when_somebody_else_is_signed_in_then_asks(
    li: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Ann", email="ann@example.org")
    browser = browser_of(app, li)
    link = newest_link("ann@example.org")

    asked, unasked = browser.get(link).text, browser.post(link)
    own = browser.get("/me/").text
    browser.post(link, data={"replaces": str(li)})

    assert "Li Lei" not in own or "Ann" not in own
    assert ("li@example.org is signed in" in asked, unasked.status_code) == (True, 200)
    assert "Ann" in browser.get("/me/").text


def test_badge_link_when_its_person_is_here_already_then_leads_to_the_badge(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now, email="ann@example.org").attendee.person_id
    browser = browser_of(app, ann)

    answer = browser.get(newest_link("ann@example.org"))

    assert (answer.status_code, answer.location.endswith("/me")) == (302, True)
    assert browser.get("/account").status_code == 200


def test_badge_link_when_opened_then_audited(app: Flask, edition: EditionFacts, now: datetime) -> None:
    ann = make_attendee(edition, now, email="ann@example.org").attendee.person_id

    app.test_client().post(newest_link("ann@example.org"))

    assert acts_of(ann)[0] == ("accounts.open_link", "me_link")


def test_badge_link_when_older_than_a_year_or_replaced_then_refused(
    app: Flask, client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, email="ann@example.org")
    link = newest_link("ann@example.org")
    with time_machine.travel(utcnow() + timedelta(days=367)):
        assert client.post(link).status_code == 410

    from expo.flows.emails import resend_email

    resend_email(SYSTEM, edition.id, made.id, now)

    assert client.post(link).status_code == 410
    assert client.post(newest_link("ann@example.org")).status_code == 302


def test_sign_out_when_pressed_then_ended_and_audited(li: int, app: Flask) -> None:
    browser = browser_of(app, li)

    answer = browser.post("/sign-out")

    assert (answer.status_code, browser.get("/account").status_code) == (302, 302)
    assert acts_of(li)[0][0] == "accounts.sign_out"
    assert list_sessions(li, utcnow()) == []


def test_sign_out_when_nobody_is_signed_in_then_nothing_happens(client: FlaskClient, edition: EditionFacts) -> None:
    assert client.post("/sign-out").status_code == 302


def test_second_step_when_there_is_a_second_factor_then_the_password_alone_opens_nothing(
    li: int, client: FlaskClient
) -> None:
    secret = add_authenticator(li)

    assert sign_in(client, PASSWORD, next="/account") == (302, "/sign-in/second-step")
    assert client.get("/sign-in/second-step").status_code == 200
    assert client.get("/account").status_code == 302
    assert client.post("/sign-in/second-step", data={"code": ""}).status_code == 422
    assert client.post("/sign-in/second-step", data={"code": "000000"}).status_code == 422

    code = pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30))
    answer = client.post("/sign-in/second-step", data={"code": code})

    assert (answer.status_code, answer.location) == (302, "/account")
    assert client.get("/account").status_code == 200
    assert acts_of(li)[0] == ("accounts.sign_in", "authenticator")


def test_second_step_when_begun_by_a_link_then_asked_for_too(li: int, client: FlaskClient) -> None:
    secret = add_authenticator(li)
    sign_in(client, "")

    answer = client.post(newest_link(EMAIL))

    assert answer.location == "/en/sign-in/second-step"
    assert client.get("/account").status_code == 302
    code = pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30))
    assert client.post("/sign-in/second-step", data={"code": code}).location == "/me"


def test_second_step_when_a_recovery_code_is_used_then_works_once(li: int, app: Flask) -> None:
    add_authenticator(li)
    code = add_recovery_codes(li)[0]

    def try_it() -> int:
        browser = app.test_client()
        sign_in(browser, PASSWORD)
        return browser.post("/sign-in/second-step", data={"code": code.upper()}).status_code

    assert [try_it(), try_it()] == [302, 422]


def test_second_step_when_codes_are_guessed_then_stopped(li: int, client: FlaskClient) -> None:
    add_authenticator(li)
    sign_in(client, PASSWORD)

    statuses = [client.post("/sign-in/second-step", data={"code": f"{n:06}"}).status_code for n in range(11)]

    assert statuses == [422] * 10 + [429]


def test_second_step_when_nothing_was_begun_or_its_time_is_over_then_starts_over(li: int, client: FlaskClient) -> None:
    add_authenticator(li)

    assert client.get("/sign-in/second-step").location == "/sign-in"
    sign_in(client, PASSWORD)
    with time_machine.travel(utcnow() + HALF_SESSION + timedelta(seconds=1)):
        assert client.get("/sign-in/second-step").location == "/sign-in"


def test_sign_in_link_when_made_by_an_operator_then_works_once_and_nobody_else_gets_one(
    li: int, client: FlaskClient
) -> None:
    from expo.errors import Missing, Refused

    link = issue_sign_in_link(SYSTEM, li, utcnow(), "zh")
    person = find_person(li)
    assert person is not None

    with pytest.raises(Refused):
        issue_sign_in_link(actor_for_person(person, None, Level.CONFIRMED), li, utcnow())
    with pytest.raises(Missing):
        issue_sign_in_link(SYSTEM, 999, utcnow())
    assert link.startswith("http://127.0.0.1:8000/zh/sign-in/")
    assert client.post(link.partition("8000")[2]).status_code == 302
    assert ("accounts.issue_sign_in_link", None) in acts_of(li)
