"""The scanner as an installed app: the page of devices, and what makes it work without a network.

These routes are public, because a device has no session; none contains anything about anybody.
"""

import hashlib
import json

from flask import Response, g, jsonify, render_template, request, send_from_directory
from flask_babel import gettext

from expo.checkin.rules import MAX_FORCE_NOTE, Direction, ForceReason
from expo.infra.config import ROOT
from expo.pure.keyboards import describe_layouts
from expo.web.door.page_data import describe_page, root_in_language
from expo.web.kit.access import Audience, audience_blueprint
from expo.web.kit.colors import accent_css
from expo.web.kit.language import localized, text_direction
from expo.web.kit.pages import SIGNATURE_LIBRARY, STATIC, asset
from expo.web.kit.scan_labels import FORCE_REASONS

_SCRIPTS = STATIC / "js" / "door"
# The modules of every page, which the scanner's page loads too.
_KIT = ("js/kit/page.js", "js/kit/behaviours.js", "js/kit/phrases.js", "js/kit/theme-auto.js")
_VENDOR = (
    "vendor/zxing-wasm-3.1.4/reader.js",
    "vendor/zxing-wasm-3.1.4/zxing_reader.wasm",
    *SIGNATURE_LIBRARY,
)
_STYLES = (
    "css/theme.css",
    "css/door.css",
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "vendor/bootstrap-5.3.9/bootstrap.rtl.min.css",
    "img/favicon.svg",
    "img/icons.svg",
    "img/icon-maskable.svg",
    "fonts/inter-5.3.0/inter-latin-wght-normal.woff2",
    "fonts/inter-5.3.0/inter-latin-ext-wght-normal.woff2",
)
_TEMPLATES = ("base.html", "door/scan.html", "door/dialogs.html")
# Scripts that run apart from the page, and are served under its own path.
_WORKERS = frozenset({"worker.js", "service_worker.js"})

blueprint = audience_blueprint("door_device", __name__, Audience.EVERYONE, url_prefix="/door")


@blueprint.get("/scanner")
def show_scanner() -> str:
    """Show the scanner of a device; its checkpoint, rules and attendees are on the device."""
    return render_template(
        "door/scan.html",
        checkpoint=None,
        direction=Direction.ENTRY.value,
        data=describe_page(g.edition, None, Direction.ENTRY, None),
        force_reasons=FORCE_REASONS,
        other_reason=ForceReason.OTHER,
        max_note=MAX_FORCE_NOTE,
    )


@blueprint.get("/enrol")
def show_enrolment() -> str:
    """Show the page that a device's one-time link opens; the code is in the fragment, so it is never sent here."""
    return render_template("door/enrol.html", data=describe_page(g.edition, None, Direction.ENTRY, None))


@blueprint.get("/manifest.webmanifest")
def send_manifest() -> Response:
    """Describe the scanner as an app that can be installed."""
    here = root_in_language()
    manifest = {
        "id": "/door/",
        "name": gettext("Scanner – %(expo)s", expo=localized(g.edition.title)) if g.edition else gettext("Scanner"),
        "short_name": gettext("Scanner"),
        "start_url": f"{here}scanner",
        "scope": here,
        "display": "standalone",
        "dir": text_direction(),
        "background_color": "#0b1323",
        "theme_color": "#0b1323",
        "icons": [
            {"src": asset("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {"src": asset("img/icon-maskable.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "maskable"},
            # For systems that do not show SVG on their home screen.
            *(
                {
                    "src": asset(f"img/{name}-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for name, purpose in (("icon", "any"), ("icon-maskable", "maskable"))
                for size in (192, 512)
            ),
        ],
    }
    return Response(json.dumps(manifest, ensure_ascii=False), content_type="application/manifest+json")


@blueprint.get("/service-worker.js")
def send_service_worker() -> Response:
    """Serve the service worker, preceded by the list of what it stores and a version that changes with any of it."""
    here = root_in_language()
    files = _list_files()
    served = [f"{request.script_root}/door/worker.js", "/door/layouts.json", f"{here.removesuffix('door/')}theme.css"]
    texts = json.dumps(describe_page(g.edition, None, Direction.ENTRY, None), sort_keys=True)
    about = {
        "version": _version_of(files, texts, accent_css(g.edition.accent_color if g.edition else None)),
        "page": f"{here}scanner",
        "assets": [*served, *(f"/static/{name}" for name in files)],
    }
    script = f"self.door = {json.dumps(about)};\n{(_SCRIPTS / 'service_worker.js').read_text(encoding='utf-8')}"
    return Response(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/worker.js")
def send_worker() -> Response:
    """Serve the decoder's worker script. A worker has its own CSP, and this one must be allowed to compile code."""
    return send_from_directory(_SCRIPTS, "worker.js", mimetype="text/javascript", max_age=0)


@blueprint.get("/layouts.json")
def send_layouts() -> Response:
    """Return the keyboard layouts that a handheld scanner's text may have been typed under."""
    return jsonify(describe_layouts())


def _list_files() -> list[str]:
    """Return the names of the static files that the scanner needs."""
    modules = sorted(f"js/door/{path.name}" for path in _SCRIPTS.glob("*.js") if path.name not in _WORKERS)
    return [*modules, *_KIT, *_VENDOR, *_STYLES]


def _version_of(files: list[str], *texts: str) -> str:
    """Return a version that changes with the content of any file, template or text."""
    found = [STATIC / name for name in files] + [_SCRIPTS / name for name in sorted(_WORKERS)]
    found += [ROOT / "templates" / name for name in _TEMPLATES]
    digest = hashlib.sha256()
    for content in (*(path.read_bytes() for path in found), *(text.encode() for text in texts)):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]
