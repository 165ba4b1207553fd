"""What goes with the next API is said to the author of whatever uses it: hooks, their arguments, attributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pluggy
import pytest

from app.house import house
from app.kernel import deprecation
from app.kernel.contributions import Panel
from app.kernel.deprecation import RemovedInKithApi2Warning
from app.kernel.hookspecs import PROJECT, hookimpl, hookspec
from app.testing.contract import CHECKS
from app.testing.contract.case import Case
from app.testing.plugins import app_with, write_plugin


class Specs:
    """An API with things of the past."""

    @hookspec(warn_on_impl=RemovedInKithApi2Warning("Write kith_panels."))
    def kith_boxes(self) -> None: ...

    @hookspec(warn_on_impl_args={"colour": RemovedInKithApi2Warning("Ask for tone.")})
    def kith_paint(self, colour: str) -> None: ...


class Old:
    """A plugin of the past."""

    @hookimpl
    def kith_boxes(self) -> None: ...

    @hookimpl
    def kith_paint(self, colour: str) -> None: ...


def test_hooks_and_arguments_that_go_are_noted_with_what_to_write_instead() -> None:
    manager, said = pluggy.PluginManager(PROJECT), []
    manager.add_hookspecs(Specs)
    with deprecation.noted(said):
        manager.register(Old())
    assert said == ["Write kith_panels.", "Ask for tone."]


def test_other_warnings_pass() -> None:
    import warnings

    with pytest.warns(UserWarning, match="else"), deprecation.noted([]):
        warnings.warn("something else", UserWarning, stacklevel=1)


@pytest.fixture
def old_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that panels will have no span in API 2."""
    said = RemovedInKithApi2Warning("Leave it out; panels find their width.")
    monkeypatch.setitem(deprecation.ATTRIBUTES, (Panel, "span"), said)


def test_an_attribute_is_noted_where_it_is_set(old_span: None) -> None:
    def panel(**more: Any) -> Panel:
        return Panel(name="p", label="P", slot="dashboard", view=lambda ctx, record: "", **more)

    assert list(deprecation.old_attributes(panel())) == []
    assert list(deprecation.old_attributes(panel(span=2))) == [
        "Panel.span is gone in API 2. Leave it out; panels find their width."
    ]


def test_the_author_reads_it_with_the_plugin_and_in_the_contract(old_span: None, tmp_path: Path) -> None:
    body = """
    label = "Wide"
    @hookimpl
    def kith_panels(self):
        return [sdk.Panel(name="p", label="P", slot="dashboard", view=lambda ctx, record: "", span=2)]
    """
    write_plugin(tmp_path / "plugins", "wide", body)
    with app_with(tmp_path, "wide", plugins=("wide",), plugin_dirs=(str(tmp_path / "plugins"),)) as app:
        status = house(app).host.states.status("wide")
        with app.app_context():
            complaints = list(CHECKS["uses_nothing_deprecated"](Case(app, "wide")))
    assert str(status.state) == "enabled"
    assert "Panel.span is gone in API 2" in status.warnings[0]
    assert complaints == list(status.warnings)
