"""What the boot says of settings forms, of variables in the environment, and of heavy scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.host.host import Host

HostMaker = Callable[..., Host]
Writer = Callable[..., Any]

FORM = """
from wtforms import BooleanField, FieldList, Form, IntegerField, StringField
class Settings(Form):
    days = IntegerField("Days", default=7)
    strict = BooleanField("Strict")
{more}
class Trade(Plugin):
    name = "trade"
    settings = Settings
"""


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('    currency = StringField("Currency")', "“currency” has the name of one of the site's"),
        ('    mailer = StringField("Mailer")', "“mailer” has the name of one of the site's"),
        ('    rows = FieldList(StringField("x"))', "“rows” is no single value"),
    ],
)
def test_names_are_free_and_values_single(
    write: Writer, make_host: HostMaker, more: str, problem: str
) -> None:
    write("trade", FORM.format(more=more))
    assert problem in make_host().plugins["trade"].problem


def test_settings_are_a_form(write: Writer, make_host: HostMaker) -> None:
    write("trade", "settings = dict\n")
    assert "must be a WTForms class" in make_host().plugins["trade"].problem


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"days": "30", "strict": "1"}, ""),
        ({"dayz": "30"}, "Did you mean KITH_TRADE__DAYS?"),
        ({"days": "many"}, "KITH_TRADE__DAYS is refused"),
        ({"strict": "perhaps"}, "must be 1 or 0"),
    ],
)
def test_the_environment_says_only_what_the_form_takes(
    write: Writer, make_host: HostMaker, said: dict[str, str], problem: str
) -> None:
    write("trade", FORM.format(more=""))
    found = make_host(plugin_settings={"trade": said}).plugins["trade"].problem
    assert problem in found
    assert bool(problem) == bool(found)


def test_variables_of_nobody_are_a_remark(write: Writer, make_host: HostMaker) -> None:
    write("trade", FORM.format(more=""))
    write("bare", "")
    host = make_host(plugin_settings={"trad": {"days": "3"}, "bare": {"x": "1"}})
    remarks = " ".join(host.remarks())
    assert "KITH_TRAD__DAYS is set, and there is no plugin “trad”. Did you mean trade?" in remarks
    assert "it has no settings, and the environment sets KITH_BARE__X" in remarks


def test_a_heavy_script_is_a_remark(write: Writer, make_host: HostMaker) -> None:
    write("trade", "", {"static/trade.js": "/" * 11_000, "static/light.js": ""})
    host = make_host()
    assert host.plugins["trade"].well
    (remark,) = host.plugins["trade"].warnings
    assert "trade.js has 11000 bytes" in remark
