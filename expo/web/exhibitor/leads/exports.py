"""Leads as files."""

from flask import Response
from flask_babel import gettext as _

from expo.infra.clock import utcnow
from expo.leads.exports import Kind, LeadExportLabels, export_leads
from expo.web.exhibitor.leads.filters import filter_of_request
from expo.web.exhibitor.leads.section import blueprint
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import CONTENT_TYPES, file_response
from expo.web.kit.language import current_language
from expo.web.kit.lead_labels import EXPORT_COLUMNS, FOLLOW_UPS, WITHDRAWAL_REASONS

_TYPES = {**CONTENT_TYPES, "vcf": "text/vcard; charset=utf-8"}


@blueprint.get("/export.<any(csv, xlsx, vcf):kind>")
def export(kind: Kind) -> Response:
    """Return the leads that match the filter as a file, for those who may export."""
    words = LeadExportLabels(
        columns={name: str(label) for name, label in EXPORT_COLUMNS.items()},
        statuses={each: str(label) for each, label in FOLLOW_UPS.items()},
        reasons={each: str(label) for each, label in WITHDRAWAL_REASONS.items()},
        language=current_language().code,
        unnamed=_("Visitor"),
    )
    slug = current_membership().slug
    content = export_leads(current_actor(), current_edition(), slug, kind, filter_of_request(), words, utcnow())
    return file_response(content, _TYPES[kind], f"leads-{slug}.{kind}")
