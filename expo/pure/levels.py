"""Levels of sessions: the terms that call-for-papers tools use, and their order."""

from collections.abc import Iterable

# In the order in which they are offered. Anything else is a file's own level and comes after them.
LEVELS = ("all", "beginner", "intermediate", "advanced")

_WORDS = {
    "all": ("all", "all levels", "any", "everyone", "for everyone", "general", "不限", "所有级别", "通用"),
    "beginner": (
        "beginner",
        "beginners",
        "introductory",
        "introductory and overview",
        "introduction",
        "entry",
        "entry level",
        "basic",
        "novice",
        "100",
        "入门",
        "初级",
        "初阶",
    ),
    "intermediate": ("intermediate", "skilled", "medium", "200", "300", "中级", "中階", "中阶", "进阶"),
    "advanced": ("advanced", "expert", "experts", "professional", "400", "高级", "高階", "高阶", "专家"),
}
_LEVEL_OF = {word: level for level, words in _WORDS.items() for word in words}


def read_level(text: str) -> str:
    """Return the level that a text names, or the text itself if it is not a common term."""
    return _LEVEL_OF.get(_folded(text), text.strip())


def find_level(texts: Iterable[str]) -> str:
    """Return the first level among texts such as tags or answers; empty if none of them is a common term.

    Bare numbers are ignored: among tags they may mean anything.
    """
    found = (_LEVEL_OF.get(_folded(text), "") for text in texts if not text.strip().isdigit())
    return next(filter(None, found), "")


def order_levels(levels: Iterable[str]) -> list[str]:
    """Return levels from easiest to hardest, followed by the file's own levels by name."""
    return sorted(levels, key=lambda level: (LEVELS.index(level) if level in LEVELS else len(LEVELS), level))


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
