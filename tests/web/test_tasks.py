"""Follow-ups on the page: done, moved, changed; the next one about a record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.models import Task
from app.services import tasks
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make


@pytest.fixture
def rep(as_role: Any) -> Person:
    return as_role("rep", team="north")


@pytest.fixture
def ana(make: Make, rep: Person) -> Any:
    return make.contact(given_name="Ana", family_name="Lima", owner=rep.user, team="north")


def add(make: Make, rep: Person, summary: str, days: int = 0, *, about: Any = None) -> Task:
    ctx = make.ctx(rep.user)
    due = (tasks.today(ctx) + timedelta(days=days)).isoformat()
    return tasks.create(
        ctx, {"summary": summary, "due_on": due}, about=[("contact", about.id)] if about else []
    )


def stored(make: Make) -> Task:
    return make.ctx().session.query(Task).populate_existing().one()


def test_a_follow_up_is_done_in_one_tap_and_can_be_opened_again(rep: Person, make: Make) -> None:
    task = add(make, rep, "Call the harbour")

    assert rep.post(f"/tasks/{task.id}/done").status_code == 303
    page = soup(rep.get(f"/tasks/{task.id}"))
    assert "To do again" in page.main.text
    undo = page.select_one("#toasts form")
    rep.post(undo["action"])

    assert stored(make).status == "todo"


def test_the_task_of_another_team_does_not_exist(rep: Person, make: Make) -> None:
    theirs = make.user("rep", team="south")
    task = tasks.create(make.ctx(theirs), {"summary": "Secret plan"})

    for path in ("", "/edit"):
        assert rep.get(f"/tasks/{task.id}{path}").status_code == 404
    for path in ("done", "snooze", "edit"):
        assert rep.post(f"/tasks/{task.id}/{path}", {"to": "tomorrow"}).status_code == 404
    assert stored(make).status == "todo"


def test_moving_a_task_can_be_taken_back(rep: Person, make: Make) -> None:
    task = add(make, rep, "Call")
    former = task.due_on

    rep.post(f"/tasks/{task.id}/snooze", {"to": "1w"})
    assert stored(make).due_on > former
    page = soup(rep.get(f"/tasks/{task.id}"))
    rep.post(page.select_one("#toasts form")["action"])

    assert stored(make).due_on == former


def test_moving_it_to_no_day_is_explained(rep: Person, make: Make) -> None:
    assert rep.post(f"/tasks/{add(make, rep, 'Call').id}/snooze", {"to": "soon"}).status_code == 422


def test_the_next_follow_up_stands_on_the_contacts_page_until_it_is_done(
    rep: Person, ana: Any, make: Make
) -> None:
    late, soon = add(make, rep, "Send the quote", -2, about=ana), add(make, rep, "Visit", 0, about=ana)
    nudge = soup(rep.get(f"/contacts/{ana.id}")).select_one("form#nudge")
    assert "Send the quote" in nudge.text
    assert "2 days late" in nudge.text

    answer = rep.post(f"/tasks/{late.id}/done", {"at": f"contact:{ana.id}"}, htmx=True)
    tree = fragment(answer)
    assert "Visit" in tree.select_one("form#nudge").text
    assert "Due: Today" in tree.select_one("form#nudge").text
    assert tree.select_one("hx-partial[hx-target='#toasts'] form") is not None

    rep.post(f"/tasks/{soon.id}/snooze", {"at": f"contact:{ana.id}", "to": "tomorrow"})
    assert "Due: Tomorrow" in soup(rep.get(f"/contacts/{ana.id}")).select_one("#nudge").text
    rep.post(f"/tasks/{soon.id}/done")
    assert soup(rep.get(f"/contacts/{ana.id}")).select_one("form#nudge") is None


def test_a_nudge_is_only_told_about_records_one_sees(rep: Person, make: Make) -> None:
    theirs, task = make.contact(team="south"), add(make, rep, "Call")

    answer = rep.post(f"/tasks/{task.id}/done", {"at": f"contact:{theirs.id}"}, htmx=True)

    assert answer.status_code == 404


def test_after_doing_it_one_is_back_where_one_was_but_never_elsewhere(rep: Person, make: Make) -> None:
    task = add(make, rep, "Call")

    assert rep.post(f"/tasks/{task.id}/done", {"next": "/contacts"}).location == "/contacts"
    assert rep.post(f"/tasks/{task.id}/done", {"next": "/"}).location == f"/?after={task.id}"
    evil = rep.post(f"/tasks/{task.id}/done", {"next": "https://evil.example/"})
    assert evil.location.startswith(f"/tasks/{task.id}")


def test_a_task_is_changed_given_away_and_loses_its_date(rep: Person, make: Make) -> None:
    task, mate = add(make, rep, "Call"), make.user("rep", team="north")
    page = soup(rep.get(f"/tasks/{task.id}/edit"))
    form = {
        "version": page.select_one("[name=version]")["value"],
        "summary": "Call twice",
        "due_on": "",
        "assignee_id": str(mate.id),
        "description": "**now**",
    }

    assert rep.post(f"/tasks/{task.id}/edit", form).status_code == 303
    made = stored(make)
    assert (made.summary, made.due_on, made.assignee_id) == ("Call twice", tasks.SOMEDAY, mate.id)


@pytest.mark.parametrize(("field", "value"), [("summary", ""), ("due_on", "soon"), ("assignee_id", "999999")])
def test_a_wrong_value_is_explained_and_nothing_typed_is_lost(
    rep: Person, make: Make, field: str, value: str
) -> None:
    task = add(make, rep, "Call")
    form = {"summary": "New", "due_on": "2026-05-01", "description": "kept", "version": "1", field: value}

    answer = rep.post(f"/tasks/{task.id}/edit", form)

    assert answer.status_code == 422
    assert soup(answer).select_one("#description").text == "kept"
    assert stored(make).summary == "Call"


def test_two_people_changing_the_same_task_are_asked(rep: Person, make: Make) -> None:
    from app.services import records

    task = add(make, rep, "Call")
    records.update(make.ctx(), "task", task.id, {"summary": "Their text"})
    form = {"version": "1", "summary": "My text", "due_on": task.due_on, "assignee_id": str(rep.user.id)}

    answer = rep.post(f"/tasks/{task.id}/edit", form)

    assert answer.status_code == 409
    assert "Their text" in soup(answer).select_one("[role=alert]").text
    assert soup(answer).select_one("[name=summary]")["value"] == "My text"
