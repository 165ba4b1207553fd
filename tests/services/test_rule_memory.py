"""Where expressions of row rules are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ARRAY, JSON, Integer, literal, select

from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Company
from app.services import access, rule_memory, settings
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

Somebody = Callable[[], Context]
SHOWN = ["Acme"]
ASKED: list[str] = []


class Shutters(Plugin):
    """Shows companies of some names only."""

    name = "shutters"
    label = "Shutters"

    @hookimpl
    def kith_permissions(self) -> Any:
        def named(ctx: Context, model: Any, verb: str) -> Any:
            ASKED.append(verb)
            return model.name.in_(list(SHOWN))

        return [RowRule(name="named", on="company", restrict=named)]


@pytest.fixture(autouse=True)
def shutters(app: Flask) -> Any:
    SHOWN[:] = ["Acme"]
    with temporary_plugin(app, Shutters):
        yield


@pytest.fixture
def somebody(make: Make) -> Callable[[], Context]:
    """A context of the same manager with each call, as the next request has it: the principal is the cached one."""
    user = make.user(role="manager")
    return lambda: make.ctx(user)


def names(ctx: Context) -> list[str]:
    return list(ctx.session.execute(select(Company.name).order_by(Company.name)).scalars())


def test_a_rule_that_answers_otherwise_holds_at_once(make: Make, somebody: Somebody) -> None:
    make.company(name="Acme")
    make.company(name="Zeta")
    before = names(somebody())
    SHOWN[:] = ["Zeta"]

    assert (before, names(somebody())) == (["Acme"], ["Zeta"])


def test_equal_answers_share_what_was_built(somebody: Somebody) -> None:
    assert rule_memory.of(somebody(), "view") is rule_memory.of(somebody(), "view")


def test_a_rule_is_asked_once_per_request_and_verb(somebody: Somebody) -> None:
    names(somebody())
    ASKED.clear()
    ctx = somebody()

    for _ in range(3):
        names(ctx)
        access.visible_ids(ctx, Company, [1, 2])

    assert ASKED == ["view"]


def test_answers_by_the_clock_fill_no_memory(somebody: Somebody) -> None:
    for at in range(20):
        SHOWN[:] = [f"Company {at}"]
        names(somebody())

    assert len(somebody().user.memo["rules", "view"]) == rule_memory.KEPT


def test_what_cannot_be_compared_is_kept_for_the_request_alone() -> None:
    assert rule_memory._told_apart(literal([1], ARRAY(Integer)) == literal({"a": []}, JSON)) is None


class Settled(Plugin):
    """Shows companies of one name, which is a setting."""

    name = "settled"
    label = "Settled"

    @hookimpl
    def kith_permissions(self) -> Any:
        def named(ctx: Context, model: Any, verb: str) -> Any:
            ASKED.append("settled")
            return model.name == str(ctx.settings.get("company"))

        return [RowRule(name="settled", on="company", restrict=named, stable=True)]


def test_a_stable_rule_is_asked_again_only_when_the_settings_changed(
    app: Flask, make: Make, somebody: Somebody
) -> None:
    SHOWN[:] = ["Acme", "Zeta"]
    make.company(name="Acme")
    make.company(name="Zeta")
    with temporary_plugin(app, Settled):
        settings.save(make.ctx(), {"company": "Acme"})
        names(somebody())
        ASKED.clear()
        before = names(somebody())
        asked = ASKED.count("settled")
        settings.save(make.ctx(), {"company": "Zeta"})

        assert (before, asked, names(somebody())) == (["Acme"], 0, ["Zeta"])


def test_a_stable_rule_that_failed_once_closes_its_rows_for_that_request_alone(
    app: Flask, make: Make, somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.company(name="Acme")
    with temporary_plugin(app, Settled):
        settings.save(make.ctx(), {"company": "Acme"})
        monkeypatch.setattr("tests.services.test_rule_memory.ASKED", None)
        closed = names(somebody())
        monkeypatch.undo()

        assert (closed, names(somebody())) == ([], ["Acme"])
