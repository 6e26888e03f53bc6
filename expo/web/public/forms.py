"""The registration form: a step a screen, each step carrying what was typed in those before it."""

from typing import Any

from babel import Locale
from flask_babel import gettext, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)
from wtforms.validators import InputRequired, Length, Optional

from expo.accounts.services import check_email
from expo.errors import Invalid
from expo.pure.fields import check_name, check_text
from expo.registration.rules import AttendeeRequest, OrderRequest
from expo.registration.services.badge_texts import check_printable
from expo.tickets.queries import TicketTypeRow
from expo.web.forms.attendee_fields import (
    company_field,
    country_field,
    job_title_field,
    latin_name_field,
    name_field,
)
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import message_of
from expo.web.kit.language import localized
from expo.web.kit.subforms import PartOfForm

TERMS_VERSION = "2027-1"
MAX_PEOPLE = 10
STEPS = ("ticket", "details", "check")


class PersonForm(PartOfForm):
    """One person who will come."""

    ticket_type = SelectField(_l("Ticket"), validators=[Optional()], validate_choice=False)
    name = name_field(_l("The name to print on the badge, in your own script."), is_own=True)
    latin_name = latin_name_field(_l("Printed below your name. Leave empty if your name is already in Latin letters."))
    email = EmailField(
        _l("E-mail address"),
        description=_l("We send the badge and messages about the expo to this address."),
        validators=[Optional()],
        render_kw={"autocomplete": "email", "inputmode": "email", "dir": "ltr"},
    )
    country = country_field(is_own=True)
    company = company_field(is_own=True)
    job_title = job_title_field(is_own=True)

    def refuse_early(self) -> bool:
        """Check what the order would be refused for, and say so at the field. Return whether all is well."""
        checks = {self.name: check_name, self.latin_name: check_text, self.company: check_text}
        checks[self.job_title] = check_text
        for field, check in checks.items():
            if field.errors:
                continue
            try:
                check_printable({field.short_name: check(field.data or "", field.name)})
            except Invalid as error:
                field.errors = [message_of(error)]
        email = (self.email.data or "").strip()
        if email and not self.email.errors:
            try:
                check_email(email)
            except Invalid as error:
                self.email.errors = [message_of(error)]
        return not any(field.errors for field in self)

    def to_request(self, ticket_type_code: str, language: str) -> AttendeeRequest:
        """Return what was typed as a plain value."""
        return AttendeeRequest(
            ticket_type_code=self.ticket_type.data or ticket_type_code,
            name=self.name.data or "",
            latin_name=self.latin_name.data or "",
            email=self.email.data or None,
            country=self.country.data or "",
            company=self.company.data or "",
            job_title=self.job_title.data or "",
            language=language,
        )


class RegistrationForm(FlaskForm):  # type: ignore[misc]
    """A registration of 1..n people. The first of them gives the address that letters about the order go to."""

    # Made by the page: the same registration sent twice is one.
    client_key = HiddenField(validators=[Length(max=64)])
    ticket_type = RadioField(_l("Ticket"), validators=[InputRequired(_l("Choose a ticket."))])
    attendees = FieldList(FormField(PersonForm), min_entries=1, max_entries=MAX_PEOPLE)
    accept_terms = BooleanField(
        _l("I agree to the terms of attendance and the privacy notice."),
        validators=[InputRequired(_l("Agree to the terms to register."))],
    )

    def offer(self, ticket_types: list[TicketTypeRow], locale: Locale) -> None:
        """Fill in the choices: what is on sale, and countries in the reader's language and order."""
        choices = [(each.code, localized(each.name)) for each in ticket_types]
        self.ticket_type.choices = choices
        for entry in self.attendees:
            entry.form.ticket_type.choices = choices
            entry.form.country.choices = [("", ""), *countries_in(locale)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; the first person must have an address, as messages about the order go there."""
        valid = bool(super().validate(extra_validators))
        for entry in self.attendees:
            valid = entry.form.refuse_early() and valid
        first = self.attendees[0].form.email
        if not (first.data or "").strip():
            first.errors = [gettext("Enter your e-mail address.")]
            valid = False
        return valid

    def fields_of(self, step: str) -> list[Field]:
        """Return the fields that a step asks for."""
        if step == "details":
            return [field for entry in self.attendees for field in entry.form]
        return [self.ticket_type if step == "ticket" else self.accept_terms]

    def forget_errors(self, *, but: str | None = None) -> None:
        """Forget what is wrong, but for one step: nobody is told of fields that are not on the screen."""
        self.attendees.errors = []
        for step in STEPS:
            for field in self.fields_of(step):
                field.errors = field.errors if step == but else []

    def show_error(self, field_name: str, sentence: str) -> str:
        """Put an error at the field it is about, such as `attendees-0-name`, and return the step that has it."""
        self.forget_errors()
        for entry in self.attendees:
            for field in entry.form:
                if field.name == field_name:
                    field.errors = [sentence]
                    return "details"
        if field_name == "email":
            self.attendees[0].form.email.errors = [sentence]
            return "details"
        self.ticket_type.errors = [sentence]
        return "ticket"

    def list_tickets(self) -> list[tuple[str, str]]:
        """Return the name of each field that chooses a ticket, with the code that was chosen."""
        fields = [self.ticket_type, *(entry.form.ticket_type for entry in [*self.attendees][1:])]
        return [(field.name, code) for field, code in zip(fields, self.ticket_of_each(), strict=True) if code]

    def ticket_of_each(self) -> list[str | None]:
        """Return the code of each person's ticket."""
        # The first person's is the one of the order; no other is offered to them.
        own = self.ticket_type.data
        return [own, *(entry.form.ticket_type.data or own for entry in [*self.attendees][1:])]

    def find_ticket_field(self, code: str) -> str:
        """Return the name of the first field in which a ticket was chosen."""
        return next((name for name, chosen in self.list_tickets() if chosen == code), "ticket_type")

    def add_person(self) -> None:
        """Add a person, who is taken to come from where the one before does."""
        before = self.attendees[-1].form
        carried_over = {"company": before.company.data, "country": before.country.data}
        self.attendees.append_entry({"ticket_type": self.ticket_type.data, **carried_over})

    def remove_person(self, position: int) -> None:
        """Take one person away; the first stays, as letters go to them."""
        people = [entry.data for at, entry in enumerate(self.attendees) if at != position or at == 0]
        while len(self.attendees):
            self.attendees.pop_entry()
        for person in people:
            self.attendees.append_entry(person)

    def to_request(self, language: str) -> OrderRequest:
        """Return what was typed as a plain value."""
        self.attendees[0].form.ticket_type.data = ""
        people = [entry.form.to_request(self.ticket_type.data or "", language) for entry in self.attendees]
        return OrderRequest(
            email=people[0].email or "",
            language=language,
            attendees=tuple(people),
            terms_version=TERMS_VERSION if self.accept_terms.data else None,
            client_key=self.client_key.data or None,
        )
