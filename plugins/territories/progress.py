"""How far work in the background is, so that it goes on where it was stopped."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import unit

from .models import Progress


def number(ctx: Context, name: str) -> int:
    """Return the number that a piece of work has come to; 0 at its beginning."""
    return ctx.session.execute(select(Progress.number).where(Progress.name == name)).scalar() or 0


def note(ctx: Context, name: str) -> str:
    """Return what was noted under a name, or ""."""
    return ctx.session.execute(select(Progress.note).where(Progress.name == name)).scalar() or ""


@unit
def keep(ctx: Context, name: str, number: int = 0, note: str = "") -> None:
    """Note how far a piece of work is."""
    row = ctx.session.execute(select(Progress).where(Progress.name == name)).scalars().first()
    if row is None:
        row = Progress(name=name)
        ctx.session.add(row)
    row.number, row.note = number, note
    ctx.session.flush()
