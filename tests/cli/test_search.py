"""`kith search reindex`: records are found by what is in them now, and a stopped run goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import create_engine, text

from app.cli import search

Run = Callable[..., Result]
PASSWORD = "seven harbour lanterns"


def told(statement: str) -> list[tuple[object, ...]]:
    """Run a statement past the program and return its rows."""
    engine = create_engine(os.environ["KITH_DATABASE_URL"])
    with engine.begin() as connection:
        found = connection.execute(text(statement))
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


@pytest.fixture
def forgotten(run: Run, tmp_path: Path) -> None:
    """Three people of whom the search knows nothing any more."""
    run("db", "upgrade")
    run("init", "--name", "Ana Lima", "--email", "ana@example.org", env={"KITH_INIT_PASSWORD": PASSWORD})
    people = tmp_path / "people.csv"
    people.write_text("Given name,Family name\nAda,Reis\nMaré,Silva\nZoe,Faria\n", "utf-8")
    run("import", str(people))
    told("DELETE FROM search_doc")


def docs() -> list[str]:
    """What the search knows of people."""
    return [str(d) for (d,) in told("SELECT doc FROM search_doc WHERE entity = 'contact' ORDER BY record_id")]


def test_records_are_found_again(run: Run, forgotten: None) -> None:
    assert docs() == []

    said = run("search", "reindex").output

    assert "contact: 3 records read anew" in said
    assert [doc.split()[0] for doc in docs()] == ["ada", "mare", "zoe"]


def test_it_goes_on_where_it_was_stopped(run: Run, forgotten: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "TOLD", 3)
    [second, last] = [str(i) for (i,) in told("SELECT id FROM contact ORDER BY id")][1:]

    said = run("search", "reindex", "--entity", "contact", "--after", second).output
    assert "contact: 1 records read anew" in said
    assert [doc.split()[0] for doc in docs()] == ["zoe"]
    assert f"--entity contact --after {last}" in run("search", "reindex", "--entity", "contact").stderr


def test_a_kind_that_is_not_searched_is_named_with_those_that_are(run: Run) -> None:
    run("db", "upgrade")
    said = run("search", "reindex", "--entity", "kontact", fails=True).output
    assert "Nothing called “kontact” is searched. There is: " in said
    assert "contact" in said
    assert "--after needs --entity" in run("search", "reindex", "--after", "5", fails=True).output
