"""Kith: a self-hosted customer relationship management system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config


def create_app(**overrides: Any) -> Flask:
    """Build the application: the table of contents of the boot. `overrides` replace settings (tests).

    Raises ConfigError with a sentence when a setting is wrong.
    """
    from flask import Flask

    from app import config, database, paths
    from app.house import House

    settings = config.load(**overrides)
    app = Flask(__name__, template_folder=str(paths.TEMPLATES), static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings),
        MAX_CONTENT_LENGTH=(settings.upload_max_mb + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        TESTING=settings.env == "test",
        WTF_CSRF_ENABLED=False,
        BABEL_TRANSLATION_DIRECTORIES=str(paths.TEMPLATES.parent / "app" / "translations"),
    )
    app.extensions["kith"] = House(settings)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _extensions(app, settings)
    _host(app)
    _web(app)
    return app


def _extensions(app: Flask, settings: Config) -> None:
    from app import database
    from app.extensions import babel, db, htmx, login
    from app.services.language import locale, zone

    db.init_app(app)
    login.init_app(app)
    htmx.init_app(app)
    babel.init_app(app, locale_selector=locale, timezone_selector=zone)
    with app.app_context():
        database.prepare(db.engine, settings)


def _host(app: Flask) -> None:
    from app.core_plugin import Core
    from app.host.loading import boot
    from app.services.worker import Worker

    boot(app, Core)
    app.extensions["kith"].worker = Worker(app)


def _web(app: Flask) -> None:
    from app import web
    from app.web import security, sessions, statics, templating

    templating.init_app(app)
    statics.init_app(app)
    security.init_app(app)
    sessions.init_app(app)
    web.init_app(app)
