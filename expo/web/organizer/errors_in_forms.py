"""Shows what a service refused at the field of the form that it is about."""

from flask_wtf import FlaskForm

from expo.errors import ExpoError
from expo.web.kit.errors import sentence_of


def show_at_field(form: FlaskForm, error: ExpoError, otherwise: str) -> None:
    """Put the error's sentence at the field that it names, or at the one called `otherwise`."""
    wanted = str(error.params.get("field") or otherwise).partition("-")[0]
    field = form[wanted] if wanted in form else form[otherwise]
    sentence = sentence_of(error)
    if hasattr(field, "form"):
        # A group of fields (one text in several languages): its first field shows the error.
        field = next(each for each in field.form if each.type != "CSRFTokenField")
    field.errors = [sentence]
