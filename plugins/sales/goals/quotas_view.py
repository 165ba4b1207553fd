"""The page of quotas: what everybody is to win in a period, what is won, and a form for those who set them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.services import access
from app.sdk.web import Response, ctx, done, render, requires

from ..forecast import asked as asking
from ..forecast import board, options, pages, people
from ..forecast.asked import Asked
from ..forecast.tables import text
from . import quotas
from .blueprint import goals
from .places import places
from .quotas import AMOUNT, Who


@goals.route("/quotas", methods=["GET", "POST"])
@requires(people.DEALS)
def targets() -> Response:
    """Show and take quotas."""
    seen = ctx()
    asked = asking.read(seen, request.args)
    metric = request.args.get("metric", AMOUNT)
    metric = metric if metric in quotas.METRICS else AMOUNT
    problems: dict[str, str] = {}
    if request.method == "POST":
        access.require(seen, quotas.MANAGE)
        try:
            quotas.save(seen, _written(seen, asked, metric))
            return done(url_for("sales_goals.targets", **asked.args(metric=metric)), toast=_("Quotas saved"))
        except Invalid as error:
            problems = dict(error.problems)
    return render(
        "sales/goals/quotas.html",
        status=422 if problems else 200,
        title=_("Error: %(title)s", title=_("Quotas")) if problems else _("Quotas"),
        heading=_("Quotas"),
        rows=_rows(seen, asked, metric, problems),
        places=places("targets"),
        pick=pages.picker(seen, asked, metric=metric),
        metrics=[
            (label, url_for("sales_goals.targets", **asked.args(metric=name)), name == metric)
            for name, label in ((AMOUNT, _("Value")), (quotas.COUNT, _("Number of deals")))
        ],
        may_set=seen.may(quotas.MANAGE),
        action=url_for("sales_goals.targets", **asked.args(metric=metric)),
        problems=problems,
    )


def _whom(seen: Context, asked: Asked) -> list[tuple[Who, str]]:
    """Return whose quotas are shown: teams and people within reach, as far as they are asked for."""
    teams = (
        []
        if asked.owner
        else [((None, i), name) for i, name in people.teams(seen) if asked.teams is None or i in asked.teams]
    )
    persons = [
        ((p.id, None), p.name)
        for p in people.within_reach(seen)
        if (asked.owner_id in (None, p.id)) and (asked.teams is None or p.team_id in asked.teams)
    ]
    return [*teams, *persons]


def name_of(who: Who) -> str:
    """Return the name of a quota's field: q-u5 for a person, q-t3 for a team."""
    return f"q-u{who[0]}" if who[0] is not None else f"q-t{who[1]}"


def _written(seen: Context, asked: Asked, metric: str) -> list[quotas.Asked]:
    found, problems = [], {}
    for who, _label in _whom(seen, asked):
        given = request.form.get(name_of(who))
        if given is None:
            continue
        try:
            target = Decimal(given.strip().replace(" ", "") or "0")
            if not 0 <= target < Decimal(10) ** 13 or (metric == quotas.COUNT and target % 1):
                raise InvalidOperation
        except InvalidOperation:
            problems[name_of(who)] = _("Write a number from 0 on, like 250000.")
            continue
        found.append(quotas.Asked(who=who, period=asked.period, metric=metric, target=target))
    if problems:
        raise Invalid(problems)
    return found


def _rows(seen: Context, asked: Asked, metric: str, problems: dict[str, str]) -> list[dict[str, Any]]:
    lines = board.lines(seen, asked)
    exact, all_of = quotas.listed(seen, asked.period, metric), quotas.read(seen, asked.period, metric)
    kind, code = ("money" if metric == AMOUNT else "count"), options.currency(seen)
    rows = []
    for who, label in _whom(seen, asked):
        mine = [x for x in lines if (x.owner_id == who[0] if who[0] is not None else x.team_id == who[1])]
        figures = board.added(mine)
        won: Any = figures.sums["closed"] if metric == AMOUNT else figures.counts["closed"]
        target = all_of.get(who)
        kept = exact.get(who)
        name = name_of(who)
        own = (
            replace(asked, owner=str(who[0]))
            if who[0] is not None
            else replace(asked, team=str(who[1]), teams=frozenset({who[1] or 0}))
        )
        reached = min(won * 100 / target, Decimal(100)) if target else Decimal(0)
        rows.append(
            {
                "label": label,
                "team": who[0] is None,
                "name": name,
                "value": request.form.get(name, _plain(kept.target) if kept else ""),
                "hint": _("From shorter periods: %(sum)s", sum=text(target, kind, code))
                if target and not kept
                else "",
                "target": text(target, kind, code),
                "won": text(won, kind, code),
                "url": own.deals("outcome = won"),
                "reached": text(won * 100 / target if target else None, "percent", code),
                "percent": f"{reached:.1f}",
                "error": problems.get(name, ""),
            }
        )
    return rows


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
