from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from app.sdk import Event
from app.sdk.services import acting, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..deals.models import Reason
from ..forecast import accuracy, asof, behind, cycle, periods, slip_report, slips, snapshots, stage_report
from ..forecast import asked as asking
from ..forecast.asked import Asked
from ..forecast.tables import Table
from .deals_as_rows import Selling

AsRole = Callable[..., Person]
QUARTER = Asked(period=periods.parse("2026-Q4"))


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


@pytest.fixture(autouse=True)
def page(app: Flask) -> Iterator[None]:
    """A request, in which addresses can be made."""
    with app.test_request_context():
        yield


def here(selling: Selling) -> Asked:
    """The quarter, in the pipeline of these deals."""
    return replace(QUARTER, pipeline=str(selling.pipeline_id))


def values(table: Table) -> dict[str, dict[str, Any]]:
    return {row.label: dict(row.values) for row in table.rows}


def opened(ctx: Any, url: str) -> Table:
    """The table of deals that a figure opens."""
    parts = urlsplit(url)
    args = dict(parse_qsl(parts.query))
    return behind.table(ctx, asking.read(ctx, args), parts.path.rpartition("/")[2], args)


def gone_through(make: Make, selling: Selling) -> None:
    ana, rui = make.user("rep", name="Ana"), make.user("rep", name="Rui")
    for owner, ways in (
        (
            ana,
            [
                ("2026-10-01", "Qualify"),
                ("2026-10-11", "Propose"),
                ("2026-10-31", "Close"),
                ("2026-11-01", "Won"),
            ],
        ),
        (ana, [("2026-10-02", "Qualify"), ("2026-10-06", "Close"), ("2026-10-08", "Lost")]),
        (rui, [("2026-10-03", "Qualify"), ("2026-10-07", "Propose"), ("2026-10-09", "Qualify")]),
        (None, [("2026-10-04", "Qualify")]),
    ):
        last = ways[-1][1]
        deal = selling.deal(
            owner=owner,
            opened_on=ways[0][0],
            stage=last,
            outcome=last.lower() if last in ("Won", "Lost") else "open",
        )
        selling.moved(deal, *ways)
    old = selling.deal(opened_on="2026-09-30")
    selling.moved(old, ("2026-09-30", "Qualify"), ("2026-10-15", "Close"))


def test_how_far_deals_get_is_read_from_their_moves(make: Make, selling: Selling) -> None:
    gone_through(make, selling)
    ctx = make.ctx()
    funnel, parted = stage_report.tables(ctx, here(selling), "owner")

    found = values(funnel)
    assert [(name, row["count"]) for name, row in found.items()] == [
        ("Qualify", 4),
        ("Propose", 3),
        ("Close", 2),
        ("Won", 1),
    ]
    assert found["Close"]["won"] == 50
    assert (found["Qualify"]["left"], found["Qualify"]["days"]) == (3, 6)
    assert (found["Propose"]["left"], found["Propose"]["days"]) == (2, 11)
    assert {row.label: row.values["rate"] for row in parted.rows} == {"Ana": 50, "Nobody": 0, "Rui": 0}


def test_every_figure_of_stages_opens_its_deals(make: Make, selling: Selling) -> None:
    gone_through(make, selling)
    ctx = make.ctx()
    for way in ("owner", "source", "month"):
        for table in stage_report.tables(ctx, here(selling), way):
            for row in table.rows:
                for key, url in row.urls.items():
                    if key == "count" or key.startswith("s"):
                        total = opened(ctx, url).total
                        assert total is not None
                        assert total.label == f"{row.values[key]} in all"


def test_the_pipeline_of_a_day_past_is_as_it_was(make: Make, selling: Selling) -> None:
    gone_through(make, selling)
    selling.moved(selling.deal("5000", on="2026-12-01"), ("2026-10-10", "Propose"))
    ctx = make.ctx()

    def on(day: str) -> dict[str, Any]:
        return {
            name: row["count"]
            for name, row in values(asof.table(ctx, QUARTER, date.fromisoformat(day))).items()
        }

    assert on("2026-09-01") == {}
    assert on("2026-10-03") == {"Qualify": 4}
    assert on("2026-10-07") == {"Qualify": 3, "Propose": 1, "Close": 1}
    assert on("2026-10-20") == {"Qualify": 2, "Propose": 2, "Close": 1}
    found = asof.table(ctx, QUARTER, date(2026, 10, 20))
    row = next(row for row in found.rows if row.label == "Propose")
    assert (row.values["total"], row.values["weighted"]) == (Decimal("5100.00"), Decimal("2550.00"))
    total = opened(ctx, row.urls["total"]).total
    assert total is not None
    assert total.values["value"] == Decimal("5100.00")


def moved(deal: Any, number: int, former: str, later: str, **more: Any) -> Event:
    return Event(
        id=number,
        topic="sales.deal.updated",
        entity="sales.deal",
        record_id=deal.id,
        before={"close_on": former},
        after={"close_on": later, **more},
        at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def test_what_slips_out_of_the_period_is_counted_once(make: Make, selling: Selling) -> None:
    ana = make.user("rep", name="Ana")
    out, back = (
        selling.deal("1000.50", on="2027-02-01", owner=ana),
        selling.deal("70", on="2026-12-30", owner=ana),
    )
    won = selling.deal(outcome="won", owner=ana)
    ctx = make.ctx()
    told = [
        moved(out, 1, "2026-11-01", "2026-12-01"),
        moved(out, 2, "2026-12-01", "2027-02-01"),
        moved(back, 3, "2026-11-15", "2027-01-15"),
        moved(back, 4, "2027-01-15", "2026-12-30"),
        moved(won, 5, "2026-12-15", "2026-11-15", outcome="won"),
    ]
    with acting(ctx):
        slips.note(ctx, told)
        slips.note(ctx, told)
    by_person, often = slip_report.tables(ctx, QUARTER)

    assert values(by_person) == {
        "Ana": {"deals": 2, "moves": 3, "days": Decimal(153) / 3, "out": 1, "value": Decimal("1000.50")}
    }
    assert [(row.values["moves"], row.values["first"]) for row in often.rows] == [
        (2, "2026-11-01"),
        (1, "2026-11-15"),
    ]
    for key, count in (("deals", 2), ("out", 1)):
        total = opened(ctx, by_person.rows[0].urls[key]).total
        assert total is not None
        assert total.label == f"{count} in all"


def test_a_closing_day_that_somebody_moves_is_noted(
    make: Make, selling: Selling, run_jobs: Callable[[], int]
) -> None:
    deal = selling.deal(on="2026-11-15", stage="Qualify")
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, "sales.deal", deal.id, {"close_on": "2027-01-10"})
    run_jobs()
    by_person, _often = slip_report.tables(make.ctx(), QUARTER)
    assert [row.values["out"] for row in by_person.rows] == [1]


def test_the_way_to_won_is_measured_in_days(make: Make, selling: Selling) -> None:
    ana = make.user("rep", name="Ana")
    for opened_on, on in (
        ("2026-10-01", "2026-10-11"),
        ("2026-10-01", "2026-10-21"),
        ("2026-11-01", "2026-12-31"),
    ):
        selling.deal("10", outcome="won", on=on, opened_on=opened_on, owner=ana)
    (found,) = cycle.tables(make.ctx(), QUARTER, "owner")
    row = values(found)["Ana"]
    assert (row["deals"], row["mean"], row["median"], row["least"], row["most"]) == (3, 30, 20, 10, 60)
    months = cycle.tables(make.ctx(), QUARTER, "month")[0]
    assert [row.label for row in months.rows] == ["2026-10", "2026-12"]


def test_reasons_say_why_deals_are_lost(make: Make, selling: Selling) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        price = Reason(outcome="lost", name="Price")
        ctx.session.add(price)
        ctx.session.flush()
    for reason in (price.id, price.id, None):
        selling.deal("10.10", outcome="lost", reason_id=reason)
    selling.deal("10", outcome="won")
    lost, won = cycle.reasons(make.ctx(), QUARTER)
    assert values(lost)["Price"]["value"] == Decimal("20.20")
    assert values(lost)["No reason given"]["count"] == 1
    assert "1 of 4" in lost.said
    assert len(won.rows) == 1


def test_a_forecast_is_held_against_what_was_won(make: Make, selling: Selling) -> None:
    at = replace(make.ctx(), now=datetime(2026, 4, 3, tzinfo=UTC))
    deals = [selling.deal("100", "commit", on="2026-05-01"), selling.deal("100", "best", on="2026-06-01")]
    with acting(at):
        snapshots.take(at)
    selling.change(deals[0], outcome="won", category="closed", amount_base=Decimal(125))
    ctx = replace(make.ctx(), now=datetime(2026, 8, 1, tzinfo=UTC))
    found = accuracy.table(ctx, asking.read(ctx, {}))
    first = found.rows[0]

    assert first.label == "Q2 2026"
    assert (first.values["commit"], first.values["best"], first.values["won"]) == (100, 200, 125)
    assert first.values["of_commit"] == 80
    assert len(found.rows) == accuracy.PERIODS
    assert opened(ctx, first.urls["best"]).rows[0].values["value"] == 100


@pytest.mark.parametrize(
    "path", ["", "cycle?by=month", "reasons", "slippage", "accuracy", "as-of?on=2026-11-01"]
)
def test_reports_are_pages_and_files(as_role: AsRole, make: Make, selling: Selling, path: str) -> None:
    gone_through(make, selling)
    person = as_role("manager")
    address = f"/sales/reports/{path}"
    answer = person.get(address)
    assert answer.status_code == 200
    for link in {str(a["href"]) for a in soup(answer).select("table a")}:
        assert person.get(link).status_code == 200, link
    file = person.get(address + ("&" if "?" in address else "?") + "format=csv")
    assert file.mimetype == "text/csv"


def test_what_is_no_report_is_not_found(as_role: AsRole, make: Make) -> None:
    person = as_role("rep")
    assert person.get("/sales/reports/behind/nothing").status_code == 404
    assert person.get("/sales/reports/behind/reached?stage=x").status_code == 404
    assert person.get("/sales/reports/as-of?on=yesterday").status_code == 422


def test_a_representative_finds_the_own_team_behind_figures(
    as_role: AsRole, make: Make, selling: Selling
) -> None:
    ana = make.user("rep", team="North")
    mine, other = (
        selling.deal(owner=ana, name="Mine", opened_on="2026-10-01"),
        selling.deal(name="Theirs", opened_on="2026-10-01"),
    )
    for deal in (mine, other):
        selling.moved(deal, ("2026-10-01", "Qualify"))
    stage = selling.stages["Qualify"]
    address = f"/sales/reports/behind/reached?period=2026-Q4&stage={stage}&pipeline={selling.pipeline_id}"
    text = as_role("rep", team="North").get(address).text
    assert "Mine" in text
    assert "Theirs" not in text
