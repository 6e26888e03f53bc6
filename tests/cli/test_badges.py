from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.badges.services import reissue_badge, revoke_badge
from expo.editions.queries import EditionFacts
from tests.make import make_attendee, make_ticket_type


def test_badges_render_when_one_is_revoked_then_the_others_are_pages(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_attendee(edition, now)
    make_attendee(edition, now, name="Ωmega Παπαδόπουλος", country="GR")
    revoke_badge(SYSTEM, edition.id, make_attendee(edition, now).id, now)
    out = tmp_path / "badges.pdf"

    result = app.test_cli_runner().invoke(args=["expo", "badges", "render", "-o", str(out)])

    assert (result.exit_code, result.output) == (0, f"2 badges in {out}\n")
    assert out.read_bytes()[:5] == b"%PDF-"
    assert [each.name for each in tmp_path.iterdir()] == ["badges.pdf"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--sheet", "avery"], 2, "'a6'"),
        (["--type", "nobody"], 1, "We could not find this ticket."),
        (["--type", "press"], 1, "There are no badges to print."),
    ],
)
def test_badges_render_when_it_cannot_then_says_why_and_leaves_no_file(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    make_attendee(edition, now)
    make_ticket_type(edition, now, "press")

    result = app.test_cli_runner().invoke(
        args=["expo", "badges", "render", "-o", str(tmp_path / "badges.pdf"), *arguments]
    )

    assert result.exit_code == code
    assert words in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_token_inspect_when_valid_then_every_field_in_words(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now)

    result = app.test_cli_runner().invoke(args=["expo", "token", "inspect", made.token])

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Version:         1",
        "Key:             0",
        f"Expo:            {edition.number}, expo-2027",
        f"Serial:          {made.badge.serial}",
        "Ticket type:     1, visitor",
        "Issue:           1",
        "Valid:           from 2027-05-26 to 2027-05-28",
        "Signature:       valid",
    ]


def test_token_inspect_when_one_sign_differs_then_exit_1(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now)
    forged = made.token[:60] + ("A" if made.token[60] != "A" else "B") + made.token[61:]

    result = app.test_cli_runner().invoke(args=["expo", "token", "inspect", forged])

    assert result.exit_code == 1
    assert "does not match its contents" in result.output


def test_token_inspect_when_replaced_then_says_so(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now)
    reissue_badge(SYSTEM, edition.id, made.id, now)

    result = app.test_cli_runner().invoke(args=["expo", "token", "inspect", made.token])

    assert "replaced: the current issue is 2" in result.output


def test_token_list_when_limited_then_texts_one_a_line(app: Flask, edition: EditionFacts, now: datetime) -> None:
    first, second = make_attendee(edition, now), make_attendee(edition, now)
    make_attendee(edition, now)

    result = app.test_cli_runner().invoke(args=["expo", "token", "list", "--limit", "2"])

    assert result.output.splitlines() == [first.token, second.token]
