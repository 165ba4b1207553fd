"""Tasks leave as a table and come back whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import records
from app.services.context import HouseContext
from app.testing.factories import Make
from tests.services.test_round_trip import TABLES, ctx, there_and_back

__all__ = ["ctx"]


@pytest.mark.parametrize("kind", TABLES)
def test_a_task_with_everything_comes_back_whole(
    make: Make, ctx: HouseContext, tmp_path: Path, kind: str
) -> None:
    ana, mate = make.contact(), make.user("rep", name="Bo Berg")
    records.create(
        ctx,
        "task",
        {
            "summary": "Visit the roof",
            "due_on": "2026-07-01",
            "due_clock": "15:30",
            "due_zone": "Europe/Berlin",
            "priority": "high",
            "recurrence": "FREQ=WEEKLY;BYDAY=WE",
            "after_done": True,
            "remind": ["60", "1440"],
            "checklist": "[x] Keys\n[ ] Ladder, long",
            "mates": [mate.id],
            "about": [f"contact:{ana.id}"],
            "description": "**all** of it",
        },
    )
    there_and_back(ctx, tmp_path, "task", kind)
