"""The visitor's language: pinned by the path (`/zh/program`), else chosen earlier, else preferred by the browser.

The prefix is moved from the path to SCRIPT_NAME before routing, so that routes need not know about languages and
every link made by `url_for` stays in the pinned language.
"""

from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from babel import Locale
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale, pgettext
from flask_babel.speaklater import LazyString

from expo.infra.languages import languages_offered
from expo.pure.languages import BY_CODE, DEFAULT_LANGUAGE, Language
from expo.web.kit.isolation import init_isolation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENVIRON_KEY = "expo.language"


class LanguagePrefix:
    """WSGI middleware: moves a leading `/<language>` from the path to SCRIPT_NAME.

    A known language that is not offered redirects to the same page in the default language.
    """

    def __init__(self, app: "WSGIApplication", offered: Collection[str]) -> None:
        self._app = app
        self._offered = offered

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Handle the request without its language prefix."""
        path = environ.get("PATH_INFO", "")
        code, slash, rest = path.lstrip("/").partition("/")
        if path.startswith("/") and code in BY_CODE and code not in self._offered:
            return _redirect_to_default(environ, start_response, rest)
        if path.startswith("/") and code in self._offered:
            environ[ENVIRON_KEY] = code
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{code}"
            environ["PATH_INFO"] = f"/{rest}" if slash else "/"
        return self._app(environ, start_response)


def _redirect_to_default(environ: "WSGIEnvironment", start_response: "StartResponse", rest: str) -> Iterable[bytes]:
    query = environ.get("QUERY_STRING", "")
    path = quote(f"{environ.get('SCRIPT_NAME', '')}/{DEFAULT_LANGUAGE.code}/{rest}".encode("latin-1"))
    status = HTTPStatus.FOUND if environ["REQUEST_METHOD"] in ("GET", "HEAD") else HTTPStatus.TEMPORARY_REDIRECT
    location = path + (f"?{query}" if query else "")
    start_response(f"{status.value} {status.phrase}", [("Location", location), ("Content-Length", "0")])
    return []


def offered_languages() -> list[Language]:
    """Return the languages that visitors can choose."""
    return [BY_CODE[code] for code in languages_offered()]


def current_language() -> Language:
    """Return the language of this request."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if "language" not in g:
        g.language = _choose_language()
    language: Language = g.language
    return language


def _choose_language() -> Language:
    offered = languages_offered()
    for code in (request.environ.get(ENVIRON_KEY), session.get("language")):
        if code in offered:
            return BY_CODE[code]
    return preferred_language(request.accept_languages.values(), offered)


def preferred_language(tags: Iterable[str], offered: Collection[str]) -> Language:
    """Return the first offered language matching a list of BCP 47 tags; any Chinese matches ours."""
    for tag in tags:
        code = tag.replace("_", "-").split("-")[0].lower()
        if code in offered:
            return BY_CODE[code]
    return DEFAULT_LANGUAGE


def path_in_language(code: str) -> str:
    """Return this page's path with its query, pinned to the given language."""
    root = request.environ.get("SCRIPT_NAME", "")
    pinned = request.environ.get(ENVIRON_KEY)
    if pinned:
        root = root.removesuffix(f"/{pinned}")
    query = request.query_string.decode("ascii", "ignore")
    return f"{root}/{code}{request.environ.get('PATH_INFO', '/')}" + (f"?{query}" if query else "")


def text_direction() -> str:
    """Return `rtl` or `ltr` for the language of this request."""
    return Locale.parse(current_language().locale).text_direction


def localized(texts: dict[str, str] | None, code: str | None = None) -> str:
    """Return the text in the given language (default: the request's), else in English, else in any language."""
    if not texts:
        return ""
    code = code or current_language().code
    return texts.get(code) or texts.get("en") or next(iter(texts.values()))


def own_language_first(codes: Iterable[str]) -> list[str]:
    """Return languages with the request's own first, for forms that ask for a text in each."""
    return sorted(codes, key=lambda code: code != current_language().code)


def init_languages(app: Flask) -> None:
    """Set up the language of each request."""
    babel = Babel(
        app,
        default_locale="en",
        default_translation_directories=app.config["TRANSLATIONS"],
        locale_selector=lambda: current_language().locale,
        timezone_selector=lambda: g.edition.time_zone if g.get("edition") else "UTC",
    )
    init_isolation(app, babel)
    app.wsgi_app = LanguagePrefix(app.wsgi_app, languages_offered(app.config["SETTINGS"]))  # type: ignore[method-assign]


def current_locale() -> Locale:
    """Return Babel's locale for this request."""
    return get_locale() or Locale.parse(DEFAULT_LANGUAGE.locale)


def sentence_sep() -> str:
    """Return what separates two sentences: nothing in Chinese, whose full stop brings its own white space."""
    return "" if current_locale().language == "zh" else " "


def lazy_pgettext(context: str, text: str) -> LazyString:
    """Return a text in one of its meanings, translated when it is shown."""
    return LazyString(pgettext, context, text)
