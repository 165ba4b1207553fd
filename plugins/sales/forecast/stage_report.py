"""The report on stages: from which to which deals go on, how long they stand, parted by person, source or month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from app.sdk import Context, _

from . import dimensions, stage_log
from .asked import Asked
from .dimensions import Dimension
from .stage_log import Place
from .tables import Column, Row, Table


def tables(ctx: Context, asked: Asked, by: str) -> list[Table]:
    """Return the funnel of the deals that were opened in the period, and the same parted."""
    pipeline = stage_log.pipeline_of(ctx, asked)
    if pipeline is None:
        return []
    places, where = stage_log.way(ctx, pipeline), stage_log.cohort(asked, pipeline)
    whole = stage_log.reached(ctx, places, where).get(None, [0] * len(places))
    part = dimensions.of(by)
    return [
        _funnel(ctx, asked, places, whole, where),
        _parted(ctx, asked, places, part, stage_log.reached(ctx, places, where, part)),
    ]


def _funnel(ctx: Context, asked: Asked, places: Sequence[Place], counts: Sequence[int], where: Any) -> Table:
    stays = stage_log.stays(ctx, where)
    rows = []
    for place, count in zip(places, counts, strict=True):
        before = counts[place.rank - 2] if place.rank > 1 else None
        stay = stays.get(place.id)
        address = _behind(asked, "reached", stage=place.id)
        left = _behind(asked, "left", stage=place.id)
        rows.append(
            Row(
                label=place.name,
                values={
                    "count": count,
                    "from": _share(count, before),
                    "won": _share(counts[-1], count) if not place.won else None,
                    "left": stay.left if stay else None,
                    "days": Decimal(stay.days) / stay.left if stay else None,
                },
                urls={"count": address, "from": address, "left": left, "days": left},
            )
        )
    return Table(
        id="funnel",
        title=_("How far deals get"),
        said=_(
            "Deals in “%(pipeline)s” that were opened in the period, by the furthest stage each ever reached.",
            pipeline=stage_log.pipeline_name(ctx, places),
        ),
        first=_("Stage"),
        columns=[
            Column(key="count", label=_("Reached it"), kind="count"),
            Column(key="from", label=_("From the stage before"), kind="percent"),
            Column(key="won", label=_("Of these won"), kind="percent"),
            Column(key="left", label=_("Left it"), kind="count"),
            Column(key="days", label=_("Days in it"), kind="decimal"),
        ],
        rows=rows,
        bar="count",
    )


def _parted(
    ctx: Context, asked: Asked, places: Sequence[Place], by: Dimension, found: Mapping[Any, Sequence[int]]
) -> Table:
    words = by.words(ctx, found)
    columns = [Column(key=f"s{p.id}", label=p.name, kind="count") for p in places]
    rows = []
    for value in sorted(found, key=lambda v: (v is None, words[v].casefold())):
        counts = found[value]
        urls = {
            f"s{p.id}": _behind(asked, "reached", stage=p.id, by=by.way, part=_part(value)) for p in places
        }
        values: dict[str, Any] = {f"s{p.id}": n for p, n in zip(places, counts, strict=True)}
        values["rate"] = _share(counts[-1], counts[0]) if counts else None
        rows.append(Row(label=words[value], values=values, urls=urls))
    return Table(
        id="parted",
        title={
            "owner": _("By person"),
            "source": _("By source"),
            "month": _("By the month in which they were opened"),
        }[by.way],
        first=dict(dimensions.choices())[by.way],
        columns=[*columns, Column(key="rate", label=_("Won of all"), kind="percent")],
        rows=rows,
    )


def _part(value: Any) -> str:
    return dimensions.NONE if value in (None, "") else str(value)


def _share(count: int, of: int | None) -> Decimal | None:
    return Decimal(count * 100) / of if of else None


def _behind(asked: Asked, what: str, **more: Any) -> str:
    return url_for("sales_reports.behind", what=what, **asked.args(**more))
