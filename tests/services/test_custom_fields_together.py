"""Several conditions on added fields find what each finds alone; a field under a condition is judged by the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.kernel.context import Context
from app.kernel.contributions import Choice
from app.kernel.errors import Invalid
from app.models import Contact
from app.services import custom_fields, custom_fields_filters, filters, records
from app.services.context import acting
from app.services.custom_fields import Values
from app.testing.factories import Make

SIZES = (Choice(value="", label="Small"), Choice(value="", label="Large"))


@pytest.fixture
def ctx(make: Make) -> Iterator[Context]:
    """An administrator's context with three added fields, one of them under a condition, and forty people."""
    user = make.user("administrator")
    with acting(make.ctx(user)) as seen:
        custom_fields.add(seen, "contact", Values(label="Seats", type="number"))
        custom_fields.add(seen, "contact", Values(label="Size", type="choice", choices=SIZES))
        custom_fields.add(seen, "contact", Values(label="Likes", type="choices", choices=SIZES))
    with acting(make.ctx(user)) as seen:
        rule = Values(label="Reason", type="text", required=True, only_if="x_size = large")
        custom_fields.add(seen, "contact", rule)
    with acting(make.ctx(user)) as seen:
        for n in range(40):
            size = "large" if n % 4 == 0 else "small"
            likes = [["small"], ["large"], ["small", "large"], []][n % 4]
            given = {"x_seats": n, "x_size": size, "x_likes": likes, "x_reason": "because"}
            records.create(seen, "contact", {"family_name": f"N{n:02}", **given})
        yield seen


def _found(ctx: Context, where: str) -> list[str]:
    condition = filters.criterion(ctx, "contact", where)
    query = select(Contact.family_name).where(condition).order_by(Contact.family_name)
    return list(ctx.session.execute(query).scalars())


TOGETHER = (
    "x_seats > 10 and x_size = large",
    "x_seats >= 8 and x_seats < 20 and x_size = small",
    "x_likes = small and x_likes = large",
    "x_size = large and x_seats > 5 and not x_likes = small",
    "x_size = large and (x_seats < 5 or x_seats > 35)",
)


@pytest.mark.parametrize("most", [0, 7, 200_000])
def test_several_conditions_find_what_each_of_them_finds(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(custom_fields_filters, "MANY", most)
    people = range(40)

    def named(chosen: list[int]) -> list[str]:
        return [f"N{n:02}" for n in chosen]

    assert [_found(ctx, where) for where in TOGETHER] == [
        named([n for n in people if n > 10 and n % 4 == 0]),
        named([n for n in people if 8 <= n < 20 and n % 4]),
        named([n for n in people if n % 4 == 2]),
        named([]),
        named([n for n in people if n % 4 == 0 and (n < 5 or n > 35)]),
    ]


def test_what_is_needed_under_a_condition_is_judged_by_the_service(ctx: Context) -> None:
    with pytest.raises(Invalid, match="needed"):
        records.create(ctx, "contact", {"family_name": "Lima", "x_size": "large"})
    with pytest.raises(Invalid, match="needed"):
        records.create_many(ctx, "contact", [{"family_name": "Lima", "x_size": "large"}])
    small = records.create(ctx, "contact", {"family_name": "Lima", "x_size": "small"}).id
    records.update(ctx, "contact", small, {"x_size": "large", "x_reason": "grown"})
    with pytest.raises(Invalid, match="needed"):
        records.update(ctx, "contact", small, {"x_reason": ""})
    records.update(ctx, "contact", small, {"x_size": "small", "x_reason": ""})
