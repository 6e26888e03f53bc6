"""Rendering the pages of a company with its name and tabs."""

from flask import render_template

from expo.web.exhibitor.navigation import list_tabs
from expo.web.exhibitor.sections import current_membership


def render_company_page(template: str, **context: object) -> str:
    """Render a page of the viewer's company; its template extends `layouts/exhibitor.html`."""
    return render_template(template, company=current_membership(), company_tabs=list_tabs(), **context)
