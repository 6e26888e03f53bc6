"""The public map: halls, booths, search and directions, without hidden companies or foreign files."""

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.editions.queries import EditionFacts
from expo.editions.services import increment_content_version
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import list_plans
from expo.exhibitors.rules import PlanRequest
from expo.exhibitors.services import RowRequest, add_row, save_plan, sell_booth, set_background
from expo.infra.db import atomic, db
from expo.infra.files import store_file
from expo.meetings.queries import list_tables
from expo.meetings.rules import TableRequest
from expo.meetings.services import add_tables, place_tables
from expo.pure.plane import Box
from tests.floor_plans import make_company, make_hall
from tests.make import make_attendee
from tests.meetings import THIRD, make_company as make_exhibitor, make_meeting, request_meeting
from tests.sessions import browser_of


@pytest.fixture
def venue(edition: EditionFacts, now: datetime) -> dict[str, int]:
    """Two halls beside each other with a passage; Alpha is at A-01, Beta at B-02."""
    make_hall(
        edition, now, "Hall 1", structures=(
            {"kind": "entrance", "x": 30, "y": 40},
            {"kind": "passage", "x": 60, "y": 20, "to": "hall-2"},
        ),
    )  # fmt: skip
    make_hall(edition, now, "Hall 2", at=(62, 0), structures=({"kind": "passage", "x": 0, "y": 20, "to": "hall-1"},))
    first = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 3, Box(4, 4, 3, 3)), now)
    second = add_row(SYSTEM, edition.id, "hall-2", RowRequest("B-", 3, Box(4, 4, 3, 3)), now)
    booths = {"A-01": first[0], "A-02": first[1], "B-02": second[1]}
    sell_booth(SYSTEM, edition.id, booths["A-01"], make_company(edition, "Alpha", now, country="CN"), now)
    sell_booth(SYSTEM, edition.id, booths["B-02"], make_company(edition, "华为技术有限公司", now), now)
    return booths


def test_map_when_halls_are_drawn_then_lists_them_and_each_shows_its_booths(
    venue: dict[str, int], client: FlaskClient
) -> None:
    site, hall = client.get("/en/map").text, client.get("/en/map/hall-1").text

    assert "/en/map/hall-1" in site
    assert "/en/map/hall-2" in site
    assert f'id="booth-{venue["A-01"]}"' in hall
    assert hall.count("map-booth is-taken") == 1
    assert "华为" not in hall


def test_map_when_nothing_is_drawn_then_says_so(edition: EditionFacts, client: FlaskClient) -> None:
    assert "The map has not been published yet" in client.get("/en/map").text
    assert client.get("/en/map/hall-1").status_code == 404


def test_hall_when_a_booth_is_named_then_it_is_highlighted_with_its_card(
    venue: dict[str, int], client: FlaskClient
) -> None:
    page = client.get("/en/map/hall-1?booth=a-01").text

    assert 'class="map-chosen"' in page
    assert 'href="/en/exhibitors/alpha"' in page
    assert "9 m²" in page
    assert "Nobody exhibits here yet." in client.get("/en/map/hall-1/booths/A-02").text
    assert client.get("/en/map/hall-1/booths/Z-99").status_code == 404


def test_map_when_a_company_is_hidden_then_its_booth_shows_nobody(
    venue: dict[str, int], edition: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    with atomic():
        db.session.execute(update(Exhibitor).where(Exhibitor.slug == "alpha").values(is_hidden=True))
        increment_content_version(edition.id, now)

    for path in (
        "/en/map/hall-1?booth=A-01",
        "/en/map/search?q=alpha",
        "/en/map.json",
        "/en/map/route?from=alpha&to=B-02",
    ):
        assert "/exhibitors/alpha" not in client.get(path).text, path
        assert "Alpha" not in client.get(path).text.replace("“alpha”", ""), path


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(
    ("query", "expected"),
    [("alpha", "hall-1?booth=A-01"), ("alhpa", "hall-1?booth=A-01"), ("b-0", "hall-2?booth=B-02"),
        ("华威", "hall-2?booth=B-02"), ("huawei", "hall-2?booth=B-02")],
)  # fmt: skip
def test_search_when_typed_with_errors_then_leads_to_the_booth(
    query: str, expected: str, venue: dict[str, int], client: FlaskClient
) -> None:
    part = client.get("/en/map/search", query_string={"q": query, "part": "1"}).text

    assert f'href="/en/map/{expected}"' in part
    assert "<html" not in part


def test_search_when_nothing_matches_then_says_so(venue: dict[str, int], client: FlaskClient) -> None:
    assert "Nothing found" in client.get("/en/map/search?q=qqqqq").text


def test_route_when_it_leads_to_another_hall_then_goes_through_the_passage(
    venue: dict[str, int], client: FlaskClient
) -> None:
    page = client.get("/en/map/route", query_string={"from": "A-01", "to": "hall-2/B-02"}).text

    assert page.count('class="map-way"') == 2
    assert "Go through the passage to Hall 2." in page
    assert "You have arrived: 华为技术有限公司 (B-02, Hall 2)" in page


def test_route_when_the_start_is_unknown_then_says_which_and_keeps_the_goal(
    venue: dict[str, int], client: FlaskClient
) -> None:
    page = client.get("/en/map/route", query_string={"from": "<nowhere>", "to": "alpha"}).text

    assert "“&lt;nowhere&gt;” is not on the map." in page
    assert 'value="hall-1/A-01"' in page


def test_background_when_asked_for_then_nothing_in_it_can_run_and_other_files_are_not_found(
    venue: dict[str, int], edition: EditionFacts, app: Flask, client: FlaskClient, now: datetime
) -> None:
    other = store_file(BytesIO(b"secret slides"), "slides.pdf", "application/pdf", now, edition.id)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    set_background(SYSTEM, edition.id, "hall-1", svg, "image/svg+xml", now)
    key = client.get("/en/map/hall-1").text.split("/map/backgrounds/")[1].split('"')[0]

    with client.get(f"/en/map/backgrounds/{key}") as shown:
        assert (shown.data, shown.mimetype) == (svg, "image/svg+xml")
        assert shown.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert client.get(f"/en/map/backgrounds/{other.key}").status_code == 404


def test_json_when_read_then_has_halls_and_companies(venue: dict[str, int], client: FlaskClient) -> None:
    halls = client.get("/en/map.json").get_json()["halls"]

    assert [each["code"] for each in halls] == ["hall-1", "hall-2"]
    first = halls[0]["booths"][0]
    assert (first["code"], first["companies"]) == ("A-01", [{"name": "Alpha", "slug": "alpha"}])
    assert len(first["outline"]) == 4


def test_map_when_a_visitor_has_meetings_then_marks_them_for_that_visitor_only(
    venue: dict[str, int], edition: EditionFacts, app: Flask, client: FlaskClient, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Ben")
    alpha = make_exhibitor(edition, now, "Gamma", booth=None, members=2)
    requested = make_exhibitor(edition, now, "Delta", booth=None)
    sell_booth(SYSTEM, edition.id, venue["A-02"], "gamma", now)
    row = make_meeting(edition, ann, alpha, now)
    request_meeting(edition, ann, requested, now, THIRD)

    own, other = (browser_of(app, each.attendee.person_id).get("/en/map/hall-1").text for each in (ann, ben))
    site = browser_of(app, ann.attendee.person_id).get("/en/map").text
    public = client.get("/en/map/hall-1").text

    assert (own.count('class="map-pin" transform="translate(8.5 4.45)"'), f"/me/meetings/{row.code}" in own) == (
        1,
        True,
    )
    assert ('data-mark-meeting="A-02"' in own, "9:00" in own, "Delta" in own) == (True, True, False)
    assert (f"/me/meetings/{row.code}" in site, "/en/map/hall-1?booth=A-02" in site) == (True, True)
    for page in (other, public):
        assert ("My meeting" in page, "data-mark-meeting" in page, row.code in page) == (False, False, False)


def test_map_when_a_meeting_is_at_a_table_then_the_table_on_the_plan_or_only_its_hall_is_named(
    edition: EditionFacts, app: Flask, now: datetime
) -> None:
    hall_id = make_hall(
        edition, now, structures=({"kind": "obstacle", "x": 10, "y": 20, "width": 2, "depth": 2, "label": "t-1"},)
    )
    add_tables(SYSTEM, edition.id, [TableRequest("T-1", hall_id)], now)
    ann, company = make_attendee(edition, now), make_exhibitor(edition, now, booth=None)
    make_meeting(edition, ann, company, now)
    browser = browser_of(app, ann.attendee.person_id)

    drawn = browser.get("/en/map/hall-1").text
    save_plan(SYSTEM, edition.id, "hall-1", PlanRequest(60, 40), 1, now)
    bare = browser.get("/en/map/hall-1").text

    assert ("translate(11.0 21.0)" in drawn, "Table T-1" in drawn) == (True, True)
    assert ('class="map-pin"' in bare.split("map-legend")[0], "The table is not drawn on the map." in bare) == (
        False,
        True,
    )


def test_map_when_tables_have_a_place_then_only_those_who_meet_there_and_organizers_see_and_reach_them(
    venue: dict[str, int], edition: EditionFacts, app: Flask, client: FlaskClient, now: datetime
) -> None:
    plan = next(each for each in list_plans(edition.id) if each.code == "hall-1")
    add_tables(SYSTEM, edition.id, [TableRequest("T-1", plan.hall_id), TableRequest("T-2", plan.hall_id)], now)
    ids = {each.code: each.id for each in list_tables(edition.id)}
    place_tables(SYSTEM, edition.id, "hall-1", {ids["T-1"]: (20.0, 30.0), ids["T-2"]: (25.0, 30.0)}, now)
    ann, ben = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Ben")
    make_meeting(edition, ann, make_exhibitor(edition, now, booth=None), now)
    of_ann, of_ben = (browser_of(app, each.attendee.person_id) for each in (ann, ben))
    organizer = browser_of(app, create_admin(SYSTEM, "admin@example.org", now))
    way = "/en/map/route?from=A-01&to=hall-1/table%20"

    own = of_ann.get("/en/map/hall-1").text
    assert ('class="map-pin" transform="translate(20.0 30.0)"' in own, "hall-1/table+T-1" in own) == (True, True)
    assert "You have arrived: Table T-1, Hall 1" in of_ann.get(f"{way}T-1").text
    assert "is not on the map." in of_ann.get(f"{way}T-2").text
    for each in (of_ben, client):
        page = each.get("/en/map/hall-1").text
        assert ("T-1" in page, "T-2" in page, "map-table" in page) == (False, False, False)
        assert "is not on the map." in each.get(f"{way}T-1").text
    everything = organizer.get("/en/map/hall-1").text
    assert everything.count('class="map-table"') == 2
    assert "You have arrived: Table T-2, Hall 1" in organizer.get(f"{way}T-2").text
