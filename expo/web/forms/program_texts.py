"""Titles and texts of the programme in each language; longer than elsewhere, because imported ones are."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from expo.web.kit.subforms import PartOfForm

MAX_TITLE_LENGTH = 500
MAX_TEXT_LENGTH = 30_000


def _title(label: Any, tag: str, direction: str = "ltr") -> StringField:
    return StringField(label, validators=[Length(max=MAX_TITLE_LENGTH)], render_kw={"lang": tag, "dir": direction})


def _article(label: Any, tag: str, direction: str = "ltr") -> TextAreaField:
    look = {"lang": tag, "dir": direction, "rows": 5}
    return TextAreaField(label, validators=[Length(max=MAX_TEXT_LENGTH)], render_kw=look)


class TitleTexts(PartOfForm):
    """A title in each language of the interface."""

    en = _title(_l("English"), "en")
    zh = _title(_l("Chinese"), "zh-Hans")
    ar = _title(_l("Arabic"), "ar", "rtl")


class ArticleTexts(PartOfForm):
    """A text of several paragraphs in each language of the interface."""

    en = _article(_l("English"), "en")
    zh = _article(_l("Chinese"), "zh-Hans")
    ar = _article(_l("Arabic"), "ar", "rtl")
