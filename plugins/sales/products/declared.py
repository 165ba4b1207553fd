"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import demo, entities, line_pages, links, pages, panels, rules

ALL: tuple[Contribution, ...] = (*entities.ALL, *rules.ALL, *panels.ALL, *links.ALL)

BLUEPRINTS: tuple[Any, ...] = (pages.products, pages.price_lists, pages.taxes, line_pages.pages)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
