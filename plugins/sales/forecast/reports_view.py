"""The pages of reports: stages, slippage, cycle, reasons, accuracy, the pipeline as of a day, and the deals behind figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for

from app.sdk import Context, Invalid, _
from app.sdk.web import Response, ctx, requires

from . import accuracy, asof, cycle, dimensions, pages, people, products, slip_report, stage_report
from . import asked as asking
from . import behind as records
from .asked import Asked
from .tables import Table

reports = Blueprint("sales_reports", __name__, url_prefix="/sales/reports")

Make = Callable[[Context, Asked, str], Sequence[Table]]


@reports.get("/")
@requires(people.DEALS)
def index() -> Response:
    """Show how far deals get and how long they stand in stages."""
    return _parted("stages", _("Stages"), stage_report.tables)


@reports.get("/cycle")
@requires(people.DEALS)
def days() -> Response:
    """Show how long it takes to win."""
    return _parted("cycle", _("Sales cycle"), cycle.tables)


@reports.get("/reasons")
@requires(people.DEALS)
def reasons() -> Response:
    """Show why deals are won and lost."""
    return _plain("reasons", _("Won and lost"), _decided)


@reports.get("/slippage")
@requires(people.DEALS)
def slippage() -> Response:
    """Show whose deals move out of the period."""
    return _plain("slippage", _("Slippage"), lambda seen, asked, _by: slip_report.tables(seen, asked))


@reports.get("/accuracy")
@requires(people.DEALS)
def right() -> Response:
    """Show what was forecast and what became of it."""
    return _plain("right", _("Accuracy"), lambda seen, asked, _by: [accuracy.table(seen, asked)])


@reports.get("/as-of")
@requires(people.DEALS)
def as_of() -> Response:
    """Show the pipeline as it was at the end of a day."""
    seen = ctx()
    asked = asking.read(seen, request.args)
    day = _day(seen)
    return pages.report(
        seen,
        "sales/forecast/report.html",
        _("Pipeline as of a day"),
        [asof.table(seen, asked, day)],
        places=places(asked, "as_of"),
        pick=pages.picker(seen, asked, units=(), on=day.isoformat()),
        day=day.isoformat(),
        ways_to_part=[],
        by="",
    )


@reports.get("/behind/<what>")
@requires(people.DEALS)
def behind(what: str) -> Response:
    """Show the deals behind a figure."""
    seen = ctx()
    asked = asking.read(seen, request.args)
    found = records.table(seen, asked, what, request.args, whole=request.args.get("format") == "csv")
    return pages.report(
        seen,
        "sales/forecast/report.html",
        found.title,
        [found],
        places=places(asked, _at(what)),
        pick=None,
        day="",
        ways_to_part=[],
        by="",
    )


def _decided(seen: Context, asked: Asked, _by: str) -> Sequence[Table]:
    return [*cycle.reasons(seen, asked), products.table(seen, asked)]


def _at(what: str) -> str:
    """Return the page on which a figure stands."""
    return {
        "reached": "index",
        "left": "index",
        "moved": "slippage",
        "slipped": "slippage",
        "asof": "as_of",
        "snapshot": "right",
        "product": "reasons",
    }.get(what, "")


def places(asked: Asked, here: str) -> list[dict[str, Any]]:
    """Return the ways between the reports."""
    named = {
        "index": _("Stages"),
        "days": _("Cycle"),
        "reasons": _("Won and lost"),
        "slippage": _("Slippage"),
        "right": _("Accuracy"),
        "as_of": _("As of a day"),
    }
    args = asked.args()
    return [
        {"label": label, "url": url_for(f"sales_reports.{name}", **args), "on": name == here}
        for name, label in named.items()
    ]


def _parted(name: str, title: str, make: Make) -> Response:
    return _report({"stages": "index", "cycle": "days"}[name], title, make, dimensions.choices())


def _plain(name: str, title: str, make: Make) -> Response:
    return _report(name, title, make, [])


def _report(name: str, title: str, make: Make, ways: list[tuple[str, str]]) -> Response:
    seen = ctx()
    asked = asking.read(seen, request.args)
    by = dimensions.of(request.args.get("by", "")).way
    return pages.report(
        seen,
        "sales/forecast/report.html",
        title,
        make(seen, asked, by),
        places=places(asked, name),
        pick=pages.picker(seen, asked, **({"by": by} if ways else {})),
        day="",
        ways_to_part=[
            (label, url_for(f"sales_reports.{name}", **asked.args(by=way)), way == by) for way, label in ways
        ],
        by=by,
    )


def _day(seen: Context) -> date:
    today = seen.now.astimezone(seen.zone).date()
    text = request.args.get("on", "")
    try:
        return min(date.fromisoformat(text), today) if text else today - timedelta(days=30)
    except ValueError as error:
        raise Invalid({"on": _("Write a day like 2026-11-30.")}) from error
