"""The judgement of a scan by the cases that the scanner page runs as well."""

import json
from pathlib import Path
from typing import Any

import pytest

from expo.checkin.rules import Reason
from expo.checkin.rules.judging import judge

CASES = json.loads((Path(__file__).parents[2] / "data" / "door_cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_judge_when_given_the_facts_then_the_verdict_is_the_shared_one(case: dict[str, Any]) -> None:
    assert judge(case["facts"]) == case["verdict"]


def test_cases_when_listed_then_each_reason_decides_one() -> None:
    by_counting_or_signature = {Reason.ZONE_FULL, Reason.BAD_SIGNATURE, Reason.WRONG_EDITION}
    reasons = [case["verdict"]["reason"] for case in CASES]

    assert set(reasons) == {None, *(each.value for each in Reason if each not in by_counting_or_signature)}
