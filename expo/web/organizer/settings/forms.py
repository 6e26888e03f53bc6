"""The form of the expo's details."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    FormField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from expo.editions.queries import EditionFacts
from expo.editions.rules import EditionChange
from expo.pure.languages import LANGUAGES
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.text_fields import ShortTexts, texts_of


class EditionForm(FlaskForm):  # type: ignore[misc]
    """The details of an edition shown on pages, e-mails and badges."""

    title = FormField(ShortTexts, label=_l("Expo name"))
    tagline = FormField(ShortTexts, label=_l("Tagline"))
    venue = FormField(ShortTexts, label=_l("Venue"))
    city = FormField(ShortTexts, label=_l("City"))
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Choose the last day."))])
    time_zone = StringField(
        _l("Time zone"),
        description=_l("An IANA time zone, such as Asia/Shanghai. All times are shown in this time zone."),
        validators=[DataRequired(_l("Enter a time zone."))],
        render_kw={"dir": "ltr", "list": "time-zones", "autocomplete": "off"},
    )
    languages = check_boxes(
        _l("Languages"),
        _l("The languages in which you provide texts for this expo."),
        choices=as_choices((each.code, each.name) for each in LANGUAGES),
    )
    currency = StringField(
        _l("Currency"),
        description=_l("A three-letter code, such as CNY. Existing orders keep their currency."),
        validators=[DataRequired(_l("Enter a three-letter currency code, such as CNY.")), Length(3, 3)],
        filters=[lambda text: text.strip().upper() if text else text],
        render_kw={"dir": "ltr", "maxlength": 3},
    )
    contact_email = EmailField(
        _l("Contact e-mail address"),
        description=_l("For questions from visitors. Shown in e-mails and on public pages."),
        validators=[Length(max=320)],
        render_kw={"dir": "ltr"},
    )
    accent_color = StringField(
        _l("Accent colour"),
        description=_l(
            "A # followed by six hexadecimal digits. It is darkened or lightened automatically so that text "
            "stays readable."
        ),
        validators=[Length(max=7)],
        filters=[lambda text: text.strip() or None if text else None],
        render_kw={"dir": "ltr", "placeholder": "#0f766e", "maxlength": 7},
    )

    @classmethod
    def of(cls, edition: EditionFacts) -> "EditionForm":
        """Return the form filled in with the edition, or with what was just submitted."""
        return cls(obj=edition)

    def to_change(self, before: EditionFacts) -> EditionChange:
        """Return the submitted details as a command."""
        languages = tuple(each.code for each in LANGUAGES if each.code in (self.languages.data or ()))
        every = tuple(each.code for each in LANGUAGES)
        return EditionChange(
            title=texts_of(self.title, every, before.title),
            tagline=texts_of(self.tagline, every, before.tagline),
            venue=texts_of(self.venue, every, before.venue),
            city=texts_of(self.city, every, before.city),
            starts_on=self.starts_on.data or before.starts_on,
            ends_on=self.ends_on.data or before.ends_on,
            time_zone=(self.time_zone.data or "").strip(),
            languages=languages,
            currency=self.currency.data or "",
            contact_email=(self.contact_email.data or "").strip(),
            accent_color=self.accent_color.data,
        )
