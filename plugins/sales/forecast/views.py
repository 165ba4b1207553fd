"""The pages of the forecast: all that the reader may see, and one person's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.services import access
from app.sdk.web import Response, ctx, done, money, requires

from . import asked as asking
from . import board, calls, options, overview, pages, people
from .asked import Asked
from .blueprint import forecast
from .changes import CATEGORIES
from .forms import CallForm
from .overview import Overview
from .tables import Column, Row, Table

TONES = {"closed": "q5", "commit": "q4", "best": "q2", "pipeline": "q1"}


@forecast.get("/")
@requires(people.DEALS)
def index() -> Response:
    """Show what a period will bring."""
    seen = ctx()
    asked = asking.read(seen, request.args)
    found = overview.read(seen, asked)
    return pages.report(
        seen,
        "sales/forecast/index.html",
        _("Forecast"),
        [found.table],
        places=places(asked, "forecast"),
        pick=pages.picker(seen, asked),
        sentence=_sentence(seen, found),
        **_mix(seen, asked, found),
    )


@forecast.route("/person/<int:user_id>", methods=["GET", "POST"])
@requires(people.DEALS)
def person(user_id: int) -> Response:
    """Show one person's forecast, and take what the person or a manager expects."""
    seen = ctx()
    asked = asking.read(seen, {**request.args, "owner": str(user_id)})
    who = people.get(seen, user_id)
    side = calls.may(seen, who)
    form = _call_form(seen, asked, who, side)
    if form is not None and form.accepted():
        try:
            calls.say(seen, asked.period, who, form.amount.data, form.note.data or "")
            return done(
                url_for("sales_forecast.person", user_id=user_id, period=asked.period.key),
                toast=_("Forecast saved"),
            )
        except Invalid as error:
            form.explain(error)
    elif form is None and request.method == "POST":
        access.require(seen, people.OVERRIDE)
    return _person_page(seen, asked, who, side, form)


def _person_page(seen: Context, asked: Asked, who: people.Person, side: str, form: Any) -> Response:
    title = _("%(name)s, %(period)s", name=who.name, period=asked.period.label(seen.locale))
    wrong = form is not None and form.wrong
    return pages.report(
        seen,
        "sales/forecast/person.html",
        title,
        [_categories(seen, asked)],
        status=422 if wrong else 200,
        heading=title,
        form=form,
        side=side,
        back=url_for("sales_forecast.index", period=asked.period.key),
        history=_history(seen, asked, who),
    )


def _history(seen: Context, asked: Asked, who: people.Person) -> list[dict[str, Any]]:
    words = {calls.OWN: _("Own forecast"), calls.MANAGER: _("Manager's forecast")}
    code = options.currency(seen)
    return [
        {
            "who": words[one.side],
            "by": one.by,
            "note": one.note,
            "amount": money(one.amount, code),
            "at": one.row.at,
            "iso": one.row.at.isoformat(),
        }
        for one in calls.history(seen, asked.period, who)
    ]


def _call_form(seen: Context, asked: Asked, who: people.Person, side: str) -> Any:
    if not side:
        return None
    known = calls.latest(seen, asked.period, [who.id]).get((who.id, side))
    return CallForm.of(amount=known.amount if known else None, note=known.note if known else "")


def _categories(seen: Context, asked: Asked) -> Table:
    figures = board.added(board.lines(seen, asked))
    words = category_words()
    rows = [
        Row(
            label=words[category],
            values={"amount": figures.sums[category], "count": figures.counts[category]},
            urls=dict.fromkeys(("amount", "count"), board.address(asked, category)),
        )
        for category in CATEGORIES
    ]
    return Table(
        id="categories",
        title=_("By category"),
        first=_("Category"),
        columns=[Column(key="amount", label=_("Value")), Column(key="count", label=_("Deals"), kind="count")],
        rows=rows,
        total=Row(
            label=_("All"),
            values={"amount": figures.total, "count": figures.count},
            urls=dict.fromkeys(("amount", "count"), board.address(asked)),
        ),
        bar="amount",
    )


def category_words() -> dict[str, str]:
    """Return what the categories are called."""
    return {
        "commit": _("Commit"),
        "best": _("Best case"),
        "pipeline": _("Pipeline"),
        "closed": _("Closed"),
    }


def places(asked: Asked, here: str) -> list[dict[str, Any]]:
    """Return the ways between the pages of the forecast."""
    args = asked.args()
    return [
        {"label": _("Forecast"), "url": url_for("sales_forecast.index", **args), "on": here == "forecast"},
        {
            "label": _("What changed"),
            "url": url_for("sales_forecast.changes", **args),
            "on": here == "changes",
        },
    ]


def _sentence(seen: Context, found: Overview) -> str:
    code, sums = options.currency(seen), found.figures.sums
    words = {"won": money(sums["closed"], code), "commit": money(sums["commit"], code)}
    if found.quota is None:
        return _("%(won)s won, %(commit)s committed.", **words)
    words["quota"] = money(found.quota, code)
    if found.gap:
        return _(
            "%(won)s won, %(commit)s committed: %(gap)s are missing to the quota of %(quota)s.",
            gap=money(found.gap, code),
            **words,
        )
    return _("%(won)s won, %(commit)s committed: the quota of %(quota)s is covered.", **words)


def _mix(seen: Context, asked: Asked, found: Overview) -> dict[str, Any]:
    """Return the parts of the bar, and where the quota stands on it, as texts for attributes."""
    figures, words, code = found.figures, category_words(), options.currency(seen)
    whole = max(figures.total, found.quota or Decimal(0))
    if not whole:
        return {"parts": [], "mark": ""}
    parts, x = [], Decimal(0)
    for category, tone in TONES.items():
        size = max(figures.sums[category], Decimal(0)) * 100 / whole
        parts.append(
            {
                "tone": tone,
                "label": words[category],
                "text": money(figures.sums[category], code),
                "url": board.address(asked, category),
                "x": f"{x:.2f}%",
                "width": f"{size:.2f}%",
            }
        )
        x += size
    mark = f"{min(found.quota * 100 / whole, Decimal('99.5')):.2f}%" if found.quota else ""
    return {"parts": parts, "mark": mark}
