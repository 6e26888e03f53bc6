"""Forms of review rounds, reviews and bulk decisions."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FormField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from expo.editions.queries import EditionFacts
from expo.proposals.queries import CallRow, RoundRow
from expo.proposals.rules import (
    MAX_COMMENT_LENGTH,
    MAX_CRITERIA,
    Criterion,
    ReviewRequest,
    RoundRequest,
)
from expo.web.kit.choices import as_choices
from expo.web.kit.language import localized
from expo.web.kit.subforms import PartOfForm
from expo.web.kit.text_fields import ShortTexts, from_local, moment_field, texts_of, to_local

SCORES = {
    "5": _l("5 – Excellent"),
    "4": _l("4 – Good"),
    "3": _l("3 – Fair"),
    "2": _l("2 – Weak"),
    "1": _l("1 – Very weak"),
}


def _text_field(label: Any) -> StringField:
    return StringField(label, validators=[Length(max=200)], render_kw={"dir": "auto"})


class CriterionForm(PartOfForm):
    """A criterion; without a name it does not exist."""

    label_en = _text_field(_l("Name in English"))
    label_zh = _text_field(_l("Name in Chinese"))
    label_ar = _text_field(_l("Name in Arabic"))
    help_en = _text_field(_l("Help text in English"))
    help_zh = _text_field(_l("Help text in Chinese"))
    help_ar = _text_field(_l("Help text in Arabic"))
    weight = IntegerField(_l("Weight"), default=1, validators=[Optional(), NumberRange(1, 10)], render_kw={"min": 1})


class RoundForm(FlaskForm):  # type: ignore[misc]
    """A review round. The call is chosen once."""

    call = SelectField(_l("Call"))
    name = FormField(ShortTexts, label=_l("Name of the round"))
    opens_at = moment_field(_l("Opens"), _l("In the expo’s time zone. Leave empty to open immediately."))
    closes_at = moment_field(_l("Deadline"), _l("Leave empty for no deadline."))
    is_blind = BooleanField(
        _l("Blind review"), default=True, description=_l("Reviewers never see who wrote a proposal.")
    )
    min_reviews = IntegerField(
        _l("Reviews per proposal"), default=3, validators=[InputRequired(), NumberRange(1, 10)], render_kw={"min": 1}
    )
    criterion_1 = FormField(CriterionForm, label=_l("Criterion %(number)s", number=1))
    criterion_2 = FormField(CriterionForm, label=_l("Criterion %(number)s", number=2))
    criterion_3 = FormField(CriterionForm, label=_l("Criterion %(number)s", number=3))
    criterion_4 = FormField(CriterionForm, label=_l("Criterion %(number)s", number=4))
    criterion_5 = FormField(CriterionForm, label=_l("Criterion %(number)s", number=5))

    @classmethod
    def of(cls, row: RoundRow | None, edition: EditionFacts, calls: Sequence[CallRow]) -> "RoundForm":
        """Return the form filled in with the round, or with what was just submitted."""
        form = cls(data=_data_of(row, edition) if row else None)
        form.call.choices = as_choices([(each.slug, localized(each.title)) for each in calls])
        if row:
            del form.call
        return form

    @property
    def criteria(self) -> "list[FormField[Any]]":
        """The parts of the form with a criterion each."""
        return [self[f"criterion_{number}"] for number in range(1, MAX_CRITERIA + 1)]

    def to_request(self, edition: EditionFacts, before: RoundRow | None = None) -> RoundRequest:
        """Return the round as submitted."""
        return RoundRequest(
            name=texts_of(self.name, edition.languages, before.name if before else None),
            opens_at=from_local(self.opens_at.data, edition.zone),
            closes_at=from_local(self.closes_at.data, edition.zone),
            is_blind=self.is_blind.data,
            criteria=tuple(self._read_criteria(edition)),
            min_reviews=self.min_reviews.data or 0,
        )

    def _read_criteria(self, edition: EditionFacts) -> list[Criterion]:
        criteria = []
        for number, part in enumerate(self.criteria, 1):
            texts = {kind: _texts_of(part.form, kind, edition) for kind in ("label", "help")}
            if texts["label"]:
                weight = part.form.weight.data or 1
                criteria.append(Criterion(f"c{number}", texts["label"], texts["help"], weight))
        return criteria


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """A review; the criteria's fields are added by `make_review_form`."""

    comment = TextAreaField(
        _l("Comment"),
        description=_l("Visible to organizers, and to reviewers after they have reviewed the proposal."),
        validators=[Length(max=4000)],
        render_kw={"rows": 5, "dir": "auto"},
    )
    is_abstention = BooleanField(_l("Abstain: I can’t judge this proposal"))
    has_conflict = BooleanField(
        _l("Conflict of interest"),
        description=_l("For example, you work with a speaker. Your scores are not counted."),
    )

    def to_request(self) -> ReviewRequest:
        """Return the review as submitted."""
        scores = {each.name: int(each.data) for each in self if isinstance(each, RadioField) and each.data in SCORES}
        return ReviewRequest(
            scores=scores,
            comment=self.comment.data or "",
            is_abstention=self.is_abstention.data,
            has_conflict=self.has_conflict.data,
        )


class DiscussionForm(FlaskForm):  # type: ignore[misc]
    """A message to the other reviewers."""

    text = TextAreaField(
        _l("Message"),
        description=_l("Visible to the reviewers of this proposal who have reviewed it."),
        validators=[DataRequired(_l("Enter a message.")), Length(max=MAX_COMMENT_LENGTH)],
        render_kw={"rows": 3, "dir": "auto"},
    )


def make_review_form(criteria: Sequence[Criterion], before: ReviewRequest | None) -> ReviewForm:
    """Return the form with one group of radio buttons for each criterion, filled in with the stored review."""
    fields = {
        each.key: RadioField(
            localized(dict(each.label)),
            description=localized(dict(each.help_text)),
            choices=as_choices(SCORES.items()),
            validate_choice=False,
        )
        for each in criteria
    }
    data: dict[str, Any] = {}
    if before:
        data = {**vars(before), **{key: str(score) for key, score in before.scores.items()}}
    form: ReviewForm = type("ReviewFormOfRound", (ReviewForm,), fields)(data=data or None)
    return form


def _texts_of(form: Any, kind: str, edition: EditionFacts) -> dict[str, str]:
    typed = {code: form[f"{kind}_{code}"].data for code in edition.languages if f"{kind}_{code}" in form}
    return {code: text.strip() for code, text in typed.items() if text and text.strip()}


def _data_of(row: RoundRow, edition: EditionFacts) -> dict[str, Any]:
    criteria = {
        f"criterion_{each.key.removeprefix('c')}": {
            "weight": each.weight,
            **{f"label_{code}": text for code, text in each.label.items()},
            **{f"help_{code}": text for code, text in each.help_text.items()},
        }
        for each in row.criteria
    }
    return {
        "name": row.name,
        "opens_at": to_local(row.opens_at, edition.zone),
        "closes_at": to_local(row.closes_at, edition.zone),
        "is_blind": row.is_blind,
        "min_reviews": row.min_reviews,
        **criteria,
    }
