"""`make run` says in one line why it cannot begin."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from expo.infra.config import ROOT

NO_VENV = (
    "Python cannot make a virtual environment here: install its venv module (Debian: apt-get install python3-venv), "
    "and check that this folder can be written to."
)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with what `make run` reads before there is anything else."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _interpreter(folder: Path, script: str) -> str:
    path = folder / "python-of-the-test"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def _refusal(folder: Path, python: str, **environment: str) -> str:
    """The one line of output besides make's own."""
    done = subprocess.run(
        ["make", "run", f"PYTHON={python}"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 2
    [line] = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    return line


def test_run_when_python_is_old_then_one_line_names_it(bare: Path) -> None:
    python = _interpreter(bare, 'case "$*" in -V) echo "Python 3.9.2";; *) exit 1;; esac')

    assert _refusal(bare, python) == (
        f"Python 3.11 or newer is needed; {python} is Python 3.9.2. Name another with PYTHON=…"
    )


def test_run_when_python_has_no_venv_then_one_line_says_what_to_install(bare: Path) -> None:
    python = _interpreter(
        bare, f'case "$*" in *venv*) echo "ensurepip is missing"; exit 1;; *) exec "{sys.executable}" "$@";; esac'
    )

    assert _refusal(bare, python) == NO_VENV


def test_run_when_the_folder_takes_no_environment_then_one_line_says_so(bare: Path) -> None:
    (bare / ".venv").write_text("in the way")

    assert _refusal(bare, sys.executable) == NO_VENV


@pytest.mark.long
def test_run_when_there_is_no_network_then_one_line_says_so(bare: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}

    refusal = _refusal(bare, sys.executable, **nowhere)

    assert refusal == "The requirements could not be installed: is there a network? What pip said: .venv/pip.log"
    assert not (bare / ".venv" / "run.stamp").exists()
