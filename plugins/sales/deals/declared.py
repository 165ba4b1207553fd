"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import entities, events, permissions

ALL: tuple[Contribution, ...] = (*entities.ALL, *permissions.ALL, *events.ALL)

BLUEPRINTS: tuple[Any, ...] = ()

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = ()
