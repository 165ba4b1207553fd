"""./kith test: which tests run on which database, and that nothing is left out silently."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.suite import __main__ as suite
from tests.suite import browser, pdf, postgresql

SERVER = "postgresql://postgres@127.0.0.1:5999/postgres"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """A machine with a browser and a server, unless a test takes one away; pytest is only pretended."""
    there: dict[str, str | None] = {"chromium": "/usr/bin/chromium", "server": SERVER, "pango": "there"}

    @contextlib.contextmanager
    def server() -> Iterator[str | None]:
        yield there["server"]

    monkeypatch.setattr(browser, "find", lambda: there["chromium"])
    monkeypatch.setattr(postgresql, "server", server)
    monkeypatch.setattr(pdf, "find", lambda: there["pango"] is not None)
    monkeypatch.setattr(suite.os, "chdir", lambda path: None)
    for name in ("CI", "KITH_TEST_LONG", "KITH_TEST_CHROMIUM"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return there


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The database and the pytest words of each run."""
    seen: list[list[str]] = []

    class Done:
        returncode = 0

    def run(command: list[str], env: dict[str, str], check: bool) -> Done:
        seen.append([env["KITH_TEST_DATABASE"], *command[3:]])
        return Done()

    monkeypatch.setattr(suite.subprocess, "run", run)
    return seen


@pytest.mark.usefixtures("machine")
def test_everything_runs_on_sqlite_and_the_rest_again_on_postgresql(runs: list[list[str]]) -> None:
    assert suite.main([]) == 0
    whole, again = runs
    assert whole == ["sqlite", "-n", "2", "--dist", "loadfile", "-m", "not long"]
    assert again[0] == SERVER
    assert "--ignore=tests/formats" in again
    assert again[-2:] == ["-m", "not long and not browser"]


def test_only_tests_that_exist_are_left_out_on_postgresql() -> None:
    assert all((suite.ROOT / path).exists() for path in suite.WITHOUT_DATABASE if "docs" not in path)


@pytest.mark.usefixtures("machine")
def test_long_runs_take_nothing_out(runs: list[list[str]]) -> None:
    suite.main(["--long"])
    assert [run[-1] for run in runs] == ["", "not browser"]
    assert os.environ["KITH_TEST_LONG"] == "1"


@pytest.mark.usefixtures("machine")
def test_words_go_to_pytest(runs: list[list[str]]) -> None:
    suite.main(["tests/services", "-m", "browser"])
    assert runs[0] == ["sqlite", "tests/services", "-m", "browser"]


def test_its_help_is_its_own_and_runs_nothing(
    runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert suite.main(["--help"]) == 0
    assert capsys.readouterr().out.startswith("./kith test [--long]")
    assert runs == []


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("absent", ["chromium", "server", "pango"])
def test_what_is_missing_is_said_and_fails_in_ci(
    machine: dict[str, str | None],
    absent: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine[absent] = None
    assert suite.main([]) == 0
    assert capsys.readouterr().err.count("SKIPPED") == 2
    monkeypatch.setenv("CI", "true")
    assert suite.main([]) == 1


def test_a_server_that_is_not_there_is_not_usable() -> None:
    assert not postgresql.usable(f"postgresql://postgres@127.0.0.1:{postgresql.free_port()}/postgres")


def test_a_named_server_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_TEST_PG", f"postgresql://postgres@127.0.0.1:{postgresql.free_port()}/postgres")
    with pytest.raises(SystemExit, match="KITH_TEST_PG"), postgresql.server():
        pass


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_a_server_may_be_named_as_libpq_and_as_the_application_name_it(scheme: str) -> None:
    told = postgresql.plain(f"{scheme}://ana:pass@db.example.org:5433/kith?sslmode=require")
    found = postgresql.psycopg.conninfo.conninfo_to_dict(told)
    assert (found["host"], found["port"], found["user"], found["sslmode"]) == (
        "db.example.org",
        "5433",
        "ana",
        "require",
    )


def test_a_throw_away_server_makes_databases_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    binaries = postgresql.server_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed")
    homes: list[Path] = []
    owner = postgresql.owner
    monkeypatch.setattr(postgresql, "owner", lambda home: (homes.append(home), owner(home))[1])
    with postgresql.throw_away(binaries) as address:
        assert address
        assert postgresql.usable(address)
    assert not postgresql.usable(address)
    assert not homes[0].exists()
