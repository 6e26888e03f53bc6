"""The floors, rooms and audiences of the architecture hold."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from expo.infra.config import ROOT

CODE = ROOT / "expo"
DOMAINS = (
    "accounts",
    "editions",
    "tickets",
    "registration",
    "badges",
    "program",
    "exhibitors",
    "matchmaking",
    "checkin",
    "mail",
    "questions",
    "proposals",
    "profiles",
    "leads",
    "meetings",
    "webhooks",
)
# A room may be one file, or a package of the same name once it is long.
ROOMS = {"__init__", "errors", "rules", "models", "queries", "services", "exports", "jobs"}
# Mail is a floor below the domains; it also words e-mails and sends them.
BESIDE_THEM = {"mail/rendering.py", "mail/transports.py"}
MAX_LINES = 400


def _trees() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted(CODE.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_floors_when_the_imports_are_read_then_every_contract_is_kept() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]

    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_domains_when_listed_then_have_the_rooms_and_no_others() -> None:
    found = {path for domain in DOMAINS for path in (CODE / domain).iterdir() if path.name != "__pycache__"}

    strange = {str(path.relative_to(CODE)) for path in found if path.stem not in ROOMS}

    assert strange == BESIDE_THEM


def test_rooms_when_divided_then_into_the_nouns_that_their_domain_lists() -> None:
    strange = {
        str(path.relative_to(CODE))
        for domain in DOMAINS
        for room in (CODE / domain).iterdir()
        if room.is_dir() and room.name in ROOMS
        for path in room.glob("*.py")
        if path.stem != "__init__" and path.stem not in _nouns_of(domain)
    }

    assert strange == set()


def test_nouns_when_a_domain_lists_them_then_each_names_a_file() -> None:
    unused = {
        f"{domain}: {noun}"
        for domain in DOMAINS
        for noun in _nouns_of(domain)
        if not list((CODE / domain).glob(f"*/{noun}.py"))
    }

    assert unused == set()


def _nouns_of(domain: str) -> tuple[str, ...]:
    nouns: tuple[str, ...] = getattr(import_module(f"expo.{domain}"), "NOUNS", ())
    return nouns


def test_files_when_measured_then_none_is_longer_than_400_lines() -> None:
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE.rglob("*.py")}

    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_commits_when_the_code_is_read_then_only_the_database_module_commits() -> None:
    commits = {
        str(path)
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }

    assert commits == {"expo/infra/db.py"}


def test_clock_when_the_code_is_read_then_only_the_outer_floors_ask_it() -> None:
    outer = {"web", "api", "cli", "tasks", "infra", "app.py"}

    askers = {
        str(path)
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"utcnow", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}
        and path.parts[1] not in outer
    }

    assert askers == set()
