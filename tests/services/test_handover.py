"""Hand-over: every entity, the trash too, in one operation that history shows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.models import Contact, Task
from app.services import handover, journal, records
from app.services.access import UNSCOPED
from app.testing.factories import Make


def test_all_records_change_hands_also_trashed_and_assigned_ones(make: Make) -> None:
    ana, bob = make.user(), make.user()
    kept, gone = make.contact(owner=ana), make.contact(owner=ana)
    make.company(owner=ana)
    other = make.contact(owner=bob)
    task = make("task", owner=bob, summary="Call", assignee_id=ana.id)
    ctx = make.ctx()
    records.trash(ctx, "contact", [gone.id])
    assert handover.count(ctx, ana.id) == 4
    assert handover.hand_over(ctx, ana.id, bob.id) == {"contact": 2, "company": 1, "task": 1}
    owners = ctx.session.execute(
        select(Contact.owner_id).where(Contact.id.in_([kept.id, gone.id, other.id])),
        execution_options={UNSCOPED: "test"},
    ).scalars()
    assert set(owners) == {bob.id}
    assert ctx.session.scalar(select(Task.assignee_id).where(Task.id == task.id)) == bob.id
    assert handover.count(ctx, ana.id) == 0


def test_the_change_stands_in_the_history_and_raises_the_version(make: Make) -> None:
    ana, bob = make.user(), make.user()
    contact = make.contact(owner=ana)
    version = contact.version
    ctx = make.ctx()
    handover.hand_over(ctx, ana.id, bob.id)
    newest = journal.history(ctx, "contact", contact.id)[0]
    assert (newest.before, newest.after) == ({"owner_id": ana.id}, {"owner_id": bob.id})
    ctx.session.refresh(contact)
    assert contact.version == version + 1


def test_the_heir_is_an_active_other_user(make: Make) -> None:
    ana, gone = make.user(), make.user(active=False)
    for heir in (ana.id, gone.id, 999_999):
        with pytest.raises(Invalid):
            handover.hand_over(make.ctx(), ana.id, heir)
