"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution

from . import (
    blueprint,
    demo,
    documents,
    entities,
    guarding,
    links,
    office,
    org_pages,
    pages,
    privacy,
    private_pages,
    rules,
)

PAGES = (pages, private_pages, documents, org_pages, office)
"""The modules whose pages are in the blueprint."""

ALL: tuple[Contribution, ...] = (*entities.ALL, *rules.ALL, *guarding.ALL, *links.ALL, *privacy.ALL)

BLUEPRINTS: tuple[Any, ...] = (blueprint.pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
