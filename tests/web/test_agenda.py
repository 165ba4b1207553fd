"""Tasks by the day: the agenda, the calendar of a month, moving what is overdue; what a line says while it is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.models import Task, TaskLink
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

    assert len(days) == 31
    assert "1 task to do" in days["2026-03-04"]["aria-label"]
    assert [s.text for s in days["2026-03-02"].select(".names span")] == ["Late", "Was done"]
    assert days["2026-03-04"]["aria-current"] == "date"
    assert [d for d, a in days.items() if a.select_one(".coming")] == [
        "2026-03-12",
        "2026-03-19",
        "2026-03-26",
    ]
    assert "Due today" in page.select_one("#day").text
    assert "Comes again" in soup(rep.get(days["2026-03-12"]["href"])).select_one("#day").text


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


def test_one_line_is_enough_for_a_follow_up(rep: Person, make: Make) -> None:
    ana = make.contact(given_name="Ana", owner=rep.user, team="north")
    page = soup(rep.get(f"/tasks/new?about=contact:{ana.id}"))
    form = {i["name"]: i.get("value", "") for i in page.select("form#edit input[type=hidden]")}
    form |= {"line": "Call Ana tomorrow 15:00 !high every week", "with": f"contact:{ana.id}"}

    answer = rep.post("/tasks/new", form)
    rep.post("/tasks/new", form)

    (made,) = every(make)
    assert answer.location == f"/contacts/{ana.id}"
    assert (made.summary, made.due_on, made.due_clock, made.priority) == (
        "Call Ana",
        "2026-03-05",
        "15:00",
        1,
    )
    assert (made.recurrence, made.assignee_id) == ("FREQ=WEEKLY", rep.user.id)
    assert make.ctx().session.query(TaskLink).one().record_id == ana.id


def test_what_a_line_says_is_shown_while_it_is_typed(rep: Person) -> None:
    tree = fragment(rep.get("/tasks/read?line=Call+Ana+tomorrow+15:00+!low+every+day+@nobody", htmx=True))
    tags = [" ".join(tag.text.split()) for tag in tree.select(".tag")]

    assert tags[0] == "Call Ana"
    assert tags[1].startswith("Tomorrow, 3:00")
    assert tags[2:] == ["Every day", "Low", "Nobody called “nobody”"]


def test_the_quick_line_of_today_adds_in_place(rep: Person, make: Make) -> None:
    nonce = soup(rep.get("/")).select_one("#due [name=nonce]")["value"]

    tree = fragment(
        rep.post("/tasks/new", {"at": "today", "line": "Call Bo today", "nonce": nonce}, htmx=True)
    )

    assert tree.select_one("#due a.hit").text == "Call Bo"
    assert rep.post("/tasks/new", {"at": "today", "line": "  ", "nonce": "n"}).status_code == 422


WRONG = [
    ("line", "", "Write what is to be done"),
    ("due_on", "soon", "is no date"),
    ("due_clock", "25:00", "no time of day"),
    ("interval", "0", "from 1 to 999"),
    ("count", "x", "from 1 to 999"),
    ("until", "2020-01-01", "end before it begins"),
    ("freq", "HOURLY", "how often"),
    ("assignee_id", "999999", "Choose an entry"),
    ("priority", "urgent", "high, normal or low"),
    ("remind", "7", "from the list"),
    ("checklist", "x" * 501, "longer than 500"),
]


@pytest.mark.parametrize(("field", "value", "told"), WRONG)
def test_a_wrong_value_is_explained_and_kept(
    rep: Person, make: Make, field: str, value: str, told: str
) -> None:
    form = {"line": "Call", "freq": "WEEKLY", "due_on": "2026-03-09", "description": "kept", field: value}

    answer = rep.post("/tasks/new", form)

    assert answer.status_code == 422
    page = soup(answer)
    assert told in page.select_one("[role=alert]").text
    assert page.select_one("#description").text == "kept"
    assert every(make) == []


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"freq": "DAILY", "interval": "3"}, "FREQ=DAILY;INTERVAL=3"),
        ({"freq": "WORKDAYS"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ({"freq": "WEEKLY", "weekdays": ["0", "3"]}, "FREQ=WEEKLY;BYDAY=MO,TH"),
        ({"freq": "WEEKLY"}, "FREQ=WEEKLY;BYDAY=WE"),
        ({"freq": "MONTHLY", "count": "4"}, "FREQ=MONTHLY;BYMONTHDAY=11;COUNT=4"),
        ({"freq": "MONTHLY", "place": "nth"}, "FREQ=MONTHLY;BYDAY=2WE"),
        ({"freq": "YEARLY", "until": "2030-01-01"}, "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=11;UNTIL=20300101"),
    ],
)
def test_the_form_says_how_it_repeats_and_reads_it_again(
    rep: Person, make: Make, typed: dict[str, Any], rule: str
) -> None:
    rep.post("/tasks/new", {"line": "Report", "due_on": "2026-03-11", **typed})
    (made,) = every(make)
    assert made.recurrence == rule
    tasks.snooze(make.ctx(rep.user), made.id, "2026-03-20")

    page = soup(rep.get(f"/tasks/{made.id}/edit"))
    form: dict[str, Any] = {i["name"]: i.get("value", "") for i in page.select("#edit input:not([type=checkbox], [type=radio])")}  # fmt: skip
    for box in page.select("#edit input[checked]"):
        form[box["name"]] = [*form.get(box["name"], []), box["value"]]
    for chosen in page.select("#edit option[selected]"):
        form[chosen.find_parent("select")["name"]] = chosen["value"]
    form["summary"] = "Report again"
    assert rep.post(f"/tasks/{made.id}/edit", form).status_code == 303

    (again,) = every(make)
    assert (again.summary, again.recurrence, again.series_from) == ("Report again", rule, "2026-03-11")


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


def test_a_form_that_is_sent_as_it_came_changes_nothing(rep: Person, make: Make) -> None:
    task = add(make, rep, "Visit", 1, due_clock="15:30", checklist="[x] Keys\nLadder", description="a\n\nb")
    page = soup(rep.get(f"/tasks/{task.id}/edit"))
    form = {
        i["name"]: i.get("value", "") for i in page.select("#edit input:not([type=checkbox], [type=radio])")
    }
    form |= {t["name"]: t.text.replace("\n", "\r\n") for t in page.select("#edit textarea")}
    form |= {o.find_parent("select")["name"]: o["value"] for o in page.select("#edit option[selected]")}

    assert rep.post(f"/tasks/{task.id}/edit", form).status_code == 303

    assert every(make)[0].version == 1


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
