"""Every template is used, and none contains inline scripts or styles (the pages' CSP forbids both)."""

import ast
import re

import pytest
from flask import Flask
from jinja2 import meta

from expo.infra.config import ROOT

COLUMNS = 120
# Two sentences with a space in between, which would be a gap in Chinese.
BLANK = re.compile(r"""[.!?]"(?:,[^{}]*)?\) }}\s+(?:{% if [^{}]*%}\s*)?{{ (?:_|ngettext|\w+_words)\(""")
# Brackets, colons and commas beside a value, which are other characters in Chinese.
PUNCTUATION = re.compile(r"(?<!translate)\({{|}}[:,](?: |<|$)|^\s*[:,] {{", re.MULTILINE)
STYLE = re.compile(r"\s*style=\"[^\"]*\">?")
TEMPLATES = ROOT / "templates"
ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
PAGES = [name for name in ALL if name.endswith(".html") and not name.startswith("mail/")]


def _named_by_code() -> set[str]:
    """Return the templates that strings in the code name, with or without placeholders."""
    patterns = set()
    for path in (ROOT / "expo").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]
                patterns.add("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                patterns.add(re.escape(node.value))
    named = {name for name in ALL if any(re.fullmatch(each, name) for each in patterns if "html" in each)}
    # An e-mail is named `<domain>/<message>`; its template of text and its template of HTML belong together.
    letters = {name for name in ALL if re.escape(re.sub(r"^mail/|\.(txt|html)$", "", name)) in patterns}
    return named | {name for name in letters if name.startswith("mail/")}


def _named_by(name: str) -> set[str]:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return set(re.findall(r'{%-?\s*(?:extends|include|import|from)\s+"([^"]+)"', text))


def test_templates_when_listed_then_each_is_shown_by_something() -> None:
    reached: set[str] = set()
    todo = _named_by_code()
    while todo:
        name = todo.pop()
        reached.add(name)
        todo |= _named_by(name) - reached

    assert set(ALL) - reached == set()
    assert reached - set(ALL) == set()


@pytest.mark.parametrize("name", PAGES)
def test_template_when_read_then_has_no_code_or_style_in_its_lines(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")

    inline = re.findall(r"\sstyle=|<style\b|\son[a-z]+=|javascript:", text)
    scripts = [
        tag
        for tag in re.findall(r"<script\b[^>]*>", text)
        if "src=" not in tag and not re.search(r"application/(ld\+)?json", tag)
    ]

    assert inline + scripts == []


def test_templates_when_read_then_leave_punctuation_around_values_to_the_language() -> None:
    found = {name: PUNCTUATION.findall((TEMPLATES / name).read_text(encoding="utf-8")) for name in ALL}

    assert {name: each for name, each in found.items() if each} == {}, "Translate the text together with its values"


@pytest.mark.parametrize("name", PAGES)
def test_template_when_read_then_joins_sentences_as_the_language_does(name: str) -> None:
    joined = BLANK.findall((TEMPLATES / name).read_text(encoding="utf-8"))

    assert joined == [], "Write sentence_sep() between them"


@pytest.mark.parametrize("name", [name for name in ALL if name.endswith(".html")])
def test_template_when_read_then_fits_120_columns(name: str) -> None:
    lines = (TEMPLATES / name).read_text(encoding="utf-8").splitlines()

    # The style of an e-mail's element is one attribute, which cannot be broken.
    long = [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS and not STYLE.fullmatch(line)]

    assert long == []


def test_texts_when_filled_in_then_with_text_and_not_with_tags() -> None:
    # What `bdi` returns is HTML, which a text would show as such.
    filled = {
        name
        for name in PAGES
        if re.search(r"gettext\([^{}]*\|bdi|_\([^{}]*\|bdi", (TEMPLATES / name).read_text("utf-8"))
    }

    assert filled == set()


def test_components_when_imported_without_context_then_ask_for_nothing_of_the_page(app: Flask) -> None:
    asked_for = {}
    for name in ALL:
        for imported, rest in re.findall(
            r'{%-?\s*from\s+"([^"]+)"\s+import\s+([^%]*)%}', (TEMPLATES / name).read_text(encoding="utf-8")
        ):
            if "with context" in rest:
                continue
            source = (TEMPLATES / imported).read_text(encoding="utf-8")
            wanted = {each.partition(" as ")[0].strip() for each in rest.strip(" -\n").split(",")}
            for macro, body in re.findall(r"{%-?\s*macro\s+(\w+)(.*?){%-?\s*endmacro", source, re.DOTALL):
                if macro not in wanted:
                    continue
                tree = app.jinja_env.parse(f"{{% macro {macro}{body}{{% endmacro %}}")
                free = meta.find_undeclared_variables(tree) - set(app.jinja_env.globals)
                own = set(re.findall(r"{%-?\s*(?:macro|set|import)\s+(\w+)", source))
                own |= {
                    each for names in re.findall(r"\bimport\s+([\w, ]+)", source) for each in re.split(r"[, ]+", names)
                }
                if free - own:
                    asked_for[f"{name}: {macro}"] = free - own

    assert asked_for == {}
