"""The page on background work: what is wrong is seen, and can be tried again or thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.models import AuditRow, JobRow, ScheduleState
from app.services import jobs
from app.testing.clients import Person
from app.testing.factories import Make

AsRole = Callable[..., Person]


@pytest.fixture
def dead(app: Flask, make: Make) -> int:
    """A job that was given up."""
    ctx = make.ctx()
    made = jobs.enqueue(ctx, "mail.send", {"sealed": "a secret thing"})
    with ctx.unit():
        ctx.session.execute(
            update(JobRow).values(state="dead", error="The mail server is <down>.", attempts=11)
        )
    return made


def test_only_administrators_come_in(as_role: AsRole) -> None:
    assert as_role("admin").get("/admin/jobs").status_code == 200
    for role in ("manager", "rep", "read_only"):
        assert as_role(role).get("/admin/jobs").status_code == 403
        assert as_role(role).post("/admin/jobs/discard", {"all": "1"}).status_code == 403


def test_a_given_up_job_is_shown_with_its_reason_and_without_its_arguments(
    as_role: AsRole, dead: int
) -> None:
    page = as_role("admin").get("/admin/jobs").get_data(as_text=True)
    assert "The mail server is &lt;down&gt;." in page
    assert "Send a mail" in page
    assert "a secret thing" not in page


def test_it_is_tried_again_or_thrown_away_on_the_record(as_role: AsRole, make: Make, dead: int) -> None:
    admin, ctx = as_role("admin"), make.ctx()
    assert admin.post("/admin/jobs/retry", {"id": str(dead)}).status_code == 303
    state = select(JobRow.state, JobRow.attempts).where(JobRow.id == dead)
    assert tuple(make.ctx().session.execute(state).one()) == ("ready", 0)
    admin.post("/admin/jobs/discard", {"id": str(dead)})
    assert make.ctx().session.execute(state).one().state == "ready", "what is not given up is not thrown away"
    with ctx.unit():
        ctx.session.execute(update(JobRow).values(state="dead"))
    admin.post("/admin/jobs/discard", {"all": "1"})
    assert make.ctx().session.execute(state).first() is None
    told = select(AuditRow.action).where(AuditRow.action.like("job.%")).order_by(AuditRow.id)
    noted = make.ctx().session.execute(told).scalars()
    assert list(noted) == ["job.retry", "job.discard", "job.discard"]


def test_a_schedule_is_paused_resumed_and_run(as_role: AsRole, make: Make) -> None:
    admin = as_role("admin")
    paused = select(ScheduleState.paused).where(ScheduleState.name == "tidy")
    admin.post("/admin/jobs/schedule", {"name": "tidy", "do": "pause"})
    assert make.ctx().session.execute(paused).scalar() is True
    assert "Paused" in admin.get("/admin/jobs").get_data(as_text=True)
    admin.post("/admin/jobs/schedule", {"name": "tidy", "do": "resume"})
    assert make.ctx().session.execute(paused).scalar() is False
    admin.post("/admin/jobs/schedule", {"name": "tidy", "do": "run"})
    assert make.ctx().session.execute(select(JobRow.name)).scalars().all() == ["tidy"]


@pytest.mark.parametrize(
    ("form", "status"), [({"name": "mail.send", "do": "run"}, 404), ({"name": "tidy", "do": "explode"}, 400)]
)
def test_only_schedules_and_only_these_buttons(as_role: AsRole, form: dict[str, Any], status: int) -> None:
    assert as_role("admin").post("/admin/jobs/schedule", form).status_code == status


def test_a_queue_that_stands_still_is_an_alarm(
    as_role: AsRole, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    ctx = make.ctx()
    jobs.enqueue(ctx, "tidy", {}, run_at=ctx.now - timedelta(minutes=7))
    assert "has waited for 7 minutes" in as_role("admin").get("/admin/jobs").get_data(as_text=True)
