"""Fields that administrators add: kept exactly, filtered and sorted like all others, read in one statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from app.kernel.context import Context
from app.kernel.contributions import Choice
from app.kernel.errors import Invalid
from app.models import Contact, CustomField, CustomValue
from app.services import (
    custom_fields,
    custom_fields_health,
    fields,
    filters,
    history,
    listing,
    records,
    search,
)
from app.services.context import acting
from app.services.custom_fields import Values
from app.services.listing import Asked
from app.testing.factories import Make

SIZES = (Choice(value="", label="Small"), Choice(value="", label="Large"))
GIVEN: dict[str, tuple[Values, Any]] = {
    "x_motto": (Values(label="Motto", type="text", searched=True), "Çà et là"),
    "x_story": (Values(label="Story", type="long_text"), "first\n\nsecond"),
    "x_seats": (Values(label="Seats", type="number"), -12),
    "x_share": (Values(label="Share", type="number", decimals=3), Decimal("12.375")),
    "x_worth": (Values(label="Worth", type="money"), Decimal("999999999999.99")),
    "x_since": (Values(label="Since", type="date"), "2024-02-29"),
    "x_seen": (Values(label="Seen", type="time"), datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)),
    "x_vip": (Values(label="VIP", type="bool"), True),
    "x_size": (Values(label="Size", type="choice", choices=SIZES), "large"),
    "x_likes": (Values(label="Likes", type="choices", choices=SIZES), ["large", "small"]),
    "x_site": (Values(label="Site", type="url"), "https://example.org/" + "a" * 900),
    "x_second_mail": (Values(label="Second mail", type="email"), "Ana@Example.org"),
    "x_desk": (Values(label="Desk", type="phone"), "+351 912 345 678"),
}


@pytest.fixture
def ctx(make: Make) -> Iterator[Context]:
    """An administrator's context with a field of each type on contacts."""
    user = make.user("administrator")
    with acting(make.ctx(user)) as seen:
        for name, (values, _value) in GIVEN.items():
            assert custom_fields.add(seen, "contact", values).name == name
    with acting(make.ctx(user)) as seen:
        yield seen


def _values(ctx: Context, record_id: int) -> dict[str, Any]:
    kind = ctx.schema.entity("contact")
    record = records.get(ctx, "contact", record_id)
    loaded = fields.load(ctx, kind, [ctx.schema.field("contact", name) for name in GIVEN], [record])
    return {name: loaded[name].get(record_id) for name in GIVEN}


def _new(ctx: Context, family: str, **values: Any) -> int:
    return int(records.create(ctx, "contact", {"family_name": family, **values}).id)


def test_values_of_every_type_come_back_as_they_were(ctx: Context) -> None:
    every = {name: value for name, (_values_, value) in GIVEN.items()}
    assert _values(ctx, _new(ctx, "Lima", **every)) == every
    bare = _values(ctx, _new(ctx, "Empty"))
    assert not any(bare.values())


def test_many_new_records_keep_their_values(ctx: Context) -> None:
    rows = [{"family_name": f"N{n}", "x_seats": n, "x_likes": ["small"]} for n in range(30)]
    made = records.create_many(ctx, "contact", rows)
    assert [_values(ctx, record.id)["x_seats"] for record in made] == list(range(30))
    assert _values(ctx, made[3].id)["x_likes"] == ["small"]


def test_all_added_fields_of_a_page_are_read_in_one_statement(ctx: Context, queries: Any) -> None:
    for n in range(5):
        _new(ctx, f"N{n}", x_seats=n, x_motto="a", x_vip=True)
    with queries() as told:
        page = listing.page(ctx, "contact", Asked(columns=("name", "x_seats", "x_motto", "x_vip", "x_since")))
    assert sum("FROM custom_value" in one for one in told) == 1
    assert sorted(page.values["x_seats"].values()) == [0, 1, 2, 3, 4]


QUESTIONS = (
    "x_motto = 'ÇA ET LA'",
    "x_motto contains et",
    "x_motto starts with 'ca e'",
    "x_story contains second",
    "x_seats > -12.5",
    "x_seats = 4.0",
    "x_seats between -12 and 4",
    "x_share < 12.3751",
    "x_share = 12.375",
    "x_worth >= 5",
    "x_since = 2024",
    "x_since > 2024-02-28",
    "x_seen < 2024-03-01",
    "x_vip = yes",
    "x_vip = no",
    "x_size = Large",
    "x_size in (small, large)",
    "x_likes = small",
    "x_site contains example",
    "x_second_mail = 'ana@example.org'",
    "x_desk contains 912",
    "x_seats is empty",
    "x_motto != 'Çà et là'",
    "not (x_size = large)",
)


@pytest.mark.parametrize(("few", "many"), [(100, 100), (0, 100), (0, 0)], ids=["few", "many", "most"])
def test_filters_find_what_the_values_say(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    monkeypatch.setattr("app.services.custom_fields_filters.FEW", few)
    monkeypatch.setattr("app.services.custom_fields_filters.MANY", many)
    every = {name: value for name, (_values_, value) in GIVEN.items()}
    ids = {_new(ctx, "Lima", **every), _new(ctx, "Empty"), _new(ctx, "Four", x_seats=4, x_size="small")}
    for question in QUESTIONS:
        chosen = select(Contact.id).where(filters.criterion(ctx, "contact", question))
        found = set(ctx.session.execute(chosen).scalars())
        assert found == filters.matches(ctx, "contact", question, ids), question
        assert found not in (set(), ids) or "not" in question, question


@pytest.mark.parametrize("name", ["x_seats", "x_motto", "x_since", "x_seen", "x_share", "x_vip", "x_size"])
@pytest.mark.parametrize("minus", ["", "-"])
def test_lists_stand_in_the_order_of_a_field_and_blanks_at_the_end(
    ctx: Context, name: str, minus: str
) -> None:
    samples: dict[str, list[Any]] = {
        "x_seats": [5, -3, 700, 5],
        "x_motto": ["beta", "Ärmel", "alpha", "zeta"],
        "x_since": ["2024-01-01", "1999-12-31", "2024-01-02", "2024-01-01"],
        "x_seen": [datetime(2020 + n, 1, 1, tzinfo=UTC) for n in (3, 1, 2, 4)],
        "x_share": [Decimal(n) / 8 for n in (3, -1, 2, 4)],
        "x_vip": [True, True, True, True],
        "x_size": ["large", "small", "small", "large"],
    }
    ids = [_new(ctx, "V", **{name: value}) for value in samples[name]]
    blanks = [_new(ctx, f"B{n}") for n in range(3)]
    asked = f"{minus}{name}"
    forwards, after = [], ""
    while True:
        page = listing.page(ctx, "contact", Asked(sort=asked, size=2, after=after))
        forwards += [row.id for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert set(forwards[:4]) == set(ids)
    assert set(forwards[4:]) == set(blanks)
    places = {"small": "1", "large": "2"}
    key = [places.get(v, v) if isinstance(v, str) else v for v in samples[name]]
    key = [str(v).casefold().replace("ä", "a") if isinstance(v, str) else v for v in key]
    said = [key[ids.index(i)] for i in forwards[:4]]
    assert said == sorted(said, reverse=bool(minus))
    backwards, before = [row.id for row in page.rows], page.previous
    while before:
        page = listing.page(ctx, "contact", Asked(sort=asked, size=2, before=before))
        backwards = [*(row.id for row in page.rows), *backwards]
        before = page.previous
    assert backwards == forwards


def test_a_change_is_history_and_can_be_taken_back(ctx: Context) -> None:
    made = _new(ctx, "Lima", x_seats=1)
    records.update(ctx, "contact", made, {"x_seats": 2, "x_likes": ["small"]})
    step = history.steps(ctx, "contact", made)[0]
    assert step.changes["x_seats"] == (1, 2)
    records.update(ctx, "contact", made, {"x_seats": None, "x_likes": []})
    assert _values(ctx, made)["x_seats"] is None


def test_what_cannot_be_read_any_more_leaves_the_rest(ctx: Context) -> None:
    made = _new(ctx, "Lima", x_seats=7, x_since="2024-02-29", x_size="large", x_motto="kept")
    ctx.session.execute(update(CustomValue).where(CustomValue.key == "2024-02-29").values(key="yesterday"))
    ctx.session.execute(update(CustomField).where(CustomField.name == "x_seats").values(settings="{"))
    ctx.session.commit()
    found = _values(ctx, made)
    assert (found["x_since"], found["x_motto"], found["x_seats"]) == ("", "kept", 7)
    named = custom_fields_health.healthy(ctx)
    assert named.state == "warn"
    assert f"“Since” of contact has 1 value that it cannot have, that of record {made}" in str(named.message)
    assert "“Seats” of contact has choices or rules that cannot be read" in str(named.message)


def test_the_doctor_is_content_with_what_is_in_order(ctx: Context) -> None:
    _new(ctx, "Lima", **{name: value for name, (_values_, value) in GIVEN.items()})
    assert custom_fields_health.healthy(ctx).state == "ok"


def test_records_that_are_gone_leave_no_values(ctx: Context) -> None:
    made = _new(ctx, "Lima", x_seats=7)
    records.trash(ctx, "contact", [made])
    records.purge(ctx, "contact", [made])
    assert ctx.session.execute(select(CustomValue)).first() is None


def test_values_found_by_the_search_are_those_of_fields_that_are_searched(ctx: Context) -> None:
    made = _new(ctx, "Lima", x_motto="Zanzibar", x_desk="+351 912 345 678")
    assert [hit.id for group in search.find(ctx, "zanzibar").groups for hit in group.hits] == [made]


def test_labels_are_taken_once_and_names_never_change(ctx: Context) -> None:
    with pytest.raises(Invalid):
        custom_fields.add(ctx, "contact", Values(label="motto"))
    with pytest.raises(Invalid):
        custom_fields.add(ctx, "contact", Values(label="Family name"))
    row = ctx.session.execute(select(CustomField).where(CustomField.name == "x_motto")).scalar_one()
    custom_fields.change(ctx, row.id, Values(label="Slogan"))
    assert row.name == "x_motto"


def test_moved_choices_move_the_records_that_have_them(ctx: Context, make: Make) -> None:
    small, large = _new(ctx, "A", x_size="small"), _new(ctx, "B", x_size="large")
    row = ctx.session.execute(select(CustomField).where(CustomField.name == "x_size")).scalar_one()
    turned = (Choice(value="large", label="Large"), Choice(value="small", label="Small"))
    custom_fields.change(ctx, row.id, Values(label="Size", choices=turned))
    with acting(make.ctx(make.user("administrator"))) as seen:
        custom_fields.rank(seen, {"entity": "contact", "field": row.id})
        page = listing.page(seen, "contact", Asked(sort="x_size"))
    assert [one.id for one in page.rows] == [large, small]
