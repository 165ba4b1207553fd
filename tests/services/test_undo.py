"""Taking operations back: exactly, again and again, by whom it may be done, and what is left as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.kernel.errors import NotVisible, Refuse
from app.services import bulk, records, roles, undo
from app.services.context import acting
from app.services.roles import RoleChange
from tests.services.bulk_kit import edit, ticked, value, worker_of


def test_undo_restores_and_its_undo_does_it_again(make: Any) -> None:
    ctx = make.ctx()
    made = [make.contact(note=f"note {n}", tags=[f"t{n}"]) for n in range(12)]
    run = edit(ctx, ticked(*made), "note", "set", "new")

    back = undo.start(ctx, run.operation_id or 0)
    assert [value(ctx, one, "note") for one in made] == [f"note {n}" for n in range(12)]
    with pytest.raises(Refuse):
        undo.start(ctx, run.operation_id or 0)

    undo.start(ctx, back.operation_id or 0)
    assert {value(ctx, one, "note") for one in made} == {"new"}
    undo.start(ctx, run.operation_id or 0)
    assert value(ctx, made[3], "note") == "note 3"


def test_what_was_changed_since_is_left_and_listed_with_its_values(make: Any) -> None:
    ctx = make.ctx()
    first, second = make.contact(note="old"), make.contact(note="old")
    run = edit(ctx, ticked(first, second), "note", "set", "new")
    records.update(ctx, "contact", second.id, {"note": "theirs"})

    back = undo.start(ctx, run.operation_id or 0)

    assert (value(ctx, first, "note"), value(ctx, second, "note")) == ("old", "theirs")
    left = bulk.refusals(ctx, back)
    assert [(row.record_id, row.details) for row in left] == [(second.id, '{"note":["old","new","theirs"]}')]


def test_the_trash_is_taken_back(make: Any) -> None:
    ctx = make.ctx()
    made = [make.company() for _n in range(3)]
    run = bulk.draft(ctx, "company", ticked(*made))
    bulk.choose(ctx, run.id, "trash", {})
    run = bulk.start(ctx, run.id)
    assert run.changed == 3
    assert not records.exists(ctx, "company", made[0].id)

    undo.start(ctx, run.operation_id or 0)
    assert all(records.exists(ctx, "company", one.id) for one in made)


def test_a_colleague_may_not_take_back_what_somebody_else_did(make: Any) -> None:
    author, other = make.user("manager"), make.user("manager")
    ctx = make.ctx(author)
    with acting(ctx):
        made = make.contact(note="old", owner=author)
        run = edit(ctx, ticked(made), "note", "set", "new")
        operation = run.operation_id or 0
    ctx = make.ctx(other)
    with acting(ctx), pytest.raises(NotVisible):
        undo.start(ctx, operation)
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        undo.start(ctx, operation)
        assert value(ctx, made, "note") == "old"


def test_what_is_gone_for_good_is_listed(make: Any) -> None:
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        kept, gone = make.contact(note="old"), make.contact(note="old")
        run = edit(ctx, ticked(kept, gone), "note", "set", "new")
        records.trash(ctx, "contact", [gone.id])
        back = undo.start(ctx, run.operation_id or 0)

        assert (back.changed, back.refused) == (1, 1)
        assert "trash" in bulk.refusals(ctx, back)[0].reason


def test_a_field_that_one_may_not_write_is_left_and_listed(make: Any) -> None:
    ctx = make.ctx(make.user("administrator"))
    user = worker_of(make, team="north")
    with acting(ctx):
        made = make.contact(note="old", owner=user, team="north")
    mine = make.ctx(user)
    with acting(mine):
        run = edit(mine, ticked(made), "note", "set", "new")
        operation = run.operation_id or 0
    with acting(ctx):
        role = next(r for r in roles.all_of(ctx) if r.label == "Worker team")
        roles.update(
            ctx,
            role.name,
            RoleChange(label=role.label, grants=role.grants, fields={"contact.note": "readonly"}),
        )
    mine = make.ctx(user)
    with acting(mine):
        back = undo.start(mine, operation)

        assert (back.changed, back.refused) == (0, 1)
        assert "may not change" in bulk.refusals(mine, back)[0].reason
    assert value(make.ctx(), made, "note") == "new"


def test_a_month_later_it_is_too_late(make: Any) -> None:
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        made = make.contact(note="old")
        run = edit(ctx, ticked(made), "note", "set", "new")
        ctx.now += timedelta(days=31)

        with pytest.raises(Refuse):
            undo.start(ctx, run.operation_id or 0)
        assert undo.recent(ctx) == []
        assert bulk.forget(ctx) == 1


def test_the_page_of_operations_costs_the_same_for_few_and_many(make: Any, queries: Any) -> None:
    ctx = make.ctx(make.user("administrator"))

    def cost() -> int:
        with queries() as seen:
            undo.recent(ctx)
        return len(seen)

    with acting(ctx):
        edit(ctx, ticked(make.contact()), "note", "set", "a")
        few = cost()
        for n in range(12):
            edit(ctx, ticked(*[make.contact() for _n in range(n)], make.contact()), "note", "set", "b")
        assert cost() == few <= 6


def test_the_primary_place_is_again_the_one_out_of_sight(make: Any) -> None:
    ctx = make.ctx(make.user("administrator"))
    with acting(ctx):
        hidden, seen = make.company(), make.company()
        places = [{"company_id": hidden.id, "is_primary": True}, {"company_id": seen.id, "is_primary": False}]
        contact = make.contact(affiliations=places)
        records.trash(ctx, "company", [hidden.id])
        run = edit(ctx, ticked(contact), "affiliations", "set", [{"company_id": seen.id, "title": "Lead"}])
        assert value(ctx, contact, "affiliations")[0]["is_primary"]

        undo.start(ctx, run.operation_id or 0)

        left = value(ctx, contact, "affiliations")
        assert [(place["title"], place["is_primary"]) for place in left] == [("", False)]
