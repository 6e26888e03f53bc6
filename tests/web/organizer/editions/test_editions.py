"""Administrators open the next expo."""

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts, find_current_edition, list_editions
from expo.infra.db import db


def test_expos_when_an_administrator_opens_the_next_then_visitors_see_it_once_it_is_made_current(
    admin: FlaskClient, edition: EditionFacts
) -> None:
    typed = {
        "slug": "expo-2028",
        "title-en": "Expo 2028",
        "starts_on": "2028-05-24",
        "ends_on": "2028-05-26",
        "time_zone": "Asia/Shanghai",
    }
    assert admin.post("/organizer/setup/expo", data=typed).status_code == 302
    new = next(each for each in list_editions() if each.slug == "expo-2028")
    before = find_current_edition()
    admin.post(f"/organizer/settings/expos/{new.id}/make-current")
    db.session.expire_all()
    after = find_current_edition()
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (edition.id, new.id)
    again = admin.post("/organizer/setup/expo", data=typed)
    assert (again.status_code, 'id="slug-error"' in again.text) == (422, True)


def test_expos_when_an_organizer_of_one_asks_then_refused(organizer: FlaskClient, other_edition: EditionFacts) -> None:
    path = f"/organizer/settings/expos/{other_edition.id}/make-current"
    assert (organizer.get(path).status_code, organizer.post(path).status_code) == (403, 403)
