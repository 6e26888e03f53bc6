"""The scanners of exhibitors as an installed app: what makes them work without a network.

These routes are public and contain nothing about anybody. Their names have a dot, which no company's address has.
"""

import hashlib
import json

from flask import Response, g, render_template, request, send_from_directory
from flask_babel import gettext

from expo.infra.config import ROOT
from expo.web.exhibitor.leads.page_data import describe_check_in, describe_scanner, root_in_language
from expo.web.kit.access import Audience, audience_blueprint
from expo.web.kit.colors import accent_css
from expo.web.kit.language import localized, text_direction
from expo.web.kit.pages import SIGNATURE_LIBRARY, STATIC, asset

_OWN = STATIC / "js" / "exhibitor"
_SERVICE_WORKER = _OWN / "service_worker.js"
_DOOR = STATIC / "js" / "door"
# The modules of the door's scanner that this one uses, and those that they use.
_SHARED = (
    "camera.js",
    "clock.js",
    "connection.js",
    "database.js",
    "handheld_scanner.js",
    "keyboards.js",
    "page_data.js",
    "scan.js",
    "signatures.js",
    "sounds.js",
    "strip.js",
    "token.js",
    "tools.js",
    "updates.js",
)
_FILES = (
    *(f"js/door/{name}" for name in _SHARED),
    *(f"js/exhibitor/{path.name}" for path in sorted(_OWN.glob("*.js")) if path != _SERVICE_WORKER),
    "js/kit/page.js",
    "js/kit/behaviours.js",
    "js/kit/phrases.js",
    "js/kit/theme-auto.js",
    "vendor/zxing-wasm-3.1.4/reader.js",
    "vendor/zxing-wasm-3.1.4/zxing_reader.wasm",
    *SIGNATURE_LIBRARY,
    "css/theme.css",
    "css/door.css",
    "css/lead-scanner.css",
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "vendor/bootstrap-5.3.9/bootstrap.rtl.min.css",
    "img/favicon.svg",
    "img/icons.svg",
    "img/icon-maskable.svg",
    "fonts/inter-5.3.0/inter-latin-wght-normal.woff2",
    "fonts/inter-5.3.0/inter-latin-ext-wght-normal.woff2",
)
_TEMPLATES = (
    "base.html",
    "components/scanner.html",
    "exhibitor/_scanner.html",
    "exhibitor/leads/scan.html",
    "exhibitor/meetings/check_in.html",
)

blueprint = audience_blueprint("exhibitor_scanner_app", __name__, Audience.EVERYONE, url_prefix="/exhibitor")


@blueprint.get("/scanner.html")
def show_shell() -> str:
    """Show the scanner without a company, as it is stored on devices; the address says which company it is for."""
    return render_template("exhibitor/leads/scan.html", data=describe_scanner(g.edition))


@blueprint.get("/check-in.html")
def show_check_in_shell() -> str:
    """Show the scanner that checks visitors in to their meetings, without a company, as it is stored on devices."""
    return render_template("exhibitor/meetings/check_in.html", data=describe_check_in(g.edition))


@blueprint.get("/manifest.webmanifest")
def send_manifest() -> Response:
    """Describe the scanner as an app that can be installed."""
    here = root_in_language()
    manifest = {
        "id": "/exhibitor/",
        "name": gettext("Leads – %(expo)s", expo=localized(g.edition.title)) if g.edition else gettext("Leads"),
        "short_name": gettext("Leads"),
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "dir": text_direction(),
        "background_color": "#0b1323",
        "theme_color": "#0b1323",
        "icons": [
            {"src": asset("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {"src": asset("img/icon-maskable.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "maskable"},
        ],
    }
    return Response(json.dumps(manifest, ensure_ascii=False), content_type="application/manifest+json")


@blueprint.get("/service-worker.js")
def send_service_worker() -> Response:
    """Serve the service worker, preceded by the list of what it stores and a version that changes with any of it."""
    here = root_in_language()
    theme = f"{here.removesuffix('exhibitor/')}theme.css"
    served = [f"{request.script_root}/exhibitor/worker.js", "/door/layouts.json", theme]
    about = {
        "version": _version(),
        "pages": {"leads/scan": f"{here}scanner.html", "meetings/check-in": f"{here}check-in.html"},
        "assets": [*served, *(f"/static/{name}" for name in _FILES)],
    }
    script = f"self.scanner = {json.dumps(about)};\n{_SERVICE_WORKER.read_text(encoding='utf-8')}"
    return Response(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/worker.js")
def send_worker() -> Response:
    """Serve the decoder's worker below this scope, so that the service worker also serves what it loads."""
    return send_from_directory(_DOOR, "worker.js", mimetype="text/javascript", max_age=0)


def _version() -> str:
    """Return a version that changes with the content of any file, template or text."""
    paths = [*(STATIC / name for name in _FILES), _SERVICE_WORKER, _DOOR / "worker.js"]
    paths += [ROOT / "templates" / name for name in _TEMPLATES]
    texts = json.dumps([describe_scanner(g.edition), describe_check_in(g.edition)], sort_keys=True)
    accent = accent_css(g.edition.accent_color if g.edition else None)
    digest = hashlib.sha256()
    for content in (*(path.read_bytes() for path in paths), texts.encode(), accent.encode(), request.path.encode()):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]
