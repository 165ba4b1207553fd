"""The tutorial: its files, written to disk as they stand there over what the scaffold makes, keep the contract."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.cli.scaffold import Plan, write
from app.extensions import db
from app.house import house
from app.testing import fragment
from app.testing.clients import Person
from app.testing.contract import CHECKS, held
from app.testing.contract.case import Case
from app.testing.databases import address
from app.testing.factories import Make
from app.testing.plugins import enable

PAGE = Path(__file__).parents[2] / "docs" / "plugins" / "tutorial.md"
FILE = re.compile(
    r"```\w+\n(?:# |\{# |<!-- )plugins/(?P<path>\S+?\.\w+)(?: #\}| -->)?\n(?P<text>.*?)```", re.DOTALL
)


@pytest.fixture(scope="module")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the plugin of the tutorial, its first migration written by the command."""
    folder = tmp_path_factory.mktemp("tutorial")
    write(Plan("lending", ("panel",)), folder / "plugins" / "lending")
    for found in FILE.finditer(PAGE.read_text("utf-8")):
        file = folder / "plugins" / found["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found["text"], "utf-8")
    (folder / "plugins" / "lending" / "migrations").mkdir()
    with address(folder) as url:
        app = create_app(
            env="test",
            data_dir=str(folder),
            database_url=url,
            plugin_dirs=(str(folder / "plugins"),),
            plugins=("lending",),
            worker=False,
            backup_at="",
        )
        with app.app_context():
            house(app).host.migrations.upgrade_all()
            made = house(app).host.migrations.revision("lending", "things lent")
        assert made.name == "0001_things_lent.py"
        enable(app, "lending")
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("check", CHECKS)
def test_the_plugin_of_the_tutorial_keeps_the_contract(app: Flask, check: str) -> None:
    held(check, Case(app, "lending"))


def test_it_does_what_the_page_says(
    as_role: Callable[..., Person], make: Make, clock: Any, run_jobs: Any
) -> None:
    ana, person = make.contact(given_name="Ana", family_name="Lima"), as_role("admin")

    address = f"/panel/lending/things?on=contact:{ana.id}"
    form = fragment(person.get(address, htmx=True)).select_one("form")
    typed = {field["name"]: field.get("value", "") for field in form.select("input")}
    person.post(form["action"], typed | {"name": "Ladder"})

    panel = person.get(address, htmx=True).text
    assert "Ladder" in panel
    assert "due on" in panel
    ids = "cols=name,lending.out&where=lending.out%20%3E%200"
    assert "Lima" in person.get(f"/contacts?{ids}").text
    things = importlib.import_module("plugins.lending.things")
    ctx = make.ctx()
    (lent,) = things.of_contact(ctx, ana.id, 5)
    assert lent.due_on == (things.today(ctx) + timedelta(days=14)).isoformat()


def test_the_test_of_the_page_passes(make: Make, clock: Any, kith_app: Flask) -> None:
    source = (
        Path(house(kith_app).host.plugins["lending"].candidate.folder) / "tests" / "test_things.py"
    ).read_text()
    space: dict[str, Any] = {
        "__package__": "plugins.lending.tests",
        "__name__": "plugins.lending.tests.test_things",
    }
    exec(compile(source, "test_things.py", "exec"), space)
    space["test_what_is_overdue_is_marked_once"](make, clock)
    assert "plugins.lending.things" in sys.modules
