"""Organizers draw halls and booths, sell booths and upload drawings; nobody else may."""

from datetime import datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import BoothRow, get_booth, get_plan, list_booths
from expo.exhibitors.rules import BoothState
from expo.exhibitors.services import RowRequest, add_row, sell_booth
from expo.infra.clock import utcnow
from expo.pure.plane import Box
from tests.floor_plans import make_company, make_hall
from tests.web.organizer.conftest import SignIn

HALL = "/en/organizer/floor-plan/hall-1"
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><script>alert(1)</script>
<rect id="A-01" x="10" y="10" width="3" height="3"/><polygon id="A-99" points="30,10 40,10 40,20"/></svg>"""


@pytest.fixture
def booth_id(edition: EditionFacts, now: datetime) -> int:
    """A booth A-01 in hall 1, which is 60 by 40 metres."""
    make_hall(edition, now)
    [booth_id] = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 1, Box(4, 4, 3, 3)), now)
    return booth_id


def _booths(edition: EditionFacts) -> dict[str, BoothRow]:
    plan = get_plan(edition.id, "hall-1")
    return {each.code: each for each in list_booths(edition.id, plan.hall_id, utcnow())}


def test_changes_when_sent_by_the_script_then_are_stored_and_faults_named(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient
) -> None:
    place = {"width": 3, "depth": 3, "rotation": 0}
    changes = [
        {"id": booth_id, "version": 1, "code": "A-01", "x": 10, "y": 10, **place},
        {"id": None, "code": "A-02", "x": 12, "y": 10, **place},
        {"id": None, "code": "A-03", "x": 59, "y": 20, **place},
    ]

    answer = organizer.post(f"{HALL}/changes", json={"changes": changes})

    assert answer.status_code == 200
    body = answer.get_json()
    assert body["ids"][0] == booth_id
    assert body["faults"] == ["Booths A-01 and A-02 overlap.", "Booth A-03 is not fully within the hall."]
    assert list(_booths(edition)) == ["A-01", "A-02", "A-03"]
    assert "Booths A-01 and A-02 overlap." in organizer.get(HALL).text


def test_changes_when_somebody_else_was_faster_then_are_refused_with_the_reason(
    booth_id: int, organizer: FlaskClient
) -> None:
    change = {"id": booth_id, "version": 1, "code": "A-01", "x": 10, "y": 10, "width": 3, "depth": 3}
    organizer.post(f"{HALL}/changes", json={"changes": [change]})

    answer = organizer.post(f"{HALL}/changes", json={"changes": [change | {"x": 20}]})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "booth_changed")
    assert "Someone else has changed booth A-01" in answer.get_json()["error"]


def _shape(x: float, code: str = "A-01", **more: object) -> dict[str, object]:
    return {"code": code, "x": x, "y": 4, "width": 3, "depth": 3, "rotation": 0, "polygon": [], **more}


def test_changes_when_somebody_else_moved_the_booth_then_are_refused_and_say_who_did_what(
    booth_id: int, sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    ann, bob = sign_in(Role.ORGANIZER), sign_in(Role.ORGANIZER)
    ann.post(f"{HALL}/changes", json={"changes": [_shape(10, id=booth_id, seen=_shape(4))]})

    moved = bob.post(f"{HALL}/changes", json={"changes": [_shape(20, id=booth_id, seen=_shape(4))]})
    ann.post(
        f"{HALL}/changes", json={"changes": [{"id": booth_id, "code": "A-01", "deleted": True, "seen": _shape(10)}]}
    )
    deleted = bob.post(f"{HALL}/changes", json={"changes": [_shape(20, id=booth_id, seen=_shape(10))]})

    assert [each.status_code for each in (moved, deleted)] == [409, 409]
    assert "has moved booth A-01. Your change was not saved." in moved.get_json()["error"]
    assert "has deleted booth A-01." in deleted.get_json()["error"]
    assert _booths(edition) == {}


def test_changes_when_the_booth_was_only_sold_meanwhile_then_are_stored(
    booth_id: int, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    sell_booth(SYSTEM, edition.id, booth_id, make_company(edition, "Alpha", now), now)

    answer = organizer.post(f"{HALL}/changes", json={"changes": [_shape(10, id=booth_id, seen=_shape(4), version=1)]})

    place = _booths(edition)["A-01"].place
    assert (answer.status_code, place and place.box.x) == (200, 10)


def test_changes_when_sent_twice_then_count_once(booth_id: int, organizer: FlaskClient, edition: EditionFacts) -> None:
    body = {"changes": [_shape(20, "A-02"), _shape(30, "A-03")], "request_id": "tab1:1"}

    first, second = (organizer.post(f"{HALL}/changes", json=body).get_json() for _ in range(2))
    too_long = organizer.post(f"{HALL}/changes", json=body | {"request_id": "x" * 65})

    assert (second["ids"], second["mark"]) == (first["ids"], first["mark"])
    assert (list(_booths(edition)), too_long.status_code) == (["A-01", "A-02", "A-03"], 400)


def test_state_when_others_change_or_sell_booths_then_editors_hear_of_it_but_not_of_their_own(
    booth_id: int, organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    mark = organizer.get(f"{HALL}/state.json").get_json()["mark"]
    nothing = organizer.get(f"{HALL}/state.json?since={mark}")
    change = {"changes": [_shape(10, id=booth_id, seen=_shape(4))], "request_id": "tab1:1"}
    after = organizer.post(f"{HALL}/changes", json=change).get_json()
    own, other = (
        organizer.get(f"{HALL}/state.json?since={mark}&editor={editor}").get_json()["news"]
        for editor in ("tab1", "tab2")
    )
    sell_booth(SYSTEM, edition.id, booth_id, make_company(edition, "Alpha", now), now)
    sold = organizer.get(f"{HALL}/state.json?since={after['mark']}").get_json()

    assert (nothing.status_code, nothing.data) == (204, b"")
    assert (own, [each.split(" has ")[1] for each in other]) == ([], ["moved booth A-01."])
    assert (sold["booths"][0]["state"], sold["news"]) == ("sold", [])
    assert organizer.get(f"{HALL}/state.json?since=nonsense").get_json()["news"] == []


def test_state_when_somebody_changed_many_booths_then_says_how_many(booth_id: int, organizer: FlaskClient) -> None:
    mark = organizer.get(f"{HALL}/state.json").get_json()["mark"]
    changes = [_shape(x, f"B-{x}") for x in (10, 20, 30)]
    organizer.post(f"{HALL}/changes", json={"changes": changes, "request_id": "tab1:1"})

    (news,) = organizer.get(f"{HALL}/state.json?since={mark}&editor=tab2").get_json()["news"]

    assert news.endswith(" has changed 3 booths.")


def test_outlines_when_drawn_or_entered_then_are_stored_and_what_is_outside_is_named(
    booth_id: int, organizer: FlaskClient, edition: EditionFacts
) -> None:
    corners = [[0, 0], [60, 0], [60, 40], [30, 40], [0, 10]]
    drawn = organizer.post(f"{HALL}/outline", json={"points": corners, "version": 1})
    old = organizer.post(f"{HALL}/outline", json={"points": [], "version": 1})
    crossing = organizer.post(f"{HALL}/outline", json={"points": [[0, 0], [9, 9], [9, 0], [0, 9]], "version": 2})
    data = {
        "version": "1",
        "code": "A-01",
        "outline": "2 20\n8; 20\n8 30",
        "x": "9",
        "y": "9",
        "width": "3",
        "depth": "3",
    }
    entered = organizer.post(f"{HALL}/booths/{booth_id}", data=data, follow_redirects=True)
    wrong = organizer.post(f"{HALL}/booths/{booth_id}", data=data | {"version": "2", "outline": "2 20\n8"})

    assert [each.status_code for each in (drawn, old, crossing, wrong)] == [200, 409, 422, 422]
    place = _booths(edition)["A-01"].place
    assert place
    assert list(place.polygon) == [(2, 20), (8, 20), (8, 30)]
    assert ("Booth A-01 is not fully within the hall." in entered.text, "8 30" in entered.text) == (True, True)
    assert 'class="map-outline" d="M0.00 0.00L60.00 0.00' in organizer.get(HALL).text
    assert "30 40" in organizer.get(f"{HALL}/plan").text


@pytest.mark.parametrize(
    "body", [None, [], {}, {"changes": 1}, {"changes": [1]}, {"changes": [{"id": "1", "code": "A"}]}]
)
def test_changes_when_malformed_then_400(body: object, booth_id: int, organizer: FlaskClient) -> None:
    assert organizer.post(f"{HALL}/changes", json=body).status_code == 400


@pytest.mark.parametrize("x", ["", "a", 1e9, [], None, float("inf")])
def test_changes_when_a_figure_is_absurd_then_nothing_breaks(x: object, booth_id: int, organizer: FlaskClient) -> None:
    change = {"id": None, "version": 0, "code": "B", "x": x, "y": 1, "width": 3, "depth": 3}

    assert organizer.post(f"{HALL}/changes", json={"changes": [change]}).status_code in (200, 422)


def test_forms_when_filled_in_then_do_what_the_script_does(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient, now: datetime
) -> None:
    alpha, beta = make_company(edition, "Alpha", now), make_company(edition, "Beta", now)
    row = {"prefix": "B-", "start": 1, "step": 2, "count": 3, "width": 3, "depth": 3, "x": 4, "y": 20, "gap": 0}
    organizer.post(f"{HALL}/rows/new", data=row | {"direction": "across", "price": "1000"})
    page = organizer.post(
        f"{HALL}/booths/{booth_id}",
        data={"version": "1", "code": "A-07", "x": "5", "y": "6", "width": "4", "depth": "3", "price": "99.50"},
    )
    assert page.status_code == 302
    organizer.post(f"{HALL}/booths/{booth_id}/hold", data={"hold-slug": alpha, "hold-until": ""})
    organizer.post(f"{HALL}/booths/{booth_id}/sell", data={"slug": alpha})
    organizer.post(f"{HALL}/booths/{booth_id}/share", data={"slug": beta})

    booths = _booths(edition)
    assert list(booths) == ["A-07", "B-01", "B-03", "B-05"]
    booth = booths["A-07"]
    assert (booth.price, booth.state, [each.slug for each in booth.companies]) == (9950, BoothState.SOLD, [alpha, beta])
    shown = organizer.get(f"{HALL}/booths/{booth_id}").text
    assert "Alpha" in shown
    organizer.post(f"{HALL}/booths/{booth_id}/free", data={})
    assert get_booth(edition.id, booth_id, now).companies == ()


def test_sale_when_the_booth_is_sold_already_then_says_so(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient, now: datetime
) -> None:
    alpha, beta = make_company(edition, "Alpha", now), make_company(edition, "Beta", now)
    organizer.post(f"{HALL}/booths/{booth_id}/sell", data={"slug": alpha})

    answer = organizer.post(
        f"{HALL}/booths/{booth_id}/sell", data={"slug": beta}, headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.get_json()["code"]) == (409, "booth_taken")


def test_plan_when_saved_with_walls_then_is_drawn_and_an_old_version_is_refused(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient
) -> None:
    form = {
        "version": "1", "width": "80", "depth": "50.5", "x": "0", "y": "0",
        "structures-kind": ["wall", "entrance", ""], "structures-x": ["10", "40", ""],
        "structures-y": ["0", "0", ""], "structures-width": ["0", "", ""], "structures-depth": ["20", "", ""],
        "structures-label": ["", "North", ""], "structures-to": ["", "", ""],
    }  # fmt: skip
    saved, again = organizer.post(f"{HALL}/plan", data=form), organizer.post(f"{HALL}/plan", data=form)

    assert (saved.status_code, again.status_code) == (302, 422)
    assert "Someone else has changed this plan" in again.text
    plan = get_plan(edition.id, "hall-1")
    assert (plan.width, plan.depth) == (80, 50.5)
    assert list(plan.structures) == [
        {"kind": "wall", "x1": 10, "y1": 0, "x2": 10, "y2": 20},
        {"kind": "entrance", "x": 40, "y": 0, "label": "North"},
    ]
    assert 'class="map-wall" d="M10.0 0.0L10.0 20.0"' in organizer.get(HALL).text


def test_drawing_when_uploaded_then_its_shapes_are_booths_and_it_carries_no_script(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient
) -> None:
    upload = {"file": (BytesIO(SVG), "hall.svg"), "makes_booths": "y", "width": "50"}

    answer = organizer.post(f"{HALL}/background", data=upload, follow_redirects=True)

    assert "2 booths placed." in answer.text
    booths = _booths(edition)
    place = booths["A-01"].place
    assert (booths["A-01"].id, place and place.box) == (booth_id, Box(5, 5, 1.5, 1.5))
    assert booths["A-99"].place
    assert len(booths["A-99"].place.polygon) == 3
    background = get_plan(edition.id, "hall-1").background
    assert background
    with organizer.get(f"{HALL}/backgrounds/{background.key}") as shown:
        assert b"script" not in shown.data
        assert shown.cache_control.private
    # Caches may store the public one for all, so no cookie is renewed with it, as one is with a page.
    with organizer.session_transaction() as session:
        session.permanent = True
    with organizer.get(f"/en/map/backgrounds/{background.key}") as shown, organizer.get(HALL) as page:
        assert shown.cache_control.public
        assert ("Set-Cookie" in shown.headers, "Set-Cookie" in page.headers) == (False, True)
        assert "Cookie" in shown.vary


def test_picture_when_uploaded_then_is_written_again_and_can_be_removed(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient
) -> None:
    picture = BytesIO()
    Image.new("RGBA", (40, 20), "red").save(picture, "PNG")

    refused = organizer.post(f"{HALL}/background", data={"file": (BytesIO(b"%PDF-1.7"), "hall.pdf")})
    organizer.post(f"{HALL}/background", data={"file": (BytesIO(picture.getvalue()), "hall.png")})

    background = get_plan(edition.id, "hall-1").background
    assert background
    with organizer.get(f"{HALL}/backgrounds/{background.key}") as shown, Image.open(BytesIO(shown.data)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 20))
    assert (refused.status_code, "Upload an SVG, JPEG, PNG or WebP file." in refused.text) == (422, True)
    organizer.post(f"{HALL}/background/remove")
    assert get_plan(edition.id, "hall-1").background is None


@pytest.mark.parametrize("data", [b"nonsense", b"<svg", b'<!DOCTYPE a [<!ENTITY b "c">]><svg>&b;</svg>'])
def test_drawing_when_it_is_none_then_says_so(data: bytes, booth_id: int, organizer: FlaskClient) -> None:
    answer = organizer.post(f"{HALL}/background", data={"file": (BytesIO(data), "x.svg")})

    assert answer.status_code == 422


def test_pages_when_the_person_may_not_then_are_refused(booth_id: int, sign_in: SignIn) -> None:
    steward = sign_in(Role.STEWARD)

    for path in (HALL, f"{HALL}/plan", f"{HALL}/state.json", f"{HALL}/booths/{booth_id}"):
        assert steward.get(path).status_code == 403, path
    assert steward.post(f"{HALL}/changes", json={"changes": []}).status_code == 403


def test_pages_when_opened_then_all_show(booth_id: int, organizer: FlaskClient) -> None:
    paths = (
        "",
        "/plan",
        "/background",
        "/rows/new",
        "/booths/new",
        f"/booths/{booth_id}",
        f"/booths/{booth_id}/delete",
    )
    for path in ("/en/organizer/floor-plan", *(HALL + each for each in paths)):
        assert organizer.get(path).status_code == 200, path
    assert organizer.get("/en/organizer/floor-plan/nowhere").status_code == 404


def test_booth_when_opened_under_another_hall_then_is_not_found_and_nothing_happens(
    booth_id: int, edition: EditionFacts, organizer: FlaskClient, now: datetime
) -> None:
    make_hall(edition, now, "Hall 2")
    elsewhere = f"/en/organizer/floor-plan/hall-2/booths/{booth_id}"
    alpha = make_company(edition, "Alpha", now)

    shown = [organizer.get(elsewhere + path).status_code for path in ("", "/free", "/delete")]
    sent = [
        organizer.post(f"{elsewhere}/{act}", data={"slug": alpha, "hold-slug": alpha}).status_code
        for act in ("sell", "hold", "share", "leave", "free", "delete")
    ]
    script = organizer.post(f"{elsewhere}/sell", data={"slug": alpha}, headers={"Accept": "application/json"})

    assert (shown, sent) == ([404] * 3, [404] * 6)
    assert (script.status_code, script.get_json()["code"]) == (404, "booth_missing")
    assert get_booth(edition.id, booth_id, now).state is BoothState.FREE


@pytest.mark.usefixtures("booth_id", "pages_of_two")
def test_booths_when_more_than_a_page_then_the_table_is_cut_and_the_plan_has_all(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    add_row(SYSTEM, edition.id, "hall-1", RowRequest("B-", 3, Box(4, 14, 3, 3)), now)
    sold = _booths(edition)["B-02"]
    sell_booth(SYSTEM, edition.id, sold.id, make_company(edition, "Data Valley", now), now)

    first, last = organizer.get(HALL).text, organizer.get(f"{HALL}?page=9").text
    found = [organizer.get(f"{HALL}?{query}").text for query in ("q=valley", "state=sold", "q=b-02", "state=held")]

    assert [first.count(f"<bdi>{code}</bdi></a>") for code in ("A-01", "B-01", "B-02")] == [1, 1, 0]
    assert ("4 booths" in first, "Page 2 of 2" in last, "<bdi>B-03</bdi></a>" in last) == (True, True, True)
    assert ["1 booth<" in each and "<bdi>B-02</bdi></a>" in each for each in found] == [True, True, True, False]
    assert ("No booths found" in found[3], "No booths yet" in found[3]) == (True, False)
    assert {each.count('class="map-number"') for each in (first, last, *found)} == {4}
