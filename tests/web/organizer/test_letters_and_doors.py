"""Letters are read and sent again; doors are made, changed, opened and closed."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.services.checkpoints import CheckpointWish, create_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from expo.mail.models import Letter
from expo.mail.queries import LetterFilter, find_letters, get_letter
from expo.mail.rules import LetterState
from tests.make import make_attendee, make_ticket_type

HTMX = {"HX-Request": "true"}


def first_letter(edition: EditionFacts) -> int:
    letters, _more = find_letters(edition.id, LetterFilter(), of_no_edition=False)
    return letters[0].id


def test_outbox_when_filtered_then_shows_what_matches(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="ann@example.org")
    make_attendee(edition, now, email="bob@example.org")
    shown = {
        query: [name in organizer.get(f"/organizer/outbox?{query}").text for name in ("ann@", "bob@")]
        for query in ("", "q=ANN", "q=%25", "message=registration/cancelled", "state=queued")
    }
    assert shown == {
        "": [True, True],
        "q=ANN": [True, False],
        "q=%25": [False, False],
        "message=registration/cancelled": [False, False],
        "state=queued": [True, True],
    }


def test_letter_when_its_html_is_shown_then_it_can_do_nothing(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Eve<script>alert(1)</script>")
    letter_id = first_letter(edition)
    page = organizer.get(f"/organizer/outbox/{letter_id}")
    frame = organizer.get(f"/organizer/outbox/{letter_id}/html")
    policy = frame.headers["Content-Security-Policy"]
    assert 'sandbox title="' in page.text
    assert (policy.startswith("sandbox; default-src 'none'"), "frame-ancestors 'self'" in policy) == (True, True)
    assert ("<script" in frame.text, "<script>alert" in page.text) == (False, False)


def test_letter_when_a_badge_is_attached_then_downloaded_as_a_pdf(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    other = make_attendee(edition, now, email="other@example.org")
    letters, _more = find_letters(edition.id, LetterFilter(person_id=made.attendee.person_id), of_no_edition=False)
    path = f"/organizer/outbox/{letters[0].id}/badge-{{}}.pdf"
    assert organizer.get(path.format(made.id)).data[:5] == b"%PDF-"
    assert organizer.get(path.format(other.id)).status_code == 404


def test_letter_when_it_failed_then_it_can_be_sent_again_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    letter_id = first_letter(edition)
    with atomic():
        letter = db.session.get(Letter, letter_id)
        assert letter is not None
        letter.state, letter.last_error = "failed", "mailbox full"
    assert "mailbox full" in organizer.get(f"/organizer/outbox/{letter_id}").text
    answers = [organizer.post(f"/organizer/outbox/{letter_id}/send-again").status_code for _ in range(2)]
    db.session.expire_all()
    assert (answers, get_letter(edition.id, letter_id).row.state) == ([302, 404], LetterState.QUEUED)


def test_letter_when_an_attempt_failed_then_its_status_says_what_happens_next(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, email="ann@example.org")
    letter_id = first_letter(edition)
    shown = {}
    for state in ("queued", "failed", "sent"):
        with atomic():
            letter = db.session.get(Letter, letter_id)
            assert letter is not None
            letter.state, letter.last_error = state, None if state == "sent" else "mailbox full"
        pages = [organizer.get(f"/organizer/outbox{end}").text for end in ("", f"/{letter_id}")]
        words = ("Retrying after a failed attempt", "could not be delivered", "tried again automatically")
        shown[state] = [[word in page for word in words] for page in pages]
    assert shown == {
        "queued": [[True, False, False], [True, False, True]],
        "failed": [[False, True, False], [False, True, False]],
        "sent": [[False, False, False], [False, False, False]],
    }


def test_door_when_made_and_changed_then_it_is_so(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    visitor = make_ticket_type(edition, now)
    typed = {"code": "gate", "name-en": "Gate", "name-zh": "大门", "who": "everyone", "hall_id": "0", "room_id": "0"}
    assert organizer.post("/organizer/doors/new", data=typed).status_code == 302
    changed = typed | {
        "who": "some",
        "ticket_type_ids": str(visitor.id),
        "capacity": "30",
        "opens_at": "2027-05-26T08:00",
        "closes_at": "2027-05-26T18:00",
    }
    assert organizer.post("/organizer/doors/gate/edit", data=changed).status_code == 302
    db.session.expire_all()
    door = get_checkpoint(edition.id, "gate")
    assert (door.name, door.capacity, door.ticket_type_ids) == (
        {"en": "Gate", "zh": "大门"},
        30,
        frozenset({visitor.id}),
    )
    assert door.opens_at == datetime(2027, 5, 26, 0, 0, tzinfo=UTC)


def test_door_when_the_form_is_wrong_then_the_error_stands_at_its_field(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "gate", CheckpointWish(name={"en": "Gate"}), now)
    good = {"code": "south", "name-en": "South gate", "who": "everyone", "hall_id": "0", "room_id": "0"}
    wrong = {
        "code-error": good | {"code": "gate"},
        "name-en-error": good | {"name-en": ""},
        "closes_at-error": good | {"opens_at": "2027-05-26T18:00", "closes_at": "2027-05-26T08:00"},
        "capacity-error": good | {"capacity": "-1"},
    }
    answers = {field: organizer.post("/organizer/doors/new", data=typed) for field, typed in wrong.items()}
    shown = {field: (each.status_code, f'id="{field}"' in each.text) for field, each in answers.items()}
    assert shown == dict.fromkeys(wrong, (422, True))
    assert "South gate" in answers["code-error"].text


def test_door_when_closed_and_opened_then_the_list_says_so(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "gate", CheckpointWish(name={"en": "Gate"}), now)
    states = []
    for act in ("close", "open"):
        organizer.post(f"/organizer/doors/gate/{act}")
        db.session.expire_all()
        states.append(get_checkpoint(edition.id, "gate").is_open)
    assert states == [False, True]


def test_doors_when_polled_then_only_the_changing_part(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "gate", CheckpointWish(name={"en": "Gate"}), now)
    part = organizer.get("/organizer/doors", headers=HTMX).text
    assert ("<html" in part, "Gate" in part) == (False, True)
