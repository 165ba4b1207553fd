from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app.sdk import Context, Invalid
from app.testing.factories import Make

from .. import gifts

Queries = Callable[[], Any]


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


def given(ctx: Context, contact: Any, name: str, on: str) -> Any:
    return gifts.note(ctx, contact.id, {"name": name, "given_on": on})


def test_the_last_gift_of_each_contact_is_read_in_one_query(
    ctx: Context, make: Make, queries: Queries
) -> None:
    ana, rui, eva = make.contact(), make.contact(), make.contact()
    given(ctx, ana, "Wine", "2025-12-20")
    given(ctx, ana, "Book", "2026-04-12")
    gifts.note(ctx, ana.id, {"name": "Chocolate"})
    given(ctx, rui, "Pen", "2024-01-01")
    gifts.note(ctx, eva.id, {"name": "Tea"})
    ids = [ana.id, rui.id, eva.id]

    with queries() as seen:
        found = gifts.last_given(ctx, ids)

    assert found == {ana.id: "2026-04-12", rui.id: "2024-01-01"}
    assert len(seen) == 1


def test_ideas_come_first_then_the_latest_gifts(ctx: Context, make: Make) -> None:
    ana = make.contact()
    given(ctx, ana, "Old", "2024-01-01")
    given(ctx, ana, "New", "2026-01-01")
    gifts.note(ctx, ana.id, {"name": "Idea"})

    assert [gift.name for gift in gifts.of_contact(ctx, ana.id, 5)] == ["Idea", "New", "Old"]


def test_a_gift_needs_a_name(ctx: Context, make: Make) -> None:
    with pytest.raises(Invalid):
        gifts.note(ctx, make.contact().id, {"name": ""})


def test_the_timeline_goes_on_where_it_was_cut(ctx: Context, make: Make) -> None:
    ana = make.contact()
    for day in range(1, 6):
        given(ctx, ana, f"Gift {day}", f"2026-03-0{day}")

    first = gifts.entries(ctx, [ana.id], None, 2)
    rest = gifts.entries(ctx, [ana.id], datetime(2026, 3, 3, 23, tzinfo=UTC), 10)

    assert [entry.title for entry in first] == ["Gift 5", "Gift 4"]
    assert [entry.title for entry in rest] == ["Gift 3", "Gift 2", "Gift 1"]
    assert first[0].at == datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_the_timeline_names_who_gave(make: Make) -> None:
    rui, ana = make.user("admin", name="Rui Faria"), make.contact()
    ctx = make.ctx(rui)
    given(ctx, ana, "Book", "2026-03-01")
    assert [entry.actor for entry in gifts.entries(ctx, [ana.id], None, 5)] == ["Rui Faria"]


def test_a_price_is_in_the_currency_of_the_house(ctx: Context, make: Make) -> None:
    from decimal import Decimal

    made = gifts.note(ctx, make.contact().id, {"name": "Wine", "price": Decimal("12.50")})
    assert (made.price, made.currency) == (Decimal("12.50"), "EUR")
