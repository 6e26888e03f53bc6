"""Forms of exhibitors: a company, the decision about it, and the upload of a list."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord, PackageRow
from expo.exhibitors.rules import MAX_EXTRA_PASSES, MAX_NAME_LENGTH, MAX_WEBSITE_LENGTH, CompanyDetails
from expo.web.kit.choices import as_choices
from expo.web.kit.countries import countries_in
from expo.web.kit.language import current_locale, localized
from expo.web.kit.text_fields import LongTexts, texts_of
from expo.web.kit.uploads import FileField


class FileForm(FlaskForm):  # type: ignore[misc]
    """The uploaded list of companies."""

    file = FileField(
        _l("File"),
        description=_l(
            "CSV, Excel or JSON with a column of company names. Booths, categories, country, website and "
            "description are optional."
        ),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json"},
    )


class CompanyForm(FlaskForm):  # type: ignore[misc]
    """A company as organizers enter it."""

    name = StringField(
        _l("Company name"),
        validators=[DataRequired(_l("Enter a name.")), Length(max=MAX_NAME_LENGTH)],
        render_kw={"dir": "auto"},
    )
    country = SelectField(_l("Country or region"), validate_choice=False)
    website = StringField(
        _l("Website"), validators=[Length(max=MAX_WEBSITE_LENGTH)], render_kw={"dir": "ltr", "inputmode": "url"}
    )
    description = FormField(LongTexts, label=_l("Description"))
    package = SelectField(_l("Package"), validate_choice=False)
    extra_passes = IntegerField(
        _l("Extra passes"),
        description=_l("In addition to those in the package."),
        default=0,
        validators=[InputRequired(_l("Enter a number, or 0.")), NumberRange(0, MAX_EXTRA_PASSES)],
        render_kw={"min": 0, "inputmode": "numeric"},
    )
    is_hidden = BooleanField(_l("Hide from visitors"))
    notes = TextAreaField(_l("Notes"), description=_l("Only organizers see them."), render_kw={"dir": "auto"})
    version = HiddenField()

    @classmethod
    def of(cls, record: CompanyRecord | None, packages: Sequence[PackageRow]) -> "CompanyForm":
        """Return the form filled in with a company, or with what was just submitted."""
        form = cls(data=asdict(record) if record else None)
        form.country.choices = as_choices([("", _("Not specified")), *countries_in(current_locale())])
        form.package.choices = package_choices(packages, record.package if record else "")
        return form

    def to_details(self, edition: EditionFacts, before: CompanyRecord | None = None) -> CompanyDetails:
        """Return the company as submitted."""
        return CompanyDetails(
            name=self.name.data or "",
            description=texts_of(self.description, edition.languages, before.description if before else None),
            website=self.website.data or "",
            country=self.country.data or "",
            package=self.package.data or "",
            extra_passes=self.extra_passes.data or 0,
            is_hidden=self.is_hidden.data,
            notes=self.notes.data or "",
        )


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """The package of a company that is approved."""

    package = SelectField(_l("Package"), validate_choice=False)


class MergeForm(FlaskForm):  # type: ignore[misc]
    """The company that another one is merged into."""

    into = SelectField(_l("Merge into"), validators=[DataRequired(_l("Choose another company."))])

    @classmethod
    def of(cls, record: CompanyRecord, others: Sequence[CompanyRecord]) -> "MergeForm":
        """Return the form with all other companies to choose from."""
        form = cls()
        form.into.choices = as_choices(
            [("", "–"), *((each.slug, each.name) for each in others if each.slug != record.slug)]
        )
        return form


def package_choices(packages: Sequence[PackageRow], current: str = "") -> Any:
    """Return the packages that are left, and the current one, as choices."""
    pairs = [("", str(_("No package")))]
    pairs += [
        (each.slug, localized(each.name))
        for each in packages
        if each.free is None or each.free > 0 or each.slug == current
    ]
    return as_choices(pairs)
