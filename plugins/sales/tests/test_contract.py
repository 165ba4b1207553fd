"""The contract of plugins, with records that values by kind cannot make: each entity in the states its actions need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import select

from app.sdk.services import acting, records
from app.testing import PluginContract
from app.testing.factories import Make

from ..cadences import editing
from ..cadences.models import Cadence, Enrolment
from ..deals import stages
from ..leads.models import AssignRule
from ..plugin import Sales
from ..quotes import issuing
from . import selling

STEPS = [{"id": "", "kind": "task", "days": 0, "subject": "Say hello", "body": ""}]


def deal(make: Make, values: dict[str, Any]) -> Any:
    """A deal of the usual pipeline with nothing left to tick off; an empty one is won."""
    found = stages.known(make.ctx())
    of = found.pipelines[0]
    stage = next(
        s
        for s in found.stages
        if s.pipeline_id == of.id and s.outcome == ("open" if "note" in values else "won")
    )
    given = {name: value for name, value in values.items() if name != "pipeline_id"}
    ticked = [line for s in found.stages for line in s.checklist]
    return make("sales.deal", **{"amount": Decimal(100), **given, "stage_id": stage.id, "checked": ticked})


def stage(make: Make, values: dict[str, Any]) -> Any:
    """A stage of the usual pipeline, unless it belongs to another."""
    return make("sales.stage", **{"pipeline_id": stages.known(make.ctx()).pipelines[0].id, **values})


def quote(make: Make, values: dict[str, Any]) -> Any:
    """A draft with a line; an empty one is issued."""
    ctx = make.ctx()
    with acting(ctx):
        someone = {} if "contact_id" in values else {"contact_id": make.contact().id}
        made = records.create(
            ctx, "sales.quote", {**values, **someone, "valid_until": "", "lines": selling.LINES[:1]}
        )
        return made if "intro" in values else issuing.issue(ctx, made.id)


def lead(make: Make, values: dict[str, Any]) -> Any:
    """A lead that a rule can give to somebody, and a cadence can take; an empty one was put aside."""
    _ruled(make)
    _going(make)
    if _any(make, select(Enrolment.id).where(Enrolment.contact_id == values.get("contact_id"))):
        values = {**values, "contact_id": make.contact().id}
    return make("sales.lead", **({"status": "nurturing"} if "topic" not in values else {}), **values)


def contact(make: Make, values: dict[str, Any]) -> Any:
    """Somebody, in a house that has a cadence."""
    _going(make)
    return make.contact(**values)


def cadence(make: Make, values: dict[str, Any]) -> Any:
    """A cadence with a step."""
    ctx = make.ctx()
    with acting(ctx):
        number = editing.save(ctx, None, {"note": "", "daily_cap": 30, "active": True, **values}, STEPS)
        return records.get(ctx, "sales.cadence", number)


def _going(make: Make) -> None:
    if not _any(make, select(Cadence.id)):
        cadence(make, {"name": "Usual"})


def _ruled(make: Make) -> None:
    if not _any(make, select(AssignRule.id)):
        someone, ctx = make.user("manager"), make.ctx()
        with acting(ctx), ctx.unit():
            ctx.session.add(AssignRule(name="All", people=[{"user_id": someone.id, "weight": 1}]))


def _any(make: Make, query: Any) -> bool:
    return make.ctx().session.execute(query.limit(1)).first() is not None


class TestContract(PluginContract):
    plugin = Sales
    answers: ClassVar = {"sales.drop_lead": {"revive_on": ""}}
    lasting: ClassVar = {
        # numbers have no gaps: a quote whose issue is undone keeps its own for the next time
        "sales.issue": {
            *(f"sales_quote.{name}" for name in ("number", "year", "serial")),
            *(f"sales_quote_number.{name}" for name in ("id", "year", "last")),
        }
    }
    builders: ClassVar = {
        "contact": contact,
        "sales.cadence": cadence,
        "sales.deal": deal,
        "sales.lead": lead,
        "sales.quote": quote,
        "sales.stage": stage,
    }
