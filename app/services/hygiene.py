"""What is missing or out of date among people and companies: questions of the filter language, counted up to a cap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """A question: which records it finds (`definition` in words, `where` as in a list's address), why, what is done then.

    `fix` is what the list's bulk bar is to begin with: `edit`, `field:<name>` or `trash`.
    """

    name: str
    entity: str
    label: Any
    why: Any
    definition: Any
    where: str
    fix: str
    fix_label: Any

    @property
    def metric(self) -> str:
        """The name of the figure in the dictionary of metrics."""
        return f"{self.entity}_{self.name}"


_MARK = _l("Give them a tag")

BOTH: Mapping[str, Mapping[str, Any]] = {
    "phone": {
        "label": _l("Numbers that cannot be dialled"),
        "why": _l("A digit or the country code is missing, or there are words in it."),
        "definition": _l("Records with a phone number that no telephone could dial as it is written."),
        "where": "unreadable_phone = yes",
        "fix": "field:tags",
        "fix_label": _MARK,
    },
    "no_owner": {
        "label": _l("Without an owner"),
        "why": _l("Nobody looks after them."),
        "definition": _l("Records of which no colleague is the owner."),
        "where": "owner is empty",
        "fix": "field:owner_id",
        "fix_label": _l("Give them an owner"),
    },
    "stale": {
        "label": _l("Not touched for two years"),
        "why": _l("No conversation and no change since: out of date, or no longer needed."),
        "definition": _l("Records without a conversation and without a change in the last two years."),
        "where": "updated_at < -2y and (last_contact < -2y or last_contact is empty)",
        "fix": "trash",
        "fix_label": _l("Move them to the trash"),
    },
}
"""Questions that are asked of people and of companies."""

CHECKS = (
    Check(
        name="no_email",
        entity="contact",
        label=_l("Without an e-mail address"),
        why=_l("Nothing can be sent to them."),
        definition=_l("People whose record has no e-mail address."),
        where="emails is empty",
        fix="field:tags",
        fix_label=_MARK,
    ),
    Check(
        name="unreachable",
        entity="contact",
        label=_l("Neither e-mail nor phone"),
        why=_l("There is no way to reach them at all."),
        definition=_l("People whose record has neither an e-mail address nor a phone number."),
        where="emails is empty and phones is empty",
        fix="field:tags",
        fix_label=_MARK,
    ),
    *(Check(name=name, entity="contact", **said) for name, said in BOTH.items()),
    Check(
        name="no_domain",
        entity="company",
        label=_l("Without an internet domain"),
        why=_l("Mail and people cannot be matched with them."),
        definition=_l("Companies whose record names no internet domain."),
        where="domains is empty",
        fix="field:tags",
        fix_label=_MARK,
    ),
    *(Check(name=name, entity="company", **said) for name, said in BOTH.items()),
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
