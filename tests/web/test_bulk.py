"""The bar of chosen rows and the pages behind it, as somebody without a script meets them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.models import BulkRun, Contact, Operation
from app.services import bulk
from app.testing.clients import fragment, soup


def chosen(person: Any, do: str, *made: Any, entity: str = "contact", **more: Any) -> Any:
    """Press a button of the bar for some records; returns the page it leads to."""
    data = {"id": [one.id for one in made], "do": do, **more}
    answer = person.post(f"/bulk/{entity}", data)
    assert answer.status_code == 303, answer.text
    return answer


def press(person: Any, page: Any, text: str, **typed: Any) -> Any:
    """Press the button with a text on a page and return the answer."""
    button = next(b for b in page.find_all("button") if text in b.get_text())
    form = button.find_parent("form")
    data = {i["name"]: i.get("value", "") for i in form.find_all("input", {"type": "hidden"})}
    if button.get("name"):
        data[button["name"]] = button.get("value", "")
    return person.post(form["action"], data | typed)


def test_the_owner_of_some_is_set_in_three_taps(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    heir = make.user(name="Bea Costa")
    made = [make.contact() for _n in range(12)]

    listed = soup(person.get("/contacts"))
    button = next(b for b in listed.select(".bulk button") if b["value"] == "field:owner_id")
    assert button["formaction"] == "/bulk/contact"
    choice = soup(person.get(chosen(person, button["value"], *made).location))
    looked = soup(person.get(press(person, choice, "Bea Costa").location))
    assert "12 will change" in looked.get_text()
    done = press(person, looked, "Change 12")

    assert done.location == "/contacts"
    page = soup(person.get(done.location))
    assert page.select_one("form[action$='/undo'] button") is not None
    owners = make.ctx().session.scalars(select(Contact.owner_id)).all()
    assert set(owners) == {heir.id}


def test_all_that_match_means_the_filter_and_not_what_the_page_claims(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    inside, outside = make.contact(lifecycle_stage="lead"), make.contact(lifecycle_stage="customer")

    sent = {"f": "lifecycle_stage:is:lead", "all": "1"}
    looked = soup(person.get(chosen(person, "trash", inside, outside, **sent).location))
    press(person, looked, "Move 1 to the trash")

    left = make.ctx().session.scalars(select(Contact.id)).all()
    assert left == [outside.id]


def test_the_nested_filter_of_a_list_is_kept(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    for stage, note in (("lead", "a"), ("lead", "b"), ("customer", "a")):
        make.contact(lifecycle_stage=stage, note=note)

    sent = {"where": 'lifecycle_stage = lead and note = "a"', "all": "1"}
    looked = soup(person.get(chosen(person, "trash", **sent).location))

    assert "1 will change" in looked.get_text()


def test_a_wrong_filter_touches_nothing(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    make.contact()
    answer = person.post("/bulk/contact", {"f": "nothing:is:here", "all": "1", "do": "trash"})

    assert answer.status_code in {303, 422}
    assert make.ctx().session.scalar(select(func.count(BulkRun.id))) == 0


def test_samples_show_before_and_after_and_reasons_say_why(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    made = make.contact(given_name="Ana", family_name="Lima", tags=["old"])

    page = soup(person.get(chosen(person, "field:tags", made).location))
    looked = soup(person.get(press(person, page, "Next", tags="fair", how="add").location))

    sample = looked.select_one(".changes")
    assert sample is not None
    assert "Ana Lima" in looked.get_text()
    assert [tag.get_text() for tag in sample.select("del, ins")] == ["old", "fair, old"]


def test_a_wrong_value_is_said_beside_its_field_and_kept(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    made = make.contact()
    page = soup(person.get(chosen(person, "edit", made).location))
    link = next(a["href"] for a in page.select("nav.panel a") if a.get_text(strip=True) == "Birthday")
    page = soup(person.get(link))

    answer = press(person, page, "Next", birthday="the other day")

    assert answer.status_code == 422
    shown = soup(answer)
    assert shown.find("input", {"name": "birthday"})["value"] == "the other day"
    assert shown.select_one(".err") is not None


def test_rows_of_a_field_grow_without_a_script(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    page = soup(person.get(chosen(person, "field:emails", make.contact()).location))
    answer = person.post(
        page.select_one("main form")["action"], {"do": "emails+", "emails-there": "1", "how": "add"}
    )

    assert answer.status_code == 200
    assert "E-mail" in answer.text


def test_the_same_start_twice_is_one_operation(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    location = chosen(person, "trash", make.contact(), make.contact()).location
    looked = soup(person.get(location))
    press(person, looked, "Move 2 to the trash")
    press(person, looked, "Move 2 to the trash")

    count = select(func.count(Operation.id)).where(Operation.name == "bulk.trash")
    assert make.ctx().session.scalar(count) == 1


def test_work_of_others_and_of_strangers_is_not_there(as_role: Any, make: Any) -> None:
    location = chosen(as_role("manager"), "trash", make.contact()).location
    assert as_role("manager").get(location).status_code == 404
    assert as_role("administrator").post(location + "/start").status_code == 404
    assert as_role("read_only").post("/bulk/contact", {"id": "1", "do": "trash"}).status_code == 403


def test_a_representative_changes_many_of_those_that_he_may_change(as_role: Any, make: Any) -> None:
    rep = as_role("rep", team="north")
    mate, stranger = make.user("rep", team="north"), make.user("rep", team="south")
    mine, ours, theirs = (make.contact(owner=user) for user in (rep.user, mate, stranger))
    bar = soup(rep.get("/contacts")).select(".bulk button[name=do]")
    offered = {button["value"] for button in bar}
    assert {"field:lifecycle_stage", "field:tags", "edit", "trash"} <= offered
    assert not {"field:owner_id", "export"} & offered, "handing over and export are rights of their own"
    assert soup(as_role("read_only").get("/contacts")).select(".bulk") == []

    choice = soup(rep.get(chosen(rep, "field:lifecycle_stage", mine, ours, theirs).location))
    press(rep, soup(rep.get(press(rep, choice, "Customer").location)), "Change 2")
    stages = make.ctx().session.execute(select(Contact.id, Contact.lifecycle_stage)).all()
    assert dict(map(tuple, stages)) == {mine.id: "customer", ours.id: "customer", theirs.id: "subscriber"}

    kept = soup(rep.get(chosen(rep, "trash", mine, ours).location)).get_text(" ")
    assert "1 will change" in kept, "only what is his own goes to the trash"


def test_nothing_chosen_says_so_on_the_list(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    answer = person.post("/bulk/contact", {"do": "trash", "q": "ana"})

    assert answer.status_code == 303
    assert answer.location == "/contacts?q=ana"
    assert "Choose at least one entry." in person.get(answer.location).text


def test_a_long_one_shows_its_progress_and_its_end(
    as_role: Any, make: Any, monkeypatch: Any, run_jobs: Any
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    person = as_role("manager")
    location = chosen(person, "trash", *[make.contact() for _n in range(5)]).location
    press(person, soup(person.get(location)), "Move 5 to the trash")

    page = soup(person.get(location))
    assert page.select_one("progress") is not None
    assert page.select_one("[hx-trigger='every 2s']") is not None
    assert fragment(person.get(location, htmx=True)).select_one("#job") is not None
    run_jobs()
    make.ctx().session.rollback()
    ended = person.get(location, htmx=True)
    assert ended.headers["HX-Redirect"] == location
    assert "5 records moved to the trash" in person.get(location).text


def test_a_stopped_one_says_so_and_goes_on(as_role: Any, make: Any, monkeypatch: Any, run_jobs: Any) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    person = as_role("manager")
    location = chosen(person, "trash", *[make.contact() for _n in range(5)]).location
    press(person, soup(person.get(location)), "Move 5 to the trash")
    press(person, soup(person.get(location)), "Stop")
    run_jobs()
    page = soup(person.get(location))
    assert "Stopped." in page.h1.get_text()
    press(person, page, "Go on")
    run_jobs()

    assert "5 records moved to the trash" in person.get(location).text


# ---------------------------------------------------------------- recent operations


def test_recent_operations_are_ones_own_and_taken_back_with_one_press(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    made = make.contact(given_name="Ana", family_name="Lima")
    press(person, soup(person.get(chosen(person, "trash", made).location)), "Move 1 to the trash")

    page = soup(person.get("/operations"))
    assert "1 record moved to the trash" in page.get_text()
    press(person, page, "Undo")

    assert person.get(f"/contacts/{made.id}").status_code == 200
    again = soup(person.get("/operations"))
    assert "Taken back" in again.get_text()
    assert "1 change taken back" in again.get_text()
    assert as_role("manager").get("/operations").text.count("moved to the trash") == 0


def test_a_single_edit_is_an_operation_too(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    made = make.contact(owner=person.user)
    person.post(f"/field/contact/{made.id}/note", {"note": "typed", "version": made.version})

    page = soup(person.get("/operations"))
    assert "Contact changed" in page.get_text()
    press(person, page, "Undo")
    session = make.ctx().session
    session.expire_all()
    assert session.get(Contact, made.id).note == ""


def test_everybodys_operations_are_for_administrators(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    press(person, soup(person.get(chosen(person, "trash", make.contact()).location)), "Move 1 to the trash")
    operation = make.ctx().session.scalar(select(Operation.id).where(Operation.name == "bulk.trash"))

    assert as_role("manager").get("/operations?who=all").text.count("moved to the trash") == 0
    assert as_role("manager").get(f"/operations/{operation}").status_code == 404
    overseer = as_role("administrator")
    assert "moved to the trash" in overseer.get("/operations?who=all").text
    assert overseer.post(f"/operations/{operation}/undo").status_code == 303


def test_what_was_changed_since_is_shown_with_its_values(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    made = make.contact(note="old", owner=person.user)
    page = soup(person.get(chosen(person, "field:note", made).location))
    press(person, soup(person.get(press(person, page, "Next", note="new").location)), "Change 1")
    person.post(f"/field/contact/{made.id}/note", {"note": "later", "version": 99})
    operation = make.ctx().session.scalar(select(Operation.id).where(Operation.name == "bulk.edit"))

    answer = person.post(f"/operations/{operation}/undo")
    page = soup(person.get(answer.location))

    assert [dd.get_text() for dd in page.select("dl.both dd")] == ["old", "new", "later"]
    detail = person.get(f"/operations/{operation}")
    assert detail.status_code == 200


def test_two_ticked_rows_stand_side_by_side_to_be_merged(as_role: Any, make: Any) -> None:
    person = as_role("manager")
    ana, anna, ben = (make.contact(given_name=name) for name in ("Ana", "Anna", "Ben"))
    buttons = {b.get("value") for b in soup(person.get("/contacts")).select(".bulk button")}
    assert "merge" in buttons

    page = soup(person.get(chosen(person, "merge", ana, anna).location))
    assert "Anna" in page.main.get_text()
    assert "Ben" not in page.main.get_text()
    alone = chosen(person, "merge", ben)
    assert alone.location == "/contacts"
    assert "from two to 6" in person.get("/contacts").text
    assert "merge" not in {
        b.get("value") for b in soup(as_role("readonly").get("/contacts")).select(".bulk button")
    }
