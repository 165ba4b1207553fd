from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from app.config import load
from app.host import discovery
from app.host.discovery import discover
from app.host.host import Host

Writer = Callable[..., Any]


def found(folder: Path, **settings: Any) -> list[str]:
    config = load({}, plugin_dirs=(str(folder),), **settings)
    return [candidate.name for candidate in discover(config, folder / "bundled")]


def test_a_folder_with_a_plugin_py_is_a_plugin(write: Writer, folder: Path) -> None:
    write("trade")
    (folder / "notes").mkdir()
    assert found(folder) == ["trade"]


def test_the_allow_list_leaves_the_others_alone(
    write: Writer, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write("trade")
    write("torn", "1 / 0\nclass Torn(Plugin): ...\n")
    assert found(folder, plugins=("trade", "delivery")) == ["trade"]
    assert "names “delivery”" in caplog.text


def test_safe_mode_loads_nothing(write: Writer, folder: Path) -> None:
    write("trade")
    assert found(folder, safe_mode=True) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert found(tmp_path / "nowhere") == []
    assert "there is no such folder" in caplog.text


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed package with a plugin called trade."""
    place = tmp_path / "site" / "kith_trade_test"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("")
    source = (
        "from app.sdk import Plugin\n\n\nclass Trade(Plugin):\n    name = 'trade'\n    label = 'Packed'\n"
    )
    (place / "plugin.py").write_text(source)
    monkeypatch.syspath_prepend(str(place.parent))
    point = EntryPoint("trade", "kith_trade_test.plugin:Trade", discovery.GROUP)
    monkeypatch.setattr(discovery, "entry_points", lambda group: [point])
    return "kith_trade_test"


def test_an_installed_package_is_a_plugin_like_any_other(
    package: str, make_host: Callable[..., Host]
) -> None:
    loaded = make_host().plugins["trade"]
    assert (loaded.label, loaded.problem) == ("Packed", "")
    assert loaded.candidate.folder.name == package


def test_a_folder_wins_over_a_package_and_says_so(
    package: str, write: Writer, make_host: Callable[..., Host]
) -> None:
    write("trade", "label = 'Folder'\n")
    host = make_host()
    assert host.plugins["trade"].label == "Folder"
    assert "hides the one of the package" in host.remarks()[0]


def test_a_package_whose_module_has_gone_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, write: Writer, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write("payroll")
    point = EntryPoint("trade", "kith_nowhere.plugin:Trade", discovery.GROUP)
    monkeypatch.setattr(discovery, "entry_points", lambda group: [point])
    assert found(folder) == ["payroll"]
    assert "kith_nowhere, which is not there" in caplog.text


def test_a_module_without_a_plugin_class_is_broken_with_advice(
    write: Writer, make_host: Callable[..., Host]
) -> None:
    write("trade", "class Other: ...\n")
    assert "class Trade(Plugin)" in make_host().plugins["trade"].problem
