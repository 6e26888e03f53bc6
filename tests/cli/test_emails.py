from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import Actor, Level
from expo.editions.queries import EditionFacts
from expo.errors import Refused
from expo.flows.email_links import show_email_with_links
from expo.flows.sign_in import send_sign_in_link
from expo.infra.audit import list_audit_records
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.mail.queries import list_newest_emails
from tests.make import make_attendee


@pytest.fixture
def ann(app: Flask, edition: EditionFacts, now: datetime) -> int:
    person_id = make_attendee(edition, now, email="ann@example.org").attendee.person_id
    make_attendee(edition, now, email="bob@example.org")
    db.session.rollback()
    return person_id


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["expo", "emails", *arguments])
    return result.exit_code, result.stdout + result.stderr


def test_emails_list_when_some_were_written_then_a_line_each_without_links(app: Flask, ann: int) -> None:
    code, every = run(app, "list")
    _code, own = run(app, "list", "Ann@Example.org")
    _code, one = run(app, "list", "--limit", "1")

    assert (code, every.count("\n"), own.count("\n"), one.count("\n")) == (0, 2, 1, 1)
    assert "ann@example.org  Your badge for Big Data Expo 2027" in own
    assert "http" not in every


def test_emails_show_when_asked_by_address_or_number_then_the_link_works_and_it_is_audited(
    app: Flask, ann: int
) -> None:
    letter = list_newest_emails("ann@example.org")[0]
    db.session.rollback()

    for asked in ("ANN@example.org", str(letter.id)):
        code, shown = run(app, "show", asked)
        link = shown.partition("http://127.0.0.1:8000")[2].split()[0]
        assert code == 0
        assert app.test_client().post(link).location == "/en/me"

    assert [each.action for each in list_audit_records("letter", letter.id)] == ["emails.show_links"] * 2


@pytest.mark.parametrize("asked", ["nobody@example.org", "999999", "9" * 30, " "])
def test_emails_show_when_there_is_none_then_says_so(asked: str, app: Flask, ann: int) -> None:
    assert run(app, "show", asked) == (1, "We could not find this e-mail. [email_missing]\n")


def test_email_when_a_person_asks_for_its_links_then_refused_even_to_administrators(app: Flask, ann: int) -> None:
    send_sign_in_link("ann@example.org", "en", utcnow())
    admin = Actor("person", 1, edition_id=None, level=Level.CONFIRMED)

    with pytest.raises(Refused):
        show_email_with_links(admin, "ann@example.org", utcnow())
