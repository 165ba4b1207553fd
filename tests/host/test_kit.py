from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from app.house import house
from app.kernel.contributions import Panel
from app.sdk import Plugin, hookimpl
from app.testing.plugins import temporary_plugin


class Short(Plugin):
    """Here for one test."""

    name = "short"

    @hookimpl
    def kith_panels(self) -> list[Panel]:
        return [Panel(name="hello", label="Hello", slot="dashboard", view=lambda ctx, record: "hello")]


def test_a_class_is_a_plugin_for_the_length_of_a_test(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    registry = house(app).registry

    with temporary_plugin(app, Short) as loaded:
        assert [panel.key for panel in registry.all(Panel)] == ["short.hello"]
        assert loaded.summary == "Here for one test."

    assert registry.loaded(Panel) == ()
    assert "short" not in house(app).host.plugins


def test_rows_that_nothing_orders_come_backwards_on_sqlite(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL returns them in any order by itself")
    with db.engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE told (number INTEGER)"))
        connection.execute(text("INSERT INTO told VALUES (1), (2), (3)"))
        told = connection.execute(text("SELECT number FROM told")).scalars().all()
        connection.rollback()
    assert told == [3, 2, 1]
