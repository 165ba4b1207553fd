"""Tasks by the day: the agenda, the calendar of a month, moving what is overdue; what a line says while it is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.models import Task
from app.services import context, records, task_fields, tasks
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make, frozen

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "clock", frozen(NOON))


@pytest.fixture
def rep(as_role: Any) -> Person:
    return as_role("rep", team="north", name="Priya Nair")


def add(make: Make, who: Person, summary: str, days: int = 0, **values: Any) -> Task:
    due = date(2026, 3, 4) + timedelta(days=days)
    return tasks.create(make.ctx(who.user), {"summary": summary, "due_on": due.isoformat(), **values})


def every(make: Make) -> list[Task]:
    session = make.ctx().session
    session.rollback()
    return session.query(Task).order_by(Task.id).all()


def groups(page: Any) -> dict[str, list[str]]:
    return {
        section.h2.text: [next(iter(a.stripped_strings)) for a in section.select("a.hit")]
        for section in page.select("#agenda section")
    }


def test_the_agenda_goes_by_the_day(rep: Person, make: Make) -> None:
    for days in (-3, 0, 1, 3, 30):
        add(make, rep, f"in {days}", days)
    tasks.create(make.ctx(rep.user), {"summary": "Someday"})

    assert groups(soup(rep.get("/tasks/agenda"))) == {
        "Overdue": ["in -3"],
        "Today": ["in 0"],
        "Tomorrow": ["in 1"],
        "Later this week": ["in 3"],
        "Later": ["in 30"],
        "Without a date": ["Someday"],
    }


def test_whose_tasks(rep: Person, make: Make, as_role: Any) -> None:
    mate, other = as_role("rep", team="north", name="Bo Berg"), as_role("rep", team="south")
    add(make, rep, "Mine")
    add(make, mate, "Hers")
    add(make, other, "Far away")

    def seen(query: str) -> list[str]:
        return groups(soup(rep.get(f"/tasks/agenda{query}"))).get("Today", [])

    assert seen("") == ["Mine"]
    assert seen("?who=team") == ["Mine", "Hers"]
    assert seen("?who=all") == ["Mine", "Hers"]
    assert seen(f"?who={mate.user.id}") == ["Hers"]
    assert seen(f"?who={other.user.id}") == []
    assert seen("?who=99999999999") == seen("?who=x'") == ["Mine"]


def test_done_and_moved_in_the_agenda_and_followed_by_the_next(rep: Person, make: Make) -> None:
    task = add(make, rep, "Call Ana", -1)
    page = soup(rep.get("/tasks/agenda"))
    late = page.select_one("#agenda li button[name=to]")

    tree = fragment(rep.post(late["hx-post"], {"at": "agenda", "to": "tomorrow"}, htmx=True))
    assert groups(tree) == {"Tomorrow": ["Call Ana"]}
    tree = fragment(rep.post(f"/tasks/{task.id}/done", {"at": "agenda"}, htmx=True))
    strip = tree.select_one("#strip")
    assert "Done: Call Ana" in strip.text
    tree = fragment(rep.post(strip["hx-post"], {"at": "agenda", "to": "1w"}, htmx=True))

    assert groups(tree) == {"Later": ["Call Ana"]}
    assert tree.select_one("#strip") is None


def test_without_a_script_the_next_one_is_offered_as_well(rep: Person, make: Make) -> None:
    task = add(make, rep, "Call Ana")

    answer = rep.post(f"/tasks/{task.id}/done", {"at": "today", "next": "/"})
    page = soup(rep.get(answer.location))

    assert page.select_one("#strip")["action"] == f"/tasks/{task.id}/next"
    assert rep.post(f"/tasks/{task.id}/next", {"at": "today", "next": "/", "to": "3d"}).location == "/"
    assert [(t.status, t.due_on) for t in every(make)] == [("done", "2026-03-04"), ("todo", "2026-03-07")]
    assert soup(rep.get("/?after=abc")).select_one("#strip") is None
    assert soup(rep.get("/?after=99999")).select_one("#strip") is None


def test_a_task_that_comes_again_says_when(rep: Person, make: Make) -> None:
    task = add(make, rep, "Report", recurrence="FREQ=DAILY")

    page = soup(rep.get(rep.post(f"/tasks/{task.id}/done", {"at": "today", "next": "/"}).location))

    assert "Comes again: Tomorrow" in page.select_one("#due .nudge").text


def test_a_long_agenda_goes_on(rep: Person, make: Make, queries: Any) -> None:
    for n in range(105):
        add(make, rep, f"Task {n}", 1)
    with queries() as seen:
        page = soup(rep.get("/tasks/agenda"))
    more = page.select_one("#agenda .more")["href"]

    assert len(page.select("#agenda li")) == 100
    assert len(soup(rep.get(more)).select("#agenda li")) == 5
    assert len(seen) <= 15, seen
    assert rep.get("/tasks/agenda?from=%00_x").status_code == 200


def test_a_month_as_a_table(rep: Person, make: Make) -> None:
    add(make, rep, "Due today")
    add(make, rep, "Late", -2)
    tasks.finish(make.ctx(rep.user), add(make, rep, "Was done", -2).id)
    add(make, rep, "Weekly", 1, recurrence="FREQ=WEEKLY;BYDAY=TH")
    page = soup(rep.get("/tasks/calendar"))
    days = {a["href"].split("day=")[1].split("#")[0]: a for a in page.select(".cal a")}

    assert len(days) == 42
    assert "1 task to do" in days["2026-03-04"]["aria-label"]
    assert [s.text for s in days["2026-03-02"].select(".names span")] == ["Late", "Was done"]
    assert days["2026-03-04"]["aria-current"] == "date"
    assert [d for d, a in days.items() if a.select_one(".coming")] == [
        "2026-03-12",
        "2026-03-19",
        "2026-03-26",
        "2026-04-02",
    ]
    assert "Due today" in page.select_one("#day").text
    assert "Comes again" in soup(rep.get(days["2026-03-12"]["href"])).select_one("#day").text


def test_days_beside_the_month_have_their_tasks_and_lead_to_them(rep: Person, make: Make) -> None:
    add(make, rep, "In April", 30)
    page = soup(rep.get("/tasks/calendar?month=2026-03"))
    beside = {a.select_one(".day").text: a for a in page.select(".cal td.out a")}

    assert [s.text for s in beside["3"].select(".names span")] == ["In April"]
    assert "1 task to do" in beside["3"]["aria-label"]
    there = soup(rep.get(beside["3"]["href"]))
    assert there.select_one(".cal caption").text == "April 2026"
    assert "In April" in there.select_one("#day").text


@pytest.mark.parametrize("month", ["2026-02", "2028-02", "0000-00", "9999-12", "x", "2026-13", "1970-01"])
def test_any_month_can_be_asked_for(rep: Person, month: str) -> None:
    page = rep.get(f"/tasks/calendar?month={month}&day=2026-02-30")

    assert page.status_code == 200
    assert soup(page).select(".cal td")


def test_the_month_costs_the_same_however_many_tasks(rep: Person, make: Make, queries: Any) -> None:
    with queries() as few:
        rep.get("/tasks/calendar")
    for n in range(30):
        add(make, rep, f"Task {n}", n % 20, recurrence="FREQ=DAILY" if n % 5 == 0 else "")
    with queries() as many:
        rep.get("/tasks/calendar")

    assert len(many) <= len(few) + 2
    assert len(many) <= 15, many


def test_holidays_are_seen_and_left_out(rep: Person, make: Make) -> None:
    from app.services import settings

    system = make.ctx()
    with system.unit():
        settings.save(system, {"region": "PT"})
    add(make, rep, "Late", -1)
    page = soup(rep.get("/tasks/calendar?month=2026-04&day=2026-04-25"))
    off = [td.a["aria-label"] for td in page.select(".cal .off")]

    assert any("April 4," in label for label in off)
    assert len(off) >= 8
    assert "Next working day" in soup(rep.get("/tasks/move")).select_one("fieldset").text


def test_all_that_is_overdue_is_moved_and_moved_back(rep: Person, make: Make, as_role: Any) -> None:
    for days in (-9, -2):
        add(make, rep, f"in {days}", days)
    add(make, rep, "today", 0)
    page = soup(rep.get("/tasks/move"))
    ids = [box["value"] for box in page.select("input[name=id]")]
    assert len(ids) == 2
    assert "Tomorrow" in page.select_one("li").text

    answer = rep.post("/tasks/move", {"how": "tomorrow", "id": ids})
    assert [t.due_on for t in every(make)] == ["2026-03-05", "2026-03-05", "2026-03-04"]
    undo = soup(rep.get(answer.location)).select_one("#toasts form")["action"]
    rep.post(undo)

    assert [t.due_on for t in every(make)] == ["2026-02-23", "2026-03-02", "2026-03-04"]
    stranger = as_role("rep", team="south")
    assert stranger.post(undo).status_code == 303
    assert stranger.post("/tasks/move", {"how": "tomorrow", "id": ids}).status_code == 303
    assert [t.due_on for t in every(make)] == ["2026-02-23", "2026-03-02", "2026-03-04"]


def test_many_are_spread_over_working_days(rep: Person, make: Make) -> None:
    for n in range(12):
        add(make, rep, f"Task {n}", -1, priority="high" if n == 11 else "normal")
    ids = [box["value"] for box in soup(rep.get("/tasks/move")).select("input[name=id]")]

    rep.post("/tasks/move", {"how": "spread", "id": ids})

    found = every(make)
    assert sorted(t.due_on for t in found) == ["2026-03-05"] * 5 + ["2026-03-06"] * 5 + ["2026-03-09"] * 2
    assert found[11].due_on == "2026-03-05"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"how": "day", "day": ""}, "Choose a day."),
        ({"how": "day", "day": "soon"}, "is no date"),
        ({"how": "day", "day": "2026-03-03"}, "has passed"),
        ({"how": "never"}, "Choose where"),
    ],
)
def test_a_wrong_day_is_explained(rep: Person, make: Make, typed: dict[str, str], told: str) -> None:
    task = add(make, rep, "x", -1)

    answer = rep.post("/tasks/move", {**typed, "id": str(task.id)})

    assert answer.status_code == 422
    assert told in soup(answer).select_one("[role=alert]").text
    assert every(make)[0].due_on == "2026-03-03"


def test_the_page_of_a_task_shows_everything(rep: Person, make: Make, as_role: Any, queries: Any) -> None:
    mate = as_role("rep", team="north", name="Bo Berg")
    task = add(
        make,
        rep,
        "Visit",
        1,
        due_clock="15:30",
        recurrence="FREQ=WEEKLY;BYDAY=TH",
        mates=[mate.user.id],
        remind=["60"],
        priority="high",
        checklist="Ladder\n[x] Keys",
    )
    add(make, rep, "Order the ladder", parent_id=task.id)

    with queries() as seen:
        page = soup(rep.get(f"/tasks/{task.id}"))

    text = " ".join(page.main.text.split())
    for words in ("Every week on Thursday", "1 hour before", "Bo Berg", "High", "Order the ladder", "1/2"):
        assert words in text
    assert len(seen) <= 15, seen
    item = task_fields.items(make.ctx(), [task.id])[task.id][0]
    tree = fragment(rep.post(f"/tasks/{task.id}/items/{item.id}", {"done": "1"}, htmx=True))
    assert "2/2" in tree.text
    tree = fragment(rep.post(f"/tasks/{task.id}/items", {"text": "<b>Rope</b>"}, htmx=True))
    assert "<b>Rope</b>" in tree.select("li")[-1].text
    assert rep.post(f"/tasks/{task.id}/items/999", {"done": "1"}).status_code == 404


def test_the_parts_of_a_task_of_others_do_not_exist(rep: Person, make: Make) -> None:
    theirs = tasks.create(make.ctx(make.user("rep", team="south")), {"summary": "Secret"})

    assert rep.post("/tasks/new", {"line": "x", "parent": str(theirs.id)}).status_code == 422
    assert "Secret" not in rep.get(f"/tasks/new?parent={theirs.id}").text
    for path in ("next", "back", "items", "items/1"):
        assert rep.post(f"/tasks/{theirs.id}/{path}", {"to": "1w", "text": "x"}).status_code == 404


def test_somebody_who_may_only_read_is_offered_nothing(as_role: Any, rep: Person, make: Make) -> None:
    task = add(make, rep, "Call")
    reader = as_role("readonly", team="north")

    page = soup(reader.get("/tasks/agenda?who=all"))

    assert page.select_one(".quickadd") is None
    assert reader.get("/tasks/new").status_code == 403
    assert reader.post(f"/tasks/{task.id}/next", {"to": "1w"}).status_code == 403
    assert records.get(make.ctx(), "task", task.id).status == "todo"


def test_a_time_on_a_later_day_stands_with_its_day(rep: Person, make: Make) -> None:
    add(make, rep, "Far", 20, due_clock="16:45")
    row = next(li for li in soup(rep.get("/tasks/agenda")).select("#agenda li") if "Far" in li.text)
    assert "Mar 24, 4:45" in row.text
