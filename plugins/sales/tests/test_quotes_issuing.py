from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Context, Invalid, Refuse
from app.sdk.services import records
from app.testing.factories import Make

from ..products import lines
from ..products.entities import PRODUCT
from ..quotes import content, deciding, issuing, tokens
from ..quotes.content import QUOTE
from .selling import deal


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


@pytest.fixture
def draft(ctx: Context, make: Make) -> Any:
    return content.from_deal(ctx, deal(make))


def test_a_deal_is_worth_its_lines(ctx: Context, make: Make) -> None:
    made = deal(make)
    assert made.amount == Decimal("2350.50")
    assert [line.total for line in lines.of_deals(ctx, [made.id])[made.id]] == [1710, Decimal("640.50")]


def test_a_draft_has_the_lines_of_its_deal_and_their_totals(ctx: Context, draft: Any) -> None:
    assert (draft.number, draft.status) == ("", "draft")
    assert (draft.net, draft.tax, draft.total) == (Decimal("2350.50"), Decimal("431.73"), Decimal("2782.23"))
    assert [line.description for line in content.of(ctx, draft)] == ["Solar panel", "Mounting"]


def test_a_discount_on_everything_changes_the_totals(ctx: Context, draft: Any) -> None:
    records.update(ctx, QUOTE, draft.id, {"discount": Decimal(10)})
    assert draft.net == Decimal("2115.45")
    assert draft.total == draft.net + draft.tax


def test_numbers_follow_one_another_and_a_failure_leaves_no_gap(ctx: Context, make: Make) -> None:
    numbers = []
    for good in (True, False, True):
        quote = content.from_deal(ctx, deal(make, None if good else []))
        if good:
            numbers.append(issuing.issue(ctx, quote.id).number)
        else:
            with pytest.raises(Invalid):
                issuing.issue(ctx, quote.id)
    year = str(ctx.now.year)
    assert numbers == [f"Q-{year}-0001", f"Q-{year}-0002"]


def test_many_who_issue_at_once_get_numbers_without_gaps(app: Any, ctx: Context, make: Make) -> None:
    ids = [content.from_deal(ctx, deal(make)).id for _n in range(8)]
    ctx.session.rollback()
    numbers: list[str] = []

    def one(quote_id: int) -> None:
        with app.app_context():
            found = issuing.issue(make.ctx(), quote_id)
            numbers.append(found.number)
            found_session = make.ctx().session
            found_session.rollback()
            found_session.close()

    threads = [threading.Thread(target=one, args=(quote_id,)) for quote_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number.rpartition("-")[2]) for number in numbers) == list(range(1, 9))


def test_what_is_issued_stays_as_it_is(ctx: Context, draft: Any) -> None:
    issuing.issue(ctx, draft.id)
    for changes in ({"name": "Other"}, {"lines": []}, {"discount": Decimal(50)}, {"status": "draft"}):
        with pytest.raises(Refuse):
            records.update(ctx, QUOTE, draft.id, changes)
    with pytest.raises(Refuse):
        records.trash(ctx, QUOTE, [draft.id])
    assert draft.number


def test_a_quote_that_is_taken_back_keeps_its_number(ctx: Context, draft: Any) -> None:
    number = issuing.issue(ctx, draft.id).number
    issuing.take_back(ctx, draft.id)
    assert (draft.status, draft.number, draft.token_hash) == ("draft", number, None)
    assert issuing.issue(ctx, draft.id).number == number


def test_a_new_version_replaces_the_one_before_which_stays_readable(ctx: Context, draft: Any) -> None:
    issuing.issue(ctx, draft.id)
    token = tokens.of(draft)
    second = content.again(ctx, draft)
    assert draft.status == "issued"
    issuing.issue(ctx, second.id)

    assert second.number == f"{draft.number}-2"
    assert draft.status == "replaced"
    assert tokens.find(ctx, token) is None
    assert [line.description for line in content.of(ctx, draft)] == ["Solar panel", "Mounting"]
    assert content.again(ctx, second).replaces_id == second.id


def test_a_discount_above_the_limit_needs_somebody_who_may(make: Make) -> None:
    admin = make.ctx()
    panel = make(PRODUCT, name="Panel", price=Decimal(200), currency="EUR")
    row = {
        "product_id": panel.id,
        "description": "Panel",
        "quantity": "1",
        "unit_price": "150",
        "tax_rate": "0",
    }
    rep = make.user("rep", team="north")
    made = deal(make, [row], owner=rep, team="north")
    ctx = make.ctx(rep)
    quote = content.from_deal(ctx, made)

    assert "25 %" in str(issuing.needs_approval(ctx, quote))
    assert issuing.needs_approval(admin, quote) is None
    with pytest.raises(Invalid):
        issuing.issue(ctx, quote.id)


def test_quotes_whose_last_day_is_over_expire(ctx: Context, draft: Any) -> None:
    issuing.issue(ctx, draft.id)
    with ctx.unit():
        draft.valid_until = "2020-01-01"
    deciding.expire(ctx, {})
    ctx.session.expire_all()
    assert records.get(ctx, QUOTE, draft.id).status == "expired"


def test_quotes_are_seen_with_their_deal(make: Make) -> None:
    mine = make.user("rep", team="north")
    quote = content.from_deal(make.ctx(), deal(make, owner=mine, team="north"))

    assert records.exists(make.ctx(mine), QUOTE, quote.id)
    assert not records.exists(make.ctx(make.user("rep", team="south")), QUOTE, quote.id)
    assert records.exists(make.ctx(make.user("readonly")), QUOTE, quote.id)
