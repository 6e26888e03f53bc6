"""The form of a question that organizers ask: its texts, options, limits and conditions."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, DecimalField, FormField, SelectField
from wtforms.validators import Optional

from expo.editions.queries import EditionFacts
from expo.questions.rules import Field, FieldKind, Limits, Operator
from expo.web.kit.choices import as_choices
from expo.web.kit.text_fields import ShortTexts, texts_of
from expo.web.organizer.question_rows import ConditionsField, OptionsField

# The empty rows of a new question.
NEW_OPTIONS = 3
FIELD_KINDS = {
    FieldKind.TEXT: _l("Short text"),
    FieldKind.LONG_TEXT: _l("Long text"),
    FieldKind.NUMBER: _l("Number"),
    FieldKind.DATE: _l("Date"),
    FieldKind.SINGLE_CHOICE: _l("Single choice"),
    FieldKind.MULTIPLE_CHOICE: _l("Multiple choice"),
    FieldKind.COUNTRY: _l("Country or region"),
    FieldKind.PHONE: _l("Phone number"),
    FieldKind.URL: _l("Web address"),
    FieldKind.FILE: _l("File"),
    FieldKind.CONSENT: _l("Consent"),
}
OPERATORS = {
    Operator.IS_ONE_OF: _l("is"),
    Operator.IS_NONE_OF: _l("is not"),
    Operator.IS_ANSWERED: _l("is answered"),
    Operator.IS_EMPTY: _l("is not answered"),
    Operator.IS_AT_LEAST: _l("is at least"),
    Operator.IS_AT_MOST: _l("is at most"),
}


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question of a form."""

    label = FormField(ShortTexts, label=_l("Question"))
    help_text = FormField(ShortTexts, label=_l("Help text"))
    is_required = BooleanField(_l("An answer is required"))
    is_identifying = BooleanField(_l("The answer reveals who someone is (hidden in blind reviews)"))
    options = OptionsField(_l("Options"))
    minimum = DecimalField(_l("At least"), validators=[Optional()], places=None, render_kw={"dir": "ltr"})
    maximum = DecimalField(_l("At most"), validators=[Optional()], places=None, render_kw={"dir": "ltr"})
    earliest = DateField(_l("Earliest day"), validators=[Optional()])
    latest = DateField(_l("Latest day"), validators=[Optional()])
    conditions = ConditionsField(_l("Conditions"))
    needs_all = SelectField(
        _l("Ask this question if"),
        choices=as_choices([("all", _l("all conditions are met")), ("any", _l("one condition is met"))]),
        validate_choice=False,
    )

    @classmethod
    def of(
        cls, kind: FieldKind, field: Field | None, before: Sequence[Field], languages: Sequence[str]
    ) -> "QuestionForm":
        """Return the form of a question of this kind; `before` are the questions that conditions may refer to."""
        form = cls(data=_data_of(field, before) if field else None)
        form.conditions.offer(before)
        form.options.languages = languages
        if field is None:
            form.options.spare = NEW_OPTIONS
        unfit = {"earliest", "latest"} if kind is not FieldKind.DATE else set()
        if kind not in {FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.NUMBER, FieldKind.MULTIPLE_CHOICE}:
            unfit |= {"minimum", "maximum"}
        if kind not in {FieldKind.SINGLE_CHOICE, FieldKind.MULTIPLE_CHOICE}:
            unfit.add("options")
        for name in unfit:
            delattr(form, name)
        return form

    def to_field(self, kind: FieldKind, edition: EditionFacts, key: str) -> Field:
        """Return the question as submitted."""
        return Field(
            key=key,
            kind=kind,
            label=texts_of(self.label, edition.languages),
            help_text=texts_of(self.help_text, edition.languages),
            is_required=self.is_required.data,
            is_identifying=self.is_identifying.data,
            options=self.options.to_options() if "options" in self else (),
            limits=Limits(**self._read_limits()),
            conditions=self.conditions.to_conditions(),
            needs_all=self.needs_all.data != "any",
        )

    def _read_limits(self) -> dict[str, Any]:
        amounts = {name: _finite(self[name].data) for name in ("minimum", "maximum") if name in self}
        return amounts | {name: self[name].data for name in ("earliest", "latest") if name in self}


def _data_of(field: Field, before: Sequence[Field]) -> dict[str, Any]:
    return {
        "label": dict(field.label),
        "help_text": dict(field.help_text),
        "is_required": field.is_required,
        "is_identifying": field.is_identifying,
        "options": OptionsField.of(field.options),
        **asdict(field.limits),
        "conditions": ConditionsField.of(field.conditions, before),
        "needs_all": "all" if field.needs_all else "any",
    }


def _finite(number: Decimal | None) -> Decimal | None:
    return number if number is not None and number.is_finite() else None
