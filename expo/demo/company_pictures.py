"""Logos and banners of the demo's companies: shapes and colours of our own, drawn from the hash of the name."""

import hashlib
import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts
from expo.infra.files import StoredFile, write_file

SIDE = 160
BANNER = (1200, 320)
# Only every third page has a banner; real companies leave it out more often than the logo, too.
BANNER_SHARE = 3
# Pairs of a strong and a light colour that are readable on white.
PALETTES = (
    ((15, 118, 110), (153, 246, 228)), ((67, 56, 202), (199, 210, 254)), ((180, 83, 9), (253, 230, 138)),
    ((185, 28, 28), (254, 202, 202)), ((30, 64, 175), (191, 219, 254)), ((107, 33, 168), (233, 213, 255)),
    ((15, 23, 42), (203, 213, 225)), ((157, 23, 77), (251, 207, 232)),
)  # fmt: skip
Color = tuple[int, int, int]


def load_pictures(
    edition: EditionFacts, companies: Sequence[tuple[int, str]], seed: int, now: datetime
) -> dict[int, tuple[int, int | None]]:
    """Store a logo for each company (id, name) and a banner for some; return the ids of both files by company."""
    file_id = first_free_id(StoredFile)
    rows: list[dict[str, Any]] = []
    found: dict[int, tuple[int, int | None]] = {}
    for company_id, name in companies:
        digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
        pictures = [("logo", draw_logo(digest))]
        if digest[0] % BANNER_SHARE == 0:
            pictures.append(("banner", draw_banner(digest)))
        ids = []
        for kind, content in pictures:
            key = hashlib.sha256(f"{seed} {company_id} {kind}".encode()).hexdigest()[:32]
            write_file(key, content)
            rows.append(
                {"id": file_id, "key": key, "edition_id": edition.id, "name": f"{kind}.png", "media_type": "image/png",
                 "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "stored_at": now}
            )  # fmt: skip
            ids.append(file_id)
            file_id += 1
        found[company_id] = (ids[0], ids[1] if len(ids) > 1 else None)
    insert_all(StoredFile, rows)
    return found


def draw_logo(digest: bytes) -> bytes:
    """Return a PNG of a simple mark: one of six figures in two colours on white."""
    strong, light = PALETTES[digest[1] % len(PALETTES)]
    picture = _blank((SIDE, SIDE), strong, light)
    _FIGURES[digest[2] % len(_FIGURES)](ImageDraw.Draw(picture), digest)
    return _encode(picture)


def draw_banner(digest: bytes) -> bytes:
    """Return a PNG of hills in three shades under a sun, as wide as a company page."""
    strong, light = PALETTES[digest[1] % len(PALETTES)]
    picture = _blank(BANNER, strong, light)
    width, height = BANNER
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width, height), fill=2)
    left = 150 + digest[3] * 3
    draw.ellipse((left, 40, left + 90, 130), fill=0)
    for row, shade in enumerate((3, 1)):
        base, swing = 150 + 70 * row, 40 + digest[4 + row] % 40
        crest = [
            (x, base + swing * math.sin(x / (90 + digest[6 + row] / 2) + digest[8 + row]))
            for x in range(0, width + 20, 20)
        ]
        draw.polygon([(0, height), *crest, (width, height)], fill=shade)
    return _encode(picture)


def _blank(size: tuple[int, int], strong: Color, light: Color) -> Image.Image:
    """Return a picture of four colours: white, a strong one, a light one, and their mixture."""
    picture = Image.new("P", size, 0)
    mixed = tuple((one + other) // 2 for one, other in zip(strong, light, strict=True))
    picture.putpalette([255, 255, 255, *strong, *light, *mixed])
    return picture


def _encode(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def _draw_rings(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    for place, fill in enumerate((1, 0, 2, 1)):
        inset = 14 + place * (12 + digest[5] % 5)
        draw.ellipse((inset, inset, SIDE - inset, SIDE - inset), fill=fill)


def _draw_bars(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    for place in range(4):
        top = 24 + digest[5 + place] % 80
        draw.rectangle((20 + place * 32, top, 42 + place * 32, SIDE - 20), fill=1 if place % 2 else 3)


def _draw_hexagon(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    middle = SIDE / 2
    draw.regular_polygon((middle, middle, 66), 6, rotation=digest[5] % 60, fill=1)
    draw.regular_polygon((middle, middle, 34), 6, rotation=digest[6] % 60, fill=2)


def _draw_grid(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    for place in range(9):
        left, top = 22 + place % 3 * 40, 22 + place // 3 * 40
        # A pattern that is the same on both sides.
        fill = (0, 1, 2, 3)[digest[5 + place // 3 * 2 + (place % 3) % 2] % 4]
        draw.rectangle((left, top, left + 34, top + 34), fill=fill)


def _draw_leaves(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    start = digest[5] % 90
    for place, fill in enumerate((1, 2, 3)):
        draw.pieslice((16, 16, SIDE - 16, SIDE - 16), start + place * 120, start + place * 120 + 100, fill=fill)


def _draw_peaks(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    tip = 30 + digest[5] % 40
    draw.polygon([(14, SIDE - 22), (62, tip), (110, SIDE - 22)], fill=1)
    draw.polygon([(66, SIDE - 22), (104, tip + 26), (146, SIDE - 22)], fill=3)


_FIGURES = (_draw_rings, _draw_bars, _draw_hexagon, _draw_grid, _draw_leaves, _draw_peaks)
