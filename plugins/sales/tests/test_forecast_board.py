from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.sdk import filters
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..forecast import asked as asking
from ..forecast import board, calls, overview, people, periods
from ..forecast.asked import Asked
from ..forecast.changes import CATEGORIES
from ..goals import quotas
from .deals_as_rows import Selling

AsRole = Callable[..., Person]
QUARTER = Asked(period=periods.parse("2026-Q4"))


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    """A request, in which addresses can be made."""
    with app.test_request_context():
        yield


def filled(make: Make, selling: Selling) -> tuple[Any, Any]:
    """Deals of two people in two teams, some of nobody, some outside the quarter or not counted."""
    ana, rui = (
        make.user("rep", team="North", name="Ana Lima"),
        make.user("rep", team="South", name="Rui Faria"),
    )
    for amount, category, owner in (
        ("1000.10", "commit", ana),
        ("2000.20", "best", ana),
        ("300.03", "pipeline", rui),
        ("50.55", "commit", None),
        ("77", "omitted", ana),
    ):
        selling.deal(amount, category, owner=owner)
    selling.deal("4000.40", outcome="won", owner=ana, on="2026-10-01")
    selling.deal("9", outcome="lost", owner=ana)
    selling.deal("8", on="2027-01-01", owner=rui)
    selling.deal("7", on="", owner=rui)
    selling.deal("500", "pipeline", owner=rui, stage="Close", probability=None, on="2026-12-31")
    return ana, rui


def test_what_is_won_committed_hoped_for_and_open_is_added_up_exactly(make: Make, selling: Selling) -> None:
    ana, rui = filled(make, selling)
    lines = board.lines(make.ctx(), QUARTER)

    whole = board.added(lines)
    assert whole.sums == {
        "commit": Decimal("1050.65"),
        "best": Decimal("2000.20"),
        "pipeline": Decimal("800.03"),
        "closed": Decimal("4000.40"),
    }
    assert whole.counts == {"commit": 2, "best": 1, "pipeline": 2, "closed": 1}
    by_person = {line.owner_id: line.figures for line in lines}
    assert by_person[ana.id].weighted == Decimal("4000.40") + Decimal("100.01") + Decimal("200.02")
    assert by_person[rui.id].weighted == Decimal("400.00") + Decimal("30.00")


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("category", ["", *CATEGORIES])
def test_every_figure_opens_the_deals_it_is_made_of(make: Make, selling: Selling, category: str) -> None:
    ana, rui = filled(make, selling)
    ctx = make.ctx()
    lines = board.lines(ctx, QUARTER)
    for whom in (None, ana.id, rui.id, "nobody"):
        asked = QUARTER
        if whom is not None:
            asked = replace(QUARTER, owner="none" if whom == "nobody" else str(whom))
        found = [
            line for line in lines if whom is None or line.owner_id == (whom if whom != "nobody" else None)
        ]
        figures = board.added(found)
        wanted = figures.sums[category] if category else figures.total

        assert listed(ctx, board.address(asked, category)) == wanted


def listed(ctx: Any, address: str) -> Decimal:
    """The sum of the list that an address shows."""
    from urllib.parse import parse_qs, urlsplit

    from sqlalchemy import select

    from ..deals.models import Deal

    text = parse_qs(urlsplit(address).query)["where"][0]
    criterion = filters.criterion(ctx, "sales.deal", filters.check(ctx, "sales.deal", text))
    rows = ctx.session.execute(select(Deal.amount_base).where(criterion)).scalars()
    return sum(rows, Decimal(0))


def test_the_list_opens_from_the_page(as_role: AsRole, make: Make, selling: Selling) -> None:
    filled(make, selling)
    person = as_role("admin")
    page = soup(person.get("/sales/forecast/?period=2026-Q4"))
    links = [a["href"] for a in page.select("#forecast td a")]
    assert links
    for link in set(links):
        assert person.get(str(link)).status_code == 200


def test_a_representative_sees_the_own_team_only(as_role: AsRole, make: Make, selling: Selling) -> None:
    filled(make, selling)
    page = as_role("rep", team="North").get("/sales/forecast/?period=2026-Q4").text
    assert "Ana Lima" in page
    assert "Rui Faria" not in page
    assert "South" not in soup_text(page, "#forecast")


def soup_text(text: str, selector: str) -> str:
    from bs4 import BeautifulSoup

    found: Any = BeautifulSoup(text, "html.parser").select_one(selector)
    return str(found.get_text(" "))


def test_a_manager_speaks_beside_a_person_and_neither_is_lost(make: Make, selling: Selling) -> None:
    ana, _rui = filled(make, selling)
    boss = make.user("manager", team="North")
    period = QUARTER.period
    own, above = make.ctx(ana), make.ctx(boss)
    calls.say(own, period, people.get(own, ana.id), Decimal(7000), "two are sure")
    calls.say(above, period, people.get(above, ana.id), Decimal(6000), "one slips")
    calls.say(own, period, people.get(own, ana.id), Decimal(7500))

    latest = calls.latest(make.ctx(), period, [ana.id])
    assert {key: one.amount for key, one in latest.items()} == {
        (ana.id, "own"): Decimal(7500),
        (ana.id, "manager"): Decimal(6000),
    }
    person = people.get(above, ana.id)
    assert [one.amount for one in calls.history(above, period, person)] == [7500, 6000, 7000]


def test_a_colleague_may_not_speak_for_another(as_role: AsRole, make: Make, selling: Selling) -> None:
    ana, _rui = filled(make, selling)
    answer = as_role("rep", team="North").post(
        f"/sales/forecast/person/{ana.id}?period=2026-Q4", {"amount": "1"}
    )
    assert answer.status_code == 403
    assert as_role("rep", team="South").get(f"/sales/forecast/person/{ana.id}").status_code == 404


@pytest.mark.usefixtures("page")
def test_quotas_stand_beside_what_is_won(make: Make, selling: Selling) -> None:
    ana, rui = filled(make, selling)
    ctx = make.ctx()
    months = periods.around(periods.parse("2026-10"), 0, 2)
    quotas.save(
        ctx,
        [
            *(
                quotas.Asked(who=(ana.id, None), period=month, metric="amount", target=Decimal(2000))
                for month in months
            ),
            quotas.Asked(who=(rui.id, None), period=QUARTER.period, metric="amount", target=Decimal(1500)),
        ],
    )
    found = overview.read(ctx, QUARTER)
    rows = {row.label: row.values for row in found.table.rows}

    assert rows["Ana Lima"]["quota"] == Decimal(6000)
    assert rows["Rui Faria"]["quota"] == Decimal(1500)
    assert found.quota == Decimal(7500)
    assert round(rows["North"]["reached"], 2) == Decimal("66.67")
    assert found.gap == Decimal("7500") - Decimal("4000.40") - Decimal("1050.65")


def test_the_forecast_goes_out_as_a_file(as_role: AsRole, make: Make, selling: Selling) -> None:
    make_bad = make.user("rep", team="North", name="=SUM(A1)")
    selling.deal("1000.10", owner=make_bad)
    answer = as_role("admin").get("/sales/forecast/?period=2026-Q4&format=csv")
    assert answer.mimetype == "text/csv"
    assert "'=SUM(A1)" in answer.text
    assert "1000.10" in answer.text


def test_a_page_of_a_period_that_is_none_says_so(as_role: AsRole) -> None:
    answer = as_role("admin").get("/sales/forecast/?period=2026-Q7")
    assert answer.status_code == 422
    assert "is no period" in answer.text


@pytest.mark.usefixtures("page")
def test_it_takes_as_many_questions_for_many_deals_as_for_few(
    make: Make, selling: Selling, queries: Callable[[], Any]
) -> None:
    filled(make, selling)
    ctx = make.ctx()
    with queries() as few:
        overview.read(ctx, QUARTER)
    for n in range(30):
        selling.deal(str(n), owner=make.user("rep", team=f"Team {n % 4}"))
    ctx = make.ctx()
    with queries() as many:
        overview.read(ctx, QUARTER)
    assert len(many) <= len(few) + 1
    assert asking.read(ctx, {"period": "2026-11"}).period.unit == "month"
