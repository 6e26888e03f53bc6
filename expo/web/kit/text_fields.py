"""Fields for texts in several languages and for date-times in the edition's zone."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, FormField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from expo.web.kit.subforms import PartOfForm

MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
MAX_LENGTH = 200
MAX_LONG_LENGTH = 4000


class ShortTexts(PartOfForm):
    """A short text in each language of the interface."""

    en = StringField(_l("English"), validators=[Length(max=MAX_LENGTH)], render_kw={"lang": "en", "dir": "ltr"})
    zh = StringField(_l("Chinese"), validators=[Length(max=MAX_LENGTH)], render_kw={"lang": "zh-Hans", "dir": "ltr"})
    ar = StringField(_l("Arabic"), validators=[Length(max=MAX_LENGTH)], render_kw={"lang": "ar", "dir": "rtl"})


class LongTexts(PartOfForm):
    """A longer text in each language of the interface."""

    en = TextAreaField(_l("English"), validators=[Length(max=MAX_LONG_LENGTH)], render_kw={"lang": "en", "dir": "ltr"})
    zh = TextAreaField(
        _l("Chinese"), validators=[Length(max=MAX_LONG_LENGTH)], render_kw={"lang": "zh-Hans", "dir": "ltr"}
    )
    ar = TextAreaField(_l("Arabic"), validators=[Length(max=MAX_LONG_LENGTH)], render_kw={"lang": "ar", "dir": "rtl"})


def texts_of(
    field: "FormField[Any]", languages: tuple[str, ...], before: dict[str, str] | None = None
) -> dict[str, str]:
    """Return the submitted texts by language; languages that the form does not offer keep their text.

    Emptying a text in every language of the form deletes it: otherwise visitors would see it in another language.
    """
    former = {code: text for code, text in (before or {}).items() if text}
    typed = {code: text for code in languages if code in field.form and (text := (field.form[code].data or "").strip())}
    if not typed and not former.keys().isdisjoint(languages):
        return {}
    return {code: text for code, text in former.items() if code not in languages} | typed


def moment_field(label: Any, description: Any = "") -> DateTimeLocalField:
    """Return an optional date-time field, entered in the edition's zone."""
    return DateTimeLocalField(label, description=description, format=MINUTES, validators=[Optional()])


def from_local(typed: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return the moment that a local date-time denotes in a zone."""
    return typed.replace(tzinfo=zone) if typed else None


def to_local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return a moment as a local date-time in a zone."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def split_words(text: str | None) -> tuple[str, ...]:
    """Return words separated by commas, as typed in any script."""
    return tuple(word for each in re.split("[,،，、;；]", text or "") if (word := each.strip()))
