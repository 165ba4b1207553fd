from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.host.host import Host
from app.kernel.contributions import Link, Panel
from app.models import Contact

HostMaker = Callable[..., Host]
Writer = Callable[..., Any]

PANEL = """
@hookimpl
def kith_panels(self):
    return [sdk.Panel(name="deals", label="Deals", slot="dashboard", view=lambda ctx, record: "")]
"""


def test_what_a_plugin_declares_is_there_under_its_name(write: Writer, make_host: HostMaker) -> None:
    write("trade", PANEL)

    host = make_host()

    assert [panel.key for panel in host.registry.loaded(Panel)] == ["trade.deals"]
    assert host.plugins["trade"].problem == ""


def test_a_plugin_that_cannot_be_imported_is_broken_alone(write: Writer, make_host: HostMaker) -> None:
    write("trade", PANEL)
    write("torn", "import nothing_of_that_name\nclass Torn(Plugin):\n    name = 'torn'\n")

    host = make_host()

    assert "nothing_of_that_name" in host.plugins["torn"].problem
    assert "plugin.py" in host.plugins["torn"].trace
    assert host.plugins["trade"].well


def test_a_plugin_that_leaves_the_program_is_broken_alone(write: Writer, make_host: HostMaker) -> None:
    write("leaver", "import sys\nsys.exit(4)\nclass Leaver(Plugin): ...\n")
    assert make_host().plugins["leaver"].problem == "SystemExit: 4"


def test_strict_plugins_stop_the_boot(write: Writer, make_host: HostMaker) -> None:
    write("torn", "1 / 0\nclass Torn(Plugin): ...\n")
    with pytest.raises(ZeroDivisionError):
        make_host(strict_plugins=True)


def test_one_bad_declaration_withdraws_all_of_the_plugin(write: Writer, make_host: HostMaker) -> None:
    write("trade", PANEL + "\n@hookimpl\ndef kith_links(self):\n    yield 'no link'\n")

    host = make_host()

    assert "is no declaration" in host.plugins["trade"].problem
    assert host.registry.loaded(Panel) == () or not host.registry.loaded(Panel)
    assert not host.manager.has_plugin("trade")


def test_plugins_come_after_those_they_require_and_would_like(write: Writer, make_host: HostMaker) -> None:
    write("alpha", "requires = ('zulu',)\n")
    write("beta", "enhances = ('yankee', 'nobody')\n")
    write("yankee", "")
    write("zulu", "")

    order = list(make_host().plugins)

    assert order.index("zulu") < order.index("alpha")
    assert order.index("yankee") < order.index("beta")


def test_wishes_in_a_circle_are_no_harm(write: Writer, make_host: HostMaker) -> None:
    write("alpha", "enhances = ('beta',)\n")
    write("beta", "enhances = ('alpha',)\n")
    assert all(loaded.well for loaded in make_host().plugins.values())


def test_requirements_in_a_circle_are_broken(write: Writer, make_host: HostMaker) -> None:
    write("alpha", "requires = ('beta',)\n")
    write("beta", "requires = ('alpha',)\n")
    write("trade", PANEL)

    host = make_host()

    assert "in a circle" in host.plugins["alpha"].problem
    assert "in a circle" in host.plugins["beta"].problem
    assert host.plugins["trade"].well


def test_what_is_required_and_absent_is_named(write: Writer, make_host: HostMaker) -> None:
    write("payroll", "requires = ('delivery',)\n")
    write("wages", "requires = ('payroll',)\n")

    host = make_host()

    assert "“delivery”, which is not installed" in host.plugins["payroll"].problem
    assert "“payroll”, which could not be loaded" in host.plugins["wages"].problem


def test_a_mapping_that_does_not_fit_breaks_its_plugin_only(write: Writer, make_host: HostMaker) -> None:
    models = """
        from sqlalchemy.orm import Mapped, relationship
        from app.sdk.models import Record

        class Torn(Record):
            __tablename__ = "torn_thing"
            __entity__ = "torn.thing"
            other: Mapped["Nowhere"] = relationship("Nowhere")
    """
    write("torn", "from . import models\nclass Torn(Plugin):\n    name = 'torn'\n", {"models.py": models})

    host = make_host()

    assert "Nowhere" in host.plugins["torn"].problem
    assert "torn_thing" not in Contact.metadata.tables
    host.migrations.upgrade_all()
    with Session(host.engine()) as session:
        assert session.execute(select(Contact)).all() == []


def test_a_class_that_was_half_made_does_not_hide_why(write: Writer, make_host: HostMaker) -> None:
    models = """
        from app.sdk.models import Record

        class Twin(Record):
            __tablename__ = "contact"
            __entity__ = "twin.thing"
    """
    write("twin", "from . import models\nclass Twins(Plugin):\n    name = 'twin'\n", {"models.py": models})

    host = make_host()

    assert "Table 'contact' is already defined" in host.plugins["twin"].problem
    assert [mapper for mapper in Contact.registry.mappers if mapper.class_.__name__ == "Twin"] == []


def test_nothing_is_enabled_before_the_database_says_so(write: Writer, make_host: HostMaker) -> None:
    write("trade", PANEL)
    host = make_host()
    host.refresh(1)
    assert host.registry.all(Panel) == []


def test_the_guard_blames_a_plugin_by_its_label(write: Writer, make_host: HostMaker) -> None:
    from app.kernel.guard import Failure, Surface, run

    write("trade", "label = 'Trade & more'\n")
    make_host()

    failure = run(lambda: 1 / 0, owner="trade", surface=Surface.PANEL, item="deals")

    assert isinstance(failure, Failure)
    assert failure.label == "Trade & more"


def test_a_link_to_nowhere_is_noticed_when_all_pages_are_there(write: Writer, make_host: HostMaker) -> None:
    body = """
    @hookimpl
    def kith_links(self):
        return [sdk.Link(name="lost", label="Lost", place="nav", endpoint="trade.nowhere")]
    """
    write("trade", body)
    host = make_host()
    host.refresh(1)
    assert "trade.nowhere" in host.plugins["trade"].problem
    assert not host.registry.loaded(Link)
