"""`create_app()`: the application factory, the only place where the parts are assembled."""

from datetime import timedelta

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import expo.schema
import expo.tasks  # noqa: F401 - registers the models and the job handlers
from expo.api import register_api
from expo.api.scan_path import init_scan_path
from expo.cli import register_commands
from expo.infra.cache import make_cache
from expo.infra.clock import utcnow
from expo.infra.config import ROOT, Settings
from expo.infra.db import db
from expo.infra.engine import Timeouts, engine_options, prepare_engine
from expo.infra.jobs import Queue
from expo.infra.limits import RateLimits
from expo.infra.logs import configure_logs
from expo.web import register_pages
from expo.web.kit.access import init_access
from expo.web.kit.errors import init_errors, message_of
from expo.web.kit.form_texts import init_form_texts
from expo.web.kit.formats import init_formats
from expo.web.kit.hub_mode import init_hub_mode
from expo.web.kit.input_guard import TrustedHosts, init_input_guard
from expo.web.kit.language import init_languages
from expo.web.kit.metrics import count_request, init_metrics
from expo.web.kit.page_cache import init_page_cache
from expo.web.kit.pages import init_pages, protective_headers
from expo.web.kit.public_pages import init_public_pages
from expo.web.kit.request_log import init_request_log
from expo.web.kit.uploads import init_upload_limits

MAX_UPLOAD_BYTES = 16 * 1024 * 1024

csrf = CSRFProtect()
migrate = Migrate()


class JsonProvider(DefaultJSONProvider):
    """JSON with unescaped Unicode and keys in insertion order."""

    ensure_ascii = False
    sort_keys = False


def create_app(settings: Settings | None = None) -> Flask:
    """Create the application from the given settings, or from the environment. Raises SettingsError."""
    settings = settings or Settings.from_env()
    settings.make_data_dir()
    settings = settings.with_secret_key()
    configure_logs(settings.log_level)
    app = Flask("expo", root_path=str(ROOT / "expo"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.json_provider_class = JsonProvider
    app.json = JsonProvider(app)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=settings.effective_database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            settings.effective_database_url,
            settings.web_threads,
            Timeouts(settings.lock_timeout, settings.statement_timeout, settings.idle_timeout),
        ),
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.effective_public_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        STARTED_AT=utcnow(),
        TRANSLATIONS=str(ROOT / "expo" / "translations"),
        EDITION_FREE_ENDPOINTS=frozenset({"operations.healthz", "operations.readyz", "operations.metrics"}),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["expo_cache"] = make_cache(settings.redis_url)
    app.extensions["expo_limits"] = RateLimits(settings.redis_url, enabled=settings.rate_limits)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    app.extensions["expo_queue"] = Queue(app, settings.data_dir, settings.redis_url)
    if settings.log_level == "DEBUG":
        init_request_log(app)  # first, so that it measures the others too
    init_metrics(app)
    init_page_cache(app)  # before the languages, whose middleware must wrap it
    init_languages(app)
    init_form_texts(app)
    init_access(app)
    init_hub_mode(app)
    init_input_guard(app)  # after access, because its error pages show the edition
    init_upload_limits(app)  # before the form tokens, whose check reads the form
    csrf.init_app(app)  # after access, because its error pages show the edition
    init_pages(app)
    init_public_pages(app)
    init_formats(app)
    init_errors(app)
    register_pages(app)
    for endpoint in ("public.choose_theme", "public_company_views.count"):
        csrf.exempt(app.view_functions[endpoint])  # it asks where the request comes from instead
    register_api(app, csrf, message_of)
    register_commands(app)
    _wrap_wsgi(app, settings)
    return app


def _wrap_wsgi(app: Flask, settings: Settings) -> None:
    """Serve static files without routing, and trust the configured number of proxies."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=3600 if settings.is_production else 0,
        autorefresh=not settings.is_production,
        immutable_file_test=lambda _path, _url: False,
        mimetypes={".wasm": "application/wasm", ".mjs": "text/javascript"},
    )
    init_scan_path(app, protective_headers, count_request)
    app.wsgi_app = TrustedHosts(app.wsgi_app, settings.hosts)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
