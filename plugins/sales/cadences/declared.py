"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution, Link, _l

from . import actions, demo, entities, events, panels, views
from .choices import CADENCE

LINKS = (
    Link(
        name="cadences",
        label=_l("Cadences"),
        place="nav",
        endpoint="lists.index",
        values={"entity": CADENCE},
        icon="route",
        section=_l("Sales"),
        order=35,
        permission=f"{CADENCE}.view",
    ),
    Link(
        name="new_cadence",
        label=_l("New cadence"),
        place="sales.cadence.list",
        endpoint="sales_cadences.new",
        icon="plus",
        permission=f"{CADENCE}.create",
    ),
)

ALL: tuple[Contribution, ...] = (*entities.ALL, *actions.ALL, *panels.ALL, *events.ALL, *LINKS)

BLUEPRINTS: tuple[Any, ...] = (views.pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
