"""One field changed where it stands."""

from __future__ import annotations

from typing import Any

from app.kernel.contributions import EVERYWHERE, Field, Kind, Panel, Show
from app.kernel.hookspecs import Plugin, hookimpl
from app.services import api_parsing, bulk_values, import_mapping, records
from app.testing.clients import fragment, soup
from app.testing.plugins import temporary_plugin


def test_the_row_becomes_a_form_and_a_row_again(make: Any, as_role: Any) -> None:
    ana = make.contact(pronouns="she")
    person, url = as_role("manager"), f"/field/contact/{ana.id}/pronouns"

    form = fragment(person.get(url, htmx=True))
    assert form.select_one("input#f-pronouns[autofocus]")["value"] == "she"
    version = form.select_one('[name="version"]')["value"]
    row = fragment(person.post(url, {"pronouns": "they", "version": version}, htmx=True))
    assert row.select_one("#p-pronouns dd").get_text(strip=True) == "they"
    assert fragment(person.get(f"{url}/row", htmx=True)).select_one("#p-pronouns")


def test_without_script_it_is_a_page_that_leads_back(make: Any, as_role: Any) -> None:
    ana = make.contact()
    person, url = as_role("manager"), f"/field/contact/{ana.id}/pronouns"

    page = soup(person.get(url))
    assert page.select_one("form[method=post] input#f-pronouns")
    answer = person.post(url, {"pronouns": "they", "version": "1"})
    assert (answer.status_code, answer.location) == (303, f"/contacts/{ana.id}")
    assert person.get(f"{url}/row").location == f"/contacts/{ana.id}"


def test_an_error_stays_in_the_row_with_what_was_typed(make: Any, as_role: Any) -> None:
    ana = make.contact()
    answer = as_role("manager").post(
        f"/field/contact/{ana.id}/birthday", {"birthday": "someday", "version": "1"}, htmx=True
    )
    box = fragment(answer).select_one("#f-birthday")

    assert answer.status_code == 422
    assert (box["value"], box["aria-invalid"]) == ("someday", "true")
    assert fragment(answer).select_one(f"#{box['aria-describedby'].split()[-1]}")


def test_two_people_at_different_fields_both_succeed(make: Any, as_role: Any) -> None:
    ana = make.contact(pronouns="she", nickname="An")
    one, two = as_role("manager"), as_role("manager")
    one.post(f"/field/contact/{ana.id}/pronouns", {"pronouns": "they", "version": "1"})
    answer = two.post(f"/field/contact/{ana.id}/nickname", {"nickname": "Annie", "version": "1"})

    found = records.get(make.ctx(), "contact", ana.id)
    assert answer.status_code == 303
    assert (found.pronouns, found.nickname) == ("they", "Annie")


def test_two_people_at_the_same_field_are_both_asked(make: Any, as_role: Any) -> None:
    ana = make.contact(phone="+351 912 345 678")
    one, two = as_role("manager"), as_role("manager")
    url = f"/field/contact/{ana.id}/phones"

    def form(number: str, version: str = "1") -> dict[str, str]:
        return {"phones-there": "1", "phones-0-value": number, "phones-0-kind": "", "version": version}

    one.post(url, form("+351 911 111 111"))
    answer = two.post(url, form("+351 922 222 222"))
    page = soup(answer)
    version = page.select_one('[name="version"]')["value"]

    assert answer.status_code == 409
    question = page.select_one(".both").get_text(" ", strip=True)
    for number in ("+351 912 345 678", "+351 911 111 111", "+351 922 222 222"):
        assert number in question
    assert two.post(url, form("+351 922 222 222", version)).status_code == 303
    assert "+351 922 222 222" in one.get(f"/contacts/{ana.id}").text


def test_rows_are_added_and_removed_by_buttons_that_keep_everything(make: Any, as_role: Any) -> None:
    ana = make.contact(email="ana@acme.pt")
    person, url = as_role("manager"), f"/field/contact/{ana.id}/emails"
    typed = {"emails-there": "1", "emails-0-value": "other@acme.pt", "emails-0-kind": "home", "version": "1"}

    more = soup(person.post(url, {**typed, "do": "emails+"}))
    assert [i["value"] for i in more.select(".fieldrow input[type=email]")] == ["other@acme.pt", ""]
    part = fragment(person.post(url, {**typed, "do": "emails-0"}, htmx=True))
    assert not part.select(".fieldrow")


def test_a_read_only_field_has_no_pencil_and_cannot_be_posted(make: Any, as_role: Any) -> None:
    ana = make.contact(note="kept")
    person = as_role("read_only")

    assert not soup(person.get(f"/contacts/{ana.id}")).select("a.edit")
    assert person.post(f"/field/contact/{ana.id}/note", {"note": "x"}).status_code == 403
    assert as_role("manager").get(f"/field/contact/{ana.id}/nothing").status_code == 404
    assert as_role("manager").get(f"/field/nothing/{ana.id}/note").status_code == 404


def test_a_name_of_several_companies_becomes_a_question(make: Any, as_role: Any) -> None:
    first, second = make.company(name="Twin"), make.company(name="Twin")
    ana = make.contact()
    person, url = as_role("manager"), f"/field/contact/{ana.id}/affiliations"
    typed = {"affiliations-there": "1", "affiliations-0-company": "Twin", "version": "1"}

    answer = person.post(url, typed)
    offered = [o["value"] for o in soup(answer).select("select[name=affiliations-0-company_id] option")]
    saved = person.post(url, {**typed, "affiliations-0-company_id": str(second.id)})

    assert answer.status_code == 422
    assert offered == ["", str(first.id), str(second.id)]
    assert saved.status_code == 303
    assert soup(person.get(f"/contacts/{ana.id}")).select_one(f'.who a[href="/companies/{second.id}"]')


STORED: dict[int, Any] = {}
COUNTED: dict[int, Any] = {}


def _save(ctx: Any, values: Any) -> None:
    if "boom" in str(values):
        raise RuntimeError("the plugin is broken")
    STORED.update(values)


class Extra(Plugin):
    """A field that is no column, a link in the menu, a tab."""

    name = "extra"
    label = "Extra"

    @hookimpl
    def kith_fields(self) -> Any:
        return (
            Field(
                name="size",
                label="Shoe size",
                on="contact",
                kind=Kind.NUMBER,
                load=lambda ctx, ids: {i: STORED.get(i) for i in ids},
                save=_save,
            ),
            Field(name="motto", label="Motto", on="contact", load=lambda ctx, ids: {}, save=_save),
            Field(
                name="points",
                label="Points",
                on="contact",
                kind=Kind.NUMBER,
                show=EVERYWHERE & ~Show.FORM,
                load=lambda ctx, ids: {i: COUNTED.get(i) for i in ids},
                save=lambda ctx, values: COUNTED.update(values),
            ),
        )

    @hookimpl
    def kith_panels(self) -> Any:
        return (
            Panel(name="shoes", label="Shoes", slot="contact.tab", view=lambda ctx, record: "<p>Boots</p>"),
        )


def test_a_plugins_field_is_shown_edited_and_kept_in_the_history(app: Any, make: Any, as_role: Any) -> None:
    ana = make.contact()
    person, url = as_role("manager"), f"/field/contact/{ana.id}/extra.size"
    with temporary_plugin(app, Extra):
        page = soup(person.get(f"/contacts/{ana.id}/details"))
        assert page.select_one("#p-extra-size a.edit")["href"] == url
        assert "Shoes" in page.select_one('[data-slot="contact.tab"]').get_text()
        assert person.post(url, {"extra.size": "many", "version": "1"}).status_code == 422
        assert person.post(url, {"extra.size": "42", "version": "1"}).status_code == 303
        assert "42" in soup(person.get(f"/contacts/{ana.id}")).select_one("#p-extra-size").get_text()
        assert "Shoe size" in person.get(f"/history/contact/{ana.id}").text


def test_what_no_form_has_is_written_by_the_program_alone(app: Any, make: Any, as_role: Any) -> None:
    ana, person = make.contact(), as_role("admin")
    with temporary_plugin(app, Extra):
        records.update(make.ctx(), "contact", ana.id, {"extra.points": 42})
        shown = soup(person.get(f"/contacts/{ana.id}/details")).select_one("#p-extra-points")
        assert "42" in shown.get_text()
        assert shown.select_one("a.edit") is None
        for place in (f"/field/contact/{ana.id}", f"/list/contact/{ana.id}"):
            answer = person.post(f"{place}/extra.points", {"extra.points": "99", "version": "2"})
            assert answer.status_code == 403, place
        assert "extra.points" not in person.get(f"/contacts/{ana.id}/edit").text
        seen = make.ctx(person.user)
        for offered in (bulk_values.offered(seen, "contact"), import_mapping.importable(seen, "contact")):
            assert "extra.points" not in {field.key for field in offered}
        assert "extra.points" not in api_parsing.writable(seen, "contact")
        assert COUNTED[ana.id] == 42


def test_a_plugin_that_fails_to_save_changes_nothing(app: Any, make: Any, as_role: Any) -> None:
    ana = make.contact()
    with temporary_plugin(app, Extra):
        url = f"/field/contact/{ana.id}/extra.motto"
        assert as_role("manager").post(url, {"extra.motto": "boom", "version": "1"}).status_code == 500
    assert records.get(make.ctx(), "contact", ana.id).version == 1


def test_an_address_that_somebody_else_has_is_saved_with_a_warning(make: Any, as_role: Any) -> None:
    make.contact(given_name="Bea", family_name="Costa", email="shared@acme.pt")
    ana = make.contact()
    typed = {"emails-there": "1", "emails-0-value": "Shared@acme.pt", "emails-0-kind": "", "version": "1"}

    answer = as_role("manager").post(f"/field/contact/{ana.id}/emails", typed, htmx=True)

    assert answer.status_code == 200
    assert "Bea Costa" in fragment(answer).select_one(".toast").get_text()


def test_a_relation_is_read_from_both_sides(make: Any, as_role: Any) -> None:
    ana, bea = make.contact(given_name="Ana"), make.contact(given_name="Bea", family_name="Costa")
    person = as_role("manager")
    typed = {
        "relations-there": "1",
        "relations-0-name": "Bea Costa",
        "relations-0-type": "parent",
        "relations-1-name": "bea costa",
        "relations-1-type": "mentor / mentee",
        "version": "1",
    }

    assert person.post(f"/field/contact/{ana.id}/relations", typed).status_code == 303
    assert "parent" in soup(person.get(f"/contacts/{ana.id}")).select_one("#related").get_text()
    other = soup(person.get(f"/contacts/{bea.id}")).select_one("#related").get_text()
    assert "child" in other
    assert "mentee" in other


def test_a_field_under_a_condition_is_edited_only_where_it_is_asked_for(as_role: Any, make: Any) -> None:
    person = as_role("admin")
    acme, bora = make.company(name="Acme", industry="Boats"), make.company(name="Bora")
    rule = {"label": "Berth", "only_if": "industry = Boats", "personal": "y"}
    assert person.post("/admin/fields/company/new?type=text", rule).status_code == 303
    assert person.get(f"/field/company/{acme.id}/x_berth").status_code == 200
    assert person.get(f"/field/company/{bora.id}/x_berth").status_code == 404
