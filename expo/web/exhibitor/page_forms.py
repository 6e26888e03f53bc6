"""Forms of the exhibitor's pages: the company page, products, and messages."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CategoryName, CompanyPage, ProductRow
from expo.exhibitors.rules import MAX_DESCRIPTION_LENGTH, MAX_MESSAGE_LENGTH, PageRequest, ProductRequest
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.language import lazy_pgettext, localized
from expo.web.kit.subforms import PartOfForm
from expo.web.kit.text_fields import LongTexts, ShortTexts, texts_of


def _long_text(label: Any, lang: str, direction: str) -> TextAreaField:
    """Return the field of a description in one language."""
    length = Length(max=MAX_DESCRIPTION_LENGTH)
    return TextAreaField(label, validators=[length], render_kw={"lang": lang, "dir": direction, "rows": 7})


class DescriptionTexts(PartOfForm):
    """The description of a company in each language of the interface."""

    en = _long_text(_l("English"), "en", "ltr")
    zh = _long_text(_l("Chinese"), "zh-Hans", "ltr")
    ar = _long_text(_l("Arabic"), "ar", "rtl")


class PageForm(FlaskForm):  # type: ignore[misc]
    """The texts and links of a company page; topics are chips, which the page shows itself."""

    tagline = FormField(
        ShortTexts,
        label=_l("Tagline"),
        description=_l("One sentence that says what you do. One language is enough; others help more people."),
    )
    description = FormField(
        DescriptionTexts,
        label=_l("Description"),
        description=_l("Who you are and what you show at the expo. You can use Markdown, such as **bold** or lists."),
    )
    website = StringField(
        _l("Website"), validators=[Length(max=500)], render_kw={"inputmode": "url", "dir": "ltr", "autocomplete": "url"}
    )
    links = TextAreaField(
        _l("Social media and other links"),
        description=_l("One web address per line."),
        validators=[Length(max=5000)],
        render_kw={"rows": 3, "dir": "ltr"},
    )
    videos = TextAreaField(
        _l("Videos"),
        description=_l("One web address per line, such as on Bilibili, Youku, Tencent Video, YouTube or Vimeo."),
        validators=[Length(max=5000)],
        render_kw={"rows": 3, "dir": "ltr"},
    )
    categories = check_boxes(_l("Categories"), validate_choice=False)

    @classmethod
    def of(cls, page: CompanyPage, categories: list[CategoryName]) -> "PageForm":
        """Return the form filled in with a page, or with what was just submitted."""
        form = cls(
            data={
                "tagline": page.tagline,
                "description": page.company.description,
                "website": page.company.website,
                "links": "\n".join(page.links),
                "videos": "\n".join(page.videos),
                "categories": [each.slug for each in page.company.categories],
            }
        )
        form.categories.choices = as_choices([(each.slug, localized(each.name)) for each in categories])
        return form

    def to_request(self, edition: EditionFacts, page: CompanyPage, offers: list[str], seeks: list[str]) -> PageRequest:
        """Return the submitted values with the chosen topics."""
        return PageRequest(
            tagline=texts_of(self.tagline, edition.languages, dict(page.tagline)),
            description=texts_of(self.description, edition.languages, page.company.description),
            website=self.website.data or "",
            links=tuple((self.links.data or "").splitlines()),
            videos=tuple((self.videos.data or "").splitlines()),
            categories=tuple(self.categories.data or ()),
            offers=tuple(offers),
            seeks=tuple(seeks),
        )


class ProductForm(FlaskForm):  # type: ignore[misc]
    """A product."""

    name = FormField(ShortTexts, label=lazy_pgettext("object", "Name"))
    text = FormField(LongTexts, label=_l("Description"), description=_l("You can use Markdown."))
    category = SelectField(_l("Category"), validate_choice=False)
    link = StringField(
        _l("Link"),
        description=_l("A page about this product."),
        validators=[Length(max=500)],
        render_kw={"inputmode": "url", "dir": "ltr"},
    )

    @classmethod
    def of(cls, product: ProductRow | None, categories: list[CategoryName]) -> "ProductForm":
        """Return the form filled in with a product, or with what was just submitted."""
        data = (
            {
                "name": product.name,
                "text": product.text,
                "link": product.link,
                "category": product.category.slug if product.category else "",
            }
            if product
            else {}
        )
        form = cls(data=data)
        form.category.choices = as_choices([("", "–"), *((each.slug, localized(each.name)) for each in categories)])
        return form

    def to_request(self, edition: EditionFacts, product: ProductRow | None) -> ProductRequest:
        """Return the submitted values as a service request."""
        return ProductRequest(
            name=texts_of(self.name, edition.languages, dict(product.name) if product else None),
            text=texts_of(self.text, edition.languages, dict(product.text) if product else None),
            link=self.link.data or "",
            category=self.category.data or "",
        )


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message to the organizers."""

    text = TextAreaField(
        _l("Your message"),
        validators=[DataRequired(_l("Enter a message.")), Length(max=MAX_MESSAGE_LENGTH)],
        render_kw={"rows": 5, "dir": "auto"},
    )
