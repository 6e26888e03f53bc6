"""Counting of company page views, reported by the page's script.

Pages come from memory for most visitors, so the server does not see who opens them. The script reports a view once an
hour for each device, whether the page came from memory or not; search engines and link previews run no script. Who
viewed is not stored: see docs/exhibitor-reports.md.
"""

from flask import request

from expo.errors import TooMany
from expo.exhibitors.rules import VIEW_SECONDS
from expo.exhibitors.services import count_page_view
from expo.infra.cache import get_cache
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.same_origin import require_same_origin

blueprint = audience_blueprint("public_company_views", __name__, Audience.EVERYONE)

# Of one company from one network address, behind which the whole expo's Wi-Fi may be.
VIEW_LIMIT = "600/hour"


@blueprint.post("/exhibitors/<slug>/views")
def count(slug: str) -> tuple[str, int]:
    """Count a view; the script sends no token, because the page of an anonymous visitor has none."""
    require_same_origin()
    edition, actor = current_edition(), current_actor()
    try:
        count_against(VIEW_LIMIT, "company-view", slug[:120], request.remote_addr or "")
    except TooMany:
        return "", 204
    # Somebody who is signed in counts once, on any number of devices.
    key = f"company-view:{edition.id}:{slug}:{actor.id}" if actor.kind == "person" else ""
    if key and get_cache().get(key) is not None:
        return "", 204
    count_page_view(actor, edition, slug, utcnow())
    if key:
        get_cache().set(key, b"1", VIEW_SECONDS)
    return "", 204
