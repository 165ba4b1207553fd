"""A plugin that raises in every callable: every page of the core stays, and a small card names the culprit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from app.house import house
from app.kernel.contributions import Panel
from app.kernel.errors import GuardedFailure
from app.services import records
from app.testing.clients import Person
from app.testing.factories import Make
from app.testing.plugins import app_with

FAKE = Path(__file__).parents[1] / "fake_plugins"
AsRole = Callable[..., Person]


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the raiser enabled."""
    folder = tmp_path_factory.mktemp("raiser")
    with app_with(folder, "raiser", plugin_dirs=(str(FAKE),), plugins=("raiser",)) as app:
        yield app


@pytest.fixture
def person(as_role: AsRole) -> Person:
    return as_role("admin")


def addresses(app: Flask, values: dict[str, str]) -> list[str]:
    """Return the address of every page that can be opened with the given values."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("raiser.", "static", "plugin_")):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values.get(match[1], match[0]), rule.rule)
        if "<" not in path:
            found.append(path)
    return sorted(found)


def test_the_raiser_is_enabled_with_everything_it_declares(app: Flask) -> None:
    status = house(app).host.states.status("raiser")
    assert status.state == "enabled"
    assert "incident" in status.problem  # its lifecycle hook raised too
    assert len(house(app).registry.all(Panel)) > 60


def test_every_page_of_the_core_stays(app: Flask, person: Person, make: Make) -> None:
    ana, acme = make.contact(), make.company()
    task = records.create(make.ctx(), "task", {"summary": "Call back"})
    places = {"entity": "contact", "record_id": str(ana.id), "contact_id": str(ana.id), "kind": "call"}

    answers = {path: person.get(path).status_code for path in addresses(app, places)}
    answers |= {path: person.get(path).status_code for path in (f"/companies/{acme.id}", f"/tasks/{task.id}")}

    assert {path: code for path, code in answers.items() if code >= 500} == {}
    assert answers[f"/contacts/{ana.id}"] == answers["/contacts"] == answers["/"] == 200


def test_the_page_of_a_contact_has_cards_that_name_the_culprit(person: Person, make: Make) -> None:
    page = person.get(f"/contacts/{make.contact().id}").text
    assert "which failed. Everything else works." in page
    assert "“The Raiser”" in page


def test_a_lazy_panel_is_a_card_with_the_number_that_the_log_has(
    person: Person, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"/panel/raiser/lazy_contact_side?on=contact:{make.contact().id}"

    answer = person.get(address, htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    number = re.search(r"number ([0-9A-F]{8})", answer.text)
    assert number is not None
    assert number[1] in caplog.text


def test_records_are_made_changed_and_trashed_all_the_same(make: Make) -> None:
    ctx, ana = make.ctx(), make.contact(given_name="Ana")

    records.update(ctx, "contact", ana.id, {"given_name": "Eva"})
    assert records.get(ctx, "contact", ana.id).given_name == "Eva"

    assert records.trash(ctx, "contact", [ana.id]) == 1


def test_a_form_is_saved_all_the_same(person: Person) -> None:
    answer = person.post("/contacts/new", {"line": "Ana Lima, CFO at Acme, ana@acme.pt"})
    assert answer.status_code in {200, 303}


def test_filters_and_sorts_of_it_do_not_break_a_list(person: Person, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    for query in ("sort=raiser.bad", "f=raiser.bad:is:x", "f=raiser.chosen:is:x", "q=ana"):
        assert person.get(f"/contacts?{query}").status_code < 500


def test_the_search_finds_what_the_core_has(person: Person, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    assert "Lima" in person.get("/search?q=ana+lima").text


def test_the_timeline_shows_what_the_core_has(person: Person, make: Make) -> None:
    ana = make.contact()
    records.create(
        make.ctx(), "interaction", {"kind": "note", "subject": "Hello", "occurred_at": make.ctx().now}
    )
    assert person.get(f"/timeline/contact/{ana.id}").status_code == 200


def test_its_own_page_and_action_fail_alone(person: Person, make: Make) -> None:
    ana = make.contact()
    assert person.get("/raiser/").status_code == 500
    assert person.post("/action/raiser/act_contact", {"id": ana.id}).status_code == 500
    assert person.get(f"/contacts/{ana.id}").status_code == 200


def test_its_own_records_are_shown_by_their_kind_when_their_name_fails(person: Person, make: Make) -> None:
    from plugins.raiser.models import Thing

    ctx = make.ctx()
    with ctx.unit():
        thing = Thing(name="one", contact_id=make.contact().id)
        ctx.session.add(thing)
    for path in ("/list/raiser.thing", f"/history/raiser.thing/{thing.id}", "/trash"):
        assert person.get(path).status_code == 200
    with pytest.raises(GuardedFailure):
        records.create(make.ctx(), "raiser.thing", {})


def test_its_command_is_one_sentence(app: Flask) -> None:
    group: click.Group = house(app).host.commands()["raiser"]
    answer: Any = CliRunner().invoke(group, ["shout"])
    assert answer.exit_code == 1
    assert "raiser failed in command shout" in answer.output


def test_nobody_signs_in_because_it_failed(app: Flask) -> None:
    with app.test_request_context("/"):
        from flask import request

        assert house(app).host.authenticate(request) is None


def test_its_demo_data_are_missing_and_that_is_said(app: Flask, make: Make) -> None:
    assert house(app).host.demo(make.ctx(), object()) == ["raiser"]


def test_somebody_who_may_see_little_sees_no_more_by_a_failing_grant(as_role: AsRole, make: Make) -> None:
    ana = make.contact(team="north")
    assert as_role("rep", team="south").get(f"/contacts/{ana.id}").status_code == 404
