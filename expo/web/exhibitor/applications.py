"""The application of a company, by somebody who signed in."""

import io

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.accounts.queries import find_person
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import PackageRow, WindowRow, find_window, list_packages, list_pending_files
from expo.exhibitors.rules import (
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    MAX_WEBSITE_LENGTH,
    ApplicationRequest,
    WindowState,
)
from expo.exhibitors.services import add_application_file
from expo.flows.exhibitor_applications import send_application
from expo.formats.documents import check_material
from expo.infra.clock import utcnow
from expo.questions.queries import list_fields
from expo.questions.rules import AnswerFault, Field, FieldKind, Given
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import message_of_code
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.formats import currency
from expo.web.kit.language import current_language, current_locale, lazy_pgettext, localized
from expo.web.kit.question_fields import PREFIX, conditions_json, describe_conditions, read_answers
from expo.web.kit.uploads import DOCUMENT_MB, is_larger, read_form_file

blueprint = audience_blueprint("exhibitor_applications", __name__, Audience.SIGNED_IN, url_prefix="/exhibit/apply")

Page = str | Response | tuple[str, int]


class ApplicationForm(FlaskForm):  # type: ignore[misc]
    """A company that would like to exhibit."""

    company = StringField(
        _l("Company name"),
        validators=[DataRequired(_l("Enter a name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"autocomplete": "organization", "dir": "auto"},
    )
    country = SelectField(_l("Country or region"), validators=[DataRequired(_l("Choose a country or region."))])
    website = StringField(
        _l("Website"),
        validators=[Length(max=MAX_WEBSITE_LENGTH)],
        render_kw={"autocomplete": "url", "dir": "ltr", "inputmode": "url"},
    )
    contact_name = StringField(
        _l("Contact person"),
        validators=[DataRequired(lazy_pgettext("person", "Enter a name.")), Length(max=200)],
        render_kw={"autocomplete": "name", "dir": "auto"},
    )
    phone = TelField(_l("Phone number"), validators=[Length(max=64)], render_kw={"autocomplete": "tel", "dir": "ltr"})
    # Without packages, the form does not show the field, and browsers send nothing.
    package = SelectField(_l("Package you would like"), default="")
    description = TextAreaField(
        _l("What you would like to show"),
        validators=[DataRequired(_l("Fill in this field.")), Length(max=MAX_DESCRIPTION_LENGTH)],
        render_kw={"rows": 6, "dir": "auto"},
    )

    @classmethod
    def of(cls, packages: list[PackageRow], edition: EditionFacts) -> "ApplicationForm":
        """Return the form, with the name of the person who is signed in."""
        person = find_person(current_person_id())
        form = cls(data={"contact_name": person.name if person else ""})
        form.country.choices = as_choices([("", "–"), *countries_in(current_locale())])
        form.package.choices = as_choices(
            [("", _("Not decided yet")), *((each.slug, _package_text(each, edition)) for each in packages)]
        )
        return form

    def to_request(self) -> ApplicationRequest:
        """Return the application as typed."""
        return ApplicationRequest(
            company=self.company.data or "",
            contact_name=self.contact_name.data or "",
            country=self.country.data or "",
            website=self.website.data or "",
            phone=self.phone.data or "",
            package=self.package.data or "",
            description=self.description.data or "",
        )


@blueprint.route("/form", methods=["GET", "POST"])
def apply() -> Page:
    """Ask for the company and send the application; what was typed is kept if something is missing."""
    edition = current_edition()
    window = find_window(edition.id)
    if window is None or window.state_at(utcnow()) is not WindowState.OPEN:
        raise Conflict("applications_closed")
    form = ApplicationForm.of(
        [each for each in list_packages(edition.id) if each.is_offered and each.free != 0], edition
    )
    given, refused = _read_answers(edition, list_fields(window.form_id))
    faults = {each.key: message_of_code(each.code, each.params) for each in refused}
    if form.validate_on_submit() and not faults:
        try:
            sent = send_application(
                current_actor(), edition.id, form.to_request(), given, current_language().code, utcnow()
            )
        except (Conflict, Invalid, Missing) as error:
            show_at_field(form, error, "company")
        else:
            if not sent.faults:
                flash(_("Thank you. We have received your application and sent you a confirmation."), "success")
                return redirect(url_for("exhibitor.show", company=sent.slug))
            faults = {each.key: message_of_code(each.code, each.params) for each in sent.faults}
    return _form_page(window, form, given, faults)


def _read_answers(edition: EditionFacts, fields: list[Field]) -> tuple[dict[str, Given], list[AnswerFault]]:
    """Return what was sent for the questions; files are stored, so that they need not be chosen again."""
    given, faults = read_answers(fields), list[AnswerFault]()
    for field in (each for each in fields if each.kind is FieldKind.FILE):
        uploaded = request.files.get(PREFIX + field.key)
        if uploaded is None or not uploaded.filename:
            kept = request.form.get(f"kept-{field.key}", "")
            given[field.key] = "" if request.form.get(f"remove-{field.key}") else kept
            continue
        if is_larger(uploaded, DOCUMENT_MB):
            faults.append(AnswerFault(field.key, "file_too_large", {"megabytes": DOCUMENT_MB}))
            continue
        try:
            given[field.key] = _store_file(edition, read_form_file(uploaded), uploaded.filename)
        except (Conflict, Invalid) as error:
            faults.append(AnswerFault(field.key, error.code, error.params))
    return given, faults


def _store_file(edition: EditionFacts, data: bytes, name: str) -> str:
    """Store a file of the form and return its key. Raises Invalid `material_unknown`, Conflict."""
    media_type = check_material(io.BytesIO(data), name)
    return add_application_file(current_actor(), edition.id, io.BytesIO(data), name, media_type, utcnow()).key


def _form_page(
    window: WindowRow, form: ApplicationForm, given: dict[str, Given], faults: dict[str, str]
) -> tuple[str, int]:
    fields = list_fields(window.form_id)
    page = render_template(
        "exhibitor/apply.html",
        form=form,
        window=window,
        fields=fields,
        given=given,
        errors=faults,
        hints={each.key: describe_conditions(each, fields) for each in fields},
        conditions={each.key: conditions_json(each) for each in fields},
        countries=countries_in(current_locale()),
        prefix=PREFIX,
        file_names=list_pending_files(current_edition().id, current_person_id()),
    )
    return page, 422 if form.errors or faults else 200


def _package_text(package: PackageRow, edition: EditionFacts) -> str:
    price = currency(package.price_cents, edition.currency) if package.price_cents else _("Free")
    return _("%(name)s (%(price)s)", name=localized(package.name), price=price)
