"""The one object that ties a running application together: `app.extensions["kith"]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app

from app.config import Config
from app.kernel.registry import Registry


@dataclass
class House:
    """Settings, declarations and the process's caches. `host` is the plugin host once it has booted."""

    config: Config
    registry: Registry = field(default_factory=Registry)
    host: Any = None
    schema_cache: tuple[tuple[int, ...], Any] | None = None
    settings_cache: tuple[int, dict[tuple[str, int], dict[str, Any]]] | None = None
    principal_cache: dict[int, tuple[tuple[int, ...], Any]] = field(default_factory=dict)
    views_cache: dict[int, tuple[int, Any]] = field(default_factory=dict)
    worker: Any = None


def house(app: Flask | None = None) -> House:
    """Return the house of an application, the current one by default."""
    return cast(House, (app or current_app).extensions["kith"])
