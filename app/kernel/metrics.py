"""Figures that mean the same wherever they stand, declared like everything else: the dictionary of metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.kernel.context import Context
from app.kernel.contributions import Contribution, Text


@dataclass(frozen=True, kw_only=True)
class Metric(Contribution):
    """A figure with its one definition, which stands by the "?" beside the number, on /metrics and in the API.

    `definition` says in a sentence what is counted and what is not. `unit` is "count", "money", "percent" or "days".
    `value(ctx)` is the figure now for whoever asks, from what exists for him; None is no figure. One that is counted up
    to `cap` says "more than" above it. Without `value` it is a word that several pages share. `about` names an entity
    that one must be allowed to see.
    """

    definition: Text
    unit: str = "count"
    value: Callable[[Context], Any] | None = None
    cap: int | None = None
    about: str | None = None
    permission: str | None = None
