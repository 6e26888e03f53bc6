"""The edition's accent colour as CSS, darkened (or lightened, in the dark theme) until text on it is legible.

Contrast is defined by WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import colorsys
import re

DEFAULT_ACCENT = "#0f766e"
# WCAG 2.2 AA requires 4.5 for text; the theme's tinted backgrounds reduce it a little.
TARGET_CONTRAST = 5.4
WHITE = (1.0, 1.0, 1.0)
# Background of the dark theme, see static/css/theme.css.
DARK_BACKGROUND = (0x13 / 255, 0x1D / 255, 0x31 / 255)

Rgb = tuple[float, float, float]


def is_color(text: str) -> bool:
    """Return whether a text is a colour in the form `#rrggbb`."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def parse_color(text: str) -> Rgb:
    """Return red, green and blue of `#rrggbb`, each from 0 to 1."""
    return tuple(int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


def contrast(first: Rgb, second: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(color: Rgb, ground: Rgb) -> Rgb:
    """Return the colour, shifted towards black or white until it is legible on `ground`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*color)
    step = -0.02 if _luminance(ground) > 0.5 else 0.02  # noqa: PLR2004 - a light ground wants a darker colour
    while contrast(color, ground) < TARGET_CONTRAST and 0.0 <= lightness <= 1.0:
        lightness += step
        color = colorsys.hls_to_rgb(hue, min(max(lightness, 0.0), 1.0), saturation)
    return color


def accent_css(accent: str | None) -> str:
    """Return the stylesheet that sets the accent colour in the light theme, also used on paper, and the dark one."""
    chosen = parse_color(accent if accent and is_color(accent) else DEFAULT_ACCENT)
    light, dark = readable_on(chosen, WHITE), readable_on(chosen, DARK_BACKGROUND)
    return (
        f":root{{--expo-accent:{_hex(light)};--expo-accent-rgb:{_numbers(light)}}}\n"
        f'@media screen{{[data-bs-theme="dark"]{{--expo-accent:{_hex(dark)};--expo-accent-rgb:{_numbers(dark)}}}}}\n'
    )


def _luminance(color: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's formula
        for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(color: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def _numbers(color: Rgb) -> str:
    return ",".join(str(round(part * 255)) for part in color)
