"""The list page: what a person sees of it, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.models import FieldRule, Role
from app.services import interactions, roles, settings
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make


def read(person: Person, path: str) -> Any:
    """A page as a tree; it must be there."""
    answer = person.get(path)
    assert answer.status_code == 200, path
    return soup(answer)


@pytest.fixture
def admin(as_role: Callable[..., Person]) -> Person:
    """An administrator at a browser."""
    return as_role("admin")


@pytest.mark.parametrize("path", ["/contacts", "/companies", "/interactions", "/tasks"])
def test_an_empty_list_says_what_to_do(path: str, admin: Person) -> None:
    page = read(admin, path)
    assert page.select_one(".empty h2") is not None
    assert page.select_one("table") is None


def test_a_row_leads_to_the_record_and_says_the_essentials(make: Make, admin: Person) -> None:
    company = make.company(name="Tavola Foods")
    made = make.contact(
        given_name="Elena",
        family_name="<Kovács>",
        phone="+36 30 123 4567",
        lifecycle_stage="customer",
        affiliations=[{"company_id": company.id, "title": "Buyer"}],
    )
    row = read(admin, "/contacts").select_one("#rows tr")
    assert row.select_one("a.hit")["href"] == f"/contacts/{made.id}"
    assert row.select_one("a.hit").text == "Elena <Kovács>"
    assert row.select_one(".c-main .m").text == "Buyer, Tavola Foods"
    assert row.select_one(".tag").text == "Customer"
    assert row.select_one("a[href^='tel:']").text == "+36 30 123 4567"


def test_show_more_is_a_link_and_with_htmx_only_the_next_rows(make: Make, admin: Person) -> None:
    for number in range(52):
        make.contact(given_name="A", family_name=f"N{number:02}")
    more = read(admin, "/contacts").select_one("#more a")["href"]
    assert [a.text for a in read(admin, more).select("#rows a.hit")] == ["A N50", "A N51"]
    fragment = admin.get(more, htmx=True).text
    assert "<html" not in fragment
    assert fragment.count("<tr ") == 2
    assert '<hx-partial hx-target="#more"' in fragment
    assert len(fragment.encode()) < 10_000


def test_previous_leads_back(make: Make, admin: Person) -> None:
    for number in range(51):
        make.company(name=f"N{number:02}")
    second = read(admin, read(admin, "/companies").select_one("#more a")["href"])
    back = read(admin, second.find("a", string="Show previous")["href"])
    assert back.select_one("#rows a.hit").text == "N00"


def test_search_and_filter_stay_together(make: Make, admin: Person) -> None:
    make.contact(given_name="Ana", family_name="Lima", lifecycle_stage="customer")
    make.contact(given_name="Ana", family_name="Costa")
    page = read(admin, "/contacts?f=stage:is:customer&q=ana")
    assert [a.text for a in page.select("#rows a.hit")] == ["Ana Lima"]
    chip = page.select_one(".chip.on")
    assert chip.text.startswith("Stage is Customer")
    assert [a.text for a in read(admin, chip["href"]).select("#rows a.hit")] == ["Ana Costa", "Ana Lima"]
    assert page.select_one("form[role=search] input[name=f]")["value"] == "lifecycle_stage:is:customer"


def test_what_is_not_there_can_be_created(make: Make, admin: Person) -> None:
    page = read(admin, "/contacts?q=Zoltan+Nagy")
    assert "line=Zoltan" in page.select_one(".empty a.pri")["href"]


def test_headers_sort_both_ways(make: Make, admin: Person) -> None:
    make.company(name="Beta")
    make.company(name="Alpha")
    head = read(admin, "/companies").select_one("th[aria-sort=ascending] a")
    page = read(admin, head["href"])
    assert [a.text for a in page.select("#rows a.hit")] == ["Beta", "Alpha"]
    assert page.select_one("th[aria-sort=descending]").text == "Name"


def test_an_interaction_names_its_kind_and_whom_it_was_with(make: Make, admin: Person) -> None:
    made = make.contact(given_name="Elena", family_name="Kovács")
    ctx = make.ctx()
    interactions.log(ctx, interactions.Entry(values={"kind": "call"}, contacts=(made.id,)))
    row = read(admin, "/interactions").select_one("#rows tr")
    assert (row.select_one("a.hit").text, row.select_one(".c-main .m").text) == ("Call", "Elena Kovács")


def test_lists_of_what_one_may_not_see_are_closed(
    make: Make, admin: Person, as_role: Callable[..., Person]
) -> None:
    guest = roles.create(make.ctx(), roles.RoleChange(label="Guest", grants={"task.view": "own"}))
    assert as_role(guest).get("/contacts").status_code == 403
    assert as_role(None).get("/contacts").status_code == 303
    assert admin.get("/list/nonsense").status_code == 404
    assert admin.get("/list/contact?q=a").location == "/contacts?q=a"


def test_a_wrong_filter_is_a_sentence(admin: Person) -> None:
    answer = admin.get("/contacts?f=owner")
    assert (answer.status_code, "is no filter" in answer.text) == (422, True)


def test_a_hidden_field_has_no_column(make: Make, as_role: Callable[..., Person]) -> None:
    rep = as_role("rep", team="north")
    make.contact(owner=rep.user, team="north", phone="+36301234567")
    ctx: Any = make.ctx()
    with ctx.unit():
        role = ctx.session.execute(select(Role.id).where(Role.name == "representative")).scalar_one()
        ctx.session.execute(insert(FieldRule).values(role_id=role, field="contact.phones", mode="hidden"))
        settings.bump(ctx, "permissions")
    page = read(rep, "/contacts")
    assert page.select_one("#rows a.hit") is not None
    assert "tel:" not in str(page)


def test_an_entry_without_subject_begins_with_its_text(make: Make, admin: Person) -> None:
    make("interaction", kind="note", body="# **Roof** survey done\n\nAll fine", occurred_at=make.ctx().now)
    assert read(admin, "/interactions").select_one("#rows a.hit").text == "Roof survey done All fine"


def test_an_open_task_of_yesterday_is_late(make: Make, admin: Person) -> None:
    yesterday = (make.ctx().now - timedelta(days=2)).date().isoformat()
    make("task", summary="Open", due_on=yesterday)
    make("task", summary="Closed", due_on=yesterday, status="done")
    page = read(admin, "/tasks?view=all")
    assert [t.text for t in page.select("#rows time.late")] == ["2 days late"]


@pytest.mark.parametrize("role", ["administrator", "manager", "representative"])
def test_tasks_open_with_what_one_has_to_do(role: str, make: Make, as_role: Callable[..., Person]) -> None:
    me = as_role(role)
    for summary, status, whose in (
        ("To do", "todo", me.user),
        ("Did it", "done", me.user),
        ("Hers", "todo", make.user()),
    ):
        make("task", summary=summary, status=status, assignee_id=whose.id, owner=me.user)

    page = read(me, "/tasks")
    assert [a.text for a in page.select("#rows a.hit")] == ["To do"]
    assert page.select_one("h1").text.strip() == "My open tasks"

    everything = read(me, page.select_one("#views a")["href"])
    assert {a.text for a in everything.select("#rows a.hit")} >= {"To do", "Did it"}


def test_a_view_in_which_nothing_is_says_so_and_leads_to_everything(make: Make, admin: Person) -> None:
    make("task", summary="Did it", status="done", assignee_id=admin.user.id)

    empty = read(admin, "/tasks").select_one(".empty")

    assert "My open tasks" in empty.text
    assert [a.text for a in read(admin, empty.select_one("a")["href"]).select("#rows a.hit")] == ["Did it"]


def test_a_list_is_sent_as_a_table_at_once_or_after_choices(make: Make, admin: Person) -> None:
    make.contact(given_name="Ana", family_name="Lima", lifecycle_stage="customer")
    make.contact(given_name="Rui", family_name="Faria")

    page = read(admin, "/contacts?f=stage:is:customer")

    way = page.select_one("#list-menu a[href*='format=csv']")["href"]
    assert "Lima" in admin.get(way).text
    assert "Faria" not in admin.get(way).text
    assert admin.get(way).mimetype == "text/csv"
    assert len(page.select("header.bar > .acts > a[href^='/export/']")) == 1


def test_a_cell_is_changed_only_where_its_field_is_asked_for(make: Any, as_role: Any) -> None:
    admin = as_role("admin")
    customer, lead = make.contact(lifecycle_stage="customer"), make.contact(lifecycle_stage="lead")
    sent = {"label": "Contract", "only_if": "stage = customer", "personal": "y"}
    assert admin.post("/admin/fields/contact/new?type=text", sent).status_code == 303

    page = soup(admin.get("/contacts?cols=name,x_contract,lifecycle_stage"))
    offered = {a["href"] for a in page.select("td a.edit")}

    assert f"/list/contact/{customer.id}/x_contract" in offered
    assert f"/list/contact/{lead.id}/x_contract" not in offered
    assert f"/list/contact/{lead.id}/lifecycle_stage" in offered
    typed = {"x_contract": "2026/1", "version": "1"}
    assert admin.post(f"/list/contact/{lead.id}/x_contract", typed).status_code == 404
    assert admin.post(f"/list/contact/{customer.id}/x_contract", typed).status_code == 303
    shown = admin.get(f"/list/contact/{lead.id}/x_contract/cell", htmx=True)
    assert not fragment(shown).select("a.edit")
