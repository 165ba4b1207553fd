"""The type of an added field changed: shown before it counts, exact, whole or not at all, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.context import Context
from app.kernel.contributions import Choice
from app.kernel.errors import Invalid, NotVisible
from app.models import AuditRow, CustomField
from app.services import (
    custom_fields,
    custom_fields_drafts,
    custom_fields_retyping,
    fields,
    filters,
    records,
)
from app.services.context import acting
from app.services.custom_fields import Values
from app.testing.factories import Make
from app.web import shown


@pytest.fixture
def user(make: Make) -> Any:
    return make.user("administrator")


@pytest.fixture
def fresh(make: Make, user: Any) -> Iterator[Callable[[], Context]]:
    """Return what gives the administrator's context as a new request would have it."""
    open_: list[Any] = []

    def begin() -> Context:
        manager = acting(make.ctx(user))
        open_.append(manager)
        found: Context = manager.__enter__()
        return found

    yield begin
    for manager in reversed(open_):
        manager.__exit__(None, None, None)


def add(ctx: Context, **values: Any) -> int:
    return custom_fields.add(ctx, "contact", Values(**values)).id


def filled(ctx: Context, make: Make, name: str, values: list[Any]) -> list[int]:
    """Return the ids of new people, each with a value."""
    ids = [make.contact(given_name=f"P{n}").id for n in range(len(values))]
    for record_id, value in zip(ids, values, strict=True):
        records.update(ctx, "contact", record_id, {name: value})
    return ids


def values(ctx: Context, name: str, ids: list[int]) -> list[Any]:
    kind = ctx.schema.entity("contact")
    found = fields.load_ids(ctx, kind, [ctx.schema.field("contact", name)], ids)[name]
    return [found.get(i) for i in ids]


def test_texts_become_numbers_and_the_rest_a_note(fresh: Any, make: Make) -> None:
    field_id = add(fresh(), label="Seats")
    ctx = fresh()
    ids = filled(ctx, make, "x_seats", ["12", "1 200,5", "about ten", ""])

    draft = custom_fields_drafts.begin(ctx, field_id, "number")

    assert (draft.ready, draft.state["fit"], draft.state["unfit"]) == (True, 2, 1)
    assert draft.state["fits"] == [["12", "12"], ["1 200,5", "1200.5"]]
    assert draft.state["unfits"][0][0] == "about ten"
    assert values(fresh(), "x_seats", ids) == ["12", "1 200,5", "about ten", ""], "nothing has changed yet"

    custom_fields_retyping.change(ctx, field_id, "note")

    ctx = fresh()
    assert [str(v) if v is not None else None for v in values(ctx, "x_seats", ids)] == [
        "12.0",
        "1200.5",
        None,
        None,
    ]
    assert values(ctx, "x_seats_before", ids) == ["", "", "about ten", ""]
    assert filters.matches(ctx, "contact", "x_seats > 100", ids) == {ids[1]}
    (said,) = ctx.session.execute(select(AuditRow).where(AuditRow.action == "field.retyped")).scalars()
    assert said.object == "contact.x_seats"


def test_a_change_is_taken_back_with_what_was_written_since(fresh: Any, make: Make) -> None:
    field_id = add(fresh(), label="Seats")
    ctx = fresh()
    ids = filled(ctx, make, "x_seats", ["12", "about ten", "7"])
    custom_fields_drafts.begin(ctx, field_id, "number")
    made = custom_fields_retyping.change(ctx, field_id, "note")
    assert made is not None
    ctx = fresh()
    records.update(ctx, "contact", ids[2], {"x_seats": 70})

    row, lost = custom_fields_retyping.take_back(ctx, made.id)

    ctx = fresh()
    assert (row.type, lost) == ("text", 0)
    assert values(ctx, "x_seats", ids) == ["12", "about ten", "70"]
    assert [f.key for f in ctx.schema.fields("contact") if f.key.startswith("x_")] == ["x_seats"]
    with pytest.raises(Invalid):
        custom_fields_retyping.take_back(ctx, row.id)


def test_what_was_changed_while_somebody_looked_is_converted_too(fresh: Any, make: Make) -> None:
    field_id = add(fresh(), label="Seats")
    ctx = fresh()
    ids = filled(ctx, make, "x_seats", ["1", "2"])
    custom_fields_drafts.begin(ctx, field_id, "number")
    ctx = fresh()
    records.update(ctx, "contact", ids[0], {"x_seats": "100"})
    late = filled(ctx, make, "x_seats", ["5"])

    custom_fields_retyping.change(ctx, field_id, "empty")

    assert values(fresh(), "x_seats", [*ids, *late]) == [100, 2, 5]


def test_many_are_converted_in_the_background_and_none_before(
    fresh: Any, make: Make, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custom_fields_drafts, "AT_ONCE", 2)
    monkeypatch.setattr(custom_fields_retyping, "BATCH", 2)
    field_id = add(fresh(), label="Since")
    ctx = fresh()
    ids = filled(ctx, make, "x_since", ["2024-02-29", "someday", "2025-01-01", "2026-05-05", "?"])
    records.trash(ctx, "contact", [ids[3]])

    draft = custom_fields_drafts.begin(ctx, field_id, "date")
    assert not draft.ready
    with pytest.raises(Invalid):
        custom_fields_retyping.change(ctx, field_id, "empty")
    run_jobs()

    ctx = fresh()
    draft = custom_fields_drafts.draft(ctx, custom_fields.get(ctx, field_id))
    assert draft is not None
    assert (draft.ready, draft.state["fit"], draft.state["unfit"]) == (True, 3, 2)
    for record_id in ids[:3]:
        records.update(ctx, "contact", record_id, {"nickname": "Nick"})
    assert custom_fields_retyping.change(ctx, field_id, "empty") is None, "much was changed meanwhile"
    run_jobs()
    ctx = fresh()
    records.restore(ctx, "contact", [ids[3]])
    assert values(ctx, "x_since", ids) == ["2024-02-29", "", "2025-01-01", "2026-05-05", ""]
    assert custom_fields_drafts.present(ctx, field_id).type == "date"


@pytest.mark.parametrize(
    ("given", "to", "said", "expected"),
    [
        (Values(label="F", type="number", decimals=1), "text", ["12.5", "3"], ["12.5", "3"]),
        (Values(label="F"), "choice", ["Gold", "gold ", "Silver, old"], ["gold", "gold", "silver_old"]),
        (Values(label="F"), "choices", ["red, blue", "Blue"], [["red", "blue"], ["blue"]]),
        (Values(label="F"), "bool", ["yes", "Nein", "perhaps"], [True, False, False]),
        (Values(label="F", type="date"), "text", ["2024-02-29"], ["2024-02-29"]),
        (Values(label="F", type="bool"), "text", [True, False], ["yes", ""]),
        (Values(label="F"), "email", ["ana@example.org", "Ana"], ["ana@example.org", ""]),
        (
            Values(label="F", type="choice", choices=(Choice(value="", label="Big one"),)),
            "choices",
            ["big_one"],
            [["big_one"]],
        ),
        (
            Values(
                label="F", type="choices", choices=(Choice(value="", label="A"), Choice(value="", label="B"))
            ),
            "choice",
            [["a"], ["a", "b"]],
            ["a", ""],
        ),
    ],
)
def test_each_type_becomes_others(
    fresh: Any, make: Make, given: Values, to: str, said: list[Any], expected: list[Any]
) -> None:
    ctx = fresh()
    field_id = custom_fields.add(ctx, "contact", given).id
    ctx = fresh()
    ids = filled(ctx, make, "x_f", said)
    custom_fields_drafts.begin(ctx, field_id, to)
    custom_fields_retyping.change(ctx, field_id, "empty")
    assert values(fresh(), "x_f", ids) == expected


def test_history_of_the_former_type_is_still_told(fresh: Any, make: Make) -> None:
    field_id = add(fresh(), label="Seats")
    ctx = fresh()
    (ana,) = filled(ctx, make, "x_seats", ["about ten"])
    records.update(ctx, "contact", ana, {"x_seats": "10.5"})
    custom_fields_drafts.begin(ctx, field_id, "number")
    custom_fields_retyping.change(ctx, field_id, "empty")

    ctx = fresh()
    field = ctx.schema.field("contact", "x_seats")
    assert shown.words(ctx, field, "about ten", {}) == "about ten"
    with pytest.raises(Invalid, match="does not fit"):
        records.update(ctx, "contact", ana, {"x_seats": "about ten"})


def test_a_formula_keeps_what_it_can_read(fresh: Any) -> None:
    field_id = add(fresh(), label="Seats", type="number")
    add(fresh(), label="Twice", type="formula", formula="x_seats * 2", result="number")
    with pytest.raises(Invalid, match="Twice"):
        custom_fields_drafts.begin(fresh(), field_id, "choices")


def test_a_change_that_is_left_alone_leaves_nothing(fresh: Any, make: Make) -> None:
    field_id = add(fresh(), label="Seats")
    ctx = fresh()
    ids = filled(ctx, make, "x_seats", ["12"])
    draft = custom_fields_drafts.begin(ctx, field_id, "number")
    custom_fields_drafts.discard(ctx, field_id)

    ctx = fresh()
    assert custom_fields_drafts.draft(ctx, custom_fields.get(ctx, field_id)) is None
    assert values(ctx, "x_seats", ids) == ["12"]
    found = custom_fields.listed(ctx, "contact")
    assert [len(part) for part in (found.used, found.retired, found.deleted)] == [1, 0, 0]
    with pytest.raises(NotVisible):
        custom_fields.get(ctx, draft.row.id)
    late = make.ctx(make.user("administrator"))
    late.now = late.now + timedelta(days=31)
    while custom_fields.forget(late):
        pass
    left = ctx.session.execute(select(CustomField.name).order_by(CustomField.id)).scalars().all()
    assert left == ["x_seats"]
