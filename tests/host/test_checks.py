from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.host.checks import RESERVED
from app.host.discovery import NAME
from app.host.host import Host
from app.kernel.hookspecs import API

HostMaker = Callable[..., Host]
Writer = Callable[..., Any]

HOOK = """
@hookimpl
def {hook}(self):
    return [{item}]
"""
MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from app.sdk.models import Contact, Model, Record
"""


def declaring(hook: str, item: str) -> str:
    return HOOK.format(hook=hook, item=item)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("@hookimpl\ndef kith_panel(self):\n    return []\n", "did you mean kith_panels?"),
        ("def kith_panels(self):\n    return []\n", "Write @hookimpl above it"),
        ("@hookimpl(wrapper=True)\ndef kith_panels(self):\n    yield\n", "Remove wrapper=True"),
        (f"api = '{API[0] + 1}.0'\n", f"it needs plugin API {API[0] + 1}.0"),
        (f"api = '{API[0]}.{API[1] + 1}'\n", "it needs plugin API"),
        ("api = 'new'\n", "Write major.minor"),
        ("name = 'purchases'\n", "Make them equal"),
        (declaring("kith_panels", "1"), "is no declaration"),
        (declaring("kith_topics", ""), "is no hook"),
        (
            declaring("kith_links", "sdk.Link(name='a', place='nav', endpoint='x')," * 2),
            "declared twice",
        ),
        (
            declaring("kith_entities", "sdk.Entity(name='deal', plural='Deals', model=str)"),
            "inherits from Record",
        ),
        (declaring("kith_events", "sdk.Topic(name='hr.hired')"), "must begin with “trade.”"),
    ],
)
def test_what_is_wrong_with_the_class_is_said(
    write: Writer, make_host: HostMaker, body: str, problem: str
) -> None:
    write("trade", body)
    loaded = make_host().plugins["trade"]
    assert problem in loaded.problem
    assert not loaded.trace


@pytest.mark.parametrize("name", ["contact", "admin", "panels", "Trade", "x", "search"])
def test_names_that_mean_something_else_are_refused(write: Writer, make_host: HostMaker, name: str) -> None:
    write(name, f"class P(Plugin):\n    name = {name!r}\n")
    assert make_host().plugins[name].problem


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("__tablename__ = 'deal'", "must be called “trade_deal”"),
        (
            "__tablename__ = 'trade_deal'\n    contact_id: Mapped[int] = mapped_column(ForeignKey('contact.id'))",
            "would stop “contact” from being deleted",
        ),
        (
            "__tablename__ = 'trade_deal'\n    x: Mapped[int] = mapped_column(ForeignKey('hr_job.id', ondelete='CASCADE'))",
            "nobody's table",
        ),
        (
            "__tablename__ = 'trade_deal'\n"
            "    contact_id: Mapped[int] = mapped_column(ForeignKey('contact.id', ondelete='CASCADE'))\n"
            "    contact: Mapped[Contact] = relationship(backref='deals')",
            "Make it one-way",
        ),
    ],
)
def test_tables_that_would_hurt_the_core_are_refused(
    write: Writer, make_host: HostMaker, model: str, problem: str
) -> None:
    from sqlalchemy.orm import configure_mappers

    from app.models import Contact

    source = f"{MODELS}\nclass Deal(Model):\n    {model}\n"
    plugin = "from . import models\nclass Trade(Plugin):\n    name = 'trade'\n"
    place = write("trade", plugin)
    (place / "models.py").write_text(textwrap.dedent(source))

    assert problem in make_host().plugins["trade"].problem
    configure_mappers()
    assert not hasattr(Contact, "deals")


def test_a_one_way_relationship_is_fine(write: Writer, make_host: HostMaker) -> None:
    place = write("trade", "from . import models\nclass Trade(Plugin):\n    name = 'trade'\n")
    source = """
    class Deal(Model):
        __tablename__ = "trade_deal"
        contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
        contact: Mapped[Contact] = relationship()
    """
    (place / "models.py").write_text(MODELS + textwrap.dedent(source))
    loaded = make_host().plugins["trade"]
    assert loaded.problem == ""
    assert loaded.tables == ("trade_deal",)


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        (declaring("kith_events", "sdk.On(topic='trade.deal.wonn', run=print)"), "no such topic"),
        (
            declaring("kith_panels", "sdk.Panel(name='a', slot='dashbord', view=print)"),
            "Did you mean “dashboard”?",
        ),
        (
            declaring("kith_fields", "sdk.Field(name='a', on='projects.project')"),
            "does nothing until a plugin brings it",
        ),
    ],
)
def test_what_may_only_be_absent_is_a_remark(
    write: Writer, make_host: HostMaker, body: str, advice: str
) -> None:
    write("trade", body)
    host = make_host()
    assert host.plugins["trade"].well
    assert any(advice in warning for warning in host.plugins["trade"].warnings)


def test_an_entity_about_a_person_is_asked_whose_data_it_is(write: Writer, make_host: HostMaker) -> None:
    source = """
    class Deal(Record):
        __tablename__ = "trade_deal"
        __entity__ = "trade.deal"
        contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    """
    body = """
    from .models import Deal

    class Trade(Plugin):
        name = "trade"

        @hookimpl
        def kith_entities(self):
            return [sdk.Entity(name="deal", plural="Deals", model=Deal)]
    """
    write("trade", body, {"models.py": MODELS + textwrap.dedent(source)})
    host = make_host()
    assert "Write subject=“contact_id”" in host.remarks()[0]


def test_every_word_of_the_core_is_reserved(kith_app: Flask) -> None:
    from app.cli import COMMANDS
    from app.house import house

    host: Host = house(kith_app).host
    theirs = {endpoint for loaded in host.plugins.values() for endpoint in loaded.endpoints}
    rules = [rule.rule for rule in kith_app.url_map.iter_rules() if rule.endpoint not in theirs]
    roots = {re.split(r"[/.<]", rule)[1] for rule in rules} - {""}

    assert {word for word in roots | set(COMMANDS) if NAME.fullmatch(word)} - RESERVED == set()
