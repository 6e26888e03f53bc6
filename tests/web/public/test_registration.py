"""Registering as visitors do, without JavaScript: nothing typed is lost, nothing done twice, links need a press."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.editions.rules import EditionChange
from expo.editions.services import change_edition
from expo.flows.desk import change_address
from expo.flows.email_links import show_email_with_links
from expo.flows.registration import approve, cancel_whole_order
from expo.flows.tickets import create_quota
from expo.infra.clock import utcnow
from expo.infra.signing import sign_text
from expo.mail.queries import list_emails
from expo.pure.countries import country_codes
from expo.registration.queries import AttendeeFilter, get_order_by_id, search_attendees
from expo.registration.rules import OrderState
from expo.tickets.queries import list_ticket_types
from expo.web.public.likely_countries import country_of
from tests.make import make_attendee, make_registration, make_ticket_type, order_request

TYPED = {
    "client_key": "5b7e3c1e-0000-4000-8000-000000000001",
    "ticket_type": "visitor",
    "attendees-0-ticket_type": "",
    "attendees-0-name": "欧阳娜娜",
    "attendees-0-latin_name": "Ouyang Nana",
    "attendees-0-email": "nana@example.org",
    "attendees-0-country": "CN",
    "attendees-0-company": "云上贵州",
    "attendees-0-job_title": "Engineer",
}
AGREED = {**TYPED, "step": "check", "accept_terms": "y"}


def send(browser: FlaskClient, **typed: str) -> TestResponse:
    return browser.post("/en/register", data={"go": "next", **typed})


def values(page: TestResponse) -> dict[str, str]:
    """Return what the page's form would send again: every field with a value."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        is_off = attributes.get("type") in ("radio", "checkbox") and " checked" not in tag
        if attributes.get("name") and not is_off:
            found[attributes["name"]] = attributes.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"|<option value="([^"]*)" selected', options)
        if chosen:
            found[name] = chosen[1] or chosen[2] or ""
    return found


def stored(edition: EditionFacts) -> list[str]:
    """Return the names of everyone registered."""
    return [attendee.name for attendee in search_attendees(edition.id, AttendeeFilter()).rows]


@pytest.fixture
def on_sale(edition: EditionFacts) -> EditionFacts:
    make_ticket_type(edition, utcnow())
    return edition


def test_steps_when_walked_by_plain_forms_then_the_order_awaits_confirmation_by_email(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    ticket = values(client.get("/en/register"))
    details = values(send(client, **ticket))
    check = values(send(client, **{**details, **TYPED, "client_key": ticket["client_key"]}))

    done = send(client, **check, accept_terms="y")

    assert (done.status_code, done.location) == (302, "/en/register/sent")
    sent = client.get(done.location).text
    assert "nana@example.org" in sent
    [letter] = list_emails(on_sale.id)
    assert (letter.message, letter.to_email, letter.language) == ("registration/confirm", "nana@example.org", "en")


@pytest.mark.parametrize("step", ["details", "check"])
def test_back_when_pressed_then_what_was_typed_is_still_there(
    step: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = client.post("/en/register", data={**TYPED, "step": step, "go": "back"})

    assert page.status_code == 200
    kept = values(page)
    assert {name: kept.get(name) for name in TYPED} == TYPED
    assert len(stored(on_sale)) == 0


def test_details_when_wrong_then_named_at_the_field_and_kept(on_sale: EditionFacts, client: FlaskClient) -> None:
    page = send(client, **{**TYPED, "step": "details", "attendees-0-email": "nana@@example", "attendees-0-name": ""})

    assert page.status_code == 422
    kept = values(page)
    assert (kept["attendees-0-email"], kept["attendees-0-company"]) == ("nana@@example", "云上贵州")
    assert 'href="#attendees-0-email"' in page.text
    assert "This does not look like an e-mail address" in page.text
    assert 'href="#attendees-0-name"' in page.text


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "<bdi>You</bdi> – Name: Enter your name."), ("zh", "<bdi>您</bdi>的姓名：请填写姓名。")],
)
def test_summary_when_a_field_is_wrong_then_punctuated_as_the_language_does(
    language: str, line: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = client.post(f"/{language}/register", data={**TYPED, "go": "next", "step": "details", "attendees-0-name": ""})
    assert f'<a href="#attendees-0-name">{line}</a>' in page.text


def test_step_when_come_to_then_nothing_is_held_against_it_yet(on_sale: EditionFacts, client: FlaskClient) -> None:
    details = send(client, step="ticket", ticket_type="visitor")
    check = send(client, **TYPED, step="details")

    assert [(page.status_code, "error-summary" in page.text) for page in (details, check)] == [(200, False)] * 2


def test_ticket_when_none_is_chosen_then_only_that_is_said(on_sale: EditionFacts, client: FlaskClient) -> None:
    page = send(client, step="ticket")

    errors = re.findall(r'<li><a href="#([^"]+)"', page.text.partition("error-summary")[2])
    assert (page.status_code, errors) == (422, ["ticket_type"])


def test_details_when_a_text_is_too_long_then_said_in_the_language_of_the_page(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    typed = {**TYPED, "step": "details", "attendees-0-company": "云" * 201}

    page = client.post("/zh/register", data={"go": "next", **typed})

    assert page.status_code == 422
    assert "最多填写 200 个字符。" in page.text.partition('id="attendees-0-company-error"')[2][:400]


def test_details_when_a_name_cannot_be_printed_then_the_field_says_which_sign(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = send(client, **{**AGREED, "attendees-0-name": "Ann \N{PILE OF POO}"})

    assert page.status_code == 422
    assert "\N{PILE OF POO}" in page.text.partition('id="attendees-0-name-error"')[2][:400]
    assert len(stored(on_sale)) == 0


def test_person_when_added_and_removed_then_the_others_keep_what_was_typed(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    two = client.post("/en/register", data={**TYPED, "step": "details", "go": "add"})
    second = {"attendees-1-name": "Ann", "attendees-1-country": "FR"}
    three = client.post("/en/register", data={**TYPED, **second, "step": "details", "go": "add"})
    again = client.post(
        "/en/register",
        data={**TYPED, **second, "attendees-2-name": "Bob", "step": "details", "go": "remove-1"},
    )

    assert [page.text.count("<fieldset") for page in (two, three, again)] == [2, 3, 2]
    assert [values(again)[f"attendees-{n}-name"] for n in (0, 1)] == ["欧阳娜娜", "Bob"]


def test_terms_when_not_agreed_to_then_asked_for_and_nothing_is_placed(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = send(client, **TYPED, step="check")
    assert (page.status_code, "Agree to the terms to register." in page.text) == (422, True)
    assert len(stored(on_sale)) == 0


def test_place_when_the_last_one_went_meanwhile_then_conflict_and_the_form_is_kept(
    app: Flask, edition: EditionFacts, client: FlaskClient
) -> None:
    make_ticket_type(edition, utcnow(), places=1)
    make_ticket_type(edition, utcnow(), "student")
    make_registration(edition, utcnow(), order_request(email="faster@example.org"))

    page = send(client, **AGREED)

    assert page.status_code == 409
    kept = values(page)
    assert (kept["attendees-0-name"], kept["attendees-0-email"]) == ("欧阳娜娜", "nana@example.org")
    assert "This ticket is sold out. Choose another ticket." in page.text
    assert 'id="ticket-student"' in page.text
    assert len(stored(edition)) == 1


def test_place_when_the_form_is_sent_twice_then_one_order(on_sale: EditionFacts, client: FlaskClient) -> None:
    first, second = send(client, **AGREED), send(client, **AGREED)

    assert [first.location, second.location] == ["/en/register/sent"] * 2
    assert (len(stored(on_sale)), len(list_emails(on_sale.id))) == (1, 1)


def test_place_when_two_forms_differ_in_their_key_then_two_orders(on_sale: EditionFacts, client: FlaskClient) -> None:
    send(client, **AGREED)
    send(client, **{**AGREED, "client_key": "another"})
    assert len(stored(on_sale)) == 2


@pytest.mark.parametrize(("code", "status"), [("hidden", 422), ("ended", 409), ("nonsense", 422)])
def test_place_when_the_ticket_is_not_on_sale_then_refused(
    code: str, status: int, on_sale: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    make_ticket_type(on_sale, utcnow(), "hidden", is_public=False)
    make_ticket_type(on_sale, utcnow(), "ended", sale_ends_at=now.replace(year=2025))

    page = send(client, **{**AGREED, "ticket_type": code})

    assert page.status_code == status
    assert len(stored(on_sale)) == 0
    assert 'value="hidden"' not in client.get("/en/register").text


def test_start_when_nothing_is_on_sale_then_says_so(edition: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/en/register")
    assert (page.status_code, "No tickets are on sale right now" in page.text) == (200, True)
    assert list_ticket_types(edition.id, utcnow()) == []


NAMES = [
    '"><script>alert(1)</script>',
    "'; DROP TABLE attendee; --",
    "{{ 7*7 }}",
    "Robert\\');",
    "محمد بن عبد الله",
    "../../../etc/passwd",
    "O'Brien-Łukasiewicz, Jr.",
    "=HYPERLINK(1)",
]


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("name", NAMES)
def test_name_when_nasty_then_kept_as_typed_and_shown_harmless(
    name: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    check = send(client, **{**TYPED, "attendees-0-name": name, "step": "details"})
    done = send(client, **{**AGREED, "attendees-0-name": name})

    assert done.status_code == 302
    sent = client.get(done.location).text
    assert stored(on_sale) == [name]
    for page in (check.text, sent):
        assert "<script>alert" not in page
        assert name in unescape(page)


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("name", ["x" * 201, "   ", "\u200b\u200b", "a\x00b", "line\nbreak"])
def test_name_when_it_is_none_then_never_stored_so(name: str, on_sale: EditionFacts, client: FlaskClient) -> None:
    answer = send(client, **{**AGREED, "attendees-0-name": name})

    assert answer.status_code in (302, 422)
    assert stored(on_sale) in ([], ["ab"], ["line break"])


def confirm_path(edition: EditionFacts) -> str:
    [letter] = list_emails(edition.id)
    found = re.search(r"/confirm/[\w.\-]+", show_email_with_links(SYSTEM, str(letter.id), utcnow()).text)
    assert found is not None
    return found[0]


def test_confirm_when_only_opened_then_nothing_changes(on_sale: EditionFacts, client: FlaskClient) -> None:
    registration = make_registration(on_sale, utcnow(), order_request(email="ann@example.org"))
    path = confirm_path(on_sale)

    for _ in range(2):
        assert client.get(path).status_code == 200

    assert get_order_by_id(registration.id).state is OrderState.UNCONFIRMED
    assert client.get("/me").status_code == 302


def test_confirm_when_pressed_twice_then_one_badge_one_email_and_ones_own_page(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    registration = make_registration(on_sale, utcnow(), order_request(email="ann@example.org"))
    path = confirm_path(on_sale)

    answers = [client.post(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert get_order_by_id(registration.id).state is OrderState.CONFIRMED
    assert sorted(letter.message for letter in list_emails(on_sale.id)) == [
        "registration/confirm",
        "registration/confirmed",
    ]
    assert client.get("/me", follow_redirects=True).text.count("<svg") > 0


def test_confirm_when_the_registration_was_cancelled_then_offers_a_new_one_and_no_button(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    registration = make_registration(on_sale, utcnow(), order_request(email="ann@example.org"))
    path = confirm_path(on_sale)
    cancel_whole_order(SYSTEM, on_sale.id, registration.id, utcnow())

    page = client.get(path)

    assert page.status_code == 409
    assert "Confirm registration" not in page.text
    assert 'href="/register">Register again</a>' in page.text


@pytest.mark.parametrize("purpose", ["me", "sign-in", "confirm-order-"])
def test_confirm_when_the_link_is_of_another_purpose_then_refused(
    purpose: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    registration = make_registration(on_sale, utcnow())

    answer = client.post(f"/confirm/{sign_text(purpose, [registration.id])}")

    assert (answer.status_code, get_order_by_id(registration.id).state) == (404, OrderState.UNCONFIRMED)


def test_sent_when_nobody_registered_here_then_leads_to_the_form(on_sale: EditionFacts, client: FlaskClient) -> None:
    make_registration(on_sale, utcnow(), order_request(email="somebody@example.org"))
    answer = client.get("/en/register/sent")
    assert (answer.status_code, answer.location) == (302, "/en/register")


@pytest.mark.parametrize("code", ["nonsense", "hidden"])
def test_place_when_another_persons_ticket_is_unknown_then_422_and_nothing_is_lost(
    code: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    make_ticket_type(on_sale, utcnow(), "hidden", is_public=False)
    second = {
        "attendees-1-ticket_type": code,
        "attendees-1-name": "李娜",
        "attendees-1-email": "",
        "attendees-1-country": "FR",
    }

    page = send(client, **AGREED, **second)

    kept = values(page)
    assert (page.status_code, stored(on_sale)) == (422, [])
    assert [kept[name] for name in ("attendees-0-name", "attendees-1-name", "attendees-1-country")] == [
        "欧阳娜娜",
        "李娜",
        "FR",
    ]
    assert 'id="attendees-1-ticket_type-error"' in page.text


def test_place_when_the_hidden_field_of_the_first_ticket_is_forged_then_the_orders_ticket_counts(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = send(client, **{**AGREED, "attendees-0-ticket_type": "nonsense"})

    assert (page.status_code, stored(on_sale)) == (302, ["欧阳娜娜"])


def test_place_when_the_same_form_registers_somebody_else_then_both_are_registered(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    send(client, **AGREED)

    send(client, **{**AGREED, "attendees-0-name": "李娜", "attendees-0-email": "na@example.org"})

    assert stored(on_sale) == ["李娜", "欧阳娜娜"]
    assert "na@example.org" in client.get("/en/register/sent").text


def test_confirm_when_the_address_was_corrected_then_the_old_link_opens_nothing(
    on_sale: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    registered = make_registration(on_sale, now, order_request(email="wrong@example.org"))
    link = f"/confirm/{sign_text('confirm-order', [registered.id, registered.person_id])}"
    assert client.get(link).status_code == 200

    change_address(SYSTEM, on_sale.id, registered.attendees[0].id, "right@example.org", now)

    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]


SECOND = {
    "attendees-1-ticket_type": "visitor",
    "attendees-1-name": "Ann Lee",
    "attendees-1-email": "",
    "attendees-1-country": "FR",
}


def find_errors(page: TestResponse) -> list[tuple[str, str]]:
    """Return the field and the words of each line of the error summary."""
    links = html.fromstring(page.text).iterfind(".//*[@id='errors']//a")
    return [
        (str(each.get("href")).removeprefix("#"), " ".join("".join(map(str, each.itertext())).split()))
        for each in links
    ]


def test_person_when_added_then_led_to_with_company_and_country(on_sale: EditionFacts, client: FlaskClient) -> None:
    details = send(client, **TYPED, step="ticket")
    page = client.post("/en/register", data={**TYPED, "step": "details", "go": "add"})

    button = html.fromstring(details.text).xpath("//button[@value='add' and @formnovalidate]/@formaction")
    assert button == ["/en/register#person-2"]
    assert '<fieldset class="panel mb-4" id="person-2">' in page.text
    added = {name: values(page).get(f"attendees-1-{name}") for name in ("company", "country", "name")}
    assert added == {"company": "云上贵州", "country": "CN", "name": ""}


def test_countries_when_asked_then_those_of_the_browser_and_of_most_people_come_first(
    on_sale: EditionFacts, client: FlaskClient
) -> None:
    for country in ("KZ", "KZ", "FR"):
        make_attendee(on_sale, utcnow(), country=country)

    page = client.post(
        "/en/register",
        data={**TYPED, "attendees-0-country": "KZ", "step": "ticket", "go": "next"},
        headers={"Accept-Language": "pt-BR,ja;q=0.8,FR;q=0.5"},
    )

    select = page.text.partition('id="attendees-0-country"')[2].partition("</select>")[0]
    codes = re.findall(r'<option value="(\w\w)"', select)
    assert codes[:4] == ["BR", "JP", "FR", "KZ"]
    assert len(codes) == len(set(codes)) == len(country_codes())
    assert values(page)["attendees-0-country"] == "KZ"


@pytest.mark.parametrize(
    ("tag", "country"),
    [("zh-Hans-CN", "CN"), ("zh-TW", "TW"), ("zh", "CN"), ("zh-Hant", "TW"), ("de", "DE"), ("xx", None), ("*", None)],
)
def test_country_when_a_language_tag_is_read_then_named_or_likely(tag: str, country: str | None) -> None:
    assert country_of(tag) == country


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("email", "ann@@x", "Ann Lee – E-mail address: This does not look like an e-mail address."),
        ("name", "Ann \N{PILE OF POO}", "Ann \N{PILE OF POO} – Name: These characters cannot be printed"),
        ("job_title", "\N{PILE OF POO}", "Ann Lee – Job title: These characters cannot be printed"),
        ("name", "\u200b", "Person 2 – Name: "),
        ("country", "", "Ann Lee – Country or region: Choose a country or region."),
    ],
)
def test_details_when_another_person_is_wrong_then_refused_there_with_their_name(
    field: str, typed: str, words: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = send(client, **{**TYPED, **SECOND, f"attendees-1-{field}": typed, "step": "details"})

    [(at, said)] = find_errors(page)
    assert (page.status_code, at) == (422, f"attendees-1-{field}")
    assert said.replace("\u200b", "Person 2").startswith(words)


def test_details_when_too_many_for_one_order_then_the_one_too_many_is_named(
    edition: EditionFacts, client: FlaskClient
) -> None:
    make_ticket_type(edition, utcnow(), max_per_order=1)

    page = send(client, **TYPED, **SECOND, step="details")

    assert page.status_code == 422
    assert find_errors(page) == [
        ("attendees-1-ticket_type", "Ann Lee – Ticket: The limit for this ticket is 1 per order.")
    ]


def test_details_when_fewer_places_are_left_of_a_shared_quota_then_said_at_once(
    edition: EditionFacts, client: FlaskClient
) -> None:
    make_ticket_type(edition, utcnow())
    make_ticket_type(edition, utcnow(), "student")
    create_quota(SYSTEM, edition.id, "hall", 1, ["visitor", "student"], utcnow())

    page = send(client, **TYPED, **{**SECOND, "attendees-1-ticket_type": "student"}, step="details")

    [(at, said)] = find_errors(page)
    assert (page.status_code, at) == (409, "attendees-1-ticket_type")
    assert "Places left: 1" in said


def test_check_when_reached_then_prices_and_the_total_are_shown(edition: EditionFacts, client: FlaskClient) -> None:
    make_ticket_type(edition, utcnow(), price_cents=12000)
    make_ticket_type(edition, utcnow(), "vip", price_cents=48050, requires_approval=True)

    page = send(client, **TYPED, **{**SECOND, "attendees-1-ticket_type": "vip"}, step="details")

    assert re.findall(r'<dd class="numbers">(.*?)</dd>', page.text) == ["CN¥120.00", "CN¥480.50"]
    assert "CN¥600.50" in page.text.partition("data-total")[2].partition("</p>")[0]
    assert page.text.count("The organizers will review this registration") == 1


@pytest.mark.parametrize(("step", "shown"), [("ticket", "ticket"), ("details", "details"), ("check", "check")])
def test_step_when_only_to_be_shown_then_nothing_is_placed_and_nothing_held_against_it(
    step: str, shown: str, on_sale: EditionFacts, client: FlaskClient
) -> None:
    page = client.post("/en/register", data={**TYPED, "step": step, "go": "show", "accept_terms": "y"})

    assert (page.status_code, values(page)["step"], find_errors(page)) == (200, shown, [])
    assert {name: values(page).get(name) for name in TYPED} == TYPED
    assert stored(on_sale) == []


def test_step_when_shown_with_faults_before_it_then_those_first(on_sale: EditionFacts, client: FlaskClient) -> None:
    page = client.post("/en/register", data={**TYPED, "attendees-0-email": "x", "step": "check", "go": "show"})

    assert (page.status_code, values(page)["step"]) == (422, "details")


def show_emails(edition: EditionFacts) -> dict[str, str]:
    """Return the text of every e-mail by its kind, all whitespace as one space."""
    letters = list_emails(edition.id)
    texts = {each.message: show_email_with_links(SYSTEM, str(each.id), utcnow()).text for each in letters}
    return {message.partition("/")[2]: " ".join(text.split()) for message, text in texts.items()}


def test_payment_when_something_is_due_then_how_is_said_everywhere(
    edition: EditionFacts, app: Flask, client: FlaskClient
) -> None:
    facts = {name: getattr(edition, name) for name in EditionChange.__dataclass_fields__}
    change = EditionChange(**{**facts, "contact_email": "pay@expo.example"})
    change_edition(SYSTEM, edition.id, change, utcnow())
    make_ticket_type(edition, utcnow(), price_cents=12000)

    sent = client.get(send(client, **AGREED).location).text
    path = confirm_path(edition)
    client.post(path)
    me = client.get("/en/me").text
    elsewhere = app.test_client().get(f"/en{path}").text

    [attendee] = search_attendees(edition.id, AttendeeFilter()).rows
    letters = show_emails(edition)
    assert "CN¥120.00. After you confirm your registration, we will tell you how to pay." in letters["confirm"]
    for text in (sent, me, elsewhere, letters["confirmed"]):
        assert f"quote order code {attendee.order_code}" in text
        assert ("pay CN¥120.00 to the organizers" in text, "pay@expo.example" in text) == (True, True)


def test_payment_when_nothing_is_due_then_not_spoken_of(on_sale: EditionFacts, client: FlaskClient) -> None:
    sent = client.get(send(client, **AGREED).location).text
    client.post(confirm_path(on_sale))

    for text in (sent, client.get("/en/me").text, *show_emails(on_sale).values()):
        assert (" pay" in text, "How to pay" in text) == (False, False)


def test_approval_when_awaited_then_nothing_claims_that_a_badge_was_sent(
    edition: EditionFacts, app: Flask, client: FlaskClient
) -> None:
    make_ticket_type(edition, utcnow(), requires_approval=True, price_cents=12000)

    sent = client.get(send(client, **AGREED).location).text
    path = confirm_path(edition)
    client.post(path)
    me, elsewhere = client.get("/en/me").text, app.test_client().get(path).text

    assert "The organizers will then review it" in sent
    assert "The organizers will now review your registration" in me
    assert "This registration is still awaiting approval." in elsewhere
    for text in (sent, me, elsewhere, *show_emails(edition).values()):
        claims = (
            "e-mailed you your badge",
            "get your badge",
            "e-mail with your badge",
            "mail your badge",
            "is attached",
        )
        assert [claim for claim in claims if claim in text] == []
    for text in (sent, me, show_emails(edition)["awaiting_approval"]):
        assert "pay after the organizers have approved your registration" in text


def test_approved_when_something_is_due_then_the_email_says_how_to_pay(
    edition: EditionFacts, client: FlaskClient
) -> None:
    make_ticket_type(edition, utcnow(), requires_approval=True, price_cents=12000)
    send(client, **AGREED)
    client.post(confirm_path(edition))
    [attendee] = search_attendees(edition.id, AttendeeFilter()).rows

    approve(SYSTEM, edition.id, attendee.id, utcnow())

    assert "Please pay CN¥120.00 to the organizers" in show_emails(edition)["approved"]
