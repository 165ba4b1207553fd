"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import actions, demo, entities, links, pages, panels, public, rules, timeline

ALL: tuple[Contribution, ...] = (
    *entities.ALL,
    *rules.ALL,
    *actions.ALL,
    *panels.ALL,
    *timeline.ALL,
    *links.ALL,
)

BLUEPRINTS: tuple[Any, ...] = (pages.pages, public.pages)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
