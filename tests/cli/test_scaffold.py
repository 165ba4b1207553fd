"""What `kith plugins new` writes passes every check as it is: the contract, formatting, lint, types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.cli.plugins_new import new
from app.cli.scaffold import PARTS, Plan, write
from app.house import house
from app.testing.contract import CHECKS, held
from app.testing.contract.case import Case
from app.testing.plugins import app_with

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = ",".join(PARTS)
SMALL = (
    "boots_alone",
    "panels_render",
    "docs_mention_everything",
    "texts_can_be_translated",
    "fields_agree_with_their_sql",
    "actions_run_from_everywhere",
    "writes_pass_the_journal",
)
LIKE_FOLDERS = {"boots_with_everything", "migrations_go_up_down_and_up", "failures_stay_its_own"}
"""What takes long and does not know where a plugin came from."""

LONG = "an_uncommonly_long_name_for_a_new_plugin"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three plugins as they were made: with everything, with a panel alone, and with no entity."""
    made = tmp_path_factory.mktemp("scaffold") / "plugins"
    for name, parts in (
        ("visits", EVERYTHING),
        ("greeter", "panel"),
        ("asker", "panel,field,action"),
        (LONG, EVERYTHING),
    ):
        answer = CliRunner().invoke(new, [name, "--with", parts, "--into", str(made)])
        assert answer.exit_code == 0, answer.output
    return made


@pytest.fixture(scope="module")
def kith_app(folder: Path) -> Iterator[Flask]:
    """The application with all three enabled."""
    names = ("visits", "greeter", "asker")
    with app_with(folder.parent, *names, plugins=names, plugin_dirs=(str(folder),)) as app:
        yield app


@pytest.mark.parametrize("check", CHECKS)
def test_a_new_plugin_with_everything_keeps_the_contract(app: Flask, check: str) -> None:
    held(check, Case(app, "visits"))


@pytest.mark.parametrize("name", ["greeter", "asker"])
def test_smaller_ones_keep_what_they_are_made_of(app: Flask, name: str) -> None:
    case = Case(app, name)
    for check in SMALL:
        held(check, case)


def test_its_own_tests_run_in_a_folder_outside_of_the_checkout(folder: Path) -> None:
    words = ["-q", "-p", "no:cacheprovider", str(folder / "visits" / "tests" / "test_items.py")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env={**os.environ, "KITH_PLUGIN_DIRS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_panel_needs_no_more_than_these_files(folder: Path) -> None:
    files = {str(path.relative_to(folder / "greeter")) for path in (folder / "greeter").rglob("*.*")}
    assert {path for path in files if "__pycache__" not in path} == {
        "__init__.py",
        "docs.md",
        "panels.py",
        "plugin.py",
        "templates/panel.html",
        "tests/__init__.py",
        "tests/conftest.py",
        "tests/test_contract.py",
    }


@pytest.mark.parametrize("name", ["visits", "greeter", "asker", LONG])
def test_the_code_is_formatted_and_nothing_is_found_in_it(folder: Path, name: str) -> None:
    for words in (["format", "--check", "--diff"], ["check"]):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                *words,
                "--no-cache",
                "--config",
                str(ROOT / "pyproject.toml"),
                str(folder / name),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_the_types_fit(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(folder / "visits")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "visits" not in done.stdout, done.stdout


def test_a_package_says_where_its_plugin_is(tmp_path: Path) -> None:
    write(Plan("field_trips", ("panel",), package=True), tmp_path / "kith-field-trips")
    made = tmp_path / "kith-field-trips"
    project = (made / "pyproject.toml").read_text()
    assert 'field_trips = "kith_field_trips.plugin:FieldTrips"' in project
    assert (made / "kith_field_trips" / "templates" / "panel.html").is_file()
    assert "class FieldTrips(Plugin)" in (made / "kith_field_trips" / "plugin.py").read_text()


def test_a_package_asks_no_index_for_kith(tmp_path: Path) -> None:
    write(Plan("trips", ("panel",), package=True), tmp_path / "kith-trips")
    project = tomllib.loads((tmp_path / "kith-trips" / "pyproject.toml").read_text())
    assert project["project"]["dependencies"] == []


def test_what_comes_next_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    into = tmp_path / "plugins"
    answer = CliRunner().invoke(new, ["visits", "--with", "entity", "--into", str(into)])
    export, remark, draft, enable, test = answer.output.partition("Next:\n")[2].splitlines()
    assert export == f"  export KITH_PLUGIN_DIRS={into}"
    assert remark.startswith("  # first change models.py")
    removed, _and, revision = draft.partition(" && ")
    assert Path(removed.removeprefix("  rm ")).is_file()
    assert revision == "./kith db revision visits -m first"
    assert enable == "  ./kith plugins enable visits"
    assert test == f"  ./kith test {into / 'visits'}"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["contacts"], "is a word of the core"),
        (["Big-Name"], "is no name for a plugin"),
        (["visits"], "A folder with plugins is called plugins"),
        (["visits", "--with", "panel,magic"], "“magic” is nothing that a plugin can begin with"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(
    tmp_path: Path, words: list[str], sentence: str
) -> None:
    answer = CliRunner().invoke(new, [*words, "--into", str(tmp_path)])
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "visits").mkdir(parents=True)
    answer = CliRunner().invoke(new, ["visits", "--into", str(tmp_path / "plugins")])
    assert "is there already" in answer.output


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package as pip leaves it behind: the modules, and what the distribution says of itself."""
    write(Plan("trips", tuple(PARTS), package=True), tmp_path / "kith-trips")
    site = tmp_path / "site"
    shutil.copytree(tmp_path / "kith-trips" / "kith_trips", site / "kith_trips")
    about = site / "kith_trips-0.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: kith-trips\nVersion: 0.3\n")
    project = tomllib.loads((tmp_path / "kith-trips" / "pyproject.toml").read_text())
    points = project["project"]["entry-points"]["kith.plugins"]
    lines = [f"{name} = {target}" for name, target in points.items()]
    (about / "entry_points.txt").write_text("\n".join(["[kith.plugins]", *lines]))
    monkeypatch.syspath_prepend(str(site))
    return site


def test_an_installed_package_keeps_the_contract_as_a_folder_does(installed: Path, tmp_path: Path) -> None:
    with app_with(tmp_path, "trips", plugins=("trips",)) as app, app.app_context():
        status = house(app).host.states.status("trips")
        case = Case(app, "trips")
        for check in CHECKS:
            if check not in LIKE_FOLDERS:
                held(check, case)
    assert (str(status.state), status.version) == ("enabled", "0.3")
    assert status.origin == "the package kith-trips 0.3"
