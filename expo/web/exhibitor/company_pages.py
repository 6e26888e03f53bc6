"""Rendering the pages of a company with its name and tabs."""

from flask import render_template
from flask_wtf import FlaskForm

from expo.web.exhibitor.navigation import list_tabs
from expo.web.exhibitor.sections import current_membership


def render_company_page(template: str, **context: object) -> str:
    """Render a page of the viewer's company; its template extends `layouts/exhibitor.html`."""
    return render_template(template, company=current_membership(), company_tabs=list_tabs(), **context)


def render_company_form(form: FlaskForm, template: str, **context: object) -> tuple[str, int]:
    """Render a page of the viewer's company with its form; the status is 422 if a field has an error."""
    return render_company_page(template, form=form, **context), 422 if form.errors else 200
