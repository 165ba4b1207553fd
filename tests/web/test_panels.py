"""Panels by their own address: nobody sees one whose place he may not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.sdk import Panel, Plugin, hookimpl
from app.testing.clients import Person
from app.testing.plugins import temporary_plugin

AsRole = Callable[..., Person]


class Spare(Plugin):
    """Panels that name no permission."""

    name = "spare"

    @hookimpl
    def kith_panels(self) -> list[Panel]:
        return [
            Panel(name=slot, label=slot, slot=slot, view=lambda ctx, record: "<p>here</p>")
            for slot in ("admin", "dashboard")
        ]


@pytest.fixture(autouse=True)
def _plugged(app: Flask) -> Iterator[None]:
    with temporary_plugin(app, Spare):
        yield


def test_a_panel_of_the_administration_is_for_those_who_administer(as_role: AsRole) -> None:
    assert "here" in as_role("admin").get("/panel/spare/admin").text
    assert as_role("rep").get("/panel/spare/admin").status_code == 404


def test_a_panel_of_the_home_page_is_for_everybody_who_signed_in(as_role: AsRole) -> None:
    assert "here" in as_role("read_only").get("/panel/spare/dashboard").text
    assert as_role(None).get("/panel/spare/dashboard").status_code == 303
