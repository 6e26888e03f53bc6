"""The form behind every mailed link: a button, and whose session in this browser it would end."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SubmitField

from expo.web.kit.sessions import session_of_another


class OpenLinkForm(FlaskForm):  # type: ignore[misc]
    """A single button: e-mail scanners open links, but only people press buttons.

    `replaces` is the person whose session the page announced would end; the button ends no other session.
    """

    replaces = HiddenField()
    submit = SubmitField(_l("Sign in"))


def is_pressed(form: OpenLinkForm, person_id: int) -> bool:
    """Return whether the button was pressed on a page that announced whose session it ends."""
    return bool(form.validate_on_submit()) and (form.replaces.data or "") == _replaced_by(person_id)


def fill_in(form: OpenLinkForm, person_id: int) -> None:
    """Record in the form whose session its button ends."""
    form.replaces.data = _replaced_by(person_id)


def _replaced_by(person_id: int) -> str:
    other = session_of_another(person_id)
    return str(other.person.id) if other else ""
