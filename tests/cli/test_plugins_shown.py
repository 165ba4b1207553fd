"""`kith plugins list` and `show` say what the administration's pages say, and no secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.cli.plugins_shown import listed, shown
from app.house import house
from app.services import plugin_settings
from app.testing.factories import Make
from app.testing.plugins import app_with, write_plugin

SHOP = '''
from wtforms import IntegerField

from app.sdk import Permission
from app.sdk.web import Form, SecretField


class Settings(Form):
    days = IntegerField("Days", default=14)
    api_key = SecretField("Key")


class Stall(Plugin):
    """Orders and invoices."""

    name = "stall"
    label = "Stall"
    settings = Settings
    enhances = ("moon",)

    @hookimpl
    def kith_permissions(self):
        return (Permission(name="refund", label="Give money back"),)
'''


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("shown")
    write_plugin(folder / "plugins", "stall", SHOP)
    plugins = {"plugin_dirs": (str(folder / "plugins"),), "plugins": ("stall",)}
    with app_with(folder, "stall", plugin_settings={"stall": {"days": "30"}}, **plugins) as app:
        yield app


def test_the_list_has_a_line_for_each(app: Flask, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    listed(make.ctx(), house(app).host)

    assert capsys.readouterr().out.split()[:2] == ["stall", "enabled"]


def test_everything_about_one_plugin_but_its_secrets(
    app: Flask, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin_settings.save(make.ctx(make.user("admin")), "stall", {"api_key": "sk-live"})

    shown(make.ctx(), house(app).host, "stall")

    told = capsys.readouterr().out
    assert "permission   stall.refund  Give money back" in told
    assert "setting      days = 30  by KITH_STALL__DAYS" in told
    assert "setting      api_key = (set)" in told
    assert "enhances     moon (not installed)" in told
    assert "sk-live" not in told
