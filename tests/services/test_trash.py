"""The trash: what lies in it for whom, in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.services import records, trash
from app.services.context import acting


def test_records_of_all_entities_lie_in_it_latest_first_in_pages(make: Any) -> None:
    ctx = make.ctx()
    made = [make.contact(), make.company(), make.contact(), make.company()]
    for number, record in enumerate(made):
        ctx.now += timedelta(seconds=number % 3)
        records.trash(ctx, record.__entity__, [record.id])

    whole = trash.page(ctx)
    first = trash.page(ctx, limit=2)
    last = first[-1]
    rest = trash.page(ctx, after=(last.deleted_at, last.entity, last.id), limit=2)

    assert [(t.entity, t.id) for t in [*first, *rest]] == [(t.entity, t.id) for t in whole]
    assert len(whole) == 4
    assert [t.deleted_at for t in whole] == sorted((t.deleted_at for t in whole), reverse=True)


def test_a_representative_sees_only_what_he_may_restore(make: Any) -> None:
    rep = make.user("representative", team="north")
    mine, others = make.contact(owner=rep), make.contact(team="south")
    system = make.ctx()
    records.trash(system, "contact", [mine.id, others.id])
    ctx = make.ctx(rep)

    with acting(ctx):
        assert [t.id for t in trash.page(ctx)] == [mine.id]
