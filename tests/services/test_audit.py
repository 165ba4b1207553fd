"""The audit chain: what was changed, deleted, inserted, swapped or cut off is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from app.models import AuditRow
from app.services import audit
from app.testing.factories import Make


@pytest.fixture
def chain(make: Make) -> Any:
    """A context with ten sealed rows, their ids in `ctx.ids`."""
    ctx = make.ctx()
    with ctx.unit():
        for number in range(10):
            audit.note(ctx, "test", f"thing:{number}", number=number)
    while audit.seal(ctx, limit=3):
        pass
    return ctx


def ids(ctx: Any) -> list[int]:
    """The ids of all rows, oldest first."""
    return list(ctx.session.execute(select(AuditRow.id).order_by(AuditRow.id)).scalars())


def test_an_untouched_chain_is_right(chain: Any) -> None:
    verdict = audit.verify(chain)
    assert (verdict.wrong, verdict.rows) == (None, len(ids(chain)))
    assert audit.seal(chain) == 0


def changed(ctx: Any, i: list[int]) -> None:
    ctx.session.execute(update(AuditRow).where(AuditRow.id == i[4]).values(detail='{"number": 99}'))


def removed(ctx: Any, i: list[int]) -> None:
    ctx.session.execute(delete(AuditRow).where(AuditRow.id == i[4]))


def cut(ctx: Any, i: list[int]) -> None:
    ctx.session.execute(delete(AuditRow).where(AuditRow.id >= i[8]))


def swapped(ctx: Any, i: list[int]) -> None:
    first, second = ctx.session.get_one(AuditRow, i[3]), ctx.session.get_one(AuditRow, i[5])
    first.detail, second.detail = second.detail, first.detail


def inserted(ctx: Any, i: list[int]) -> None:
    row = ctx.session.get_one(AuditRow, i[5])
    values = {c.name: getattr(row, c.name) for c in AuditRow.__table__.columns if c.name != "id"}
    ctx.session.execute(insert(AuditRow).values(id=i[-1] + 1, **values))


@pytest.mark.parametrize("harm", [changed, removed, cut, swapped, inserted])
def test_harm_is_found(chain: Any, harm: Callable[[Any, list[int]], None]) -> None:
    rows = ids(chain)
    with chain.unit():
        harm(chain, rows)
    assert audit.verify(chain).wrong is not None


def test_a_row_that_was_committed_late_finds_its_place(make: Make) -> None:
    ctx = make.ctx()
    audit.note(ctx, "late")
    audit.note(ctx, "early")
    late, early = ids(ctx)[-2:]
    with ctx.unit():
        ctx.session.get_one(AuditRow, late).hash = "not yet visible"
    audit.seal(ctx)
    with ctx.unit():
        ctx.session.get_one(AuditRow, late).hash = ""
    audit.seal(ctx)
    assert ctx.session.get_one(AuditRow, late).hash.startswith(f"{early}.")
    assert audit.verify(ctx).wrong is None


def test_a_noted_head_proves_that_the_end_is_there(chain: Any) -> None:
    head = audit.verify(chain).head
    audit.note(chain, "more")
    audit.seal(chain)
    assert audit.verify(chain, head=head).wrong is None
    assert audit.verify(chain, head="1.never").wrong is not None


def test_what_one_person_did_is_found_by_an_index(make: Make) -> None:
    ana, rui = make.user(), make.user()
    for who in (ana, rui, ana):
        audit.note(make.ctx(who), "records.export", "list:contact")
    ctx = make.ctx()

    assert [event.actor_id for event in audit.latest(ctx, actor_id=ana.id)] == [ana.id, ana.id]
    if ctx.session.get_bind().dialect.name == "sqlite":
        plan = text("EXPLAIN QUERY PLAN SELECT * FROM audit WHERE actor_id = 1 ORDER BY id DESC LIMIT 50")
        assert "ix_audit_actor_id" in str(ctx.session.execute(plan).all())
