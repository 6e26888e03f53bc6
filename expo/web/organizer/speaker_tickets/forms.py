"""The form that issues tickets to speakers."""

from typing import Self

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from expo.editions.queries import EditionFacts
from expo.program.queries import TicketStatus, list_speaker_tickets
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.language import current_locale
from expo.web.organizer.ticket_choices import ticket_choices

USUAL_CODE = "speaker"


class IssueForm(FlaskForm):  # type: ignore[misc]
    """The chosen speakers, by their slugs, and their ticket."""

    ticket = SelectField(_l("Ticket"), validators=[DataRequired(_l("Choose a ticket."))])
    speakers = SelectMultipleField(_l("Speakers"), validate_choice=False)

    @classmethod
    def of(cls, edition: EditionFacts) -> Self:
        """Return the form, with the speaker's ticket chosen if there is one."""
        choices = ticket_choices(edition)
        usual = USUAL_CODE if any(code == USUAL_CODE for code, _name in choices) else ""
        form = cls(data={"ticket": usual})
        form.ticket.choices = as_choices([("", _("Choose a ticket")), *choices])
        return form


def read_selection(edition: EditionFacts, status: TicketStatus) -> list[str]:
    """Return the slugs of the selected speakers: those chosen on a page of the list, or all of its status."""
    if request.form.get("scope") == "all":
        return [each.slug for each in list_speaker_tickets(edition.id) if each.status is status]
    return request.form.getlist("speakers")


class RegisterForm(IssueForm):
    """The ticket of speakers without an account, and the country of those whose country is not known."""

    country = SelectField(
        _l("Country or region"),
        description=_l("For speakers who have not given theirs. You can correct it for each attendee later."),
        validators=[DataRequired(_l("Choose a country or region."))],
    )

    @classmethod
    def of(cls, edition: EditionFacts) -> Self:
        """Return the form with the speaker's ticket chosen if there is one."""
        form = super().of(edition)
        form.country.choices = [("", _("Choose…")), *countries_in(current_locale())]
        return form
