import re
from html import unescape

from flask import Flask

from expo.api.documentation import openapi_document
from expo.api.v1 import v1
from expo.editions.queries import EditionFacts


def test_docs_when_opened_then_every_route_and_every_link_has_its_place(app: Flask, edition: EditionFacts) -> None:
    answer = app.test_client().get("/api/docs")

    page = answer.get_data(as_text=True)
    ids = set(re.findall(r'id="([^"]+)"', page))
    links = {unescape(link) for link in re.findall(r'href="#([^"]+)"', page)}
    assert answer.status_code == 200
    assert {route.name.replace("_", "-") for route in v1.declared} - ids == set()
    assert links - ids == set()


def test_description_when_read_then_every_route_may_answer_that_the_database_is_busy(app: Flask) -> None:
    operations = [each for path in openapi_document()["paths"].values() for each in path.values()]

    assert len(operations) == len(v1.declared)
    assert [each["operationId"] for each in operations if "503" not in each["responses"]] == []


def test_docs_when_opened_then_nothing_inline_and_no_other_host(app: Flask, edition: EditionFacts) -> None:
    page = app.test_client().get("/api/docs").get_data(as_text=True)

    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son\w+=", page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def test_docs_when_opened_then_example_of_a_write_is_whole(app: Flask, edition: EditionFacts) -> None:
    page = unescape(app.test_client().get("/api/docs").get_data(as_text=True))

    assert "-X POST" in page
    assert '"name": "张伟", "ticket_type": "visitor"' in page
