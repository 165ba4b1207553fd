"""Private data of an employee: one sealed text per person. Each look at it and each change is in the audit log."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

from app.sdk import Context, NotVisible, _
from app.sdk.services import audit, records, sealing, unit

from .choices import EMPLOYEE, MANAGE
from .models import Employee, Private

PURPOSE = "hr.private"
NAMES = (
    "birthday",
    "address",
    "private_email",
    "private_phone",
    "emergency_name",
    "emergency_phone",
    "bank",
    "tax_number",
    "social_security",
    "family",
    "note",
)
OWN = frozenset({"address", "private_email", "private_phone", "emergency_name", "emergency_phone", "bank"})
"""What the person may change without HR."""


def employee(ctx: Context, employee_id: int) -> Employee:
    """Return an employee whose private data the reader may see: HR, or the person. Raises NotVisible."""
    found: Employee = records.get(ctx, EMPLOYEE, employee_id)
    if not ctx.may(MANAGE) and (ctx.user.id is None or found.user_id != ctx.user.id):
        raise NotVisible(_("There is no such page."))
    return found


def writable(ctx: Context) -> frozenset[str]:
    """Return what the reader may change: HR everything, everybody else the own part."""
    return frozenset(NAMES) if ctx.may(MANAGE) else OWN


def read(ctx: Context, employee_id: int) -> dict[str, str]:
    """Return the private data of somebody, and note who looked. Raises NotVisible."""
    employee(ctx, employee_id)
    audit.note(ctx, "hr.private.read", f"{EMPLOYEE}:{employee_id}")
    return opened(ctx, employee_id)


def opened(ctx: Context, employee_id: int) -> dict[str, str]:
    """Return the private data of somebody without a look at who asks: for exports to the person, and for writing."""
    row = _row(ctx, employee_id)
    if row is None:
        return {}
    text = sealing.unseal(PURPOSE, row.sealed, bound=_bound(employee_id))
    found: dict[str, str] = json.loads(text)
    return found


@unit
def write(ctx: Context, employee_id: int, values: Mapping[str, str]) -> None:
    """Change private data, as far as who asks may; what changed is named in the audit log, its content is not."""
    employee(ctx, employee_id)
    may = writable(ctx)
    former = opened(ctx, employee_id)
    changed = {n: v.strip() for n, v in values.items() if n in may and v.strip() != former.get(n, "")}
    if not changed:
        return
    audit.note(ctx, "hr.private.change", f"{EMPLOYEE}:{employee_id}", changed=sorted(changed))
    store(ctx, employee_id, {**former, **changed})


def store(ctx: Context, employee_id: int, values: Mapping[str, str]) -> None:
    """Seal and keep what is said; nothing said is nothing kept."""
    kept = {name: value for name, value in values.items() if value}
    row = _row(ctx, employee_id)
    if not kept:
        if row is not None:
            ctx.session.delete(row)
        return
    sealed = sealing.seal(PURPOSE, json.dumps(kept, ensure_ascii=False).encode(), bound=_bound(employee_id))
    if row is None:
        ctx.session.add(Private(employee_id=employee_id, sealed=sealed, changed_at=ctx.now))
    else:
        row.sealed, row.changed_at = sealed, ctx.now
    ctx.session.flush()


def _row(ctx: Context, employee_id: int) -> Private | None:
    query = select(Private).where(Private.employee_id == employee_id)
    return ctx.session.execute(query).scalar_one_or_none()


def _bound(employee_id: int) -> str:
    return f"hr_private.sealed.{employee_id}"
