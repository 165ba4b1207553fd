"""Writing down what is to be done: one line, its preview, and the whole form with its errors."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import TaskLink
from app.services import tasks
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make
from tests.web.test_agenda import _wednesday, add, every, rep

__all__ = ["_wednesday", "rep"]


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


def test_a_field_that_the_form_does_not_have_is_refused_with_a_sentence(rep: Person, make: Make) -> None:
    answer = rep.post("/tasks/new", {"line": "Call Ana", "colour": "red"})
    assert answer.status_code == 422
    assert "This form has no field “colour”." in soup(answer).get_text()
    assert every(make) == []
