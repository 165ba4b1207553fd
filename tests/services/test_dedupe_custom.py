"""Values of fields that administrators added follow a merge where they point at who is merged, and come back with undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services import access, custom_fields, dedupe_merging, fields, records, undo
from app.services.context import acting
from app.services.custom_fields import Values
from app.testing.factories import Make


def value(ctx: Any, record_id: int, name: str) -> Any:
    kind = ctx.schema.entity("contact")
    return fields.value(ctx, kind, ctx.schema.field("contact", name), access.get(ctx, kind.model, record_id))


@pytest.mark.parametrize("ref", ["company", "contact"])
def test_a_reference_follows_the_merge_and_comes_back(make: Make, ref: str) -> None:
    user = make.user("administrator")
    with acting(make.ctx(user)) as ctx:
        added = custom_fields.add(ctx, "contact", Values(label="Advised by", type="ref", ref=ref))
    ctx = make.ctx(user)
    factory: Callable[..., Any] = make.company if ref == "company" else make.contact
    kept, former, ana = factory(), factory(), make.contact()
    with acting(ctx):
        records.update(ctx, "contact", ana.id, {added.name: former.id})

        operation = dedupe_merging.merge(ctx, ref, [kept.id, former.id], {})
        assert value(ctx, ana.id, added.name) == kept.id
        undo.start(ctx, operation)
        assert value(ctx, ana.id, added.name) == former.id
