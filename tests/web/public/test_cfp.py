"""Calls for proposals on the public pages."""

from datetime import timedelta

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.conftest import make_edition
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker

DAY = timedelta(days=1)


def test_calls_when_there_are_none_then_says_so(edition: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/cfp")

    assert (page.status_code, "No call for proposals yet" in page.text) == (200, True)


def test_calls_when_open_upcoming_and_closed_then_are_grouped(edition: EditionFacts, client: FlaskClient) -> None:
    now = utcnow()
    make_call(edition, now, title={"en": "Now"}, closes_at=now + DAY)
    make_call(edition, now, title={"en": "Soon"}, opens_at=now + DAY)
    make_call(edition, now, title={"en": "Over"}, closes_at=now - DAY)

    page = client.get("/cfp").text

    texts = ("Accepting proposals", "Now", "Not open yet", "Soon", "Closed", "Over")
    places = [page.index(f">{text}<") for text in texts]
    assert places == sorted(places)


def test_call_when_shown_then_has_the_deadline_and_the_way_in(edition: EditionFacts, client: FlaskClient) -> None:
    now = utcnow()
    call = make_call(
        edition, now, closes_at=now + DAY, max_per_person=2, introduction={"en": "Tell **us** <script>x</script>"}
    )

    page = client.get(f"/cfp/{call.slug}").text

    assert "Time zone: China Time" in page
    assert f'data-visitor-time="{(now + DAY).isoformat()}"' in page
    assert "2 proposals per person" in page
    assert "<strong>us</strong>" in page
    assert "<script>x" not in page
    assert f"/cfp/{call.slug}/start" in page


def test_call_when_closed_then_nobody_can_begin(edition: EditionFacts, client: FlaskClient) -> None:
    now = utcnow()
    call = make_call(edition, now, closes_at=now - DAY)

    assert "This call is closed." in client.get(f"/cfp/{call.slug}").text
    assert client.get(f"/cfp/{call.slug}/start").status_code == 409
    assert client.post(f"/cfp/{call.slug}/start", data={"name": "A", "email": "a@example.org"}).status_code == 409


def test_calls_when_of_another_expo_or_with_proposals_then_nothing_of_them_leaks(
    edition: EditionFacts, client: FlaskClient
) -> None:
    now = utcnow()
    other = make_edition(now, slug="expo-2028", year=2028)
    foreign = make_call(other, now, title={"en": "Elsewhere"})
    call = make_call(edition, now)
    make_proposal(edition, call, make_speaker(now, name="Ada Secret"), now, title={"en": "Secret plan"})

    pages = [client.get(path).text for path in ("/", "/cfp", f"/cfp/{call.slug}", "/program", "/program/speakers")]

    assert client.get(f"/cfp/{foreign.slug}").status_code == 404
    assert not any("Elsewhere" in page or "Secret" in page for page in pages)


def test_start_when_the_address_is_invalid_then_says_so(edition: EditionFacts, client: FlaskClient) -> None:
    call = make_call(edition, utcnow())

    answer = client.post(f"/cfp/{call.slug}/start", data={"name": "A", "email": "nobody"})

    assert answer.status_code == 422
    assert "does not look like an e-mail address" in answer.text
