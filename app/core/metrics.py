"""The figures that the core brings: what is missing or out of date among people and companies."""

from __future__ import annotations

from functools import partial

from app.kernel.context import Context
from app.kernel.metrics import Metric
from app.services import hygiene


def _count(check: hygiene.Check, ctx: Context) -> int | None:
    return hygiene.count(ctx, check) if check in hygiene.offered(ctx) else None


ALL = tuple(
    Metric(
        name=check.metric,
        label=check.label,
        definition=check.definition,
        value=partial(_count, check),
        cap=hygiene.CAP,
        about=check.entity,
    )
    for check in hygiene.CHECKS
)
