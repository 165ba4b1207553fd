"""Every way in which a plugin goes from one state to another, one test each; the table at the end is all of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from app.host import quarantine
from app.host.loaded import State
from app.kernel.errors import PluginError
from app.kernel.guard import Surface, run
from app.models import now
from app.testing.plugins import write_plugin
from tests.host.conftest import Bench

Benches = Callable[..., Bench]

MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("trade_deal", sa.Column("id", sa.Integer(), primary_key=True))

def downgrade():
    op.drop_table("trade_deal")
"""
TORN = MIGRATION.replace("op.create_table(", "1 / 0 or op.create_table(")
NEXT = "revision = '0002'\ndown_revision = '0001'\ndef upgrade(): pass\ndef downgrade(): pass\n"

TRADE = """
from pathlib import Path

class Trade(Plugin):
    name = "trade"
    requires = (%s)
    api = "%s"

    @hookimpl
    def kith_lifecycle(self, change):
        with (Path(__file__).parent / "told").open("a") as told:
            print(change.change, file=told)
"""


class Yard:
    """A folder of plugins whose code comes, changes and goes while the database stays; `bench` is the last start."""

    def __init__(self, folder: Path, start: Benches) -> None:
        self.folder, self._start = folder, start

    def write(self, *, requires: str = "", api: str = "1.0", migration: str = MIGRATION) -> None:
        shutil.rmtree(self.folder / "trade", ignore_errors=True)
        write_plugin(self.folder, "trade", TRADE % (requires, api), {"migrations/0001_deal.py": migration})

    def take_away(self) -> None:
        shutil.rmtree(self.folder / "trade")

    def start(self, **settings: Any) -> State:
        """Start a process over the code that is there now, and return what the plugin is."""
        for name in [name for name in sys.modules if name.startswith("plugins.trade")]:
            del sys.modules[name]
        self.bench = self._start(**settings)
        return self.state()

    def state(self) -> State:
        return self.bench.state("trade")

    def enable(self) -> State:
        self.bench.enable("trade")
        return self.state()

    def disable(self) -> State:
        self.bench.host.states.disable(self.bench.ctx, "trade")
        return self.state()

    def refuses_to_be_enabled(self) -> bool:
        with pytest.raises(PluginError, match="cannot be enabled"):
            self.bench.enable("trade")
        return True

    def fail(self, owner: str = "trade", times: int = 5) -> None:
        for _ in range(times):
            run(lambda: 1 / 0, owner=owner, surface=Surface.PANEL, item="deals")

    def told(self) -> list[str]:
        place = self.folder / "trade" / "told"
        return place.read_text().split() if place.exists() else []


@pytest.fixture
def yard(folder: Path, bench: Benches) -> Yard:
    made = Yard(folder, bench)
    made.write()
    return made


def nothing_to_discovered(yard: Yard) -> None:
    assert yard.start() is State.DISCOVERED
    assert yard.bench.host.states.running() == ()


def discovered_to_enabled(yard: Yard) -> None:
    yard.start()
    assert yard.enable() is State.ENABLED
    assert yard.told() == ["installed"]


def enabled_to_disabled(yard: Yard) -> None:
    yard.start()
    yard.enable()
    assert yard.disable() is State.DISABLED
    assert yard.told() == ["installed", "disabled"]


def disabled_to_enabled(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.disable()
    assert yard.enable() is State.ENABLED
    assert yard.told()[-1] == "enabled"


def discovered_to_needs_migration(yard: Yard) -> None:
    yard.write(migration=TORN)
    yard.start()
    assert yard.refuses_to_be_enabled()
    assert yard.state() is State.NEEDS_MIGRATION
    assert "ZeroDivisionError" in yard.bench.host.states.status("trade").problem
    assert yard.told() == []
    assert yard.start() is State.NEEDS_MIGRATION  # the upgrade at the start failed again, and the core runs


def needs_migration_to_enabled(yard: Yard) -> None:
    yard.write(migration=TORN)
    yard.start()
    yard.refuses_to_be_enabled()
    yard.write()
    assert yard.start() is State.ENABLED  # by the upgrade with which every process starts
    assert yard.told() == ["installed"]
    assert yard.bench.host.states.status("trade").problem == ""


def needs_migration_to_discovered(yard: Yard) -> None:
    yard.write(migration=TORN)
    yard.start()
    yard.refuses_to_be_enabled()
    assert yard.disable() is State.DISCOVERED


def enabled_to_needs_migration(yard: Yard) -> None:
    yard.start()
    yard.enable()
    (yard.folder / "trade" / "migrations" / "0002_more.py").write_text(NEXT)
    yard.bench.host.states.reload()
    assert yard.state() is State.NEEDS_MIGRATION
    yard.bench.host.upgrade()
    assert yard.state() is State.ENABLED


def needs_migration_to_enabled_by_hand(yard: Yard) -> None:
    yard.start()
    yard.enable()
    (yard.folder / "trade" / "migrations" / "0002_more.py").write_text(NEXT)
    yard.bench.host.states.reload()
    assert yard.enable() is State.ENABLED


def enabled_to_quarantined(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.fail(times=4)
    assert yard.state() is State.ENABLED
    yard.fail(times=1)
    assert yard.state() is State.QUARANTINED


def quarantined_to_enabled_and_back(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    yard.start()
    yard.enable()
    yard.fail()
    monkeypatch.setattr(quarantine, "now", lambda: now() + timedelta(minutes=6))
    yard.bench.host.refresh(yard.bench.epoch())
    assert yard.state() is State.ENABLED
    yard.fail(times=1)  # half-open: one more is enough
    assert yard.state() is State.QUARANTINED


def quarantined_to_enabled_by_hand(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.fail()
    assert yard.enable() is State.ENABLED


def quarantined_to_disabled(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.fail()
    assert yard.disable() is State.DISABLED


def enabled_to_waiting_and_back(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plugin(yard.folder, "ground")
    yard.write(requires="'ground',")
    yard.start()
    yard.bench.enable("trade", with_required=True)
    yard.fail("ground")
    assert yard.state() is State.WAITING
    assert "waits for ground" in yard.bench.host.states.status("trade").problem
    monkeypatch.setattr(quarantine, "now", lambda: now() + timedelta(minutes=6))
    yard.bench.host.refresh(yard.bench.epoch())
    assert yard.state() is State.ENABLED


def enabled_to_incompatible_and_back(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.write(api="9.0")
    assert yard.start() is State.INCOMPATIBLE
    assert yard.refuses_to_be_enabled()
    yard.write()
    assert yard.start() is State.ENABLED


def enabled_to_incompatible_for_want_of_another(yard: Yard) -> None:
    yard.write(requires="'ground',")
    assert yard.start() is State.INCOMPATIBLE
    assert "ground" in yard.bench.host.states.status("trade").problem


def enabled_to_broken_and_back(yard: Yard) -> None:
    yard.start()
    yard.enable()
    place = yard.folder / "trade" / "plugin.py"
    whole = place.read_text()
    place.write_text("1 / 0\n" + whole)
    assert yard.start() is State.BROKEN
    assert yard.refuses_to_be_enabled()
    place.write_text(whole)
    assert yard.start() is State.ENABLED


def broken_to_disabled(yard: Yard) -> None:
    yard.start()
    yard.enable()
    place = yard.folder / "trade" / "plugin.py"
    whole = place.read_text()
    place.write_text("1 / 0\n" + whole)
    yard.start()
    yard.disable()
    place.write_text(whole)
    assert yard.start() is State.DISABLED


def enabled_to_broken_by_its_migrations(yard: Yard) -> None:
    yard.start()
    yard.enable()
    (yard.folder / "trade" / "migrations" / "0002_more.py").write_text("this is no Python\n")
    yard.bench.host.states.reload()
    assert yard.state() is State.NEEDS_MIGRATION
    assert yard.start() is State.BROKEN


def enabled_to_missing_and_back(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.take_away()
    assert yard.start() is State.MISSING
    assert "kith plugins remove trade --data" in yard.bench.host.states.status("trade").problem
    yard.write()
    assert yard.start() is State.ENABLED


def enabled_to_missing_by_safe_mode(yard: Yard) -> None:
    yard.start()
    yard.enable()
    assert yard.start(safe_mode=True) is State.MISSING
    assert "safe mode" in yard.bench.host.states.status("trade").problem
    assert yard.start() is State.ENABLED


def enabled_to_missing_by_the_list_of_those_allowed(yard: Yard) -> None:
    yard.start()
    yard.enable()
    assert yard.start(plugins=("other",)) is State.MISSING
    assert "KITH_PLUGINS" in yard.bench.host.states.status("trade").problem
    assert not any(name.startswith("plugins.trade") for name in sys.modules)
    assert yard.start(plugins=("trade",)) is State.ENABLED


def missing_to_disabled(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.take_away()
    yard.start()
    yard.disable()
    yard.write()
    assert yard.start() is State.DISABLED


def disabled_to_discovered_by_removing(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.disable()
    yard.bench.host.states.remove(yard.bench.ctx, "trade")
    assert yard.state() is State.DISCOVERED
    assert yard.told()[-1] == "removing"
    assert yard.enable() is State.ENABLED
    assert yard.told()[-1] == "installed"


def missing_to_forgotten_by_removing(yard: Yard) -> None:
    yard.start()
    yard.enable()
    yard.disable()
    yard.take_away()
    yard.start()
    yard.bench.host.states.remove(yard.bench.ctx, "trade")
    with pytest.raises(PluginError, match="no such plugin"):
        yard.bench.host.states.status("trade")
    left = inspect(yard.bench.host.engine()).get_table_names()
    assert [name for name in left if "trade" in name] == []


def no_other_process_lags_behind(yard: Yard) -> None:
    yard.start()
    first = yard.bench
    yard.start()
    second = yard.bench
    for change, state in ((first.enable, State.ENABLED), (yard.disable, State.DISABLED)):
        change("trade") if change == first.enable else change()
        for bench in (first, second):
            bench.host.refresh(bench.epoch())
            assert bench.state("trade") is state


ARROWS = [
    nothing_to_discovered,
    discovered_to_enabled,
    enabled_to_disabled,
    disabled_to_enabled,
    discovered_to_needs_migration,
    needs_migration_to_enabled,
    needs_migration_to_discovered,
    enabled_to_needs_migration,
    needs_migration_to_enabled_by_hand,
    enabled_to_quarantined,
    quarantined_to_enabled_and_back,
    quarantined_to_enabled_by_hand,
    quarantined_to_disabled,
    enabled_to_waiting_and_back,
    enabled_to_incompatible_and_back,
    enabled_to_incompatible_for_want_of_another,
    enabled_to_broken_and_back,
    broken_to_disabled,
    enabled_to_broken_by_its_migrations,
    enabled_to_missing_and_back,
    enabled_to_missing_by_safe_mode,
    enabled_to_missing_by_the_list_of_those_allowed,
    missing_to_disabled,
    disabled_to_discovered_by_removing,
    missing_to_forgotten_by_removing,
    no_other_process_lags_behind,
]


@pytest.mark.parametrize("arrow", ARROWS, ids=lambda arrow: arrow.__name__)
def test_states_change(arrow: Callable[..., None], yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = arrow.__code__.co_varnames[: arrow.__code__.co_argcount]
    arrow(**{name: value for name, value in (("yard", yard), ("monkeypatch", monkeypatch)) if name in wanted})
