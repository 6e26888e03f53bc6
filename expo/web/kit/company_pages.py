"""A company's page as visitors see it: shown publicly, and to the company's team as a preview."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, send_file, url_for

from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.exhibitors.queries import CompanyPage, list_neighbours, list_topics
from expo.exhibitors.rules import host_of
from expo.infra.addresses import public_url
from expo.infra.files import find_file_by_key
from expo.web.kit.language import current_language, localized
from expo.web.kit.rich_text import plain_text

PICTURE_SECONDS = 30 * 24 * 3600
# Documents are downloaded; should a browser still show one, its scripts and forms do nothing.
DOCUMENT_POLICY = "sandbox; default-src 'none'"
MAX_SUMMARY = 200


def render_company(
    edition: EditionFacts, page: CompanyPage, file_url: Callable[[str], str] | None = None, **values: Any
) -> str:
    """Render a company's page; `file_url` returns the address of a picture or document, by default the public one."""
    slug, language = page.company.slug, current_language().tag
    topics = list_topics(edition.id)
    return render_template(
        "public/exhibitors/exhibitor.html",
        page=page,
        exhibitor=page.company,
        neighbours=list_neighbours(edition.id, page.company),
        file_url=file_url or (lambda key: url_for("public_company_files.show_file", slug=slug, key=key)),
        offers=[(code, topics.name(code, language)) for code in page.offers],
        seeks=[(code, topics.name(code, language)) for code in page.seeks],
        links=[(link, host_of(link)) for link in page.links],
        videos=[(link, host_of(link)) for link in page.videos],
        summary=_summary_of(page),
        structured_data=describe_company(page),
        page_url=_page_url(page),
        picture_url=_picture_url(page),
        **values,
    )


def file_response(page: CompanyPage, key: str) -> Response:
    """Return a picture of the page to show, or a document to download. Raises Missing `file_missing`."""
    if key in page.picture_keys:
        return picture_response(key)
    if key not in {document.key for document in page.documents}:
        raise Missing("file_missing")
    stored = find_file_by_key(key)
    response = send_file(
        stored.path, stored.media_type, as_attachment=True, download_name=stored.name, etag=stored.sha256, max_age=0
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    return response


def picture_response(key: str) -> Response:
    """Return a picture of a page that the viewer may see. Raises Missing `file_missing`."""
    stored = find_file_by_key(key)
    return send_file(stored.path, stored.media_type, etag=stored.sha256, max_age=PICTURE_SECONDS)


def describe_company(page: CompanyPage) -> dict[str, Any]:
    """Return a company as an Organization of schema.org: https://schema.org/Organization."""
    company = page.company
    known = {
        "slogan": localized(dict(page.tagline)),
        "description": plain_text(localized(company.description), 500),
        "logo": public_url(_file_path(page, page.logo_key)) if page.logo_key else "",
        "sameAs": [link for link in (company.website, *page.links) if link],
        "address": {"@type": "PostalAddress", "addressCountry": company.country} if company.country else None,
        "makesOffer": [
            {"@type": "Offer", "itemOffered": {"@type": "Product", "name": localized(dict(product.name))}}
            for product in page.products
        ],
    }
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": company.name,
        "url": _page_url(page),
        **{name: value for name, value in known.items() if value},
    }


def _summary_of(page: CompanyPage) -> str:
    return localized(dict(page.tagline)) or plain_text(localized(page.company.description), MAX_SUMMARY)


def _page_url(page: CompanyPage) -> str:
    return public_url(url_for("public_exhibitors.show_exhibitor", slug=page.company.slug))


def _picture_url(page: CompanyPage) -> str:
    key = page.banner_key or page.logo_key
    return public_url(_file_path(page, key)) if key else ""


def _file_path(page: CompanyPage, key: str) -> str:
    return url_for("public_company_files.show_file", slug=page.company.slug, key=key)
