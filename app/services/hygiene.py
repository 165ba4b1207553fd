"""What is missing or out of date among people and companies: questions of the filter language, counted up to a cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.kernel.expr.tree import ExprError
from app.services import filters

CAP = 1000
"""Records that are counted; more are said to be more than that."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A question: which records it finds (`where`, as in a list's address), why that matters, and what is done about it.

    `fix` is what the list's bulk bar is to begin with: `edit`, `field:<name>` or `trash`.
    """

    name: str
    entity: str
    label: Any
    why: Any
    where: str
    fix: str
    fix_label: Any


_MARK = _l("Give them a tag")
_OWN = _l("Give them an owner")

CHECKS = (
    Check(
        name="no_email",
        entity="contact",
        label=_l("Without an e-mail address"),
        why=_l("Nothing can be sent to them."),
        where="emails is empty",
        fix="field:tags",
        fix_label=_MARK,
    ),
    Check(
        name="unreachable",
        entity="contact",
        label=_l("Neither e-mail nor phone"),
        why=_l("There is no way to reach them at all."),
        where="emails is empty and phones is empty",
        fix="field:tags",
        fix_label=_MARK,
    ),
    Check(
        name="phone",
        entity="contact",
        label=_l("Numbers that cannot be dialled"),
        why=_l("A digit or the country code is missing, or there are words in it."),
        where="unreadable_phone = yes",
        fix="field:tags",
        fix_label=_MARK,
    ),
    Check(
        name="no_owner",
        entity="contact",
        label=_l("Without an owner"),
        why=_l("Nobody looks after them."),
        where="owner is empty",
        fix="field:owner_id",
        fix_label=_OWN,
    ),
    Check(
        name="stale",
        entity="contact",
        label=_l("Not touched for two years"),
        why=_l("No conversation and no change since: out of date, or no longer needed."),
        where="updated_at < -2y and (last_contact < -2y or last_contact is empty)",
        fix="trash",
        fix_label=_l("Move them to the trash"),
    ),
    Check(
        name="no_domain",
        entity="company",
        label=_l("Without an internet domain"),
        why=_l("Mail and people cannot be matched with them."),
        where="domains is empty",
        fix="field:tags",
        fix_label=_MARK,
    ),
    Check(
        name="phone",
        entity="company",
        label=_l("Numbers that cannot be dialled"),
        why=_l("A digit or the country code is missing, or there are words in it."),
        where="unreadable_phone = yes",
        fix="field:tags",
        fix_label=_MARK,
    ),
    Check(
        name="no_owner",
        entity="company",
        label=_l("Without an owner"),
        why=_l("Nobody looks after them."),
        where="owner is empty",
        fix="field:owner_id",
        fix_label=_OWN,
    ),
    Check(
        name="stale",
        entity="company",
        label=_l("Not touched for two years"),
        why=_l("No conversation and no change since: out of date, or no longer needed."),
        where="updated_at < -2y and (last_contact < -2y or last_contact is empty)",
        fix="trash",
        fix_label=_l("Move them to the trash"),
    ),
)


def offered(ctx: Context) -> Sequence[Check]:
    """Return the questions that the principal may ask: one about a hidden field is none."""
    return [check for check in CHECKS if ctx.may(f"{check.entity}.view") and _asks(ctx, check)]


def find(ctx: Context, entity: str, name: str) -> Check:
    """Return a question by its name. Raises NotVisible."""
    for check in offered(ctx):
        if (check.entity, check.name) == (entity, name):
            return check
    raise NotVisible(_("There is no such page."))


def count(ctx: Context, check: Check) -> int:
    """Return how many visible records a question finds, counted up to one more than `CAP`."""
    model = ctx.schema.entity(check.entity).model
    found = select(model.id).where(filters.criterion(ctx, check.entity, check.where)).limit(CAP + 1)
    return ctx.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def fixable(ctx: Context, check: Check) -> bool:
    """Tell whether the principal may work on many records of the entity at once, as the fix needs it."""
    verb = "delete" if check.fix == "trash" else "assign" if check.fix == "field:owner_id" else "edit"
    return ctx.may(f"{check.entity}.bulk") and ctx.may(f"{check.entity}.{verb}")


def _asks(ctx: Context, check: Check) -> bool:
    try:
        filters.check(ctx, check.entity, check.where)
    except ExprError:
        return False
    return True
