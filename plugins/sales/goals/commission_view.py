"""The pages of commission: who earns what in a period, each statement with every step of its sum, and the plans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.services import access
from app.sdk.services import people as names
from app.sdk.web import Response, ctx, done, render, requires

from ..forecast import asked as asking
from ..forecast import links as ways
from ..forecast import options, pages, people, periods
from ..forecast.periods import Period
from ..forecast.tables import Column, Row, Table, exact, text
from . import plans, statements
from .blueprint import goals
from .forms import AnswerForm, DisputeForm, PlanForm
from .ledger import WON
from .models import Plan
from .places import places
from .statements import Sheet


@goals.get("/commission")
@requires(people.DEALS)
def commission() -> Response:
    """Show what people earn: everybody within reach for those who manage it, else the own."""
    seen = ctx()
    manages = seen.may(plans.MANAGE)
    every = plans.listed(seen) if manages else plans.of_user(seen, seen.user.id or 0)
    blocks = [_block(seen, plan, manages) for plan in every]
    return pages.report(
        seen,
        "sales/goals/commission.html",
        _("Commission"),
        [block["table"] for block in blocks],
        blocks=blocks,
        places=places("commission"),
        new_url=url_for("sales_goals.plan_new") if manages else "",
    )


def _period(seen: Context, unit: str) -> Period:
    """Return the period to settle that the address asks for, in a plan's own unit; else the present one."""
    try:
        found = periods.parse(request.args.get("period", ""), options.first_month(seen))
    except ValueError:
        return asking.now(seen, unit)
    return found if found.unit == unit else periods.of_day(found.start, unit, found.first_month)


def _block(seen: Context, plan: Plan, manages: bool) -> dict[str, Any]:
    period = _period(seen, plan.unit)
    sheets = statements.read_all(seen, plan, period)
    waiting = statements.open_disputes(seen, plan, period) if manages else {}
    over = period.end < seen.now.astimezone(seen.zone).date()
    closed = statements.is_closed(seen, plan, period)
    return {
        "plan": plan,
        "period": period.label(seen.locale),
        "before": url_for("sales_goals.commission", period=period.previous.key),
        "after": url_for("sales_goals.commission", period=period.next.key),
        "table": _table(seen, plan, sheets, waiting),
        "edit": url_for("sales_goals.plan_edit", plan_id=plan.id) if manages else "",
        "close": url_for("sales_goals.settle", plan_id=plan.id, period=period.key)
        if manages and over
        else "",
        "closed": closed,
    }


def _table(seen: Context, plan: Plan, sheets: list[Sheet], waiting: dict[int, int]) -> Table:
    known = names.user_names(seen, {sheet.user_id for sheet in sheets})
    rows = []
    for sheet in sorted(sheets, key=lambda s: known.get(s.user_id, "").casefold()):
        address = url_for(
            "sales_goals.statement", plan_id=plan.id, user_id=sheet.user_id, period=sheet.period.key
        )
        rows.append(
            Row(
                label=known.get(sheet.user_id, "–"),
                url=address,
                values={
                    "turnover": sheet.turnover,
                    "quota": sheet.quota,
                    "total": sheet.total,
                    "disputes": waiting.get(sheet.user_id),
                },
                urls=dict.fromkeys(("turnover", "total", "disputes"), address),
            )
        )
    columns = [
        Column(key="turnover", label=_("Won")),
        Column(key="quota", label=_("Quota")),
        Column(key="total", label=_("Commission"), kind="cents"),
    ]
    if waiting:
        columns.append(Column(key="disputes", label=_("Open disputes"), kind="count"))
    total = {
        "turnover": sum((s.turnover for s in sheets), Decimal(0)),
        "total": sum((s.total for s in sheets), Decimal(0)),
    }
    return Table(
        id=f"plan-{plan.id}",
        title=plan.name,
        first=_("Person"),
        columns=columns,
        rows=rows,
        total=Row(label=_("All"), values=total) if len(rows) > 1 else None,
        bar="total",
    )


@goals.post("/commission/<int:plan_id>/settle")
@requires(plans.MANAGE)
def settle(plan_id: int) -> Response:
    """Close a period of a plan, or open it again."""
    seen = ctx()
    plan = plans.get(seen, plan_id)
    period = _period(seen, plan.unit)
    back = url_for("sales_goals.commission", period=period.key)
    try:
        if request.form.get("do") == "open":
            statements.reopen(seen, plan, period)
            return done(back, toast=_("The period is open again"))
        statements.close(seen, plan, period)
    except Refuse as error:
        return done(back, toast=str(error), kind="bad")
    return done(back, toast=_("The period is closed"))


@goals.route("/commission/<int:plan_id>/<int:user_id>", methods=["GET", "POST"])
@requires(people.DEALS)
def statement(plan_id: int, user_id: int) -> Response:
    """Show a statement with every deal and every step of the sum; take a dispute or its answer."""
    seen = ctx()
    plan = plans.get(seen, plan_id)
    sheet = statements.read(seen, plan, user_id, _period(seen, plan.unit))
    here = url_for("sales_goals.statement", plan_id=plan_id, user_id=user_id, period=sheet.period.key)
    form: Any = AnswerForm.of() if "answer" in request.form else DisputeForm.of()
    if form.accepted():
        try:
            if isinstance(form, AnswerForm):
                statements.answer(seen, sheet, form.dispute.data, form.answer.data)
                return done(here, toast=_("Answer saved"))
            statements.dispute(seen, sheet, form.note.data)
            return done(here, toast=_("Dispute sent"))
        except Invalid as error:
            form.explain(error)
    return _statement_page(seen, sheet, form)


def _statement_page(seen: Context, sheet: Sheet, form: Any) -> Response:
    who = names.user_names(seen, [sheet.user_id]).get(sheet.user_id, "–")
    title = _("%(name)s, %(period)s", name=who, period=sheet.period.label(seen.locale))
    asking_now = form if isinstance(form, DisputeForm) else DisputeForm()
    return pages.report(
        seen,
        "sales/goals/statement.html",
        title,
        [_lines(seen, sheet), _tiers(seen, sheet)],
        status=422 if form.wrong else 200,
        heading=title,
        sheet=sheet,
        said=_said(seen, sheet),
        back=url_for("sales_goals.commission", period=sheet.period.key),
        form=asking_now if sheet.user_id == seen.user.id else None,
        may_answer=seen.may(plans.MANAGE),
        disputes=statements.disputes(seen, sheet),
        answering=form if isinstance(form, AnswerForm) else None,
    )


def _said(seen: Context, sheet: Sheet) -> str:
    code = options.currency(seen)
    values = {"total": exact(sheet.total, code), "turnover": exact(sheet.turnover, code)}
    if sheet.plan.of_quota and sheet.quota:
        return _(
            "%(total)s for %(turnover)s won, of a quota of %(quota)s.",
            quota=exact(sheet.quota, code),
            **values,
        )
    if sheet.plan.of_quota:
        return _("%(total)s for %(turnover)s won. Without a quota only the first rate holds.", **values)
    return _("%(total)s for %(turnover)s won.", **values)


def _lines(seen: Context, sheet: Sheet) -> Table:
    code = options.currency(seen)
    visible = access.visible_ids(seen, _deal(), [e.deal_id for e in sheet.entries if e.deal_id])
    rows = []
    for entry in sheet.entries:
        steps = [
            _(
                "%(amount)s at %(rate)s %%: %(earned)s",
                amount=exact(step.amount, code),
                rate=f"{step.rate.normalize():f}",
                earned=exact(step.earned, code),
            )
            for step in entry.steps
        ]
        taken = "" if entry.kind == WON else _("Taken back: no longer won")
        rows.append(
            Row(
                label=entry.name,
                url=ways.deal_url(seen, entry.deal_id) if entry.deal_id in visible else "",
                values={
                    "day": entry.day,
                    "deal": entry.deal_amount,
                    "percent": entry.percent,
                    "amount": entry.amount,
                    "turnover": entry.turnover if entry.kind == WON else None,
                    "earned": entry.earned,
                },
                notes={"earned": "; ".join([*([taken] if taken else []), *steps])},
            )
        )
    return Table(
        id="lines",
        title=_("Deal by deal"),
        first=_("Deal"),
        columns=[
            Column(key="day", label=_("Day"), kind="day"),
            Column(key="deal", label=_("Value of the deal"), kind="cents"),
            Column(key="percent", label=_("Share"), kind="percent"),
            Column(key="amount", label=_("Counts"), kind="cents"),
            Column(key="turnover", label=_("Won by then"), kind="cents"),
            Column(key="earned", label=_("Commission"), kind="cents"),
        ],
        rows=rows,
        total=Row(label=_("All"), values={"amount": sheet.turnover, "earned": sheet.total}),
    )


def _tiers(seen: Context, sheet: Sheet) -> Table:
    code = options.currency(seen)
    rows = []
    for n, tier in enumerate(sheet.tiers):
        steps = [s for e in sheet.entries for s in e.steps if s.tier == n]
        rows.append(
            Row(
                label=_("From %(amount)s", amount=text(tier.start, "money", code)),
                values={
                    "rate": tier.rate,
                    "amount": sum((s.amount for s in steps), Decimal(0)),
                    "earned": sum((s.earned for s in steps), Decimal(0)),
                },
            )
        )
    return Table(
        id="tiers",
        title=_("By rate"),
        first=_("Turnover"),
        columns=[
            Column(key="rate", label=_("Rate"), kind="percent"),
            Column(key="amount", label=_("Counts"), kind="cents"),
            Column(key="earned", label=_("Commission"), kind="cents"),
        ],
        rows=rows,
        total=Row(label=_("All"), values={"earned": sheet.total}),
    )


def _deal() -> Any:
    from ..deals.models import Deal

    return Deal


@goals.route("/plans/new", methods=["GET", "POST"])
@requires(plans.MANAGE)
def plan_new() -> Response:
    """Make a plan."""
    return _plan(None)


@goals.route("/plans/<int:plan_id>", methods=["GET", "POST"])
@requires(plans.MANAGE)
def plan_edit(plan_id: int) -> Response:
    """Change a plan."""
    return _plan(plans.get(ctx(), plan_id))


def _plan(plan: Plan | None) -> Response:
    seen = ctx()
    known: dict[str, Any] = {}
    if plan is not None:
        known = {name: getattr(plan, name) for name in ("name", "unit", "of_quota", "clawback_days")}
        known |= {"tiers": plans.written_tiers(plan), "members": list(plans.members(seen, plan.id))}
    form: Any = PlanForm.of(**known)
    form.members.choices = [(p.id, p.name) for p in people.within_reach(seen)]
    if form.accepted():
        try:
            plans.save(seen, plan, form.data)
            return done(url_for("sales_goals.commission"), toast=_("Plan saved"))
        except Invalid as error:
            form.explain(error)
    title = plan.name if plan is not None else _("New plan of commission")
    return render(
        "sales/goals/plan.html",
        status=422 if form.wrong else 200,
        title=_("Error: %(title)s", title=title) if form.wrong else title,
        heading=title,
        form=form,
        back=url_for("sales_goals.commission"),
    )
