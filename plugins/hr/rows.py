"""Rows of tables that are no records, by the number of an address or a form."""

from __future__ import annotations

from typing import Any

from app.sdk import Context

GREATEST = 2**31


def by_id(ctx: Context, model: Any, number: int) -> Any:
    """Return a row by its id; None where there is none, also for a number that no id can be."""
    return ctx.session.get(model, number) if 0 < number < GREATEST else None
