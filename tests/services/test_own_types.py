"""Kinds of record that administrators define: built like the core's own, seen by everybody who may, gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import CustomField, CustomValue, OwnRecord, OwnType
from app.models.own_record import model_of
from app.services import (
    access,
    custom_fields,
    grants,
    history,
    listing,
    own_beside,
    own_types,
    records,
    search,
    timeline,
    trash,
    undo,
)
from app.services.context import acting
from app.services.custom_fields import Values as FieldValues
from app.services.listing import Asked
from app.services.own_types import Values
from app.testing.factories import Make

BOAT = Values(label="Boat", plural="Boats", icon="flag")


@pytest.fixture
def ctx(make: Make) -> Iterator[Context]:
    """An administrator's context with a kind “Boat” that has a length and an owner among people, and a kind “Pier”."""
    user = make.user("administrator")
    with acting(make.ctx(user)) as seen:
        own_types.add(seen, BOAT)
        own_types.add(seen, Values(label="Pier", plural="Piers"))
    with acting(make.ctx(user)) as seen:
        custom_fields.add(seen, "x_boat", FieldValues(label="Length", type="number", decimals=1))
        custom_fields.add(seen, "x_boat", FieldValues(label="Skipper", type="ref", ref="contact"))
        custom_fields.add(seen, "x_boat", FieldValues(label="Motto", type="text", searched=True))
    with acting(make.ctx(user)) as seen:
        yield seen


def _named(ctx: Context, entity: str, **asked: Any) -> list[str]:
    return [r.name for r in listing.page(ctx, entity, Asked(**asked)).rows]


def test_kinds_share_a_table_and_never_meet(ctx: Context) -> None:
    boat = records.create(ctx, "x_boat", {"name": "Aurora"})
    pier = records.create(ctx, "x_pier", {"name": "North"})
    assert (_named(ctx, "x_boat"), _named(ctx, "x_pier")) == (["Aurora"], ["North"])
    with pytest.raises(NotVisible):
        records.get(ctx, "x_boat", pier.id)
    assert own_types.of_record(ctx, boat.id) == "x_boat"
    everything = ctx.session.execute(
        select(func.count()).select_from(model_of("x_pier")), execution_options={access.UNSCOPED: "a test"}
    )
    assert everything.scalar_one() == 1
    assert ctx.session.execute(select(func.count()).select_from(model_of("x_boat"))).scalar_one() == 1


def test_reach_holds_for_records_of_own_kinds(ctx: Context, make: Make) -> None:
    south, north = make.user("representative", team="south"), make.user("representative", team="north")
    with acting(make.ctx(south)) as seen:
        mine = records.create(seen, "x_boat", {"name": "Mine"}).id
    with acting(make.ctx(north)) as seen:
        assert _named(seen, "x_boat") == []
        with pytest.raises(NotVisible):
            records.get(seen, "x_boat", mine)
        assert seen.session.execute(select(OwnRecord.id)).all() == []
    with acting(make.ctx(south)) as seen:
        assert _named(seen, "x_boat") == ["Mine"]
        assert seen.session.execute(select(OwnRecord.id)).all() == []
    with acting(make.ctx(make.user("read_only"))) as seen:
        assert _named(seen, "x_boat") == ["Mine"]
        assert not seen.may("x_boat.edit")


def test_a_kind_brings_rights_of_its_own(ctx: Context, make: Make) -> None:
    assert [r.label for key, r in grants.rights().items() if key == "x_boat.view"] == ["Boats"]
    assert make.ctx(make.user("representative")).user.reach("x_boat.view") == "team"


def test_records_are_searched_sorted_filtered_and_told_of(ctx: Context, make: Make) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima")
    boats = [
        records.create(
            ctx, "x_boat", {"name": name, "x_length": length, "x_skipper": skipper, "x_motto": motto}
        )
        for name, length, skipper, motto in (
            ("Zéphyr", 12.5, ana.id, "Never home"),
            ("aurora", 8, None, ""),
            ("Bora", 30, ana.id, ""),
        )
    ]
    assert _named(ctx, "x_boat") == ["aurora", "Bora", "Zéphyr"]
    assert _named(ctx, "x_boat", sort="-x_length") == ["Bora", "Zéphyr", "aurora"]
    assert _named(ctx, "x_boat", where="x_length > 10 and x_skipper.family_name = Lima") == ["Bora", "Zéphyr"]
    found = [hit.title for g in search.find(ctx, "zephyr").groups for hit in g.hits]
    assert found == ["Zéphyr"]
    assert [hit.title for g in search.find(ctx, "never home").groups for hit in g.hits] == ["Zéphyr"]
    (group,) = own_beside.groups(ctx, "contact", ana.id)
    assert [name for _id, name in group.records] == ["Bora", "Zéphyr"]
    assert not group.more
    assert own_beside.groups(ctx, "company", ana.id) == []
    assert timeline.page(ctx, "x_boat", boats[0], timeline.Asked()).items == []


def test_a_change_is_kept_and_taken_back(ctx: Context, make: Make) -> None:
    boat = records.create(ctx, "x_boat", {"name": "Aurora", "x_length": 8})
    records.update(ctx, "x_boat", boat.id, {"name": "Bora", "x_length": 9})
    (last, _first) = history.steps(ctx, "x_boat", boat.id)[:2]
    assert set(last.changes) == {"name", "x_length"}
    assert records.trash(ctx, "x_boat", [boat.id]) == 1
    assert [t.name for t in trash.page(ctx)] == ["Bora"]
    operation = undo.recent(ctx)[0].id
    undo.start(ctx, operation)
    assert _named(ctx, "x_boat") == ["Bora"]


def test_names_are_unique_and_stay_when_a_kind_is_renamed(ctx: Context, make: Make) -> None:
    for taken in ("Boats", "contact", " Company "):
        with pytest.raises(Invalid):
            own_types.add(ctx, Values(label=taken, plural="Something"))
    (boat, *_rest) = own_types.listed(ctx)
    own_types.change(ctx, boat.id, replace(BOAT, label="Yacht", plural="Yachts"))
    with acting(make.ctx(make.user("administrator"))) as seen:
        assert (seen.schema.entity("x_boat").label, seen.schema.has("x_yacht")) == ("Yacht", False)
        assert own_types.add(seen, BOAT).name == "x_boat_2"


def test_a_kind_goes_with_its_records_and_comes_back_with_them(ctx: Context, make: Make) -> None:
    boat = records.create(ctx, "x_boat", {"name": "Aurora", "x_length": 8})
    records.trash(ctx, "x_boat", [records.create(ctx, "x_boat", {"name": "Sunk"}).id])
    (row, *_rest) = own_types.listed(ctx)
    with pytest.raises(Invalid):
        own_types.delete(ctx, row.id, confirmed=False)
    with acting(replace(ctx, now=ctx.now + timedelta(minutes=1))) as later:
        own_types.delete(later, row.id, confirmed=True)
    with acting(make.ctx(make.user("administrator"))) as seen:
        assert not seen.schema.has("x_boat")
        assert trash.page(seen) == []
        with pytest.raises(NotVisible):
            own_types.of_record(seen, boat.id)
        own_types.restore(seen, row.id)
    with acting(make.ctx(make.user("administrator"))) as seen:
        assert _named(seen, "x_boat") == ["Aurora"]
        assert [t.name for t in trash.page(seen)] == ["Sunk"]


def test_after_thirty_days_nothing_is_left_of_a_deleted_kind(ctx: Context, make: Make) -> None:
    records.create(ctx, "x_boat", {"name": "Aurora", "x_length": 8, "x_motto": "Home"})
    pier = records.create(ctx, "x_pier", {"name": "North"}).id
    (row, *_rest) = own_types.listed(ctx)
    own_types.delete(ctx, row.id, confirmed=True)
    with acting(make.ctx()) as system:
        assert own_types.forget(system) == 0
        late = replace(system, now=system.now + timedelta(days=31))
        while own_types.forget(late):
            pass
    left = ctx.session.execute(select(OwnType.name).order_by(OwnType.id)).scalars().all()
    values = ctx.session.execute(select(func.count()).select_from(CustomValue)).scalar_one()
    fields = ctx.session.execute(select(func.count()).select_from(CustomField)).scalar_one()
    assert (left, values, fields) == (["x_pier"], 0, 0)
    with acting(make.ctx()) as system:
        assert records.get(system, "x_pier", pier).name == "North"


def test_many_records_at_once_are_of_their_kind(ctx: Context) -> None:
    made = records.create_many(ctx, "x_boat", [{"name": f"B{n:02}", "x_length": n} for n in range(30)])
    records.create(ctx, "x_pier", {"name": "North"})
    assert len({r.id for r in made}) == 30
    assert _named(ctx, "x_boat") == [f"B{n:02}" for n in range(30)]
    assert _named(ctx, "x_boat", where="x_length >= 29") == ["B29"]
