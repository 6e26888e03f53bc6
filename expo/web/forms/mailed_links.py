"""The form behind every mailed link: a button, and whose session in this browser it would end; and invitations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SubmitField

from expo.errors import Invalid, Missing
from expo.infra.signing import read_text
from expo.web.kit.sessions import session_of_other_person

INVITATION_SECONDS = 60 * 24 * 3600


class OpenLinkForm(FlaskForm):  # type: ignore[misc]
    """A single button: e-mail scanners open links, but only people press buttons.

    `replaces` is the person whose session the page announced would end; the button ends no other session.
    """

    replaces = HiddenField()
    submit = SubmitField(_l("Sign in"))


def read_invitation(purpose: str, text: str) -> Any:
    """Return what the link of an invitation says.

    Signing in gives nobody a new invitation, so this raises Missing `invitation_missing` or `invitation_broken`, whose
    messages say who can.
    """
    try:
        return read_text(purpose, text, INVITATION_SECONDS)
    except Invalid as error:
        raise Missing("invitation_missing" if error.code == "link_expired" else "invitation_broken") from None


def is_pressed(form: OpenLinkForm, person_id: int) -> bool:
    """Return whether the button was pressed on a page that announced whose session it ends."""
    return bool(form.validate_on_submit()) and (form.replaces.data or "") == _replaced_by(person_id)


def fill_in(form: OpenLinkForm, person_id: int) -> None:
    """Record in the form whose session its button ends."""
    form.replaces.data = _replaced_by(person_id)


def _replaced_by(person_id: int) -> str:
    other = session_of_other_person(person_id)
    return str(other.person.id) if other else ""
