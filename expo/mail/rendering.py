"""Rendering of e-mails: subject, plain text and HTML, in the recipient's language."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_time, get_timezone_name
from babel.numbers import format_currency
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from expo.infra.addresses import public_url
from expo.infra.config import ROOT
from expo.infra.languages import languages_offered
from expo.infra.signing import sign_text
from expo.pure.languages import BY_CODE, DEFAULT_LANGUAGE, locale_of, localized

TEMPLATES = ROOT / "templates"
TRANSLATIONS = ROOT / "expo" / "translations"
# Mail programs show no more than this.
PREVIEW_LENGTH = 140


@dataclass(frozen=True)
class RenderedEmail:
    """A rendered e-mail."""

    subject: str
    text: str
    html: str


def render_email(
    message: str, language: str, details: Mapping[str, Any], links: Mapping[str, Any], *, with_links: bool
) -> RenderedEmail:
    """Return an e-mail's subject, text and HTML. Links are signed now, so that they expire relative to sending.

    Without links it is safe to show to people other than the recipient: each link is replaced by a note.
    """
    language = _offered_language(language)
    environment = _environment(language)
    # The frame names the expo and its address; an e-mail without an edition has neither.
    values: dict[str, Any] = {"edition_title": {}, "contact_email": "", **details}
    values["has_links"] = with_links
    for name, (path, purpose, payload) in links.items():
        link = public_url(path + sign_text(purpose, payload), language) if with_links else _link_removed(language)
        values[name] = link
    values["home_link"] = public_url("/", language)
    plain = environment.get_template(f"mail/{message}.txt")
    values["subject"] = " ".join("".join(plain.blocks["subject"](plain.new_context(values))).split())
    text = _collapse_empty_lines(plain.render(values))
    values["preview"] = _preview(text)
    return RenderedEmail(
        subject=values["subject"],
        text=text,
        html=environment.get_template(f"mail/{message}.html").render(values),
    )


def _offered_language(language: str) -> str:
    return language if language in languages_offered() else DEFAULT_LANGUAGE.code


def _link_removed(language: str) -> str:
    gettext = _translations(language).gettext
    return gettext("[link hidden: only the recipient’s e-mail contains it]")


def _collapse_empty_lines(text: str) -> str:
    """Return the text with at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _preview(text: str) -> str:
    """Return the beginning of an e-mail after its greeting, without links; mail programs show it beside the subject."""
    paragraphs = [each for each in text.split("\n\n")[1:] if "://" not in each]
    return " ".join(" ".join(paragraphs).split())[:PREVIEW_LENGTH]


def render_subject(message: str, language: str, details: Mapping[str, Any]) -> str:
    """Return only an e-mail's subject, for lists; it contains no links."""
    plain = _environment(_offered_language(language)).get_template(f"mail/{message}.txt")
    values: dict[str, Any] = {"edition_title": {}, "contact_email": "", **details}
    return " ".join("".join(plain.blocks["subject"](plain.new_context(values))).split())


@functools.cache
def _environment(language: str) -> Environment:
    """Return the templates of one language, compiled once per process."""
    locale = locale_of(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        localized=functools.partial(localized, code=language),
        day=functools.partial(_day, locale=locale),
        days=functools.partial(_days, locale=locale),
        moment=functools.partial(_moment, locale=locale, translations=_translations(language)),
        money=functools.partial(_money, locale=locale),
    )
    # Chinese has no space between sentences.
    environment.globals.update(sentence_sep="" if locale.language in ("zh", "ja") else " ")
    environment.globals.update(language=language, language_tag=BY_CODE[language].tag, direction=locale.text_direction)
    return environment


@functools.cache
def _translations(language: str) -> NullTranslations:
    return Translations.load(str(TRANSLATIONS), [BY_CODE[language].locale])


def _day(iso: str, locale: Locale) -> str:
    return format_date(date.fromisoformat(iso), "full", locale=locale)


def _days(first_and_last: tuple[str, str], locale: Locale) -> str:
    first, last = (date.fromisoformat(each) for each in first_and_last)
    if first == last:
        return format_date(first, "full", locale=locale)
    return format_interval(first, last, "yMMMEd", locale=locale)


def _moment(iso: str, time_zone: str, locale: Locale, translations: NullTranslations) -> str:
    """Format a moment with its weekday and the name of its time zone: "Sunday, 28 March 2027, 9:00 China Time"."""
    here = datetime.fromisoformat(iso).astimezone(ZoneInfo(time_zone))
    day, clock = format_date(here, "full", locale=locale), format_time(here, "short", locale=locale)
    moment = str(locale.datetime_formats["full"]).replace("{0}", clock).replace("{1}", day).replace("'", "")
    zone = get_timezone_name(ZoneInfo(time_zone), "long", locale=locale)
    return translations.gettext("%(moment)s %(zone)s") % {"moment": moment, "zone": zone}


def _money(cents: int, currency: str, locale: Locale) -> str:
    return format_currency(cents / 100, currency, locale=locale)
