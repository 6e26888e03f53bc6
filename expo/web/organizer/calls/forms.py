"""Forms of calls and of the questions that they ask."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FormField,
    IntegerField,
    SelectField,
)
from wtforms.validators import NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.proposals.queries import CallRow
from expo.proposals.rules import CallRequest
from expo.questions.rules import Field, FieldKind, Limits, Operator
from expo.reports.offers import OfferedTexts
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.formats import language_in_words
from expo.web.kit.language import localized
from expo.web.kit.text_fields import LongTexts, ShortTexts, from_local, moment_field, texts_of, to_local
from expo.web.organizer.calls.rows import ConditionsField, OptionsField
from expo.web.organizer.ticket_choices import ticket_choices

_MOMENTS = ("opens_at", "closes_at", "confirm_by", "photo_by", "slides_by")
# The empty rows of a new question.
NEW_OPTIONS = 3
_OFFERED = ("kinds", "tracks", "languages")

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


class CallForm(FlaskForm):  # type: ignore[misc]
    """A call for proposals."""

    title = FormField(ShortTexts, label=_l("Title"))
    introduction = FormField(LongTexts, label=_l("Introduction"))
    opens_at = moment_field(_l("Opens"), _l("In the expo's time zone. Leave empty to open at once."))
    closes_at = moment_field(_l("Deadline"), _l("Leave empty for no deadline."))
    max_per_person = IntegerField(
        _l("Proposals per person"),
        description=_l("Leave empty for no limit."),
        validators=[Optional(), NumberRange(1, 100)],
        render_kw={"min": 1},
    )
    kinds = check_boxes(_l("Types"), _l("Choose none to offer all of them."))
    tracks = check_boxes(_l("Tracks"), _l("Choose none to offer all of them."))
    languages = check_boxes(_l("Languages of the talks"), _l("Choose none to offer all languages of the expo."))
    confirm_by = moment_field(_l("Accepted speakers confirm by"))
    photo_by = moment_field(_l("Photos by"))
    slides_by = moment_field(_l("Slides by"))
    speaker_ticket = SelectField(
        _l("Ticket for confirmed speakers"),
        default="",
        description=_l("Speakers get it with their badge as soon as they confirm, without registering."),
    )

    @classmethod
    def of(cls, call: CallRow | None, edition: EditionFacts, offered: OfferedTexts) -> "CallForm":
        """Return the form filled in with the call, or with what was just submitted."""
        values: dict[str, Any] = asdict(call) if call else {}
        moments = {name: to_local(values.get(name), edition.zone) for name in _MOMENTS}
        chosen = {name: list(values.get(name, ())) for name in _OFFERED}
        form = cls(data={**values, **moments, **chosen})
        tickets = ticket_choices(edition, call.speaker_ticket if call else None)
        form.speaker_ticket.choices = as_choices([("", _("None: tickets are issued by organizers")), *tickets])
        for name, pairs in (
            ("kinds", [(code, localized(texts)) for code, texts in offered.kinds]),
            ("tracks", [(slug, localized(texts)) for slug, texts in offered.tracks]),
            ("languages", [(code, language_in_words(code)) for code in offered.languages]),
        ):
            if pairs:
                # What was offered and no longer exists can still be unchosen.
                known = {code for code, _text in pairs}
                form[name].choices = as_choices([*pairs, *((code, code) for code in chosen[name] if code not in known)])
            else:
                delattr(form, name)
        return form

    def to_request(self, edition: EditionFacts, before: CallRow | None = None) -> CallRequest:
        """Return the call as submitted."""
        moments: dict[str, Any] = {name: from_local(self[name].data, edition.zone) for name in _MOMENTS}
        chosen: dict[str, Any] = {name: tuple(self[name].data or ()) for name in _OFFERED if name in self}
        return CallRequest(
            title=texts_of(self.title, edition.languages, before.title if before else None),
            introduction=texts_of(self.introduction, edition.languages, before.introduction if before else None),
            max_per_person=self.max_per_person.data,
            speaker_ticket=self.speaker_ticket.data or "",
            **moments,
            **chosen,
        )


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question of a call's form."""

    label = FormField(ShortTexts, label=_l("Question"))
    help_text = FormField(ShortTexts, label=_l("Help text"))
    is_required = BooleanField(_l("An answer is required"))
    is_identifying = BooleanField(_l("The answer says who somebody is (hidden in anonymous reviews)"))
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
