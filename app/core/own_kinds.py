"""What every kind of record has that an administrator defines: moving it to the trash, and its place beside others.

These are declared on no entity: the schema makes one of each for every own kind (services/own_types_schema).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from app.i18n import _l, _n
from app.kernel.context import Context
from app.kernel.contributions import Action, Offer, Outcome, Panel
from app.services import own_beside, own_types, records
from app.services.own_types_schema import BESIDE, EACH


def _trash(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    count = records.trash(ctx, chosen[0].__entity__, [r.id for r in chosen]) if chosen else 0
    return Outcome(
        message=_n("%(num)s record moved to the trash", "%(num)s records moved to the trash", count),
        changed=count,
    )


def _restore(ctx: Context, ids: Sequence[int]) -> int:
    return records.restore(ctx, own_types.of_record(ctx, ids[0]), ids) if ids else 0


def _beside(ctx: Context, record: Any) -> str | None:
    """Show the records of own kinds that point at a record."""
    groups = [
        {
            "id": f"own-{group.kind.key}-{group.field.key}",
            "label": group.kind.plural,
            "field": group.field.label,
            "icon": group.kind.icon,
            "records": [(url_for(group.kind.url, record_id=i), name) for i, name in group.records],
            "more": url_for("lists.index", entity=group.kind.key, f=f"{group.field.key}:is:{record.id}")
            if group.more
            else None,
            "add": url_for("own_records.new", entity=group.kind.key, **{group.field.key: record.id})
            if ctx.may(f"{group.kind.key}.create")
            else None,
            "one": group.kind.label,
        }
        for group in own_beside.groups(ctx, record.__entity__, record.id)
    ]
    twice = {g["label"] for g in groups if sum(g["label"] == one["label"] for one in groups) > 1}
    return render_template("records/_beside.html", groups=groups, twice=twice) if groups else None


ACTIONS = (
    Action(
        name="trash",
        label=_l("Move to trash"),
        on=EACH,
        run=_trash,
        undo=_restore,
        permission="delete",
        danger=True,
        icon="trash-2",
        offer=Offer.PAGE | Offer.API,
        order=90,
    ),
)
PANELS = (
    Panel(name="own", label=_l("Records that belong here"), slot=BESIDE, view=_beside, order=30, lazy=False),
)
