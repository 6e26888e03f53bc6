"""`make run` says in one line what a machine lacks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from expo.infra.config import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what `make run` needs before it runs any of our code."""
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _make_run(clone: Path, python: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PIP_"))}
    return subprocess.run(
        ["make", "run", f"PYTHON={python}"],
        cwd=clone,
        env=environment | {"PIP_CONFIG_FILE": os.devnull} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _own_lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said, without make's own last word that the target was not made."""
    return [line for line in done.stderr.splitlines() if not line.startswith("make")]


def test_make_run_when_python_is_old_then_one_line_says_which_is_needed(clone: Path) -> None:
    old = clone / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)

    done = _make_run(clone, old)

    assert done.returncode == 2
    assert _own_lines(done) == [
        f"Python 3.11 or newer is needed; {old} is Python 3.9.2. Name another with PYTHON=…",
    ]


def test_make_run_when_nothing_can_be_written_then_one_line_says_so(clone: Path) -> None:
    (clone / ".venv").write_text("in the way")

    done = _make_run(clone, sys.executable)

    assert done.returncode == 2
    assert len(_own_lines(done)) == 1
    assert "check that this folder can be written to" in _own_lines(done)[0]


@pytest.mark.long
def test_make_run_when_there_is_no_network_then_one_line_says_so(clone: Path) -> None:
    done = _make_run(clone, sys.executable, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")

    assert done.returncode == 2
    assert _own_lines(done) == [
        "The requirements could not be installed: is there a network? What pip said: .venv/pip.log"
    ]
