"""The steps of a cadence as rows of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.sdk import Context, Invalid, _
from app.sdk.services import records, unit

from . import enrolling
from .choices import CADENCE, KINDS
from .models import CadenceStep

MOST, SPARE = 20, 2

Row = dict[str, Any]


def stored(ctx: Context, cadence: Any) -> list[Row]:
    """Return the steps of a cadence as rows, none for a new one."""
    if cadence is None:
        return []
    return [
        {"id": s.id, "kind": s.kind, "days": s.days, "subject": s.subject, "body": s.body}
        for s in enrolling.steps(ctx, cadence.id)
    ]


def blanks(rows: Sequence[Row]) -> list[Row]:
    """Return empty rows, for further steps."""
    return [
        {"id": "", "kind": "", "days": 2, "subject": "", "body": ""}
        for _n in range(min(SPARE, MOST - len(rows)))
    ]


def typed(form: Mapping[str, str]) -> list[Row]:
    """Return the rows that were typed; those without a kind are no steps."""
    found = []
    for n in range(MOST + SPARE):
        kind = form.get(f"kind_{n}", "")
        if kind in {c.value for c in KINDS}:
            text = form.get(f"days_{n}", "").strip()
            found.append(
                {
                    "id": int(i) if (i := form.get(f"id_{n}", "")).isdecimal() and len(i) < 10 else "",
                    "kind": kind,
                    "days": min(int(text), 365) if text.isdecimal() and len(text) < 5 else 0,
                    "subject": form.get(f"subject_{n}", "").strip()[:300],
                    "body": form.get(f"body_{n}", "").strip()[:10_000],
                }
            )
    return found[:MOST]


@unit
def save(ctx: Context, cadence: Any, values: Mapping[str, Any], rows: Sequence[Row]) -> int:
    """Store a cadence with its steps and return its id. Raises Invalid without any step."""
    if not rows:
        raise Invalid({"steps": _("A cadence needs at least one step: choose what it is.")})
    named = {n: values[n] for n in ("name", "note", "daily_cap", "active")}
    named["note"] = named["note"] or ""
    if cadence is None:
        cadence = records.create(ctx, CADENCE, named)
    else:
        records.update(ctx, CADENCE, cadence.id, named)
    known = {s.id: s for s in enrolling.steps(ctx, cadence.id)}
    for position, row in enumerate(rows):
        step = known.pop(row["id"], None) or CadenceStep(cadence_id=cadence.id)
        step.position, step.days, step.kind = position, row["days"], row["kind"]
        step.subject, step.body = row["subject"], row["body"]
        ctx.session.add(step)
    for gone in known.values():
        ctx.session.delete(gone)
    ctx.session.flush()
    return int(cadence.id)
