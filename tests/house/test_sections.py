"""A section of the organizer's pages has one name: in the code, the templates and the tests."""

from expo.infra.config import ROOT

MAX_LINES = 300
WITHOUT_PAGES = {"search"}  # answers with JSON


def _folders(path: str) -> set[str]:
    """The folders that hold something: Git leaves empty ones behind."""
    return {each.parent.name for each in (ROOT / path).glob("*/*.*") if each.parent.name != "__pycache__"}


def test_sections_when_listed_then_templates_and_tests_have_the_same() -> None:
    sections = _folders("expo/web/organizer")

    assert _folders("templates/organizer") == sections - WITHOUT_PAGES
    assert _folders("tests/web/organizer") == sections


def test_sections_when_listed_then_each_has_views_whose_blueprint_is_named_like_it() -> None:
    views = {name: ROOT / "expo/web/organizer" / name / "views.py" for name in _folders("expo/web/organizer")}

    assert {name for name, path in views.items() if f'"organizer_{name}"' not in path.read_text("utf-8")} == set()


def test_web_files_when_read_then_none_is_longer_than_300_lines() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / "expo/web").rglob("*.py")}

    assert {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > MAX_LINES} == {}
