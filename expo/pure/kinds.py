"""Types of sessions as files name them, and the names that people read."""

from collections.abc import Mapping

# The names that are translated on pages too: see `kind_in_words`.
KNOWN: Mapping[str, Mapping[str, str]] = {
    "ceremony": {"en": "Ceremony", "zh": "仪式"},
    "keynote": {"en": "Keynote", "zh": "主旨演讲"},
    "talk": {"en": "Talk", "zh": "演讲"},
    "panel": {"en": "Panel", "zh": "圆桌讨论"},
    "workshop": {"en": "Workshop", "zh": "工作坊"},
    "pitch": {"en": "Pitch", "zh": "路演"},
}


def name_kind(code: str) -> dict[str, str]:
    """Return readable names of a type of session: known ones translated, others as words (`lightning_talk`)."""
    known = KNOWN.get(code.casefold())
    if known:
        return dict(known)
    is_code = code.isascii() and code == code.lower() and " " not in code
    words = code.replace("_", " ").replace("-", " ").strip() if is_code else code
    return {"en": (words[:1].upper() + words[1:] if is_code else words) or code}
