"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution, Permission, _l

PERMISSIONS = (Permission(name="sales.quota.manage", label=_l("Set quotas"), roles=("manager",)),)

ALL: tuple[Contribution, ...] = PERMISSIONS

BLUEPRINTS: tuple[Any, ...] = ()

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = ()
