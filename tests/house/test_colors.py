"""Green means that somebody was admitted, and nothing else."""

import re

from expo.infra.config import ROOT

STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
ADMISSION = {".state-admitted", '.door-verdict[data-tone="yes"]', '.door-sign[data-tone="yes"]'}


def is_green(color: str) -> bool:
    """Whether a colour of six digits is more green than anything else."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return green > 1.25 * red and green > 1.25 * blue


def test_green_when_used_by_a_style_then_only_for_admission() -> None:
    users = set()
    for path in STYLES:
        for selector, rule in re.findall(r"([^{}/]+)\{([^{}]*)\}", path.read_text(encoding="utf-8")):
            colors = re.sub(r"--expo-admitted[\w-]*:[^;]*;", "", rule)
            if re.match(r"\.(?:band|track)-\d", selector.strip()):
                continue  # the colours of ticket types and tracks only tell them apart
            if "--expo-admitted" in colors or any(map(is_green, re.findall(r"#[0-9a-f]{6}\b", colors))):
                users.add(selector.strip())

    assert users == ADMISSION
