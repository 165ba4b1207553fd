"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution, Link, Permission, _l

from . import activity_view, blueprint, commission_view, demo, hints, quotas_view, splits_view

PAGES = (activity_view, quotas_view, commission_view, splits_view)
"""The modules whose pages are in the blueprint."""

PERMISSIONS = (
    Permission(name="sales.quota.manage", label=_l("Set quotas and activity goals"), roles=("manager",)),
    Permission(
        name="sales.commission.manage",
        label=_l("Manage plans of commission, splits and statements"),
        roles=("manager",),
    ),
)

LINKS = (
    Link(
        name="sales_goals",
        label=_l("Goals and commission"),
        place="nav",
        endpoint="sales_goals.index",
        icon="trophy",
        section=_l("Sales"),
        order=47,
        permission="sales.deal.view",
    ),
)

ALL: tuple[Contribution, ...] = (
    *PERMISSIONS,
    *LINKS,
    *activity_view.PANELS,
    *splits_view.PANELS,
    *hints.PANELS,
    *hints.JOBS,
)

BLUEPRINTS: tuple[Any, ...] = (blueprint.goals,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
