"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import (
    actions,
    demo,
    entities,
    events,
    form_views,
    listed,
    panels,
    permissions,
    privacy,
    public,
    rule_views,
    services,
    timeline,
    views,
)

ALL: tuple[Contribution, ...] = (
    *entities.ALL,
    *actions.ALL,
    *panels.ALL,
    *listed.LINKS,
    *listed.VIEWS,
    *listed.JOBS,
    *timeline.ALL,
    *permissions.ALL,
    *events.ALL,
    *privacy.ALL,
    *services.ALL,
)

BLUEPRINTS: tuple[Any, ...] = (views.pages, form_views.pages, rule_views.pages, public.pages)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
