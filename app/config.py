"""Typed settings from config/default.toml, a file named by KITH_CONFIG, and KITH_* variables, in this order."""

from __future__ import annotations

import difflib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from app import paths

OUTSIDE = {"CONFIG", "INIT_NAME", "INIT_EMAIL", "INIT_PASSWORD"}
"""KITH_ variables that are no setting of the running program; KITH_TEST_* belong to the test suite."""

WEAK = {"", "dev", "secret", "changeme", "change-me", "please-change", "default"}


PATHS = ("data_dir", "plugin_dirs")
"""Settings that name folders; a relative one in a file is below that file's folder, or below the checkout."""

LEAST = {
    "port": 0,
    "threads": 1,
    "session_idle_hours": 1,
    "session_absolute_days": 1,
    "upload_max_mb": 1,
    "import_max_mb": 1,
    "trash_days": 0,
    "backup_keep": 1,
}
"""The smallest value of each number."""

ONE_OF = {
    "env": ("development", "demo", "production", "test"),
    "sqlite_synchronous": ("FULL", "NORMAL"),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    "log_format": ("text", "json"),
}
"""The values of settings that have only a few."""


STARTS = {
    "base_url": ("https://", "http://"),
    "database_url": ("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite://"),
    "smtp_url": ("smtp://", "smtps://"),
}
"""How addresses begin."""

ORIGIN = re.compile(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?")
"""An origin as browsers send it: small letters, no path."""


class ConfigError(Exception):
    """A setting is wrong; the message says which and what to write."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings; each is explained in config/default.toml."""

    env: str = "development"
    secret_key: str = ""
    secret_key_old: str = ""
    database_url: str = ""
    data_dir: str = "./var"
    base_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    worker: bool = True
    plugins: tuple[str, ...] = ()
    plugin_dirs: tuple[str, ...] = ()
    safe_mode: bool = False
    strict_plugins: bool = False
    trace_plugins: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    outgoing_allow: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    session_idle_hours: int = 12
    session_absolute_days: int = 7
    upload_max_mb: int = 25
    import_max_mb: int = 2047
    sqlite_synchronous: str = "FULL"
    trash_days: int = 30
    backup_at: str = "03:30"
    backup_keep: int = 7
    log_level: str = "INFO"
    log_format: str = "text"
    plugin_settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.data_dir).expanduser().resolve()

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy: SQLite in the data folder, or PostgreSQL through psycopg 3."""
        url = self.database_url
        if not url:
            return f"sqlite:///{self.data / 'kith.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url[len(prefix) :]
        return url

    @property
    def https(self) -> bool:
        """Whether people reach Kith by https; decides cookies and HSTS."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Config:
    """Read the settings. Raises ConfigError naming the key, its source and the right spelling."""
    environ = os.environ if environ is None else environ
    values = _located(_file(paths.CONFIG / "default.toml"), paths.HOME)
    if named := environ.get("KITH_CONFIG"):
        values |= _located(_file(Path(named)), Path(named).resolve().parent)
    values |= _environment(environ)
    values |= overrides
    for key in ("trusted_proxies", "plugins", "plugin_dirs", "outgoing_allow", "cors_origins"):
        values[key] = tuple(values.get(key) or ())
    values["log_level"] = str(values["log_level"]).upper()
    config = Config(**values)
    return _checked(config)


def _file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no settings file {path}. Correct KITH_CONFIG.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no valid TOML: {error}.") from None
    for key, value in values.items():
        known = _known(key, f"{path}: ")
        _typed(known, value, str(path))
    return values


def _located(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return settings whose folders do not depend on where the command is run."""
    for key in PATHS:
        if isinstance(named := values.get(key), str):
            values[key] = str(folder / Path(named).expanduser())
        elif named:
            values[key] = [str(folder / Path(one).expanduser()) for one in named]
    return values


def _environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    plugins: dict[str, dict[str, str]] = {}
    for name, text in environ.items():
        if not name.startswith("KITH_") or name.startswith("KITH_TEST_"):
            continue
        key = name[5:]
        if key in OUTSIDE:
            continue
        if "__" in key:
            owner, _, rest = key.partition("__")
            plugins.setdefault(owner.lower(), {})[rest.lower()] = text
            continue
        known = _known(key.lower(), "")
        values[known] = _parsed(known, text, name)
    for name in ("HOST", "PORT"):
        if name in environ and name.lower() not in values:
            values[name.lower()] = _parsed(name.lower(), environ[name], name)
    if plugins:
        values["plugin_settings"] = plugins
    return values


def _known(key: str, where: str) -> str:
    names = {f.name for f in fields(Config)} - {"plugin_settings"}
    if key in names:
        return key
    close = difflib.get_close_matches(key, names, n=1)
    label = f"KITH_{key.upper()}" if not where else key
    right = (f"KITH_{close[0].upper()}" if not where else close[0]) if close else ""
    hint = f" Did you mean {right}?" if right else " config/default.toml lists what there is."
    raise ConfigError(f"{where}{label} is no setting of Kith.{hint}")


def _default(key: str) -> Any:
    return next(f.default for f in fields(Config) if f.name == key)


def _typed(key: str, value: Any, where: str) -> None:
    default = _default(key)
    wanted = list if isinstance(default, tuple) else type(default)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ConfigError(f"{where}: {key} must be of type {wanted.__name__}, not {value!r}.")


def _parsed(key: str, text: str, name: str) -> Any:
    default = _default(key)
    if isinstance(default, bool):
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise ConfigError(f"{name} must be 1 or 0, not “{text}”.")
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{name} must be a whole number, not “{text}”.") from None
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _checked(config: Config) -> Config:
    for key, allowed in ONE_OF.items():
        if getattr(config, key) not in allowed:
            listed = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
            raise ConfigError(f"KITH_{key.upper()} must be {listed}, not “{getattr(config, key)}”.")
    for key, least in LEAST.items():
        if getattr(config, key) < least:
            raise ConfigError(f"KITH_{key.upper()} must be {least} or more, not {getattr(config, key)}.")
    if config.backup_at and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", config.backup_at):
        raise ConfigError(f"KITH_BACKUP_AT must be a time like 03:30, or empty, not “{config.backup_at}”.")
    for origin in config.cors_origins:
        if not ORIGIN.fullmatch(origin):
            raise ConfigError(
                f"KITH_CORS_ORIGINS must be origins like https://app.example.org, without a path or *, not “{origin}”."
            )
    for key, starts in STARTS.items():
        value = getattr(config, key)
        if value and not value.startswith(starts):  # the rest of it may hold a password
            raise ConfigError(f"KITH_{key.upper()} must start with {' or '.join(starts)}.")
    if config.env == "production" and (config.secret_key.lower() in WEAK or len(config.secret_key) < 32):
        raise ConfigError(
            "Kith does not start in production without a secret of its own. Set KITH_SECRET_KEY to 32 or more random "
            'characters: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return config


def secret_key(config: Config) -> str:
    """Return the signing key: the configured one, or one made at first start and kept with mode 0600."""
    if config.secret_key:
        return config.secret_key
    path = config.data / "secret_key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_urlsafe(48)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text("ascii").strip()
        with os.fdopen(handle, "w") as stream:
            stream.write(key)
        return key
