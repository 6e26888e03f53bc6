"""Forms of the speaker's pages."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

from expo.editions.queries import EditionFacts
from expo.proposals.rules import ProposalContent
from expo.pure.levels import LEVELS
from expo.questions.rules import AnswerFault
from expo.reports.offers import OfferedTexts
from expo.web.kit.choices import as_choices
from expo.web.kit.errors import message_of_code
from expo.web.kit.formats import language_in_words, level_in_words
from expo.web.kit.language import localized
from expo.web.kit.text_fields import LongTexts, ShortTexts, texts_of

_CHOICES = ("kind", "track", "language", "level")


class ProposalForm(FlaskForm):  # type: ignore[misc]
    """A proposal. What it must contain is decided by the rules, which know drafts; nothing is validated here."""

    title = FormField(ShortTexts, label=_l("Title"))
    abstract = FormField(
        LongTexts,
        label=_l("Abstract"),
        description=_l("A short text for the programme. One language is enough; others help more people."),
    )
    kind = SelectField(_l("Type"), validate_choice=False)
    track = SelectField(_l("Track"), validate_choice=False)
    language = SelectField(_l("Language of the talk"), validate_choice=False)
    level = SelectField(_l("Level"), validate_choice=False)
    minutes = IntegerField(_l("Length in minutes"), validators=[Optional()], render_kw={"min": 5, "max": 480})
    description = FormField(
        LongTexts, label=_l("Full description"), description=_l("What you will cover, in more detail.")
    )
    message = TextAreaField(_l("Message to the organizers"), description=_l("Not published."), render_kw={"rows": 3})

    @classmethod
    def of(cls, content: ProposalContent, offered: OfferedTexts) -> "ProposalForm":
        """Return the form filled in with the proposal, or with what was just submitted."""
        form = cls(data={**vars(content)})
        for name, pairs in (
            ("kind", [(code, localized(texts)) for code, texts in offered.kinds]),
            ("track", [(slug, localized(texts)) for slug, texts in offered.tracks]),
            ("language", [(code, language_in_words(code)) for code in offered.languages]),
            ("level", [(level, level_in_words(level)) for level in LEVELS]),
        ):
            if pairs:
                form[name].choices = as_choices([("", "–"), *pairs])
            else:
                delattr(form, name)
        for each in (*form.abstract.form, *form.description.form):
            each.render_kw = {**each.render_kw, "rows": 6}
        return form

    def to_content(self, edition: EditionFacts) -> ProposalContent:
        """Return what was submitted."""
        chosen = {name: (self[name].data or "").strip() for name in _CHOICES if name in self}
        return ProposalContent(
            title=texts_of(self.title, edition.languages),
            abstract=texts_of(self.abstract, edition.languages),
            description=texts_of(self.description, edition.languages),
            minutes=self.minutes.data,
            message=(self.message.data or "").strip(),
            **chosen,
        )

    def show_faults(self, faults: tuple[AnswerFault, ...]) -> dict[str, str]:
        """Show each fault at its field, and return those of the call's questions by key."""
        of_questions: dict[str, str] = {}
        for fault in faults:
            sentence = message_of_code(fault.code, fault.params)
            if fault.key not in self:
                of_questions[fault.key] = sentence
                continue
            field: Any = self[fault.key]
            if hasattr(field, "form"):
                field = next(each for each in field.form if each.type != "CSRFTokenField")
            field.errors = [sentence]
        return of_questions


class InviteForm(FlaskForm):  # type: ignore[misc]
    """A co-speaker to invite."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("Enter a name.")), Length(max=200)])
    email = EmailField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Enter an e-mail address.")), Length(max=320)],
        render_kw={"inputmode": "email", "dir": "ltr", "autocomplete": "off"},
    )
    role = RadioField(
        _l("Role"), choices=as_choices([("speaker", _l("Speaker")), ("moderator", _l("Moderator"))]), default="speaker"
    )


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message to the organizers, which is sent once however often the form is posted."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=64)])
    text = TextAreaField(
        _l("Your message"), validators=[DataRequired(_l("Enter a message.")), Length(max=4000)], render_kw={"rows": 6}
    )
