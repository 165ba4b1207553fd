"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import (
    actions,
    admin_pages,
    board_pages,
    calendar_pages,
    deal_pages,
    demo,
    entities,
    events,
    links,
    panels,
    permissions,
    product_field,
    record_fields,
    timeline,
    views,
)
from .blueprint import pages

ALL: tuple[Contribution, ...] = (
    *entities.ALL,
    *record_fields.ALL,
    *product_field.ALL,
    *permissions.ALL,
    *events.ALL,
    *actions.ALL,
    *panels.ALL,
    *links.ALL,
    *views.ALL,
    *timeline.ALL,
)

PAGES = (admin_pages, board_pages, calendar_pages, deal_pages)

BLUEPRINTS: tuple[Any, ...] = (pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
