import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import count_exhibitors, list_exhibitors
from expo.exhibitors.rules import read_companies
from expo.exhibitors.services import preview_companies
from expo.flows.program_import import read_schedule_file
from expo.infra.db import atomic, db
from expo.mail.queries import count_emails
from expo.program.models import Session
from expo.program.queries import list_sessions
from expo.program.services import preview_schedule
from expo.registration.queries import AttendeeFilter, count_attendees, search_attendees
from expo.registration.rules import AttendeeState
from expo.tickets.queries import list_quotas
from tests.conftest import make_edition, shared_file
from tests.formats.test_schedules import canonical
from tests.make import make_attendee, make_ticket_type

COMPANIES = "Name,Booth_Venue,Booth_Number,Description,Website,Product_Categories,Country\n"
PEOPLE = "Name,Latin name,Email,Country,Company,Job title,Ticket type,Language\n"


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["expo", *(str(each) for each in arguments)])


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# One file of each format; `tests/domains/program` imports and exports all of them.
@pytest.mark.parametrize(
    ("name", "kind"),
    [("fosdem-2013.xml", "frab-xml"), ("coscup-2023.json", "json"), ("pretalx-rc3.json", "frab-json")],
)
def test_schedule_when_imported_and_exported_then_equal(
    app: Flask, edition: EditionFacts, tmp_path: Path, name: str, kind: str
) -> None:
    source = shared_file(f"schedules/{name}")
    out = tmp_path / "out"

    taken = run(app, "import", "schedule", source)
    given = run(app, "export", "schedule", "--format", kind, "-o", out)

    assert (taken.exit_code, given.exit_code, given.stderr) == (0, 0, "")
    assert canonical(out.read_bytes()) == canonical(source.read_bytes())
    assert run(app, "import", "schedule", "--dry-run", out).output.startswith("0 sessions would be added, 0 would be")


def test_import_schedule_when_dry_run_then_nothing_changes(app: Flask, edition: EditionFacts) -> None:
    path = shared_file("schedules/frab-camp2019.json")

    result = run(app, "import", "schedule", "--dry-run", path)

    change = preview_schedule(SYSTEM, edition.id, read_schedule_file(edition, path.read_bytes()))
    assert (
        result.output
        == f"{len(change.added)} sessions would be added, 0 would be changed, 0 unchanged, 0 would be removed.\n"
    )
    assert len(change.added) == 79


@pytest.mark.parametrize("kind", ["sessionize", "sessionize-grid", "pretalx", "csv", "xlsx"])
def test_schedule_when_exported_in_any_format_then_imported_again_as_unchanged(
    app: Flask, edition: EditionFacts, tmp_path: Path, kind: str
) -> None:
    run(app, "import", "schedule", shared_file("schedules/frab-camp2019.json"))
    run(app, "export", "schedule", "--format", kind, "-o", tmp_path / "out")

    again = run(app, "import", "schedule", tmp_path / "out")

    assert again.output == "0 sessions added, 0 changed, 79 unchanged, 0 removed.\n"


def test_import_schedule_when_both_changed_then_ours_stays_unless_the_file_is_taken(
    app: Flask, edition: EditionFacts, tmp_path: Path
) -> None:
    first = write(tmp_path, "one.csv", "id,title,start\n1,One,2027-05-26 10:00\n")
    second = write(tmp_path, "two.csv", "Code,Was,start\n1,Theirs,2027-05-26 10:00\n")
    run(app, "import", "schedule", first)
    with app.app_context(), atomic():
        db.session.scalars(select(Session)).one().title = {"en": "Ours"}

    mapped = ("--map", "Was=title", "--map", "Code=id")
    kept = run(app, "import", "schedule", "--dry-run", *mapped, second)
    taken = run(app, "import", "schedule", "--update", "--take-file", *mapped, second)

    assert kept.output == (
        "0 sessions would be added, 0 would be changed, 1 unchanged, 0 would be removed.\n"
        "1 fields were changed both here and in the file: our value would be used.\n"
    )
    assert taken.output.startswith("0 sessions added, 1 changed, 0 unchanged, 0 removed.\n")
    assert [row.title for row in list_sessions(edition.id)] == [{"en": "Theirs"}]


@pytest.mark.parametrize("kind", ["ics", "csv", "xlsx", "pdf"])
def test_export_schedule_when_other_format_then_such_a_file(
    app: Flask, edition: EditionFacts, tmp_path: Path, kind: str
) -> None:
    run(app, "import", "schedule", shared_file("schedules/frab-camp2019.json"))

    result = run(app, "export", "schedule", "--format", kind, "--language", "zh", "-o", tmp_path / "out")

    starts = {"ics": b"BEGIN:VCALENDAR", "csv": b"\xef\xbb\xbfday,start", "xlsx": b"PK", "pdf": b"%PDF-"}
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "out").read_bytes().startswith(starts[kind])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_exhibitors_when_exported_and_imported_again_then_nothing_changes(
    app: Flask, edition: EditionFacts, tmp_path: Path, kind: str
) -> None:
    source = shared_file("companies/exhibitors.csv")
    out, again = tmp_path / "out", tmp_path / "again"

    taken = run(app, "import", "exhibitors", source)
    run(app, "export", "exhibitors", "--format", kind, "-o", out)
    retaken = run(app, "import", "exhibitors", out)
    run(app, "export", "exhibitors", "--format", kind, "-o", again)

    assert taken.output == "1200 companies added, 0 changed, 0 unchanged, 0 rows with errors.\n"
    assert retaken.output == "0 companies added, 0 changed, 1200 unchanged, 0 rows with errors.\n"
    assert preview_companies(SYSTEM, edition.id, read_companies(again.read_bytes())).unchanged == 1200


def test_import_exhibitors_when_a_row_is_wrong_then_refused_with_its_line_unless_good_rows_are_asked_for(
    app: Flask, edition: EditionFacts, tmp_path: Path
) -> None:
    path = write(tmp_path, "in.csv", COMPANIES + "Acme,,,,,,China\nBad,,,,,,Atlantis\n")

    refused = run(app, "import", "exhibitors", path)
    tried = run(app, "import", "exhibitors", "--dry-run", path)
    empty = run(app, "export", "exhibitors", "--format", "json", "-o", "-")
    taken = run(app, "import", "exhibitors", "--take-good", path)

    assert (refused.exit_code, tried.exit_code, taken.exit_code) == (1, 1, 0)
    assert refused.stderr.startswith("line 3, column Country: The country or region Atlantis is not recognized")
    assert tried.stdout == "1 companies would be added, 0 would be changed, 0 unchanged, 1 rows with errors.\n"
    assert json.loads(empty.stdout) == []
    assert taken.stdout == "1 companies added, 0 changed, 0 unchanged, 1 rows with errors.\n"


def test_import_when_column_is_mapped_then_taken_from_there(app: Flask, edition: EditionFacts, tmp_path: Path) -> None:
    path = write(tmp_path, "in.csv", "Wer,Woher\nAcme,CN\n")

    wrong = run(app, "import", "exhibitors", "--map", "Wer", path)
    unknown = run(app, "import", "exhibitors", "--map", "Was=name", path)
    result = run(app, "import", "exhibitors", "--map", "Wer=name", "--map", "Woher=country", path)

    assert (wrong.exit_code, unknown.exit_code, result.exit_code) == (2, 1, 0)
    assert json.loads(run(app, "export", "exhibitors", "--format", "json", "-o", "-").stdout)[0]["Country"] == "CN"


def test_import_attendees_when_good_then_registered_with_badges_and_emails(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_ticket_type(edition, now, "visitor", places=10)
    path = write(
        tmp_path,
        "in.csv",
        PEOPLE + "张伟,Zhang Wei,zhang@example.org,中国,数据公司,工程师,观众,zh-CN\n"
        "Zoë O'Neill,,ZOE@example.org,Ireland,,,visitor,\n",
    )

    tried = run(app, "import", "attendees", "--dry-run", path)
    untouched = count_attendees(edition.id, AttendeeFilter())
    taken = run(app, "import", "attendees", path)
    again = run(app, "import", "attendees", path)

    rows = {row.email: row for row in search_attendees(edition.id, AttendeeFilter()).rows}
    assert (tried.output, untouched) == ("2 people would be registered, 0 unchanged, 0 rows with errors.\n", 0)
    assert taken.output == "2 people registered, 0 unchanged, 0 rows with errors.\n"
    assert again.output == "0 people registered, 2 unchanged, 0 rows with errors.\n"
    assert {row.state for row in rows.values()} == {AttendeeState.CONFIRMED}
    assert (rows["zhang@example.org"].country, rows["zhang@example.org"].language) == ("CN", "zh")
    assert (rows["zoe@example.org"].country, rows["zoe@example.org"].language) == ("IE", "en")
    assert [quota.taken for quota in list_quotas(edition.id)] == [2]
    assert count_emails(edition.id)


def test_import_attendees_when_rows_are_wrong_then_each_is_named_and_nothing_is_taken(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_ticket_type(edition, now, "visitor", places=2)
    path = write(
        tmp_path,
        "in.csv",
        PEOPLE + "Ana,,ana@example.org,Spain,,,visitor,\n"
        ",,b@example.org,CN,,,visitor,\n"
        "Cem,,not an address,CN,,,visitor,\n"
        "Dana,,d@example.org,Atlantis,,,visitor,\n"
        "Eva,,e@example.org,CN,,,emperor,\n"
        "Finn,,f@example.org,FI,,,visitor,klingon\n"
        "Gul,,g@example.org,TR,,,visitor,\n"
        "Hana,,h@example.org,JP,,,visitor,\n",
    )

    refused = run(app, "import", "attendees", path)
    untouched = count_attendees(edition.id, AttendeeFilter())
    taken = run(app, "import", "attendees", "--take-good", path)

    places = [line.split(":")[0] for line in refused.stderr.splitlines()]
    assert refused.exit_code == 1
    assert places[:6] == [
        "line 3, column Name",
        "line 4, column Email",
        "line 5, column Country",
        "line 6, column Ticket type",
        "line 7, column Language",
        "line 9, column Ticket type",
    ]
    assert untouched == 0
    assert (taken.exit_code, taken.stdout) == (0, "2 people registered, 0 unchanged, 6 rows with errors.\n")
    assert {row.name for row in search_attendees(edition.id, AttendeeFilter()).rows} == {"Ana", "Gul"}
    assert [quota.taken for quota in list_quotas(edition.id)] == [2]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_attendees_when_exported_and_imported_again_then_unchanged(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path, kind: str
) -> None:
    make_attendee(edition, now, name="=cmd|' /C calc'!A0", company="+49 (0) 30")
    make_attendee(edition, now, name="Ωmega", country="GR", language="en")

    run(app, "export", "attendees", "--format", kind, "-o", tmp_path / "out")
    result = run(app, "import", "attendees", tmp_path / "out")

    assert result.output == "0 people registered, 2 unchanged, 0 rows with errors.\n"


def test_export_attendees_when_narrowed_then_only_those(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_attendee(edition, now, name="Ana")
    make_attendee(edition, now, "press", name="Bo")

    press = run(app, "export", "attendees", "--format", "csv", "--type", "press", "-o", "-")
    waiting = run(app, "export", "attendees", "--format", "csv", "--state", "awaiting_approval", "-o", "-")
    unknown = run(app, "export", "attendees", "--format", "csv", "--type", "nobody", "-o", "-")

    assert [row["name"] for row in csv.DictReader(io.StringIO(press.stdout.removeprefix("\ufeff")))] == ["Bo"]
    assert len(waiting.stdout.splitlines()) == 1
    assert (unknown.exit_code, unknown.stdout) == (1, "")


def test_edition_when_named_then_the_other_is_left_alone(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    path = write(tmp_path, "in.csv", COMPANIES + "Acme,,,,,,\n")

    run(app, "import", "exhibitors", "--edition", other.slug, path)
    missing = run(app, "import", "exhibitors", "--edition", "nowhere", path)

    def listed(slug: str) -> int:
        given = run(app, "export", "exhibitors", "--edition", slug, "--format", "json", "-o", "-")
        return len(json.loads(given.stdout))

    assert (listed(edition.slug), listed(other.slug)) == (0, 1)
    assert missing.exit_code == 1


def test_export_when_folder_is_not_there_then_says_so_and_leaves_nothing(
    app: Flask, edition: EditionFacts, tmp_path: Path
) -> None:
    result = run(app, "export", "exhibitors", "--format", "csv", "-o", tmp_path / "no" / "out.csv")

    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_import_attendees_when_the_encoding_is_a_guess_then_nothing_until_it_is_named(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_ticket_type(edition, now)
    path = tmp_path / "in.csv"
    path.write_bytes("name,email,country,ticket type\nJürgen Müller,j@example.org,DE,visitor\n".encode("cp1252"))

    asked = run(app, "import", "attendees", path)
    before = count_attendees(edition.id, AttendeeFilter())
    tried = run(app, "import", "attendees", "--dry-run", path)
    taken = run(app, "import", "attendees", "--encoding", "cp1252", path)

    assert (asked.exit_code, before, tried.exit_code, taken.exit_code) == (1, 0, 0, 0)
    assert "Jürgen Müller" in asked.stderr
    assert "--encoding cp1252" in asked.stderr
    assert [each.name for each in search_attendees(edition.id, AttendeeFilter()).rows] == ["Jürgen Müller"]


def test_import_exhibitors_when_the_encoding_is_a_guess_then_nothing_until_it_is_named(
    app: Flask, edition: EditionFacts, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("Company;Country\nBäckerei Hüls;Germany\n".encode("cp1252"))

    asked = run(app, "import", "exhibitors", path)
    before = count_exhibitors(edition.id)
    tried = run(app, "import", "exhibitors", "--dry-run", path)
    taken = run(app, "import", "exhibitors", "--encoding", "cp1252", path)

    assert (asked.exit_code, before, tried.exit_code, taken.exit_code) == (1, 0, 0, 0)
    assert "Bäckerei Hüls" in asked.stderr
    assert "--encoding cp1252" in asked.stderr
    assert [each.name for each in list_exhibitors(edition.id)] == ["Bäckerei Hüls"]
