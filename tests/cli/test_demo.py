from pathlib import Path

import pytest
from flask import Flask

from expo.demo.staff import PASSWORD
from expo.editions.queries import EditionFacts, list_editions
from expo.infra.config import Settings


def test_demo_when_loaded_then_says_who_can_sign_in_and_writes_it_down(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]

    result = app.test_cli_runner().invoke(args=["expo", "demo", "--attendees", "20"])

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Demo loaded: 20 people from ")
    assert f"password {PASSWORD}" in result.stdout
    assert "organizer@demo.example" in result.stdout
    assert result.stdout.endswith((settings.data_dir / "demo-sign-ins.txt").read_text())


@pytest.fixture
def small_files(tmp_path: Path) -> list[str]:
    """Options that name a schedule of one session and a list of one company, which are loaded sooner than usual."""
    (tmp_path / "companies.csv").write_text("Name,Country\nAcme,CN\n")
    (tmp_path / "schedule.xml").write_text(
        '<schedule><conference><title>T</title></conference><day index="1" date="2027-05-26"><room name="A">'
        '<event id="7"><title>Only one</title><start>10:00</start><duration>01:00</duration></event>'
        "</room></day></schedule>"
    )
    return ["--schedule", str(tmp_path / "schedule.xml"), "--exhibitors", str(tmp_path / "companies.csv")]


def test_demo_when_there_already_then_exit_1_until_replaced(app: Flask, small_files: list[str]) -> None:
    runner = app.test_cli_runner()

    first = runner.invoke(args=["expo", "demo", "--attendees", "20", *small_files])
    second = runner.invoke(args=["expo", "demo", "--attendees", "20"])
    third = runner.invoke(args=["expo", "demo", "--attendees", "20", "--replace", *small_files])

    assert (first.exit_code, second.exit_code, third.exit_code) == (0, 1, 0)
    assert second.stderr == "The demo is already loaded. Use --replace to create it again. [demo_exists]\n"
    assert [edition.slug for edition in list_editions()] == ["demo", "demo-last-year"]


def test_demo_when_an_expo_is_real_then_exit_1(app: Flask, edition: EditionFacts) -> None:
    result = app.test_cli_runner().invoke(args=["expo", "demo", "--replace"])

    assert result.exit_code == 1
    assert "This database contains a real expo." in result.stderr
    assert [each.slug for each in list_editions()] == [edition.slug]


def test_demo_when_schedule_and_companies_are_given_then_those(app: Flask, small_files: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=["expo", "demo", "--attendees", "5", *small_files])

    assert result.exit_code == 0
    assert ", 1 sessions, 1 exhibitors, " in result.stdout


def test_demo_when_schedule_is_none_then_reason_and_exit_1(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "schedule.xml").write_text("<html></html>")

    result = app.test_cli_runner().invoke(args=["expo", "demo", "--schedule", str(tmp_path / "schedule.xml")])

    assert result.exit_code == 1
    assert "This file is a web page." in result.stderr
    assert list_editions() == []
