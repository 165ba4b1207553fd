from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, select, true

from app.house import house
from app.kernel.contributions import RowRule
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Contact
from app.services import settings
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin


def by_settings(ctx: Any, model: Any, verb: str) -> ColumnElement[bool]:
    found = settings.of_owner(ctx.session, ctx.epoch[2], "rulers", {"strict": False})
    return model.id < 0 if found.strict else true()


class Rulers(Plugin):
    """A plugin whose row rule asks for its settings."""

    name = "rulers"
    label = "Rulers"

    @hookimpl
    def kith_permissions(self) -> Any:
        return (RowRule(name="strict", on="contact", restrict=by_settings),)


def test_a_row_rule_may_read_settings_that_are_not_in_memory(app: Flask, make: Make) -> None:
    ana, user = make.contact(), make.user("administrator")
    with temporary_plugin(app, Rulers):
        ctx = make.ctx(user)
        house().settings_cache = None
        assert ctx.session.execute(select(Contact.id)).scalars().all() == [ana.id]

        settings.save(ctx, {"strict": True}, owner="rulers")
        ctx = make.ctx(user)
        house().settings_cache = None
        assert ctx.session.execute(select(Contact.id)).scalars().all() == []
