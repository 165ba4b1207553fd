"""The form of a company: its groups of fields, and the few that a new one needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.models import Company
from app.services import custom_fields_rules, fields, layouts
from app.web.forms.controls import Data
from app.web.forms.record import RecordForm, editable

NAME = ("name", "legal_name", "domains", "parent_id", "kinds", "industry")
REACH = ("phones", "emails", "addresses", "links")
ABOUT = ("tags", "number_of_employees", "annual_revenue", "currency", "founding_date", "description")
NUMBERS = ("vat_id", "registration_number", "lei_code")
OWNER = ("owner_id", "team_id", "source")
NEW = (
    "name",
    "domains",
    "phones",
    "emails",
    "parent_id",
    "kinds",
    "industry",
    "tags",
    "description",
    "owner_id",
)


def groups(every: Sequence[Field]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the groups of a company's fields with their titles; those of plugins come last."""
    known = [
        (_("Name"), NAME),
        (_("Reach"), REACH),
        (_("About"), ABOUT),
        (_("Numbers"), NUMBERS),
        (_("Who looks after it"), OWNER),
    ]
    taken = {name for _title, names in known for name in names}
    rest = tuple(f.key for f in every if f.key not in taken and fields.is_added(f))
    present = {f.key for f in every}
    return [(title, names) for title, names in [*known, (_("More"), rest)] if present & set(names)]


def whole(ctx: Context, company: Company, data: Data | None = None) -> RecordForm:
    """Return the whole form of a company, filled with what is stored, or with what was typed."""
    every = custom_fields_rules.asked_for(ctx, "company", company.id, editable(ctx, "company"))
    loaded = fields.load(ctx, ctx.schema.entity("company"), every, [company])
    return RecordForm(ctx, every, {f.key: loaded[f.key].get(company.id) for f in every}, data)


def new(ctx: Context, data: Data | None, stored: dict[str, Any]) -> RecordForm:
    """Return the form of a new company."""
    wanted = layouts.wanted(ctx, "company")
    every = [f for f in editable(ctx, "company") if f.key in NEW or f.required or f.key in wanted]
    stored = dict(custom_fields_rules.completed(ctx, "company", {"owner_id": ctx.user.id, **stored}))
    form = RecordForm(ctx, every, stored, data)
    if data is None:
        form.open("emails", "phones")
    return form
