"""Views of a list on its page: opened, changed, saved, shared by a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.models import FieldRule, Role
from app.services import listing, settings
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make

tree: Any = soup
part: Any = fragment


@pytest.fixture
def rep(as_role: Callable[..., Person]) -> Person:
    """A representative of the team North at a browser."""
    return as_role("rep", team="north")


@pytest.fixture
def people(make: Make, rep: Person) -> None:
    """A customer and a lead of the representative."""
    for name, stage in (("Lima", "customer"), ("Costa", "lead")):
        make.contact(given_name="Ana", family_name=name, lifecycle_stage=stage, owner=rep.user, team="north")


def read(person: Person, path: str) -> Any:
    """A page as a tree; it must be there."""
    answer = person.get(path)
    assert answer.status_code == 200, path
    return tree(answer)


def names(page: Any) -> list[str]:
    """The names in the rows of a list."""
    return [a.text for a in page.select("#rows a.hit")]


def hidden(form: Any) -> dict[str, Any]:
    """What a form repeats by itself, as it would be sent."""
    found: dict[str, Any] = {}
    for field in form.select("input[type=hidden]"):
        found.setdefault(field["name"], []).append(field.get("value", ""))
    return found


def test_what_is_shown_is_saved_under_a_name_and_opened_again(people: None, rep: Person) -> None:
    page = read(rep, "/contacts?f=stage:is:customer&sort=-name")
    form = read(rep, page.find("a", string="Save as view")["href"]).select_one("form.editing")
    answer = rep.post(form["action"], {**hidden(form), "name": "Buyers"})
    view = read(rep, answer.location)
    assert (view.select_one("h1").text.strip(), names(view)) == ("Buyers", ["Ana Lima"])
    assert view.find("a", string="Reset") is None
    assert view.select_one("#views a[aria-current=true]").text.strip() == "Buyers"
    assert "Buyers" not in read(rep, "/companies").select_one("#views").text


def test_a_changed_view_offers_to_save_and_to_reset(people: None, rep: Person) -> None:
    form = read(rep, "/list/contact/views/new?f=stage:is:customer").select_one("form.editing")
    home = rep.post(form["action"], {**hidden(form), "name": "Buyers"}).location
    chip = read(rep, home).select_one(".chip.on")
    page = read(rep, chip["href"])
    assert (page.select_one("h1").text.strip(), len(names(page))) == ("Buyers", 2)
    assert names(read(rep, page.find("a", string="Reset")["href"])) == ["Ana Lima"]
    save = page.select_one(".said form")
    assert rep.post(save["action"], hidden(save)).status_code == 303
    assert len(names(read(rep, home))) == 2


def test_the_search_box_stays_within_the_view(people: None, rep: Person) -> None:
    form = read(rep, "/contacts?view=my_contacts").select_one("form[role=search]")
    assert hidden(form) == {"view": ["my_contacts"], "f": ["owner_id:is:me"]}
    page = read(rep, "/contacts?view=my_contacts&f=owner_id:is:me&q=costa")
    assert (names(page), page.select_one("h1").text.strip()) == (["Ana Costa"], "My contacts")


def test_a_link_shows_others_the_same_although_they_do_not_have_the_view(
    make: Make, people: None, rep: Person, as_role: Callable[..., Person]
) -> None:
    form = read(rep, "/list/contact/views/new?f=stage:is:customer&cols=name,source").select_one(
        "form.editing"
    )
    home = rep.post(form["action"], {**hidden(form), "name": "Buyers"}).location
    link = read(rep, home).select_one("#views a[data-copy]")["href"]
    admin = as_role("admin")
    page = read(admin, link.removeprefix("http://localhost"))
    assert names(page) == ["Ana Lima"]
    assert [th.text for th in page.select("thead th")] == ["Select", "Name", "Source"]
    assert admin.get(home).status_code == 404
    assert admin.get("/contacts?view=99999").status_code == 404


def test_an_unseen_column_is_left_out_and_an_unseen_filter_is_a_sentence(
    make: Make, people: None, rep: Person, as_role: Callable[..., Person]
) -> None:
    admin = as_role("admin")
    form = read(admin, "/list/contact/views/new?cols=name,source&sort=source").select_one("form.editing")
    columns = admin.post(form["action"], {**hidden(form), "name": "A", "share": "all"}).location
    form = read(admin, "/list/contact/views/new?f=source:is:web").select_one("form.editing")
    filtered = admin.post(form["action"], {**hidden(form), "name": "B", "share": "all"}).location
    ctx: Any = make.ctx()
    with ctx.unit():
        role = ctx.session.execute(select(Role.id).where(Role.name == "representative")).scalar_one()
        ctx.session.execute(insert(FieldRule).values(role_id=role, field="contact.source", mode="hidden"))
        settings.bump(ctx, "permissions")
    assert "Source" not in read(rep, columns).select_one("thead").text
    answer = rep.get(filtered)
    assert answer.status_code == 422
    assert "source" in tree(answer).select_one("[role=alert]").text
    assert len(names(read(rep, tree(answer).select_one(".btns a")["href"]))) == 2


def test_a_list_opens_with_the_view_that_was_chosen(people: None, rep: Person) -> None:
    assert rep.post("/list/contact/views/quiet_contacts/standard", {}).status_code == 303
    page = read(rep, "/contacts")
    assert page.select_one("h1").text.strip() == "No contact for 60 days"
    everything = page.select_one("#views a")["href"]
    assert read(rep, everything).select_one("h1").text.strip() == "Contacts"
    assert read(rep, "/contacts?q=costa").select_one("h1").text.strip() == "Contacts"


def test_pinned_views_stand_above_the_list(people: None, rep: Person) -> None:
    form = read(rep, "/list/contact/views/new?f=stage:is:lead").select_one("form.editing")
    rep.post(form["action"], {**hidden(form), "name": "Leads", "pinned": "1"})
    tabs = read(rep, "/contacts").select(".tabs a")
    assert [tab.text for tab in tabs] == ["All", "Leads"]
    assert read(rep, tabs[1]["href"]).select_one(".tabs a[aria-current=page]").text == "Leads"


def test_a_view_is_renamed_copied_and_deleted(people: None, rep: Person) -> None:
    form = read(rep, "/list/contact/views/new?f=stage:is:lead").select_one("form.editing")
    home = rep.post(form["action"], {**hidden(form), "name": "Leads"}).location
    edit = "/list/contact/views/" + home.rpartition("=")[2]
    assert rep.post(edit, {"name": "", "share": "private"}).status_code == 422
    rep.post(edit, {"name": "New people", "share": "private"})
    copy = rep.post(f"{edit}/copy", {}).location
    assert read(rep, copy).select_one("#name")["value"] == "Copy of New people"
    rep.post(f"{edit}/delete", {})
    assert rep.get(edit).status_code == 404
    assert "Copy of New people" in read(rep, "/list/contact/views").text
    assert rep.post("/list/contact/views/my_contacts/delete", {}).status_code == 403


def test_columns_are_chosen_moved_and_kept(people: None, rep: Person) -> None:
    form = read(rep, "/list/contact/columns").select_one("form.editing")
    ticked = [box["value"] for box in form.select("input[name=col][checked]")]
    assert ticked == ["lifecycle_stage", "last_interaction_at", "emails", "phones", "owner_id"]
    sent = {**hidden(form), "col": ["emails", "tags"]}
    moved = tree(rep.post(form["action"], {**sent, "do": "up-tags"})).select_one("form.editing")
    assert [box["value"] for box in moved.select("input[name=col][checked]")] == ["tags", "emails"]
    once = rep.post(form["action"], {**sent, "do": "apply"})
    assert "cols=name%2Cemails%2Ctags" in once.location
    assert [th.text for th in read(rep, once.location).select("thead th")] == [
        "Select",
        "Name",
        "E-mail",
        "Tags",
    ]
    rep.post(form["action"], {**sent, "do": "apply", "keep": "1"})
    assert [th.text for th in read(rep, "/contacts").select("thead th")][2:] == ["E-mail", "Tags"]
    rep.post(form["action"], {**sent, "do": "usual"})
    assert len(read(rep, "/contacts").select("thead th")) == 7


def test_several_fields_sort_a_list(people: None, rep: Person) -> None:
    answer = rep.get("/list/contact/sort?by=lifecycle_stage&way=down&by=name&way=up&by=&way=up&f=owner:is:me")
    assert answer.location == "/contacts?f=owner_id%3Ais%3Ame&sort=-lifecycle_stage%2Cname"
    assert names(read(rep, answer.location)) == ["Ana Lima", "Ana Costa"]


def test_groups_fold_by_links_and_count(people: None, rep: Person) -> None:
    page = read(rep, "/contacts?group=lifecycle_stage")
    heads = page.select("tr.grp")
    assert [h.select_one("a").text + h.select_one(".n").text for h in heads] == ["Lead1", "Customer1"]
    folded = read(rep, heads[0].select_one("a")["href"])
    assert names(folded) == ["Ana Lima"]
    assert folded.select_one("tr.grp a")["aria-expanded"] == "false"
    assert len(names(read(rep, folded.select_one("tr.grp a")["href"]))) == 2


def test_more_of_a_group_is_fetched_without_its_heading(make: Make, as_role: Callable[..., Person]) -> None:
    for number in range(52):
        make.contact(family_name=f"N{number:02}", lifecycle_stage="lead")
    make.contact(family_name="Z", lifecycle_stage="customer")
    admin = as_role("admin")
    more = read(admin, "/contacts?group=lifecycle_stage").select_one("#more a")["href"]
    rows = part(admin.get(more, htmx=True))
    assert [h.select_one("a").text for h in rows.select("tr.grp")] == ["Customer"]
    page = read(admin, more)
    assert [h.select_one("a").text for h in page.select("tr.grp")] == ["Lead", "Customer"]
    assert "continued" in page.select_one("tr.grp").text


def test_the_way_back_within_groups_shows_their_headings(make: Make, as_role: Callable[..., Person]) -> None:
    for number in range(120):
        make.contact(family_name=f"N{number:03}", lifecycle_stage="lead" if number < 40 else "customer")
    admin = as_role("admin")
    second = read(admin, read(admin, "/contacts?group=lifecycle_stage").select_one("#more a")["href"])
    third = read(admin, second.select_one("#more a")["href"])
    assert [h.select_one("a").text for h in third.select("tr.grp")] == ["Customer"]
    back = read(admin, third.find("a", string="Show previous")["href"])
    assert names(back) == names(second)
    first = read(admin, back.find("a", string="Show previous")["href"])
    assert [h.select_one("a").text for h in first.select("tr.grp")] == ["Lead", "Customer"]


def test_a_list_too_long_for_an_order_names_a_filter(
    make: Make, people: None, rep: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CAP", 1)
    for asked in ("sort=source", "group=lifecycle_stage"):
        said = read(rep, f"/contacts?{asked}").select_one(".said").text
        assert "10,000" in said
        assert "“Mine” or “My team”" in said


def test_a_reader_of_a_part_sees_how_many_the_groups_have(people: None, rep: Person) -> None:
    page = read(rep, "/contacts?group=lifecycle_stage")
    assert page.select_one(".said").text.startswith("2 entries")
    searched = read(rep, "/contacts?group=lifecycle_stage&q=ana")
    assert len(names(searched)) == 2


def test_a_value_is_changed_in_its_cell(make: Make, people: None, rep: Person) -> None:
    page = read(rep, "/contacts")
    link = page.select_one("#rows tr a.edit[href$=lifecycle_stage]")
    form = part(rep.get(link["href"], htmx=True)).select_one("form")
    assert form.select_one("option[selected]")["value"] == "lead"
    cell = part(rep.post(link["href"], {**hidden(form), "lifecycle_stage": "customer"}, htmx=True))
    assert (cell.select_one(".tag").text, cell.select_one("a.edit")["href"]) == ("Customer", link["href"])
    late = rep.post(link["href"], {**hidden(form), "lifecycle_stage": "former"}, htmx=True)
    assert late.status_code == 409
    assert "Somebody changed this" in late.text


def test_a_cell_without_script_is_a_page_that_leads_back_to_the_list(people: None, rep: Person) -> None:
    link = read(rep, "/contacts").select_one("#rows tr a.edit")["href"]
    came = {"Referer": "http://localhost/contacts?q=ana"}
    form = tree(rep.get(link, headers=came)).select_one("main form")
    assert hidden(form)["next"] == ["/contacts?q=ana"]
    answer = rep.post(form["action"], {**hidden(form), "lifecycle_stage": "former"})
    assert (answer.status_code, answer.location) == (303, "/contacts?q=ana")
    away = tree(rep.get(link, headers={"Referer": "http://evil.example/contacts"})).select_one("main form")
    assert hidden(away)["next"] == ["/contacts"]


def test_cells_of_what_one_may_not_change_have_no_link(make: Make, as_role: Callable[..., Person]) -> None:
    made = make.contact()
    reader = as_role("read_only")
    assert read(reader, "/contacts").select("#rows a.edit") == []
    assert (
        reader.post(f"/list/contact/{made.id}/lifecycle_stage", {"lifecycle_stage": "lead"}).status_code
        == 403
    )
    assert as_role("admin").get(f"/list/contact/{made.id}/created_at").status_code == 403
    assert as_role("rep", team="far").get(f"/list/contact/{made.id}/lifecycle_stage").status_code == 404


def test_a_plain_list_costs_no_more_for_its_views(
    make: Make, people: None, rep: Person, queries: Callable[[], Any]
) -> None:
    def cost(path: str) -> int:
        """Statements of a page, without those of the frame around every page."""
        read(rep, path)
        with queries() as seen:
            read(rep, path)
        return sum("notification" not in statement for statement in seen)

    full = "cols=name,emails,phones,tags,owner_id,team_id"
    assert cost("/contacts") <= 7
    assert cost(f"/contacts?view=contacts_by_stage&{full}&group=owner_id&sort=-owner_id,company") <= 10
