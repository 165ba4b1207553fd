"""The page of activity goals: the own ones, who is how far per team, and a form for those who set them; and on Today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for

from app.sdk import Context, Invalid, Panel, _, _l, _n
from app.sdk.services import access
from app.sdk.services import people as names
from app.sdk.web import Response, ctx, done, requires

from ..forecast import options, pages, people
from ..forecast.people import Person
from ..forecast.tables import Column, Row, Table
from . import activity, quotas
from .activity import Progress
from .blueprint import goals
from .places import places

MOST = 300


@goals.route("/", methods=["GET", "POST"])
@requires(people.DEALS)
def index() -> Response:
    """Show activity goals, and set them."""
    seen = ctx()
    problem = ""
    if request.method == "POST":
        access.require(seen, quotas.MANAGE)
        try:
            _set(seen)
            return done(url_for("sales_goals.index"), toast=_("Goals saved"))
        except Invalid as error:
            problem = str(error)
    persons = people.within_reach(seen)[:MOST]
    board = options.get(seen, "leader_board")
    ids = [p.id for p in persons] if board else []
    found = activity.progress(seen, sorted({*ids, seen.user.id or 0}))
    manages = seen.may(quotas.MANAGE)
    return pages.report(
        seen,
        "sales/goals/index.html",
        _("Activity goals"),
        _boards(seen, persons, found) if board else [],
        status=422 if problem else 200,
        places=places("index"),
        mine=[_shown(one) for one in found if one.user_id == seen.user.id],
        board=board,
        problem=problem,
        kept=_kept(seen) if manages else [],
        choices=_choices(seen, persons) if manages else None,
    )


def _set(seen: Context) -> None:
    """Do what the form says: take a goal away, or set one."""
    if (gone := request.form.get("remove", "")).isdecimal():
        activity.remove(seen, int(gone))
        return
    who, target = request.form.get("who", ""), request.form.get("target", "")
    metric, _dash, unit = request.form.get("what", "").partition("-")
    user = who.removeprefix("u:")
    activity.save(
        seen,
        user_id=people.get(seen, int(user)).id if who.startswith("u:") and user.isdecimal() else None,
        role=who.removeprefix("r:") if who.startswith("r:") else "",
        metric=metric,
        unit_=unit,
        target=int(target) if target.strip().isdecimal() else 0,
    )


def _shown(one: Progress) -> dict[str, Any]:
    when = _("this week") if one.unit == "week" else _("this month")
    return {
        "label": _("%(what)s %(when)s", what=activity.words()[one.metric], when=when),
        "done": one.done,
        "target": one.target,
        "percent": str(one.percent),
        "url": one.url,
        "reached": one.done >= one.target,
    }


def _boards(seen: Context, persons: Sequence[Person], found: Sequence[Progress]) -> list[Table]:
    """Return a table for each team: its people with what they did, those who reached most first.

    The bars of all teams have one scale: a full one is the best of the house.
    """
    named = dict(people.teams(seen))
    by_user: dict[int, list[Progress]] = {}
    for one in found:
        by_user.setdefault(one.user_id, []).append(one)
    teams: dict[int | None, list[Person]] = {}
    for person in persons:
        if person.id in by_user:
            teams.setdefault(person.team_id, []).append(person)
    order = sorted(teams, key=lambda team: (team is None, named.get(team or 0, "").casefold()))
    best = max((_reached(given) for given in by_user.values()), default=Decimal(0))
    boards = [_board(team, named.get(team or 0, _("No team")), teams[team], by_user) for team in order]
    return [replace(board, best=best) for board in boards]


def _board(
    team: int | None, name: str, persons: Sequence[Person], by_user: dict[int, list[Progress]]
) -> Table:
    words, short = activity.words(), {"week": _("week"), "month": _("month")}
    keys = {(one.metric, one.unit) for p in persons for one in by_user[p.id]}
    order = sorted(keys, key=lambda k: (activity.METRICS.index(k[0]), activity.UNITS.index(k[1])))
    rows = [
        Row(
            label=person.name,
            values={f"{one.metric}-{one.unit}": one.done for one in by_user[person.id]}
            | {"reached": _reached(by_user[person.id])},
            urls={f"{one.metric}-{one.unit}": one.url for one in by_user[person.id]},
            notes={
                f"{one.metric}-{one.unit}": _("of %(target)s", target=one.target)
                for one in by_user[person.id]
            },
        )
        for person in persons
    ]
    return Table(
        id=f"team-{team or 0}",
        title=name,
        first=_("Person"),
        columns=[
            *(
                Column(
                    key=f"{m}-{u}", label=_("%(what)s, %(unit)s", what=words[m], unit=short[u]), kind="count"
                )
                for m, u in order
            ),
            Column(key="reached", label=_("Reached"), kind="percent"),
        ],
        rows=sorted(rows, key=lambda row: (-row.values["reached"], row.label)),
        bar="reached",
    )


def _reached(found: Sequence[Progress]) -> Decimal:
    return Decimal(sum(one.percent for one in found)) / len(found)


def _kept(seen: Context) -> list[dict[str, Any]]:
    every = activity.listed(seen)
    users = names.user_names(seen, {g.user_id for g in every if g.user_id is not None})
    roles, words = dict(names.roles(seen)), activity.words()
    found = []
    for goal in every:
        who = users.get(goal.user_id or 0) or roles.get(goal.role) or goal.role or _("Everybody")
        count = (
            _n("%(num)s a week", "%(num)s a week", goal.target)
            if goal.unit == "week"
            else _n("%(num)s a month", "%(num)s a month", goal.target)
        )
        found.append({"id": goal.id, "who": who, "what": words[goal.metric], "count": count})
    return found


def _choices(seen: Context, persons: Sequence[Person]) -> dict[str, Any]:
    words, units = activity.words(), {"week": _("a week"), "month": _("a month")}
    what = [
        (f"{m}-{u}", _("%(what)s %(unit)s", what=words[m], unit=units[u]))
        for m in activity.METRICS
        for u in activity.UNITS
    ]
    roles = [(f"r:{name}", label) for name, label in names.roles(seen)]
    who = [
        ("", _("Everybody")),
        (_("Roles"), roles),
        (_("People"), [(f"u:{p.id}", p.name) for p in persons]),
    ]
    return {"what": what, "who": who}


def on_today(seen: Context, _record: Any) -> str | None:
    """Show the own goals on Today; nothing without any."""
    found = activity.progress(seen, [seen.user.id or 0])
    if not found:
        return None
    return render_template("sales/goals/today.html", mine=[_shown(one) for one in found])


PANELS = (
    Panel(
        name="goals",
        label=_l("Goals"),
        slot="dashboard",
        view=on_today,
        order=40,
        permission="sales.deal.view",
        refresh_on=("interaction.created", "sales.deal.created"),
    ),
)
