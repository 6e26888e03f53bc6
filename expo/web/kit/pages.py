"""Context and headers of every page: URLs of static files, the viewer, security headers."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import gettext

from expo.infra.clock import utcnow
from expo.infra.config import ROOT
from expo.web.kit.access import current_viewer
from expo.web.kit.language import current_language, offered_languages, path_in_language, text_direction

STATIC = ROOT / "static"
# The library that verifies badges in browsers without Ed25519; scanners store it too.
SIGNATURE_LIBRARY = tuple(
    sorted(
        path.relative_to(STATIC).as_posix()
        for folder in ("noble-curves-1.6.0", "noble-hashes-1.5.0")
        for path in (STATIC / "vendor" / folder).rglob("*.js")
    )
)

POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'"
)
# The scanner's decoder is WebAssembly; no other page may compile code.
WASM_BLUEPRINTS = frozenset(
    {"door", "door_device", "exhibitor_scanner", "exhibitor_scanner_app", "exhibitor_meeting_check_in"}
)


@lru_cache(maxsize=512)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Return the URL of a static file; it changes with the content, so that browsers may cache it forever."""
    # A page with 1,000 sessions asks for the same icons thousands of times.
    known: dict[str, str] = g.setdefault("asset_urls", {})
    if name not in known:
        path = STATIC / name
        known[name] = f"/static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"
    return known[name]


def _context() -> dict[str, Any]:
    language = current_language()
    return {
        "lang": language.tag,
        "text_dir": text_direction(),
        "page_languages": [  # views have languages of their own
            {
                "code": each.code,
                "tag": each.tag,
                "name": each.name,
                "url": path_in_language(each.code),
                "is_current": each.code == language.code,
            }
            for each in offered_languages()
        ],
        "edition": g.get("edition"),
        "registration_state": g.edition.registration.state_at(utcnow()) if g.get("edition") else None,
        "viewer": current_viewer(),
        "theme": theme_of(request.cookies.get("theme")),
        "_": gettext,
    }


def theme_of(cookie: str | None) -> str:
    """Return `light`, `dark` or `auto`."""
    return cookie if cookie in ("light", "dark") else "auto"


def protective_headers(is_secure: bool, *, uses_camera: bool = False) -> dict[str, str]:  # noqa: FBT001 - the scheme
    """Return the headers that every response has, unless it sets them itself."""
    scripts, camera = (" 'wasm-unsafe-eval'", "(self)") if uses_camera else ("", "()")
    headers = {
        "Content-Security-Policy": POLICY.format(scripts=scripts),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": f"camera={camera}, microphone=(), geolocation=()",
        # Pages show who is signed in, so no shared cache may store them.
        "Cache-Control": "private, no-cache",
    }
    if is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _protect(response: Response) -> Response:
    uses_camera = request.blueprint in WASM_BLUEPRINTS
    for name, value in protective_headers(request.is_secure, uses_camera=uses_camera).items():
        response.headers.setdefault(name, value)
    return response


def init_pages(app: Flask) -> None:
    """Register the template context and the response headers."""
    app.context_processor(_context)
    app.add_template_global(asset)
    app.after_request(_protect)
