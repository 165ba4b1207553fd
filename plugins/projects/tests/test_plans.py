"""What people do with plans: tasks that wait for one another, templates, the board, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Invalid, NotVisible
from app.sdk.models import Task, TaskLink
from app.sdk.services import acting, records, tasks
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..plan import making, reading, service
from ..plan.models import PROJECT, Project

AsRole = Callable[..., Person]
OUTLINE = """# Preparation
Measure | +0 | 1d | 4h | @Engineer
- Photos
Draw | 2d | 16h | after 1
* Approved | 30 %
Build | 3d | 24h | after 2 | @Fitter
"""


@pytest.fixture
def project(make: Make, clock: Any) -> Any:
    """A project that begins on a Monday, made of a template."""
    clock.set("2026-03-02T09:00")
    ctx = make.ctx()
    template = make("projects.template", name="Roof", outline=OUTLINE)
    with acting(ctx):
        values = {"name": "Bakery", "start_on": "2026-03-05"}
        return making.from_template(ctx, template, values, {"Fitter": make.user("representative").id})


def named(plan: reading.Plan) -> dict[str, reading.Item]:
    return {item.name: item for item in plan.items}


def test_a_template_becomes_a_plan_on_working_days(make: Make, project: Any) -> None:
    plan = reading.plan(make.ctx(), project)
    spans = {name: (str(item.start), str(item.end)) for name, item in named(plan).items()}
    assert spans == {
        "Measure": ("2026-03-05", "2026-03-05"),
        "Draw": ("2026-03-06", "2026-03-09"),
        "Build": ("2026-03-10", "2026-03-12"),
    }
    assert [(m.name, m.due_on, m.share) for m in plan.milestones] == [("Approved", "2026-03-09", 30)]
    assert all(bar.critical for bar in plan.bars.values())


def test_a_changed_template_leaves_projects_alone(make: Make, project: Any) -> None:
    ctx = make.ctx()
    before = named(reading.plan(ctx, project))
    with acting(ctx):
        records.update(ctx, "projects.template", project.template_id, {"outline": "Nothing | 1d"})
    assert named(reading.plan(make.ctx(), project)).keys() == before.keys()


def test_tasks_that_would_wait_in_a_circle_are_refused(make: Make, project: Any) -> None:
    ctx = make.ctx()
    items = named(reading.plan(ctx, project))
    with acting(ctx), pytest.raises(Invalid, match="in a circle"):
        records.update(ctx, "task", items["Measure"].id, {"projects.after": [f"{items['Build'].id} FS"]})


def test_a_later_task_moves_those_after_it_when_asked(make: Make, project: Any, as_role: AsRole) -> None:
    plan = reading.plan(make.ctx(), project)
    draw = named(plan)["Draw"]
    admin = as_role("admin")
    url = f"/projects/{project.id}/tasks/{draw.id}"
    form = soup(admin.get(url)).select_one(f'form[action="{url}"]')
    sent = {i["name"]: i.get("value", "") for i in form.select("input[name]")}
    measure = str(named(plan)["Measure"].id)
    sent |= {"due_on": "2026-03-11", "before": measure, "kind": "FS", "lag": ""}

    asked = admin.post(url, sent)
    assert "Build" in asked.text
    assert asked.status_code == 200
    assert str(named(reading.plan(make.ctx(), project))["Build"].start) == "2026-03-10"

    assert admin.post(url, {**sent, "sure": "shift"}).status_code == 303
    after = named(reading.plan(make.ctx(), project))
    assert (str(after["Draw"].end), str(after["Build"].start), str(after["Build"].end)) == (
        "2026-03-11",
        "2026-03-12",
        "2026-03-16",
    )


def test_the_chart_says_what_moved_against_the_baseline(make: Make, project: Any, as_role: AsRole) -> None:
    ctx = make.ctx()
    with acting(ctx):
        service.keep_baseline(ctx, project.id)
        records.update(ctx, "task", named(reading.plan(ctx, project))["Build"].id, {"due_on": "2026-03-16"})
    page = soup(as_role("admin").get(f"/projects/{project.id}/gantt"))
    assert len(page.select("svg.projects-gantt rect.base")) == 3
    row = next(tr for tr in page.select("tbody tr") if "Build" in tr.get_text())
    assert "4 days later" in row.get_text()


def test_a_card_moves_by_a_button_and_is_done_in_the_last_lane(
    make: Make, project: Any, as_role: AsRole
) -> None:
    task = named(reading.plan(make.ctx(), project))["Measure"]
    admin = as_role("admin")
    for lane, status in (("review", "todo"), ("done", "done"), ("doing", "todo")):
        admin.post(f"/projects/tasks/{task.id}/lane", {"lane": lane, "next": f"/projects/{project.id}/board"})
        item = named(reading.plan(make.ctx(), project))["Measure"]
        assert item.column == lane
        assert make.ctx().session.get(Task, task.id).status == status


def test_a_task_of_a_project_is_any_task_about_it(make: Make, project: Any) -> None:
    ctx = make.ctx()
    with acting(ctx):
        made = tasks.create(ctx, {"summary": "Call"}, about=[(PROJECT, project.id)])
        part = records.create(ctx, "task", {"summary": "Find the number", "parent_id": made.id})
    found = named(reading.plan(make.ctx(), project))
    assert {"Call", "Find the number"} <= found.keys()
    assert found["Find the number"].id == part.id


def test_who_has_a_task_sees_the_project_and_who_has_none_does_not(make: Make, as_user: Any) -> None:
    ana, rui = make.user("representative", team="north"), make.user("representative", team="south")
    boss = make.user("manager", team="north")
    ctx = make.ctx(boss)
    with acting(ctx):
        project = service.begin(ctx, {"name": "Harbour"})
        assert as_user(rui).get(f"/projects/{project.id}").status_code == 404
        service.add_task(ctx, project.id, {"summary": "Measure", "assignee_id": rui.id})
    assert as_user(rui).get(f"/projects/{project.id}").status_code == 200
    assert as_user(ana).get(f"/projects/{project.id}").status_code == 200
    lonely = make.user("representative", team="west")
    assert as_user(lonely).get(f"/projects/{project.id}").status_code == 404


def test_the_customer_sees_no_hours_money_or_names_and_nothing_without_the_link(
    make: Make, project: Any, as_role: AsRole
) -> None:
    admin = as_role("admin")
    ctx = make.ctx()
    with acting(ctx):
        records.update(ctx, PROJECT, project.id, {"budget": 9876, "budget_hours": 54, "note": "Secret"})
    admin.post(f"/projects/{project.id}/share", {"do": "give"})
    link = soup(admin.get(f"/projects/{project.id}/share")).select_one("input[name=link]")["value"]
    path = "/projects/status/" + link.rpartition("/")[2]
    page = as_role(None).get(path)
    assert page.status_code == 200
    assert "Approved" in page.text
    assert not [word for word in ("9876", "9,876", "54", "Secret", "Measure") if word in page.text]
    admin.post(f"/projects/{project.id}/share", {"do": "take"})
    assert as_role(None).get(path).status_code == 404


def test_a_merged_or_missing_project_is_not_found(make: Make, as_role: AsRole) -> None:
    ctx = make.ctx()
    with acting(ctx), pytest.raises(NotVisible):
        service.add_task(ctx, 99, {"summary": "Nowhere"})
    assert as_role("admin").get("/projects/99/board").status_code == 404


def test_projects_stand_in_the_timeline_of_the_company(make: Make, as_role: AsRole) -> None:
    company = make.company(name="Padaria Sol")
    make("projects.project", name="Roof of the bakery", company_id=company.id, status="done")
    page = soup(as_role("admin").get(f"/companies/{company.id}"))
    told = [
        entry.get_text() for entry in page.select("#timeline li") if "Roof of the bakery" in entry.get_text()
    ]
    assert len(told) == 2  # begun, and done


def test_tasks_of_a_project_are_counted_once(make: Make, project: Any) -> None:
    query = select(TaskLink.task_id).where(TaskLink.entity == PROJECT).order_by(TaskLink.task_id)
    assert len(make.ctx().session.execute(query).scalars().all()) == 3
    assert make.ctx().session.execute(select(Project.id).order_by(Project.id)).scalars().all() == [project.id]
