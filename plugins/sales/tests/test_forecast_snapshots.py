from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.sdk.services import acting, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..forecast import board, comparing, periods, snapshots
from ..forecast.asked import Asked
from ..forecast.changes import CATEGORIES, by_category
from ..forecast.comparing import Comparison
from ..forecast.models import Snapshot
from .deals_as_rows import Selling

AsRole = Callable[..., Person]
QUARTER = Asked(period=periods.parse("2026-Q4"))
MONDAY = datetime(2026, 11, 16, 3, 15, tzinfo=UTC)


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


def taken(make: Make, at: datetime = MONDAY, kind: str = "weekly") -> Snapshot:
    ctx = replace(make.ctx(), now=at)
    with acting(ctx):
        return snapshots.take(ctx, kind)


def everything_happens(make: Make, selling: Selling) -> tuple[Any, Any, Snapshot]:
    """A week in which every kind of change occurs."""
    ana, rui = make.user("rep", team="North"), make.user("rep", team="South")
    old = {"created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    names = ("same", "more", "won", "lost", "out", "in", "over", "omit", "count", "gone", "back", "class")
    start: dict[str, Any] = {
        "in": {"on": "2027-01-15"},
        "count": {"category": "omitted"},
        "back": {"outcome": "lost"},
    }
    deals = {
        name: selling.deal(f"{100 + n}.{n:02}", name=name, owner=ana, **start.get(name, {}), **old)
        for n, name in enumerate(names)
    }
    then = taken(make)
    for name, values in {
        "more": {"amount_base": Decimal("150.75")},
        "won": {"outcome": "won", "category": "closed", "amount_base": Decimal("99.99")},
        "lost": {"outcome": "lost", "category": "closed"},
        "out": {"close_on": "2027-02-01"},
        "in": {"close_on": "2026-12-24"},
        "over": {"owner_id": rui.id, "team_id": rui.team_id},
        "omit": {"category": "omitted"},
        "count": {"category": "best"},
        "back": {"outcome": "open", "category": "pipeline"},
        "class": {"category": "best"},
    }.items():
        selling.change(deals[name], **values)
    ctx = make.ctx()
    with acting(ctx):
        records.trash(ctx, "sales.deal", [deals["gone"].id])
    selling.deal("55.55", "pipeline", name="fresh", owner=rui, created_at=MONDAY + timedelta(days=2))
    return ana, rui, then


def reconciled(found: Comparison) -> None:
    """The changes are the difference of both totals, in all and by category."""
    parts = [part for one in found.changed for part in one.parts]
    assert by_category(parts) == {c: found.now[c] - found.then[c] for c in CATEGORIES}
    assert sum(k.delta for k in found.kinds) == sum(found.now.values()) - sum(found.then.values())


def test_what_changed_is_told_by_kind_and_adds_up(make: Make, selling: Selling) -> None:
    ana, rui, then = everything_happens(make, selling)
    ctx = make.ctx()
    for asked in (QUARTER, replace(QUARTER, owner=str(ana.id)), replace(QUARTER, owner=str(rui.id))):
        reconciled(comparing.between(ctx, asked, then))
    found = comparing.between(ctx, QUARTER, then)
    told = {kind.kind: [one.name for one, _part in found.of_kind(kind.kind)] for kind in found.kinds}
    assert told == {
        "new": ["fresh"],
        "back": ["back"],
        "moved_in": ["in"],
        "included": ["count"],
        "more": ["more"],
        "less": ["won"],
        "won": ["won"],
        "category": ["class"],
        "lost": ["lost"],
        "moved_out": ["out"],
        "omitted": ["omit"],
        "deleted": ["gone"],
    }
    of_ana = comparing.between(ctx, replace(QUARTER, owner=str(ana.id)), then)
    assert [one.name for one, _part in of_ana.of_kind("handed_over")] == ["over"]


def test_two_snapshots_are_compared_as_a_snapshot_with_now(make: Make, selling: Selling) -> None:
    _ana, _rui, then = everything_happens(make, selling)
    later = taken(make, MONDAY + timedelta(days=7))
    ctx = make.ctx()
    with_now = comparing.between(ctx, QUARTER, then)
    selling.deal("1000")
    with_later = comparing.between(make.ctx(), QUARTER, then, later)

    reconciled(with_later)
    assert with_later.then == with_now.then
    assert with_later.now == with_now.now
    assert with_later.kinds == with_now.kinds


def test_a_representative_compares_what_he_may_see(make: Make, selling: Selling) -> None:
    ana, _rui, then = everything_happens(make, selling)
    found = comparing.between(make.ctx(ana), QUARTER, then)
    reconciled(found)
    assert "fresh" not in [one.name for one in found.changed]


def test_the_weekly_snapshot_is_taken_once_a_day(make: Make, selling: Selling) -> None:
    selling.deal("10", stage="Propose")
    selling.deal("20", outcome="won", on="2026-02-01")
    selling.deal("30", outcome="won", on="2024-02-01")
    selling.deal("40", outcome="lost")
    first, again = taken(make), taken(make, MONDAY + timedelta(hours=1))

    assert first.id == again.id
    assert comparing.counted(make.ctx(), first) == 2
    ctx = make.ctx()
    assert (
        comparing.totals(ctx, QUARTER, first)["commit"]
        == board.added(board.lines(ctx, QUARTER)).sums["commit"]
    )
    assert comparing.weighted(ctx, QUARTER, first) == Decimal("5.00")


def test_old_snapshots_are_thinned_out_to_one_a_month(make: Make, selling: Selling) -> None:
    selling.deal()
    for weeks in range(60, -1, -1):
        taken(make, MONDAY - timedelta(weeks=weeks))
    days = [one.day for one in snapshots.latest(make.ctx(), 100)]
    old = [day for day in days if day < "2026-05-18"]
    assert len(old) == len({day[:7] for day in old})
    assert len(days) - len(old) == 27


def test_the_page_leads_from_then_to_now_and_to_the_deals(
    as_role: AsRole, make: Make, selling: Selling
) -> None:
    everything_happens(make, selling)
    person = as_role("admin")
    page: Any = soup(person.get("/sales/forecast/changes?period=2026-Q4"))
    links = {a.get_text(strip=True): str(a["href"]) for a in page.select("#way th a")}
    assert {"New", "Won", "Lost", "Moved out of the period", "Thrown away"} <= set(links)

    lost: Any = soup(person.get(links["Lost"].partition("#")[0]))
    assert [th.get_text(strip=True) for th in lost.select("#deals tbody th")] == ["lost"]
    assert all(person.get(url.partition("#")[0]).status_code == 200 for url in links.values())


def test_a_manager_has_a_snapshot_taken_when_it_is_wanted(
    as_role: AsRole, make: Make, selling: Selling, run_jobs: Callable[[], int]
) -> None:
    selling.deal()
    assert as_role("rep").post("/sales/forecast/snapshot").status_code == 403
    assert "No snapshot yet" in as_role("rep").get("/sales/forecast/changes").text

    assert as_role("manager").post("/sales/forecast/snapshot").status_code == 303
    run_jobs()
    (found,) = snapshots.latest(make.ctx())
    assert (found.kind, found.deals) == ("asked", 1)
