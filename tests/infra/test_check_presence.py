"""`flask expo check` recomputes presence from the scans, and sets it right when asked to."""

from datetime import datetime

from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.audit import list_audit_records
from tests.domains.checkin.doors import make_checkpoint, scan_once
from tests.infra.test_operations import _run, _write, whole
from tests.make import make_attendee

__all__ = ["whole"]


def test_check_when_presence_is_not_what_the_scans_say_then_names_the_checkpoint_and_repairs(
    whole: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=9)
    for _ in range(2):
        scan_once(edition, make_attendee(edition, now).token)
    _write("UPDATE presence SET is_inside = :no, left_at = entered_at", no=False)
    _write("UPDATE zone SET inside = 0")

    wrong = _run(whole, "check")
    repaired = _run(whole, "check", "--repair")

    says = "presence: expo-2027: in zone main the scans of 2 people do not match their recorded presence; run "
    assert (wrong.exit_code, wrong.stderr) == (1, f"{says}`flask expo check --repair`\n")
    assert (repaired.exit_code, repaired.stderr) == (0, "")
    assert repaired.stdout.startswith("expo-2027: corrected the presence of 2 people and 0 other counters\n")
    acts = [(each.action, each.actor_kind) for each in list_audit_records("edition", edition.id)]
    assert acts[0] == ("checkin.repair_presence", SYSTEM.kind)
    assert "WRONG" not in _run(whole, "check").stdout
