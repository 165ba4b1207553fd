"""Who sets what an hour costs, and who gets into a project."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Invalid, NotVisible, Refuse
from app.sdk.services import acting, records, tasks
from app.testing.factories import Make

from ..hours.models import ENTRY
from ..plan.models import PROJECT

WORKED: dict[str, Any] = {"day": "2026-03-02", "minutes": 60}


def test_nobody_sets_the_price_of_the_own_hours_without_the_right(make: Make) -> None:
    rep = make.ctx(make.user("representative"))
    with acting(rep):
        own = records.create(rep, PROJECT, {"name": "Own"})
        with pytest.raises(Refuse):
            records.create(rep, ENTRY, {**WORKED, "project_id": own.id, "rate": Decimal(900)})
        noted = records.create(rep, ENTRY, {**WORKED, "project_id": own.id})
        with pytest.raises(Refuse):
            records.update(rep, ENTRY, noted.id, {"rate": Decimal(900)})
        assert records.update(rep, ENTRY, noted.id, {"minutes": 90}).minutes == 90
    manager = make.ctx(make.user("manager"))
    with acting(manager):
        assert records.update(manager, ENTRY, noted.id, {"rate": Decimal(80)}).amount == Decimal(120)
    with acting(rep):
        assert records.update(rep, ENTRY, noted.id, {"minutes": 60}).amount == Decimal(80)


def test_nobody_gets_into_a_project_by_a_task_about_it(make: Make) -> None:
    boss = make.ctx(make.user("manager", team="south"))
    with acting(boss):
        hidden = records.create(boss, PROJECT, {"name": "Hidden"})
        told = {"summary": "Secret", "assignee_id": boss.user.id}
        task = tasks.create(boss, told, about=[(PROJECT, hidden.id)])
    rep = make.ctx(make.user("representative", team="north"))
    mine = {"summary": "Mine", "assignee_id": rep.user.id}
    with acting(rep):
        with pytest.raises(NotVisible):
            tasks.create(rep, mine, about=[(PROJECT, hidden.id)])
        with pytest.raises(Invalid):
            tasks.create(rep, {**mine, "parent_id": task.id})
        with pytest.raises((Invalid, NotVisible)):
            records.create(rep, ENTRY, {**WORKED, "project_id": hidden.id})
        assert not records.exists(rep, PROJECT, hidden.id)
