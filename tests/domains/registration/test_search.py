"""People are found however their names are typed: joined, split, in another order or script, or misspelt."""

import itertools
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Update, func, select, update

from expo.editions.queries import EditionFacts
from expo.infra.change_numbers import changed_since, read_mark
from expo.infra.db import db
from expo.registration.models import Attendee
from expo.registration.queries import AttendeeFilter, count_attendees, search_attendees
from expo.registration.services import orders
from tests.conftest import make_edition
from tests.databases import open_transaction
from tests.make import make_attendee

# Of the octal digits, codes have no 0 and no 1.
DIGITS = str.maketrans("01", "89")
NAMES = (
    "Siân O'Brien",
    "Jan van der Berg",
    "Ewan MacDonald",
    "Anne-Marie Dupont",
    "张伟",
    "欧阳娜娜",
    "Jürgen Müller",
    "Łukasz Wójcik",
    "Søren Kjærgård",
    "Алексей Иванов",
    "Nguyễn Thị Hương",
    "محمد علي",
    "김민준",
    "María José de la Cruz",
    "Christopher Kowalski",
)
CASES = [
    ("obrien", "Siân O'Brien"),
    ("o brien", "Siân O'Brien"),
    ("sian obrian", "Siân O'Brien"),
    ("O’Brien", "Siân O'Brien"),
    ("vanderberg", "Jan van der Berg"),
    ("vander berg", "Jan van der Berg"),
    ("van den berg", "Jan van der Berg"),
    ("jan vanderburg", "Jan van der Berg"),
    ("macdonald", "Ewan MacDonald"),
    ("mac donald", "Ewan MacDonald"),
    ("McDonald", "Ewan MacDonald"),
    ("annemarie", "Anne-Marie Dupont"),
    ("anne marie dupond", "Anne-Marie Dupont"),
    ("dupont annemarie", "Anne-Marie Dupont"),
    ("zhang wei", "张伟"),
    ("wei zhang", "张伟"),
    ("weizhang", "张伟"),
    ("ＺＨＡＮＧ　ＷＥＩ", "张伟"),
    ("zhāng wěi", "张伟"),
    ("張偉", "张伟"),
    ("张 伟", "张伟"),
    ("nana ouyang", "欧阳娜娜"),
    ("ouyang nana", "欧阳娜娜"),
    ("muller jurgen", "Jürgen Müller"),
    ("Mueller", "Jürgen Müller"),
    ("Mulller", "Jürgen Müller"),
    ("lukasz wojcik", "Łukasz Wójcik"),
    ("kjaergaard", "Søren Kjærgård"),
    ("soren", "Søren Kjærgård"),
    ("ivanov", "Алексей Иванов"),
    ("Ivanow", "Алексей Иванов"),
    ("nguyen", "Nguyễn Thị Hương"),
    ("Ngyuen", "Nguyễn Thị Hương"),
    ("thihuong", "Nguyễn Thị Hương"),
    ("محمد", "محمد علي"),
    ("kim minjun", "김민준"),
    ("delacruz", "María José de la Cruz"),
    ("mariajose", "María José de la Cruz"),
    ("Cristopher Kowalsky", "Christopher Kowalski"),
    ("Kowlaski", "Christopher Kowalski"),
]


@pytest.fixture(autouse=True)
def codes_unlike_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are words that are searched too: drawn at random, one may be like a name."""
    numbers = itertools.count(1)
    monkeypatch.setattr(orders, "make_code", lambda length, _choose: f"{next(numbers):0{length}o}".translate(DIGITS))


@pytest.fixture
def people(each_app: Flask, edition: EditionFacts, now: datetime) -> EditionFacts:
    other = make_edition(now, "expo-2028", 2028)
    for name in NAMES:
        make_attendee(edition, now, name=name)
        make_attendee(other, now, name=name)
    return edition


def found(edition: EditionFacts, q: str) -> list[str]:
    page = search_attendees(edition.id, AttendeeFilter(q=q))
    assert count_attendees(edition.id, AttendeeFilter(q=q)) == len(page.rows)
    return [row.name for row in page.rows]


def test_search_when_names_are_typed_in_any_way_then_that_person_alone_is_found(people: EditionFacts) -> None:
    assert {q: found(people, q) for q, _name in CASES} == {q: [name] for q, name in CASES}


def test_search_when_nobody_is_like_that_then_nobody(people: EditionFacts) -> None:
    assert [found(people, q) for q in ("zzyzx", "'", "%", "_", "Schwarzenegger", "X9Q")] == [[]] * 6


def test_search_when_several_match_then_the_best_comes_first(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Anna Bergmann", company="Smith AG")
    make_attendee(edition, now, name="Jon Smith")
    make_attendee(edition, now, name="Peter Smithers")
    make_attendee(edition, now, name="Paula Smyth")

    assert found(edition, "smith") == ["Jon Smith", "Anna Bergmann", "Peter Smithers", "Paula Smyth"]


def test_search_when_many_match_then_page_by_page_each_once_and_the_best_first(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for number in range(12):
        make_attendee(edition, now, name="Li Smith" if number % 3 else "Li Smithson")

    seen, cursor = [], None
    while True:
        page = search_attendees(edition.id, AttendeeFilter(q="smith"), cursor=cursor, limit=5)
        seen += [(row.name, row.id) for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break

    whole = [each for each in seen if each[0] == "Li Smith"]
    assert len(set(seen)) == 12
    assert seen == sorted(whole, key=lambda each: -each[1]) + sorted(set(seen) - set(whole), key=lambda each: -each[1])


def test_search_when_few_match_then_pages_go_on_into_those_who_are_alike(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    names = ["Paula Smyth", "Jon Smith", "Ann Smith"]
    for name in names:
        make_attendee(edition, now, name=name)

    seen, cursor = [], None
    for _ in range(3):
        page = search_attendees(edition.id, AttendeeFilter(q="smith"), cursor=cursor, limit=1)
        seen += [row.name for row in page.rows]
        cursor = page.next_cursor

    assert seen == names[::-1]
    assert cursor is None


def test_search_when_somebody_came_a_moment_ago_then_found_by_a_typing_error_too(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Paula Smyth")
    assert found(edition, "Kowalsky") == []

    make_attendee(edition, now.replace(hour=3), name="Jan Kowalski")

    assert found(edition, "Kowalsky") == ["Jan Kowalski"]


@pytest.mark.postgresql
def test_search_when_a_change_is_committed_long_after_its_date_then_found(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    """A change of two hours ago becomes visible now: dates do not tell, the order of transactions does."""
    late, other = make_attendee(edition, now, name="Early Bird"), make_attendee(edition, now, name="Other Person")
    assert found(edition, "bird") == ["Early Bird"]
    with open_transaction(db.engine) as slow:
        slow.execute(_change(late.id, "latecomer", now - timedelta(hours=2)))
        with db.engine.begin() as quick:
            quick.execute(_change(other.id, "someone", now + timedelta(minutes=30)))
        db.session.rollback()
        before = [found(edition, q) for q in ("someone", "latecomer")]
        slow.commit()
    db.session.rollback()

    assert before == [["Other Person"], []]
    assert found(edition, "latecomer") == ["Early Bird"]


def test_search_when_changes_have_any_date_then_each_is_found_and_read_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    people = [make_attendee(edition, now, name=f"Number {number}") for number in range(3)]
    assert len(found(edition, "number")) == 3

    for number, each in enumerate(people):
        with db.engine.begin() as connection:
            connection.execute(_change(each.id, f"changed{number}", now - timedelta(days=number)))
        db.session.rollback()
        assert found(edition, f"changed{number}") == [each.attendee.name]

    db.session.rollback()
    if each_app.config["SETTINGS"].database_url.startswith("sqlite"):
        # On PostgreSQL any transaction that is open on the server holds back what counts as read.
        assert _list_read_again() <= 1


def test_search_when_somebody_is_deleted_and_another_comes_then_found(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    last = make_attendee(edition, now, name="Last Person")
    assert found(edition, "last") == ["Last Person"]
    number = db.session.scalars(select(Attendee.changed_in).where(Attendee.id == last.id)).one()
    with db.engine.begin() as connection:
        # As if the highest number was gone with its row.
        connection.execute(update(Attendee).where(Attendee.id == last.id).values(changed_in=1))
    db.session.rollback()

    make_attendee(edition, now, name="Paula Smyth")

    assert found(edition, "smyth") == ["Paula Smyth"]
    assert db.session.scalars(select(func.max(Attendee.changed_in))).one() > number


def _change(attendee_id: int, words: str, at: datetime) -> Update:
    return update(Attendee).where(Attendee.id == attendee_id).values(search_text=f" {words}", updated_at=at)


def _list_read_again() -> int:
    """How many attendees a search without changes would read: on SQLite the last one changed."""
    mark = read_mark(Attendee.changed_in)
    return db.session.scalar(select(func.count()).where(changed_since(Attendee.changed_in, mark))) or 0
