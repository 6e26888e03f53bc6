"""What is in the repository: pinned, named with its licence, and free of traces of the machine it was made on."""

import re
import subprocess
from pathlib import Path

import pytest

from expo.infra.config import ROOT
from tests.conftest import skip_or_fail

TRACES = ("/work/", "/root/", "/home/", "registry.npmjs", "files.pythonhosted", "--index-url")
# Texts of others, as they were published.
TEXTS_OF_OTHERS = ("expo/demo/data/", "static/vendor/", "tests/vendor/")


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        skip_or_fail("this is not a clone of the repository")
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_when_read_then_every_version_is_pinned(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]

    loose = [
        line
        for line in lines
        if line and line != "-r requirements.txt" and not re.fullmatch(r"[\w.\-\[\],]+==[\w.]+", line)
    ]

    assert loose == []


def test_files_when_read_then_none_names_the_machine_it_was_made_on() -> None:
    found = [
        f"{name}: {trace}"
        for name in _tracked()
        if not name.startswith(TEXTS_OF_OTHERS) and name != str(Path(__file__).relative_to(ROOT))
        for text in [(ROOT / name).read_bytes()]
        for trace in TRACES
        if trace.encode() in text
    ]

    assert found == []


def test_vendored_things_when_listed_then_each_is_named_with_its_licence() -> None:
    listed = (ROOT / "docs" / "third-party" / "frontend.md").read_text(encoding="utf-8")
    folders = [*(ROOT / "static" / "vendor").iterdir(), *(ROOT / "static" / "fonts").iterdir()]
    folders = [each for each in [*folders, *(ROOT / "tests" / "vendor").iterdir()] if each.is_dir()]

    assert [str(folder.relative_to(ROOT)) for folder in folders if f"`{folder.relative_to(ROOT)}/`" not in listed] == []
    assert [folder.name for folder in folders if not list(folder.glob("LICENSE*"))] == []


def test_third_party_when_read_then_names_every_requirement() -> None:
    listed = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").lower()
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    names = [re.split(r"[=\[]", line)[0] for line in lines if "==" in line]

    assert [name for name in names if f"| {name.lower()} |" not in listed] == []


def test_browsers_when_tests_start_them_then_by_the_one_driver_of_their_process() -> None:
    starting = "import sync_" + "playwright|, sync_" + "playwright"
    users = [
        name
        for name in _tracked()
        if name.startswith("tests/") and name.endswith(".py") and re.search(starting, (ROOT / name).read_text("utf-8"))
    ]

    assert users == ["tests/journeys/browser.py"]
