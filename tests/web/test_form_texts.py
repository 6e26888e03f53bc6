"""What forms say about a field in general: in our words, in the language of the page."""

from typing import Any, ClassVar

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, EmailField, FormField, IntegerField, SelectField, StringField, URLField
from wtforms.validators import Email, InputRequired, Length, NumberRange

from expo.web.kit.choices import as_choices
from expo.web.kit.form_texts import FormTexts
from expo.web.kit.text_fields import ShortTexts, texts_of

TYPED = {"code": "long", "seats": "10", "tables": "two", "price": "free", "kind": "b", "start": "x", "end": "@"}
SAID = {
    "en": [
        "Fill in this field.",
        "Enter at most 3 characters.",
        "Enter a number from 1 to 9.",
        "Enter a whole number.",
        "Enter a number.",
        "Choose one of the options.",
        "Enter 2 to 4 characters.",
        "Enter an e-mail address.",
    ],
    "zh_Hans_CN": [
        "请填写此项。",
        "最多填写 3 个字符。",
        "请输入 1 至 9 之间的数字。",
        "请输入整数。",
        "请输入数字。",
        "请选择其中一项。",
        "请填写 2 至 4 个字符。",
        "请填写邮箱。",
    ],
}


class _Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf: ClassVar[Any] = False

    name = StringField(validators=[InputRequired()])
    code = StringField(validators=[Length(max=3)])
    seats = IntegerField(validators=[NumberRange(1, 9)])
    tables = IntegerField()
    price = DecimalField()
    kind = SelectField(choices=as_choices([("a", "A")]))
    start = URLField(validators=[Length(2, 4)])
    end = EmailField(validators=[Email(check_deliverability=False)])


@pytest.mark.parametrize("locale", sorted(SAID))
def test_field_when_refused_then_says_what_to_enter(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        app.preprocess_request()
        form = _Form(MultiDict(TYPED))
        form.validate()
        said = [str(each.errors[0]) for each in form]

    assert said == SAID[locale]


def test_text_when_there_is_none_of_ours_then_that_of_wtforms_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert FormTexts().ugettext("Invalid UUID.") == "无效的 UUID。"


@pytest.mark.parametrize(
    ("before", "typed", "stored"),
    [
        ({"en": "Hall", "fr": "Halle"}, {"en": "Foyer"}, {"en": "Foyer", "fr": "Halle"}),
        ({"en": "Hall", "fr": "Halle"}, {"en": " "}, {}),
        ({"fr": "Halle"}, {}, {"fr": "Halle"}),
        ({"fr": "Halle"}, {"zh": "展馆"}, {"fr": "Halle", "zh": "展馆"}),
    ],
)
def test_text_when_emptied_in_every_language_of_the_form_then_is_deleted_in_the_others_too(
    app: Flask, before: dict[str, str], typed: dict[str, str], stored: dict[str, str]
) -> None:
    class Form(_Form):
        title = FormField(ShortTexts)

    with app.test_request_context():
        form = Form(MultiDict({f"title-{code}": text for code, text in typed.items()}))

        assert texts_of(form.title, ("en", "zh"), before) == stored
