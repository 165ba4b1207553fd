"""The dictionary of metrics: what every figure means, in one place for pages, reports and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.kernel.guard import Failure, Surface, run
from app.kernel.metrics import Metric


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a metric is now: None where there is none; `more` when it is more than that."""

    value: int | float | Decimal | None
    more: bool = False


def every(ctx: Context) -> Sequence[Metric]:
    """Return the metrics that exist for the principal, by owner and in the order of their declaration."""
    return [metric for metric in ctx.schema.all(Metric) if _exists(ctx, metric)]


def find(ctx: Context, key: str) -> Metric:
    """Return a metric by its key, "contact_no_email". Raises NotVisible."""
    for metric in ctx.schema.all(Metric):
        if metric.key == key and _exists(ctx, metric):
            return metric
    raise NotVisible(_("There is no such figure."))


def figure(ctx: Context, metric: Metric) -> Figure:
    """Return what a metric is now for the principal; none when its owner cannot say."""
    if metric.value is None:
        return Figure(value=None)
    found: Any = run(
        metric.value,
        ctx,
        owner=metric.owner,
        surface=Surface.REPORT,
        item=metric.key,
        session=ctx.session,
    )
    if isinstance(found, Failure | bool) or not isinstance(found, int | float | Decimal):
        return Figure(value=None)
    if metric.cap is not None and found > metric.cap:
        return Figure(value=metric.cap, more=True)
    return Figure(value=found)


def _exists(ctx: Context, metric: Metric) -> bool:
    if metric.about is not None and not (ctx.schema.has(metric.about) and ctx.may(f"{metric.about}.view")):
        return False
    return metric.permission is None or ctx.may(metric.permission)
