"""Messages about fields that WTForms itself refuses: in our words, and in the languages of the expo."""

from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import lazy_gettext as _l
from wtforms.i18n import messages_path

from expo.web.kit.language import current_locale

_CHOOSE, _NUMBER = _l("Choose one of the options."), _l("Enter a number.")
# By WTForms' own text; it fills the placeholders itself.
_TEXTS = {
    "This field is required.": _l("Fill in this field."),
    "Invalid email address.": _l("Enter an e-mail address."),
    "Invalid URL.": _l("Enter a complete web address, such as https://example.org/slides."),
    "Not a valid integer value.": _l("Enter a whole number."),
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Number must be at least %(min)s.": _l("Enter a number of at least %(min)s."),
    "Number must be at most %(max)s.": _l("Enter a number of at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Enter a number from %(min)s to %(max)s."),
    "Not a valid date value.": _l("Enter a date, such as 2027-05-26."),
    "Not a valid datetime value.": _l("Enter a date and time."),
    "Not a valid time value.": _l("Enter a time, such as 10:30."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "Field must be at least %(min)d character long.": _l("Enter at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": _l("Enter at most %(max)d characters."),
    "Field must be exactly %(max)d character long.": _l("Enter exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Enter %(min)d to %(max)d characters."),
}


class FormTexts:
    """The translations that forms ask for: ours where there is one, else those of WTForms."""

    def ugettext(self, text: str) -> str:
        """Return what is said instead of a text of WTForms."""
        ours = _TEXTS.get(text)
        return self._theirs().ugettext(text) if ours is None else str(ours)

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        """Return what is said instead of a text of WTForms that depends on a number."""
        ours = _TEXTS.get(singular)
        return self._theirs().ungettext(singular, plural, number) if ours is None else str(ours)

    def _theirs(self) -> NullTranslations:
        return Translations.load(messages_path(), [current_locale()], domain="wtforms")


def init_form_texts(app: Flask) -> None:
    """Let all forms use them: Flask-WTF asks the request for its translations."""

    @app.before_request
    def set_form_texts() -> None:
        request.wtforms_translations = FormTexts()  # type: ignore[attr-defined]
