"""Fields for texts in several languages and for moments in the edition's zone."""

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
    """Return what was typed, by language; texts in languages that the form did not ask for stay as they were."""
    kept = {code: text for code, text in (before or {}).items() if code not in languages}
    typed = {code: (field.form[code].data or "").strip() for code in languages if code in field.form}
    return kept | {code: text for code, text in typed.items() if text}


def moment_field(label: Any, description: Any = "") -> DateTimeLocalField:
    """Return an optional field for a moment, typed in the edition's zone."""
    return DateTimeLocalField(label, description=description, format=MINUTES, validators=[Optional()])


def in_zone(typed: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return the moment meant by what was typed in a zone."""
    return typed.replace(tzinfo=zone) if typed else None


def as_typed(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return a moment as it is typed in a zone."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None
