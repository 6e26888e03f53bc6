"""Every text that a person may read exists: settings, error messages, translations."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from babel.messages.pofile import read_po

import expo
from expo.errors import ExpoError
from expo.infra.config import ROOT, Settings
from expo.web.kit.error_messages import ERROR_MESSAGES

CHINESE = ROOT / "expo" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
EXTRACT = ("-q", "extract", "-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "-k", "lazy_pgettext:1c,2")
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def test_errors_when_listed_then_no_code_has_two_messages() -> None:
    codes = [
        key.value
        for path in sorted((ROOT / "expo" / "web" / "kit").glob("*_messages.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    ]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert set(codes) >= set(ERROR_MESSAGES)


def test_settings_when_listed_then_the_readme_has_a_row_for_each() -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))

    assert rows == {each.metadata["variable"] for each in fields(Settings)}


def test_settings_when_listed_then_the_example_for_production_has_each() -> None:
    example = (ROOT / "deploy" / "production.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert named - {"POSTGRES_PASSWORD"} == {each.metadata["variable"] for each in fields(Settings)}


def _error_names() -> set[str]:
    for module in walk_packages(expo.__path__, "expo."):
        import_module(module.name)
    found, todo = set(), [ExpoError]
    while todo:
        kind = todo.pop()
        found.add(kind.__name__)
        todo.extend(kind.__subclasses__())
    return found


def _raised_codes() -> dict[str, str]:
    names = _error_names()
    codes = {}
    for path in sorted((ROOT / "expo").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        owners = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name in names]
        inits = [call for owner in owners for call in ast.walk(owner) if _is_super_init(call)]
        made = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names
        ]
        for call in [*inits, *made]:
            assert isinstance(call, ast.Call)
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and _CODE.fullmatch(first.value):
                codes[first.value] = f"{path.relative_to(ROOT)}:{call.lineno}"
    return codes


def _is_super_init(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__"


def test_errors_when_raised_anywhere_then_each_code_has_a_sentence() -> None:
    codes = _raised_codes()

    assert len(codes) > 60
    assert {code: place for code, place in codes.items() if code not in ERROR_MESSAGES} == {}


def test_sentences_when_listed_then_each_code_is_in_the_source() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "expo").rglob("*.py") if path.name != "error_texts.py"
    )

    assert {each for each in ERROR_MESSAGES if f'"{each}"' not in code} == set()


def test_catalogue_when_compared_with_the_texts_of_the_code_then_chinese_is_complete(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *EXTRACT, "-o", str(template), "."],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with template.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    with CHINESE.open("rb") as file:
        catalogue = [message for message in read_po(file, locale="zh_Hans_CN") if message.id]

    translated = {message.id for message in catalogue if _is_whole(message.string) and not message.fuzzy}

    assert sorted(map(str, wanted - translated)) == []
    assert sorted(map(str, {message.id for message in catalogue} - wanted)) == []


def test_catalogue_when_read_then_every_value_of_a_text_is_in_its_translation() -> None:
    with CHINESE.open("rb") as file:
        catalogue = [message for message in read_po(file, locale="zh_Hans_CN") if message.id]

    wrong = {}
    for message in catalogue:
        source = message.id if isinstance(message.id, str) else message.id[-1]
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for string in strings:
            if _values(string) - _values(source) or (
                isinstance(message.id, str) and _values(string) != _values(source)
            ):
                wrong[source] = string
    assert wrong == {}


def _is_whole(string: str | Sequence[str] | None) -> bool:
    return all([string] if isinstance(string, str) else string or [""])


def _values(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))
