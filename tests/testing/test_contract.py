"""The contract itself: each of its checks finds what is wrong with a plugin that is wrong in just that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.testing.contract import CHECKS
from app.testing.contract.case import Case
from app.testing.plugins import app_with, temporary_plugin
from tests.fake_plugins import wrong, wrong_folders

ELSEWHERE = {"uses_nothing_deprecated"}
"""Seen to fail in tests/kernel/test_deprecation.py."""


@pytest.fixture(scope="module")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the wrong plugins of folders enabled."""
    folder = tmp_path_factory.mktemp("wrong")
    names = wrong_folders.make(folder / "plugins")
    with app_with(folder, *names, plugins=names, plugin_dirs=(str(folder / "plugins"),)) as app:
        yield app


def test_every_check_has_a_plugin_that_it_finds() -> None:
    seen = {name.partition("#")[0] for name in wrong.WRONG} | set(wrong_folders.BROKEN) | ELSEWHERE
    assert set(CHECKS) == seen


@pytest.mark.parametrize("name", wrong.WRONG)
def test_a_check_finds_what_is_wrong(app: Flask, name: str) -> None:
    cls, sentence = wrong.WRONG[name]
    check = name.partition("#")[0]
    with temporary_plugin(app, cls):
        complaints = list(CHECKS[check](Case(app, "wrong")))
    assert sentence in " ".join(complaints), complaints


@pytest.mark.parametrize("check", wrong_folders.BROKEN)
def test_a_check_finds_what_is_wrong_with_files(app: Flask, check: str) -> None:
    name, sentence = wrong_folders.BROKEN[check]
    complaints = list(CHECKS[check](Case(app, name)))
    assert sentence in " ".join(complaints), complaints


def test_every_check_says_what_it_is_about() -> None:
    assert [name for name, check in CHECKS.items() if not check.__doc__] == []
