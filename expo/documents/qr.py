"""The QR code of a badge, with the same modules on paper and on screen.

Version 5, correction M, alphanumeric: a token's 122 characters fill it exactly. The mask is fixed, which makes
no difference to decoders and saves five sixths of the work.
"""

from functools import lru_cache
from html import escape

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_ALPHA_NUM, QRData

VERSION = 5
MODULES = 37
QUIET = 4
_MASK = 3


@lru_cache(maxsize=64)
def qr_rows(token_text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the 37 × 37 modules, top row first; True is dark. Raises ValueError for a text that does not fit."""
    code = QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(QRData(token_text.encode("ascii"), mode=MODE_ALPHA_NUM), optimize=0)
    try:
        code.make(fit=False)
    except DataOverflowError:
        raise ValueError(f"{len(token_text)} characters do not fit a code of version {VERSION}") from None
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def qr_runs(token_text: str) -> list[tuple[int, int, int]]:
    """Return the dark modules as (column, row, length) of horizontal runs, row 0 at the top."""
    runs = []
    for number, row in enumerate(qr_rows(token_text)):
        column = 0
        while column < MODULES:
            if not row[column]:
                column += 1
                continue
            start = column
            while column < MODULES and row[column]:
                column += 1
            runs.append((start, number, column - start))
    return runs


def qr_svg(token_text: str, title: str) -> str:
    """Return the code with its quiet zone as an inline SVG element. `title` describes its purpose.

    It has its own white background, so that it scans on a dark page, and contains no style or script.
    """
    size = MODULES + 2 * QUIET
    path = "".join(f"M{QUIET + x} {QUIET + y}h{length}v1h-{length}z" for x, y, length in qr_runs(token_text))
    name = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr-code" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{name}" shape-rendering="crispEdges" preserveAspectRatio="xMidYMid meet">'
        f'<title>{name}</title><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def qr_operators(token_text: str, x: float, y: float, side: float) -> str:
    """Return PDF operators that draw only the modules, `side` wide, with the lower left corner at (x, y)."""
    # One unit is one module and rows count downwards: short numbers keep pages small.
    scale = side / MODULES
    boxes = " ".join(f"{column} {row} {length} 1 re" for column, row, length in qr_runs(token_text))
    return f"q 0 g {scale:.5f} 0 0 {-scale:.5f} {x:.3f} {y + side:.3f} cm {boxes} f Q"


@lru_cache(maxsize=64)
def link_svg(address: str, title: str) -> str:
    """Return the code of an address as an inline SVG element, in the smallest version that holds it."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(address)
    code.make()
    rows = code.get_matrix()
    path = "".join(
        f"M{column} {row}h1v1h-1z" for row, modules in enumerate(rows) for column, dark in enumerate(modules) if dark
    )
    name = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr-code" viewBox="0 0 {len(rows)} {len(rows)}" role="img" '
        f'aria-label="{name}" shape-rendering="crispEdges"><title>{name}</title>'
        f'<rect width="{len(rows)}" height="{len(rows)}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )
