"""Forms with a file that is too large, sent by a browser without scripts: they come back as they were typed."""

import io
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.web.kit import uploads
from tests.floor_plans import make_hall

FORMS = {
    "program/speakers/new": ("photo", {"name-en": "Ada Ω", "email": "ada@example.org"}),
    "topics/import": ("file", {}),
    "program/imports/new": ("file", {}),
    "imports/new": ("file", {}),
    "exhibitors/imports/new": ("file", {}),
    "floor-plan/hall-1/background": ("file", {"width": "12.5"}),
}


def test_form_when_its_file_is_too_large_then_comes_back_as_typed_with_the_reason_at_the_field(
    organizer: FlaskClient, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_hall(edition, now)
    monkeypatch.setattr(uploads, "MEGABYTE", 1024)

    for path, (field, typed) in FORMS.items():
        file = io.BytesIO(bytes(21 * 1024)), "large.csv"
        answer = organizer.post(f"/en/organizer/{path}", data={**typed, field: file})

        assert answer.status_code == 422, path
        assert f'aria-describedby="{field}-help {field}-error"' in answer.text, path
        assert answer.text.count("This file is too large. Files can be up to ") >= 3, path
        assert [text for text in typed.values() if text not in answer.text] == [], path
