"""Writing down what happened, in the browser's terms: forms, pages and fragments."""

from __future__ import annotations

import io
from typing import Any

import pytest

from app.models import Attachment, Interaction, InteractionLink, Task
from app.services import interactions, records
from app.services.interactions import Entry
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make

CALL = {"kind": "call", "body": "Asked about the roof.", "nonce": "n1"}


def on(record: Any) -> dict[str, str]:
    return {**CALL, "on": f"{record.__entity__}:{record.id}"}


def stored(make: Make) -> list[Interaction]:
    return list(make.ctx().session.query(Interaction).order_by(Interaction.id))


def ties(make: Make) -> set[tuple[str, int]]:
    return {(link.entity, link.record_id) for link in make.ctx().session.query(InteractionLink)}


@pytest.fixture
def rep(as_role: Any) -> Person:
    return as_role("rep", team="north")


@pytest.fixture
def ana(make: Make, rep: Person) -> Any:
    return make.contact(given_name="Ana", family_name="Lima", owner=rep.user, team="north")


def test_a_call_with_a_follow_up_is_logged_by_a_plain_form(rep: Person, ana: Any, make: Make) -> None:
    answer = rep.post(
        "/interactions", {**on(ana), "outcome_now": "connected", "follow": "3d", "minutes": "2.5"}
    )

    assert (answer.status_code, answer.location) == (303, f"/contacts/{ana.id}")
    made = stored(make)[0]
    assert (made.kind, made.outcome, made.direction, made.duration_s) == (
        "call",
        "connected",
        "outbound",
        150,
    )
    assert ties(make) == {("contact", ana.id), ("user", rep.user.id)}
    assert make.ctx().session.query(Task).one().summary == "Follow up with Ana Lima"
    page = soup(rep.get(answer.location))
    assert "Asked about the roof." in page.select_one("#timeline").text
    assert "Logged. Follow-up:" in page.select_one("#toasts").text
    assert "Follow up with Ana Lima" in page.select_one("#nudge").text


def test_with_htmx_composer_timeline_and_nudge_come_back(rep: Person, ana: Any) -> None:
    answer = rep.post("/interactions", {**on(ana), "swap": "1", "follow": "tomorrow"}, htmx=True)

    tree = fragment(answer)
    assert answer.status_code == 200
    assert tree.select_one("form#log textarea").text == ""
    assert {part["hx-target"] for part in tree.select("hx-partial")} == {"#tl", "#nudge", "#toasts"}
    assert "Asked about the roof." in tree.select_one("#timeline").text
    assert tree.select_one("#log [name=nonce]")["value"] != "n1"


def test_what_comes_back_is_the_latest_with_a_way_to_the_rest(rep: Person, ana: Any, make: Make) -> None:
    for n in range(25):
        interactions.log(
            make.ctx(rep.user), Entry(values={"kind": "note", "body": f"N{n}"}, contacts=(ana.id,))
        )
    tree = fragment(rep.post("/interactions", {**on(ana), "swap": "1"}, htmx=True))
    assert len(tree.select("#timeline > li[id^=i]")) == 20
    rest = soup(rep.get(tree.select_one("#older a")["href"]))
    assert len(rest.select("li[id^=i]")) == 6


def test_what_was_logged_by_mistake_is_taken_back_with_its_follow_up(
    rep: Person, ana: Any, make: Make
) -> None:
    answer = rep.post("/interactions", {**on(ana), "follow": "1w", "swap": "1"}, htmx=True)
    undo = fragment(answer).select_one("hx-partial[hx-target='#toasts'] form")["action"]

    assert rep.post(undo).location == f"/contacts/{ana.id}"

    page = soup(rep.get(f"/contacts/{ana.id}"))
    assert page.select_one("#timeline .md") is None
    assert page.select_one("form#nudge") is None


def test_what_others_logged_cannot_be_taken_back(rep: Person, ana: Any, make: Make) -> None:
    made = interactions.log(make.ctx(), Entry(values={"kind": "note", "body": "x"}, contacts=[ana.id])).id

    assert rep.post(f"/interactions/{made}/withdraw").status_code == 403


def test_the_same_form_sent_twice_makes_one_entry_and_one_task(rep: Person, ana: Any, make: Make) -> None:
    for _time in range(2):
        assert rep.post("/interactions", {**on(ana), "follow": "1w"}).status_code == 303

    assert len(stored(make)) == make.ctx().session.query(Task).count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_everything_typed_comes_back_with_an_error(rep: Person, ana: Any, make: Make, htmx: bool) -> None:
    other = make.contact(given_name="Bo", family_name="Dahl", team="north")
    typed = {
        **on(ana),
        "when": "yesterday",
        "subject": "Roof",
        "location": "Porto",
        "follow": "1w",
        "private": "1",
        "direction": "inbound",
        "with": f"contact:{other.id}",
        "swap": "1",
    }
    answer = rep.post("/interactions", typed, htmx=htmx)

    assert answer.status_code == 422
    page = soup(answer)
    form = page.select_one("form#log")
    assert form.select_one("textarea").text == "Asked about the roof."
    assert form.select_one("[name=when]")["value"] == "yesterday"
    assert form.select_one("[name=when]")["aria-invalid"] == "true"
    assert [form.select_one(f"[name={n}]")["value"] for n in ("subject", "location", "nonce")] == [
        "Roof",
        "Porto",
        "n1",
    ]
    assert form.select_one("[name=direction][checked]")["value"] == "inbound"
    assert form.select_one("[name=follow][checked]")["value"] == "1w"
    assert form.select_one("[name=kind][checked]")["value"] == "call"
    assert form.select_one(f"[name=with][value='contact:{other.id}']").has_attr("checked")
    assert form.select_one("[name=private]").has_attr("checked")
    assert htmx or page.title.text.startswith("Error:")
    assert stored(make) == []


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("minutes", "a while", "is no number of minutes"),
        ("minutes", "1e999", "is no number of minutes"),
        ("when", "2026-02-31T10:00", "is no date and time"),
        ("when", "9999-12-31T23:59", "is no date and time"),
        ("follow_on", "31.02.2026", "is no date"),
        ("kind", "séance", "Choose what it was"),
    ],
)
def test_a_wrong_value_is_explained(rep: Person, ana: Any, field: str, value: str, says: str) -> None:
    answer = rep.post("/interactions", {**on(ana), field: value})

    assert answer.status_code == 422
    assert says in soup(answer).select_one("[role=alert]").text


def test_a_call_needs_a_word_or_an_outcome(rep: Person, ana: Any) -> None:
    assert rep.post("/interactions", {**on(ana), "body": " "}).status_code == 422
    assert rep.post("/interactions", {**on(ana), "body": "", "outcome_now": "busy"}).status_code == 303


def test_an_outcome_of_another_kind_is_not_stored(rep: Person, ana: Any, make: Make) -> None:
    rep.post("/interactions", {**on(ana), "kind": "note", "outcome_now": "connected"})

    assert stored(make)[0].outcome == ""


def test_a_meeting_with_a_company_its_people_and_a_colleague(rep: Person, ana: Any, make: Make) -> None:
    firm, mate = make.company(team="north"), make.user("rep", team="north")

    answer = rep.post(
        "/interactions",
        {**on(firm), "kind": "meeting", "with": [f"contact:{ana.id}", f"user:{mate.id}"]},
    )

    assert answer.location == f"/companies/{firm.id}"
    assert ties(make) == {("company", firm.id), ("contact", ana.id), ("user", rep.user.id), ("user", mate.id)}


def test_ids_of_others_in_the_body_do_not_exist(rep: Person, ana: Any, make: Make) -> None:
    theirs = make.contact(team="south")

    assert rep.post("/interactions", on(theirs)).status_code == 404
    assert rep.post("/interactions", {**on(ana), "with": f"contact:{theirs.id}"}).status_code == 404
    assert rep.post("/interactions", {**on(ana), "with": "company:999999"}).status_code == 404
    assert rep.post("/interactions", {**on(ana), "with": "nothing:1"}).status_code == 404
    assert stored(make) == []


def test_finding_people_to_add_without_a_script_keeps_the_text(rep: Person, ana: Any, make: Make) -> None:
    bo = make.contact(given_name="Bo", family_name="Dahl", team="north")

    page = soup(rep.post("/interactions", {**on(ana), "do": "find", "who": "dahl"}))

    assert page.select_one("form#log textarea").text == "Asked about the roof."
    assert page.select_one(f"[name=with][value='contact:{bo.id}']") is not None
    assert stored(make) == []


def test_finding_people_with_a_script_keeps_those_chosen(rep: Person, ana: Any, make: Make) -> None:
    bo = make.contact(given_name="Bo", family_name="Dahl", team="north")
    hidden = make.contact(given_name="Bo", family_name="Secret", team="south")

    tree = fragment(
        rep.get(f"/interactions/people?who=bo&with=contact:{ana.id}&with=contact:{hidden.id}", htmx=True)
    )

    assert [box["value"] for box in tree.select("[checked]")] == [f"contact:{ana.id}"]
    assert [box["value"] for box in tree.select("input:not([checked])")] == [f"contact:{bo.id}"]


def test_people_of_the_same_company_are_suggested(rep: Person, make: Make) -> None:
    firm = make.company(team="north")
    ana, bo = (make.contact(team="north", affiliations=[{"company_id": firm.id}]) for _ in range(2))

    tree = fragment(rep.get(f"/interactions/people?on=contact:{ana.id}", htmx=True))

    assert [box["value"] for box in tree.select("input")] == [f"contact:{bo.id}"]


def test_from_anywhere_one_finds_somebody_first(rep: Person, ana: Any) -> None:
    found = soup(rep.get("/interactions/new?kind=call&who=lima")).select_one("#hits a.hit")
    page = soup(rep.get(found["href"]))

    assert page.select_one("form#log [name=on]")["value"] == f"contact:{ana.id}"
    assert page.select_one("form#log [name=kind][checked]")["value"] == "call"


def test_the_address_says_which_kind_is_chosen(rep: Person, ana: Any) -> None:
    assert rep.get(f"/log/{ana.id}/call").location == f"/contacts/{ana.id}?log=call#log"
    page = soup(rep.get(f"/contacts/{ana.id}?log=call"))

    assert page.select_one("form#log [name=kind][checked]")["value"] == "call"
    assert [b.text for b in page.select(".outcomes[data-for='1'] button")][:2] == ["Connected", "No answer"]


def test_files_come_with_the_entry_and_can_be_taken_off(rep: Person, ana: Any, make: Make) -> None:
    sent = {**on(ana), "files": [(io.BytesIO(b"one"), "a.txt"), (io.BytesIO(b"two"), "b.txt")]}
    rep.post("/interactions", sent, content_type="multipart/form-data")
    made = stored(make)[0].id
    page = soup(rep.get(f"/interactions/{made}"))
    assert [a.text for a in page.select(".facts a")] == ["a.txt", "b.txt"]

    gone = make.ctx().session.query(Attachment).order_by(Attachment.id).first()
    assert rep.post(f"/files/{gone.uid}/remove").status_code == 303

    assert [a.text for a in soup(rep.get(f"/interactions/{made}")).select(".facts a")] == ["b.txt"]


def test_too_many_files_lose_no_text(rep: Person, ana: Any, make: Make) -> None:
    sent = {**on(ana), "files": [(io.BytesIO(b"x"), f"{n}.txt") for n in range(21)]}

    answer = rep.post("/interactions", sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert soup(answer).select_one("form#log textarea").text == "Asked about the roof."
    assert stored(make) == []


def logged(make: Make, rep: Person, contact: Any, **values: Any) -> int:
    entry = Entry(values={"kind": "note", "body": "First text", **values}, contacts=[contact.id])
    return interactions.log(make.ctx(rep.user), entry).id


def test_an_entry_is_changed_with_its_people(rep: Person, ana: Any, make: Make) -> None:
    made, bo = logged(make, rep, ana), make.contact(team="north")
    page = soup(rep.get(f"/interactions/{made}/edit"))
    assert [box["value"] for box in page.select("[name=with][checked]")] == [f"contact:{ana.id}"]

    form = {
        "version": page.select_one("[name=version]")["value"],
        "kind": "meeting",
        "body": "Second text",
        "when": "2026-03-02T10:30",
        "minutes": "45",
        "with": f"contact:{bo.id}",
    }
    assert rep.post(f"/interactions/{made}/edit", form).status_code == 303

    row = stored(make)[0]
    assert (row.kind, row.body, row.duration_s, row.occurred_at.isoformat()) == (
        "meeting",
        "Second text",
        2700,
        "2026-03-02T10:30:00+00:00",
    )
    assert ties(make) == {("contact", bo.id)}


def test_a_change_of_people_stands_in_the_history_and_can_be_taken_back(
    rep: Person, ana: Any, make: Make
) -> None:
    bo = make.contact(given_name="Bo", family_name="Dahl", team="north")
    secret = make.contact(given_name="Eva", family_name="Secret", team="south")
    made = interactions.log(
        make.ctx(), Entry(values={"kind": "note", "body": "x"}, contacts=[ana.id, secret.id])
    )
    records.update(make.ctx(), "interaction", made.id, {"owner_id": rep.user.id})
    form = {"kind": "note", "body": "x", "with": [f"contact:{bo.id}"], "version": str(made.version)}
    rep.post(f"/interactions/{made.id}/edit", form)
    assert ties(make) == {("contact", bo.id), ("contact", secret.id)}

    page = soup(rep.get(f"/history/interaction/{made.id}"))
    assert "Ana Lima" in page.main.text
    assert "Bo Dahl" in page.main.text
    assert "Secret" not in page.main.text
    entry = page.select_one("form:has([name=field][value=contacts])")
    rep.post(entry["action"], {i["name"]: i["value"] for i in entry.select("input[name]")})

    assert ties(make) == {("contact", ana.id), ("contact", secret.id)}


def test_two_people_changing_the_same_text_are_asked_and_lose_nothing(
    rep: Person, ana: Any, make: Make
) -> None:
    made = logged(make, rep, ana)
    interactions.edit(make.ctx(), made, {"body": "Their text"})

    form = {"version": "1", "kind": "note", "body": "My text", "with": f"contact:{ana.id}"}
    answer = rep.post(f"/interactions/{made}/edit", form)

    page = soup(answer)
    assert answer.status_code == 409
    assert "Their text" in page.select_one("[role=alert]").text
    assert page.select_one("textarea").text == "My text"
    form["version"] = page.select_one("[name=version]")["value"]
    assert rep.post(f"/interactions/{made}/edit", form).status_code == 303
    assert stored(make)[0].body == "My text"


def test_an_entry_is_pinned_trashed_and_brought_back(rep: Person, ana: Any, make: Make, as_role: Any) -> None:
    boss = as_role("manager")
    made = logged(make, rep, ana)

    rep.post(f"/interactions/{made}/pin", {"on": "1"})
    assert soup(rep.get(f"/contacts/{ana.id}")).select_one(f".pinned #pi{made}") is not None
    assert boss.post(f"/action/core/trash_interaction?id={made}").status_code == 303
    assert rep.get(f"/interactions/{made}").status_code == 404
    assert boss.post(f"/undo/core/trash_interaction?id={made}").status_code == 303
    assert rep.get(f"/interactions/{made}").status_code == 200


def test_private_entries_of_others_do_not_exist(rep: Person, ana: Any, make: Make, as_role: Any) -> None:
    made = logged(make, rep, ana, visibility="private")

    assert rep.get(f"/interactions/{made}").status_code == 200
    for path in (f"/interactions/{made}", f"/interactions/{made}/edit"):
        assert as_role("manager").get(path).status_code == 404


def test_markdown_of_a_person_cannot_harm(rep: Person, ana: Any, make: Make) -> None:
    evil = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "
        '<a href="data:text/html,x" hx-get="/x" data-hx-post="/y" style="x" id="log">y</a> **bold**'
    )
    made = logged(make, rep, ana, body=evil, subject="<b>no</b>")
    for path in (f"/interactions/{made}", f"/contacts/{ana.id}", "/"):
        page = soup(rep.get(path))
        written = page.select_one(".md, #recent")
        for bad in (
            "script",
            "img",
            "a[href]",
            "[onerror]",
            "[hx-get]",
            "[data-hx-post]",
            "[style]",
            "#log",
            "b",
        ):
            assert written.select_one(f".md {bad}") is None, (path, bad)
        assert page.find("b", string="no") is None
    assert soup(rep.get(f"/interactions/{made}")).select_one(".md strong").text == "bold"


def test_a_role_that_may_not_write_a_field_can_still_log_and_edit(rep: Person, ana: Any, make: Make) -> None:
    from app.models import FieldRule, Role
    from app.services import settings

    ctx = make.ctx()
    with ctx.unit():
        role = ctx.session.query(Role).filter_by(name="representative").one()
        ctx.session.add(FieldRule(role_id=role.id, field="interaction.location", mode="readonly"))
        ctx.session.add(FieldRule(role_id=role.id, field="interaction.outcome", mode="hidden"))
        settings.bump(ctx, "permissions")

    assert rep.post("/interactions", on(ana)).status_code == 303
    made = stored(make)[0].id
    assert (
        rep.post(f"/interactions/{made}/edit", {"kind": "call", "body": "New", "version": "1"}).status_code
        == 303
    )
    assert stored(make)[0].body == "New"
