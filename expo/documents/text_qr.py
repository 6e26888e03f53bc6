"""A QR code of any text for the screen, such as one for an authenticator app."""

from html import escape

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4


def text_qr_svg(text: str, title: str) -> str:
    """Return the code as an inline SVG element on a white background. `title` describes its purpose."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make()
    size = len(code.modules) + 2 * QUIET
    path = "".join(
        f"M{QUIET + column} {QUIET + row}h1v1h-1z"
        for row, modules in enumerate(code.modules)
        for column, is_dark in enumerate(modules)
        if is_dark
    )
    name = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr-code" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{name}" shape-rendering="crispEdges"><title>{name}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )
