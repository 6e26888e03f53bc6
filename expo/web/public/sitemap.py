"""The list of public pages for search engines, in every language of the expo: https://www.sitemaps.org/protocol.html."""

from collections.abc import Iterator

from flask import Response, request, url_for
from markupsafe import escape

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import list_exhibitors
from expo.infra.addresses import public_url
from expo.program.queries import list_filter_choices, list_speakers
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.caching import cached_bytes, feed_response
from expo.web.kit.language import offered_languages
from expo.web.kit.own_schedule import list_whole_program
from expo.web.kit.public_pages import public_page

# As many addresses as a sitemap may have.
MAX_ADDRESSES = 50_000

blueprint = audience_blueprint("public_sitemap", __name__, Audience.EVERYONE)


@blueprint.get("/sitemap.xml")
@public_page()
def show_sitemap() -> Response:
    """Return the addresses of all public pages."""
    edition = current_edition()
    return feed_response(
        lambda: cached_bytes(edition, "sitemap.xml", lambda: _write(edition)),
        "application/xml",
        str(edition.content_version),
        edition.content_changed_at,
    )


@blueprint.get("/robots.txt")
def show_robots() -> Response:
    """Return where the sitemap is, and which addresses are secret."""
    lines = ["User-agent: *", "Disallow: /program/preview/", "Disallow: /calendar/"]
    lines.append(f"Sitemap: {public_url(url_for('public_sitemap.show_sitemap'))}")
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


def _write(edition: EditionFacts) -> bytes:
    codes = [each.code for each in offered_languages()]
    # The addresses of this request have its language.
    paths = [each.removeprefix(request.script_root) for each in _list_pages(edition)]
    addresses = [public_url(path, code) for path in paths for code in codes]
    entries = "".join(f"<url><loc>{escape(each)}</loc></url>\n" for each in addresses[:MAX_ADDRESSES])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{entries}</urlset>\n".encode()


def _list_pages(edition: EditionFacts) -> Iterator[str]:
    for endpoint in ("public.home", "public_program.show_program", "public_exhibitors.show_directory"):
        yield url_for(endpoint)
    yield url_for("public_program.show_speakers")
    for day in list_filter_choices(edition.id).days:
        yield url_for("public_program.show_day", day=day.isoformat())
    for session in list_whole_program(edition):
        yield url_for("public_program.show_session", slug=session.slug)
    for speaker in list_speakers(edition.id):
        yield url_for("public_program.show_speaker", slug=speaker.slug)
    for company in list_exhibitors(edition.id, size=MAX_ADDRESSES):
        yield url_for("public_exhibitors.show_exhibitor", slug=company.slug)
