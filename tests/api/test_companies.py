"""Exhibitors created, changed, approved, withdrawn and deleted over the API."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import RecordFilter, count_records
from tests.api.calls import Api, make_token
from tests.domains.exhibitors.makers import make_company, make_member, make_package

BODY: dict[str, Any] = {"name": "Guiyang Data", "country": "CN", "notes": "VIP"}


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    return Api(app, make_token(edition))


def test_exhibitor_when_created_changed_and_deleted_then_each_step_has_its_version(api: Api) -> None:
    made: Any = api.post("/exhibitors", BODY)
    changed = api.patch("/exhibitors/guiyang-data", {"website": "example.com"}, If_Match=made.headers["ETag"])
    outdated = api.patch("/exhibitors/guiyang-data", BODY, If_Match=made.headers["ETag"])
    unversioned = api.patch("/exhibitors/guiyang-data", BODY)
    listed = api.get("/exhibitors")
    gone = api.delete("/exhibitors/guiyang-data", If_Match=changed.headers["ETag"])

    assert (made.status_code, made.get_json()["state"], made.get_json()["id"]) == (201, "approved", "guiyang-data")
    assert (changed.get_json()["website"], changed.get_json()["notes"]) == ("https://example.com", "VIP")
    assert [each.get_json()["code"] for each in (outdated, unversioned)] == ["version_outdated", "version_required"]
    assert [each["id"] for each in listed.get_json()["items"]] == ["guiyang-data"]
    assert (gone.status_code, api.get("/exhibitors/guiyang-data").status_code) == (200, 404)


def test_exhibitor_when_the_same_request_is_repeated_then_created_once(api: Api, edition: EditionFacts) -> None:
    first, second = (api.post("/exhibitors", BODY, Idempotency_Key="k1") for _ in range(2))
    third = api.post("/exhibitors", BODY)

    assert (first.get_json(), second.headers["Idempotency-Replayed"]) == (second.get_json(), "true")
    assert (third.status_code, third.get_json()["code"]) == (409, "exhibitor_exists")
    assert count_records(edition.id, RecordFilter()) == 1


def test_exhibitor_when_withdrawn_and_approved_then_the_package_follows(
    api: Api, edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", size=1, passes=3)
    api.post("/exhibitors", {**BODY, "package": "gold"})

    withdrawn = api.post("/exhibitors/guiyang-data/withdraw", {}, If_Match="*").get_json()
    public = api.get("/exhibitors").get_json()["items"]
    approved = api.post("/exhibitors/guiyang-data/approve", {}, If_Match="*").get_json()
    again = api.post("/exhibitors/guiyang-data/approve", {}, If_Match="*")

    assert (withdrawn["state"], withdrawn["package"], public) == ("withdrawn", "", [])
    assert (approved["state"], approved["package"], approved["passes"]) == ("approved", "gold", 3)
    assert (again.status_code, again.get_json()["code"]) == (409, "exhibitor_state")


def test_exhibitor_when_merged_then_the_other_one_gets_what_it_lacks(api: Api) -> None:
    api.post("/exhibitors", BODY)
    api.post("/exhibitors", {"name": "Data of Guiyang", "website": "example.com"})

    itself = api.post("/exhibitors/guiyang-data/merge", {"into": "guiyang-data"})
    nobody = api.post("/exhibitors/guiyang-data/merge", {"into": "nobody"})
    merged = api.post("/exhibitors/guiyang-data/merge", {"into": "data-of-guiyang"}).get_json()

    assert [each.get_json()["code"] for each in (itself, nobody)] == [
        "exhibitor_merged_with_itself",
        "exhibitor_missing",
    ]
    assert (merged["id"], merged["country"], merged["website"]) == ("data-of-guiyang", "CN", "https://example.com")
    assert [each["id"] for each in api.get("/exhibitors").get_json()["items"]] == ["data-of-guiyang"]


def test_exhibitor_when_a_team_belongs_to_it_then_deleted_only_with_cascade(
    api: Api, edition: EditionFacts, now: datetime
) -> None:
    record = make_company(edition, now, "Ada")
    make_member(edition, record, now)

    refused = api.delete("/exhibitors/ada", If_Match="*")
    done = api.delete("/exhibitors/ada?cascade=true", If_Match="*")

    assert (refused.status_code, refused.get_json()["code"], done.status_code) == (409, "exhibitor_in_use", 200)


def test_exhibitor_when_the_token_may_only_read_or_is_of_another_expo_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_company(edition, now, "Ada", notes="secret")
    reader = Api(app, make_token(edition, Permission.EXHIBITORS_READ))
    scanner = Api(app, make_token(edition, Permission.SCAN))

    refused = [
        reader.post("/exhibitors", BODY),
        reader.patch("/exhibitors/ada", {"notes": "x"}, If_Match="*"),
        reader.post("/exhibitors/ada/withdraw", {}, If_Match="*"),
        reader.post("/exhibitors/ada/merge", {"into": "ada"}),
        reader.delete("/exhibitors/ada", If_Match="*"),
        scanner.get("/exhibitors/ada"),
    ]

    assert {each.status_code for each in refused} == {403}
    assert reader.get("/exhibitors/ada").get_json()["notes"] == ""
