"""What many plugins may cost a page: no statement while nothing of theirs is shown, and one per Field that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from app.cli.scaffold import PARTS, Plan, write
from app.testing.clients import Person
from app.testing.factories import Make
from app.testing.plugins import app_with, disable, enable

NAMES = ("ask", "bid", "call_on", "deal_in")
Queries = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with four plugins as the scaffold writes them, with all that it can write."""
    folder = tmp_path_factory.mktemp("costs")
    for name in NAMES:
        write(Plan(name, tuple(PARTS)), folder / "plugins" / name)
    with app_with(folder, *NAMES, plugin_dirs=(str(folder / "plugins"),), plugins=NAMES) as app:
        yield app


def statements(person: Person, queries: Queries, path: str) -> int:
    person.get(path)
    with queries() as seen:
        assert person.get(path).status_code == 200
    return len([statement for statement in seen if statement.lstrip().upper().startswith("SELECT")])


def test_pages_cost_no_statement_more(
    app: Flask, as_role: Callable[..., Person], make: Make, queries: Queries
) -> None:
    person, ana = as_role("manager"), make.contact()
    paths = ("/contacts", f"/contacts/{ana.id}", "/")
    on = {path: statements(person, queries, path) for path in paths}
    for name in NAMES:
        disable(app, name)

    off = {path: statements(person, queries, path) for path in paths}

    enable(app, *NAMES)
    assert on == off


def test_a_column_costs_one_statement(as_role: Callable[..., Person], make: Make, queries: Queries) -> None:
    person = as_role("manager")
    for number in range(7):
        make.contact(given_name=f"Ana {number}")
    bare = statements(person, queries, "/contacts?cols=formatted_name")

    columns = ",".join(f"{name}.count" for name in NAMES)
    found = statements(person, queries, f"/contacts?cols=formatted_name,{columns}")

    assert found <= bare + len(NAMES)
