"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import blueprint, changes_view, events, jobs, links, reports_view, views

PAGES = (views, changes_view)
"""The modules whose pages are in the blueprint."""

ALL: tuple[Contribution, ...] = (*links.LINKS, *links.PERMISSIONS, *jobs.ALL, *events.ALL)

BLUEPRINTS: tuple[Any, ...] = (blueprint.forecast, reports_view.reports)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = ()
