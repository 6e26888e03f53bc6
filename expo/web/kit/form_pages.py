"""Pages with a form: the response status, and service errors shown at the field they concern."""

from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from expo.errors import ExpoError
from expo.web.kit.errors import message_of


def show_at_field(form: FlaskForm, error: ExpoError, otherwise: str) -> None:
    """Show the error at the field that it names, or at the field `otherwise`."""
    wanted = str(error.params.get("field") or otherwise).partition("-")[0]
    field = form[wanted] if wanted in form else form[otherwise]
    sentence = message_of(error)
    if hasattr(field, "form"):
        # In a group of fields (one text in several languages), the first field shows the error.
        field = next(each for each in field.form if each.type != "CSRFTokenField")
    field.errors = [sentence]


def render_form(form: FlaskForm, template: str, **values: Any) -> tuple[str, int]:
    """Render the page with its form; the status is 422 if a field has an error."""
    return render_template(template, form=form, **values), 422 if form.errors else 200
