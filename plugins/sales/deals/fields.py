"""The fields of deals, of their pipelines and stages."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Field, Kind, Show, _l

from . import options
from .choices import CATEGORIES, OUTCOMES

DEAL, PIPELINE, STAGE, REASON = "sales.deal", "sales.pipeline", "sales.stage", "sales.reason"

QUIET = EVERYWHERE & ~Show.LIST
READ = Show.DETAIL | Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE


def _field(on: str, name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=on, column=name, order=order, personal=False, **more)


def _deal(name: str, label: Any, order: int, **more: Any) -> Field:
    return _field(DEAL, name, label, order, **more)


def _shared(on: str) -> tuple[Field, ...]:
    assign = EVERYWHERE
    when = Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE
    return (
        _field(on, "owner_id", _l("Owner"), 60, kind=Kind.USER, show=assign),
        _field(on, "team_id", _l("Team"), 61, kind=Kind.TEAM, show=assign),
        _field(on, "source", _l("Source"), 62, show=when),
        _field(on, "created_at", _l("Created"), 70, kind=Kind.TIME, sort=lambda m: m.created_at, show=when),
        _field(on, "updated_at", _l("Changed"), 71, kind=Kind.TIME, show=when),
    )


DEALS = (
    _deal("name", _l("Deal"), 0, required=True, search=10, sort=lambda m: m.name),
    _deal("contact_id", _l("Contact"), 2, kind=Kind.REF, ref="contact", search=2),
    _deal("company_id", _l("Company"), 3, kind=Kind.REF, ref="company", search=2),
    _deal("pipeline_id", _l("Pipeline"), 4, kind=Kind.REF, ref=PIPELINE),
    _deal("stage_id", _l("Stage"), 5, kind=Kind.REF, ref=STAGE),
    _deal("outcome", _l("State"), 6, kind=Kind.CHOICE, choices=OUTCOMES, show=READ | Show.HISTORY),
    _deal("amount", _l("Amount"), 10, kind=Kind.MONEY, currency="currency"),
    _deal("currency", _l("Currency"), 11, show=QUIET),
    _deal(
        "amount_base",
        _l("Value"),
        12,
        kind=Kind.MONEY,
        currency=options.currency,
        show=READ & ~Show.DETAIL,
        sort=lambda m: m.amount_base,
        aggregates=("sum", "avg"),
        hint=_l("The amount in the currency of reports."),
    ),
    _deal(
        "probability",
        _l("Probability"),
        13,
        kind=Kind.NUMBER,
        hint=_l("In percent. Empty: as the stage says."),
    ),
    _deal("category", _l("Forecast"), 14, kind=Kind.CHOICE, choices=CATEGORIES),
    _deal("close_on", _l("Closes on"), 15, kind=Kind.DATE, sort=lambda m: m.close_on),
    _deal("opened_on", _l("Opened on"), 16, kind=Kind.DATE, show=QUIET),
    _deal("closed_at", _l("Closed"), 17, kind=Kind.TIME, show=READ),
    _deal("stage_since", _l("In this stage since"), 18, kind=Kind.TIME, show=READ),
    _deal("active_at", _l("Last activity"), 19, kind=Kind.TIME, show=READ, sort=lambda m: m.active_at),
    _deal(
        "stale_on", _l("Quiet for too long from"), 19, kind=Kind.DATE, show=Show.FILTER | Show.API | Show.RULE
    ),
    _deal("next_step", _l("Next step"), 20, show=READ),
    _deal("step_on", _l("Next step on"), 21, kind=Kind.DATE, show=READ),
    _deal("reason_id", _l("Reason"), 30, kind=Kind.REF, ref=REASON),
    _deal("reason_note", _l("Reason in words"), 31, kind=Kind.LONG_TEXT, show=QUIET),
    _deal("checked", _l("Ticked off"), 32, many=True, show=Show.HISTORY),
    _deal("campaign", _l("Campaign"), 40, show=QUIET),
    _deal("note", _l("Note"), 41, kind=Kind.LONG_TEXT, show=QUIET, search=1),
    *_shared(DEAL),
)

PIPELINES = (
    _field(PIPELINE, "name", _l("Pipeline"), 0, required=True, search=1, sort=lambda m: m.name),
    _field(PIPELINE, "position", _l("Order"), 1, kind=Kind.NUMBER, sort=lambda m: m.position),
    _field(PIPELINE, "currency", _l("Currency"), 2),
    _field(PIPELINE, "stale_days", _l("Stale after days"), 3, kind=Kind.NUMBER),
    _field(PIPELINE, "retired", _l("Retired"), 4, kind=Kind.BOOL),
)

STAGES = (
    _field(STAGE, "name", _l("Stage"), 0, required=True),
    _field(STAGE, "pipeline_id", _l("Pipeline"), 1, kind=Kind.REF, ref=PIPELINE, required=True),
    _field(STAGE, "position", _l("Order"), 2, kind=Kind.NUMBER, sort=lambda m: m.position),
    _field(STAGE, "outcome", _l("State"), 3, kind=Kind.CHOICE, choices=OUTCOMES),
    _field(STAGE, "probability", _l("Probability"), 4, kind=Kind.NUMBER),
    _field(STAGE, "expected_days", _l("Expected days"), 5, kind=Kind.NUMBER),
    _field(STAGE, "retired", _l("Retired"), 6, kind=Kind.BOOL),
)

REASONS = (
    _field(REASON, "name", _l("Reason"), 0, required=True),
    _field(REASON, "outcome", _l("State"), 1, kind=Kind.CHOICE, choices=OUTCOMES),
    _field(REASON, "position", _l("Order"), 2, kind=Kind.NUMBER, sort=lambda m: m.position),
    _field(REASON, "retired", _l("Retired"), 3, kind=Kind.BOOL),
)
