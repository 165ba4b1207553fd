"""The home page: what is to do, who goes cold, what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.models import Contact, Task
from app.services import interactions, recent_contacts, records, tasks
from app.services.interactions import Entry
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make


@pytest.fixture
def rep(as_role: Any) -> Person:
    return as_role("rep", team="north", name="Priya Nair")


def talked(make: Make, who: Person, contact: Any, days: int, **values: Any) -> None:
    ctx = make.ctx(who.user)
    entry = {
        "kind": "call",
        "body": f"{days} days ago",
        "occurred_at": ctx.now - timedelta(days=days),
        **values,
    }
    interactions.log(ctx, Entry(values=entry, contacts=[contact.id], users=[who.user.id]))


def add(make: Make, who: Person, summary: str, days: int) -> Task:
    ctx = make.ctx(who.user)
    return tasks.create(
        ctx, {"summary": summary, "due_on": (tasks.today(ctx) + timedelta(days=days)).isoformat()}
    )


def cards(who: Person) -> list[str]:
    return [card.text for card in soup(who.get("/")).select(".nba a.b")]


def test_the_first_sentence_says_what_is_to_do(rep: Person, make: Make) -> None:
    lede = soup(rep.get("/")).select_one("h1").text
    assert "Priya." in lede
    assert "Nothing is due today." in lede
    for days in (-3, 0, 1):
        add(make, rep, f"in {days}", days)

    page = soup(rep.get("/"))
    assert "2 follow-ups today, 1 is late." in " ".join(page.select_one("h1").text.split())
    assert [a.text for a in page.select("#due a.hit")] == ["in -3", "in 0"]
    assert page.select_one("#due .more").text == "Tomorrow has 1"


def test_a_follow_up_is_done_in_place(rep: Person, make: Make) -> None:
    first, _second = add(make, rep, "First", -1), add(make, rep, "Second", 0)

    tick = soup(rep.get("/")).select_one("#due button.tick")
    tree = fragment(rep.post(tick["hx-post"], {"at": "today", "next": "/"}, htmx=True))

    assert tick["formaction"] == f"/tasks/{first.id}/done"
    assert [a.text for a in tree.select("#due a.hit")] == ["Second"]
    assert "Done: First" in tree.select_one("hx-partial[hx-target='#toasts']").text


def test_the_first_sentence_follows_what_is_done_moved_and_added(rep: Person, make: Make) -> None:
    for name in ("First", "Second"):
        add(make, rep, name, -1)
    page = soup(rep.get("/"))
    assert page.select_one("h1 #due-said") is not None

    def said(url: str, **form: str) -> str:
        tree = fragment(rep.post(url, {"at": "today", "next": "/", **form}, htmx=True))
        return " ".join(tree.select_one("hx-partial[hx-target='#due-said']").text.split())

    done, moved = page.select("#due button.tick")[0], page.select("#due button[name=to]")[1]
    assert said(done["hx-post"]) == "1 follow-up today, 1 is late."
    assert said(moved["hx-post"], to="tomorrow") == "Nothing is due today."
    assert (
        said(page.select_one("#due form.quickadd")["hx-post"], line="Call Ana today") == "1 follow-up today."
    )


def test_twenty_follow_ups_are_counted_and_not_all_shown(rep: Person, make: Make) -> None:
    for n in range(15):
        add(make, rep, f"Task {n}", -n)

    page = soup(rep.get("/"))

    assert len(page.select("#due li")) == 12
    assert page.select_one("#due .n").text == "15"
    assert page.select_one("#due .more").text == "3 more"


def test_who_goes_cold_is_mine_was_talked_to_and_is_not_planned(rep: Person, make: Make) -> None:
    def mine(name: str, days: int = 90, **values: Any) -> Any:
        made = make.contact(given_name=name, owner=rep.user, team="north", **values)
        if days:
            talked(make, rep, made, days)
        return made

    mine("Cold", 75)
    mine("Colder", 200)
    mine("Warm", 10)
    mine("Never", 0)
    mine("Former", lifecycle_stage="former")
    mine("Refused", do_not_contact=[{"channel": "call", "reason": "asked us to stop"}])
    planned = mine("Planned")
    tasks.create(make.ctx(rep.user), {"summary": "Call"}, about=[("contact", planned.id)])
    other = make.contact(given_name="Theirs", team="north", owner=make.user("rep", team="north"))
    talked(make, rep, other, 90)

    assert cards(rep) == ["Cold", "Colder"]
    assert "Quiet for 75 days." in soup(rep.get("/")).select_one(".nba .why").text


def test_calling_somebody_takes_them_off(rep: Person, make: Make) -> None:
    ana = make.contact(given_name="Ana", phone="+351912345678", owner=rep.user, team="north")
    talked(make, rep, ana, 75)
    card = soup(rep.get("/")).select_one(".nba .btns")
    assert [a["href"] for a in card.select("a")] == ["tel:+351912345678", f"/contacts/{ana.id}?log=call#log"]

    talked(make, rep, ana, 0)

    assert cards(rep) == []


def test_what_happened_last_with_my_people(rep: Person, make: Make, as_role: Any) -> None:
    ana = make.contact(given_name="Ana", owner=rep.user, team="north")
    theirs = make.contact(given_name="Bo", team="south")
    boss = as_role("admin")
    talked(make, rep, ana, 5)
    talked(make, boss, ana, 1, direction="inbound")
    talked(make, boss, theirs, 0)
    talked(make, boss, ana, 0, visibility="private")

    def recent(who: Person) -> list[str]:
        return [" ".join(a.text.split()) for a in soup(who.get("/")).select("#recent a.hit")]

    assert all("Bo" not in line for line in recent(rep))
    assert all("0 days ago" not in line for line in recent(rep))
    assert any("Bo" in line for line in recent(boss))


def test_going_cold_is_found_by_an_index(make: Make, rep: Person) -> None:
    from sqlalchemy import text

    ctx = make.ctx()
    if ctx.session.get_bind().dialect.name != "sqlite":
        pytest.skip("the planner of PostgreSQL decides by statistics")
    plan = ctx.session.execute(
        text(
            "EXPLAIN QUERY PLAN SELECT id FROM contact WHERE deleted_at IS NULL AND owner_id = 1"
            " AND last_interaction_at < '2026' ORDER BY last_interaction_at DESC, id DESC LIMIT 3"
        )
    ).all()
    assert "ix_contact_live_owner_id_last_interaction_at" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
    assert list(recent_contacts.going_cold(make.ctx(rep.user))) == []


def test_somebody_who_sees_nothing_has_a_home_page(as_role: Any, make: Make) -> None:
    from app.models import RoleGrant
    from app.services import settings

    ctx = make.ctx()
    with ctx.unit():
        ctx.session.query(RoleGrant).delete()
        settings.bump(ctx, "permissions")

    assert as_role("rep").get("/").status_code == 200


def test_trashed_people_are_not_cold(rep: Person, make: Make) -> None:
    ana = make.contact(owner=rep.user, team="north")
    talked(make, rep, ana, 75)
    records.trash(make.ctx(), "contact", [make.ctx().session.get_one(Contact, ana.id).id])

    assert cards(rep) == []


def test_today_costs_the_same_however_much_there_is(rep: Person, make: Make, queries: Any) -> None:
    def fill(number: int) -> None:
        for n in range(number):
            ana = make.contact(
                given_name=f"Ana{n}", owner=rep.user, team="north", birthday=f"--{tomorrow:%m-%d}"
            )
            talked(make, rep, ana, 70 + n)
            ctx = make.ctx(rep.user)
            tasks.create(ctx, {"summary": "x", "due_on": "2020-01-01"}, about=[("contact", bo.id)])

    tomorrow = tasks.today(make.ctx(rep.user)) + timedelta(days=1)
    bo = make.contact(given_name="Bo", owner=rep.user, team="north")
    fill(1)
    rep.get("/")
    with queries() as few:
        rep.get("/")
    fill(8)
    with queries() as many:
        rep.get("/")

    assert len(many) == len(few)
    assert len(many) <= 15, many


def test_somebody_to_call_can_wait_a_week_in_one_tap(rep: Person, make: Make) -> None:
    ana = make.contact(given_name="Ana", owner=rep.user, team="north")
    talked(make, rep, ana, 75)
    card = soup(rep.get("/")).select_one("form.act")
    form = {i["name"]: i["value"] for i in card.select("input")}

    rep.post(card["action"], form)
    rep.post(card["action"], form)

    made = make.ctx().session.query(Task).one()
    assert (made.summary, made.assignee_id) == (f"Call {ana.formatted_name}", rep.user.id)
    assert made.due_on == (tasks.today(make.ctx(rep.user)) + timedelta(days=7)).isoformat()
    assert cards(rep) == []


def test_dates_that_come_up_become_a_follow_up_in_one_tap(rep: Person, make: Make) -> None:
    soon = tasks.today(make.ctx(rep.user)) + timedelta(days=3)
    make.contact(given_name="Ana", owner=rep.user, team="north", birthday=f"1980-{soon:%m-%d}")
    make.contact(
        given_name="Bo", owner=rep.user, team="north", birthday=f"{soon + timedelta(days=20):--%m-%d}"
    )
    row = soup(rep.get("/")).select("#dates li")
    assert len(row) == 1
    assert "Birthday" in row[0].text

    form = row[0].form
    rep.post(form["action"], {i["name"]: i["value"] for i in form.select("input")})

    made = make.ctx().session.query(Task).one()
    assert (made.due_on, made.summary[:8]) == (soon.isoformat(), "Birthday")


def test_a_fresh_house_says_what_to_do_first(rep: Person) -> None:
    page = soup(rep.get("/"))

    assert "A quiet beginning" in page.select_one(".empty").text
    assert page.select_one(".empty a[href='/contacts/new']") is not None


@pytest.mark.parametrize(("late", "offered"), [(0, 0), (1, 1), (2, 1)])
def test_what_is_late_can_be_moved_even_when_it_is_one(
    late: int, offered: int, rep: Person, make: Make
) -> None:
    for days in range(late):
        add(make, rep, f"late {days}", -1 - days)
    add(make, rep, "to do", 0)

    assert len(soup(rep.get("/")).select("#due a[href='/tasks/move']")) == offered
