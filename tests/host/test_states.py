from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect, select

from app.host.loaded import State
from app.kernel.contributions import Panel, RowRule
from app.kernel.errors import PluginError
from app.kernel.guard import Surface, run
from app.models import PluginState
from tests.host.conftest import Bench

Writer = Callable[..., Any]

TRADE = """
calls = []

@hookimpl
def kith_panels(self):
    return [sdk.Panel(name="deals", label="Deals", slot="dashboard", view=lambda ctx, record: "")]

@hookimpl
def kith_lifecycle(self, change):
    self.calls.append((change.change, change.from_version, change.to_version))
"""


def test_a_new_plugin_is_off_and_remembered(write: Writer, bench: Callable[..., Bench]) -> None:
    write("trade", TRADE)
    b = bench()
    assert b.state("trade") is State.DISCOVERED
    assert b.ctx.session.execute(select(PluginState.name)).scalars().all() == ["trade"]


def test_enabling_takes_effect_at_once_and_tells_every_process(
    write: Writer, bench: Callable[..., Bench]
) -> None:
    write("trade", TRADE)
    b, other = bench(), bench()
    before = b.epoch()

    b.enable("trade")

    assert b.state("trade") is State.ENABLED
    assert [p.key for p in b.host.registry.all(Panel)] == ["trade.deals"]
    assert b.calls("trade") == [("installed", "", b.host.version)]
    assert b.epoch() > before
    other.host.refresh(b.epoch())
    assert other.state("trade") is State.ENABLED


def test_disabling_shows_nothing_and_keeps_the_declarations(
    write: Writer, bench: Callable[..., Bench]
) -> None:
    write("trade", TRADE)
    b = bench()
    b.enable("trade")

    b.host.states.disable(b.ctx, "trade")

    assert b.state("trade") is State.DISABLED
    assert b.host.registry.all(Panel) == []
    assert len(b.host.registry.loaded(Panel)) == 1
    b.enable("trade")
    assert [call[0] for call in b.calls("trade")] == ["installed", "disabled", "enabled"]


def test_what_is_required_comes_along_only_when_asked(write: Writer, bench: Callable[..., Bench]) -> None:
    write("delivery")
    write("payroll", "requires = ('delivery',)\n")
    b = bench()

    with pytest.raises(PluginError, match="needs delivery"):
        b.enable("payroll")
    b.enable("payroll", with_required=True)
    assert b.host.states.running() == ("delivery", "payroll")

    with pytest.raises(PluginError, match="payroll needs it"):
        b.host.states.disable(b.ctx, "delivery")
    assert b.host.states.disable(b.ctx, "delivery", with_dependants=True) == ["payroll", "delivery"]
    assert b.host.states.running() == ()


def test_a_broken_plugin_cannot_be_enabled_and_says_why(write: Writer, bench: Callable[..., Bench]) -> None:
    write("torn", "1 / 0\nclass Torn(Plugin): ...\n")
    b = bench()
    with pytest.raises(PluginError, match="division by zero"):
        b.enable("torn")
    assert b.state("torn") is State.BROKEN
    assert "division by zero" in b.host.broken()[0]


def test_an_unknown_plugin_is_said_to_be_unknown(bench: Callable[..., Bench]) -> None:
    b = bench()
    with pytest.raises(PluginError, match="no such plugin"):
        b.enable("nothing")


def test_a_plugin_whose_code_has_gone_is_missing_and_can_be_switched_off(
    write: Writer, folder: Any, bench: Callable[..., Bench]
) -> None:
    write("trade", TRADE)
    bench().enable("trade")
    (folder / "trade" / "plugin.py").unlink()

    b = bench()

    assert b.state("trade") is State.MISSING
    assert b.host.states.running() == ()
    b.host.states.disable(b.ctx, "trade")
    assert not b.ctx.session.execute(select(PluginState.enabled)).scalar_one()


def test_switching_within_a_write_transaction_is_refused(write: Writer, bench: Callable[..., Bench]) -> None:
    write("trade", TRADE)
    b = bench()
    with b.ctx.unit(), pytest.raises(PluginError, match="outside of a write transaction"):
        b.enable("trade")


def test_a_failing_lifecycle_leaves_a_note_and_nothing_written(
    write: Writer, bench: Callable[..., Bench]
) -> None:
    body = """
    @hookimpl
    def kith_lifecycle(self, change):
        from app.sdk.models import Tag
        change.context.session.add(Tag(name="x", key="x"))
        change.context.session.flush()
        raise ValueError("no")
    """
    write("trade", body)
    b = bench()

    b.enable("trade")

    assert b.state("trade") is State.ENABLED
    assert "incident" in b.host.states.status("trade").problem
    from app.models import Tag

    assert b.ctx.session.execute(select(Tag)).first() is None


def test_a_new_version_is_told_from_which_it_comes(
    write: Writer, folder: Any, bench: Callable[..., Bench]
) -> None:
    place = write("trade", "version = '1.0'\n" + TRADE)
    bench().enable("trade")
    source = place / "plugin.py"
    source.write_text(source.read_text().replace("1.0", "1.1"))

    import sys

    for name in [n for n in sys.modules if n.startswith("plugins.trade")]:
        del sys.modules[name]
    b = bench()

    assert b.calls("trade") == [("upgraded", "1.0", "1.1")]


MODELS = {
    "models.py": """
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column
    from app.sdk.models import Model

    class Deal(Model):
        __tablename__ = "trade_deal"
        contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    """,
    "migrations/0001_deal.py": """
    import sqlalchemy as sa
    from alembic import op
    revision, down_revision = "0001", None
    revision = "0001"
    down_revision = None

    def upgrade():
        op.create_table("trade_deal", sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("contact_id", sa.Integer(), sa.ForeignKey("contact.id", ondelete="CASCADE"), nullable=False))

    def downgrade():
        op.drop_table("trade_deal")
    """,
}
WITH_TABLE = "from . import models\nclass Trade(Plugin):\n    name = 'trade'\n"


def test_enabling_makes_the_tables_and_remembers_them(write: Writer, bench: Callable[..., Bench]) -> None:
    write("trade", WITH_TABLE, MODELS)
    b = bench()
    assert not inspect(b.host.engine()).has_table("trade_deal")

    b.enable("trade")

    assert inspect(b.host.engine()).has_table("trade_deal")
    assert b.ctx.session.execute(select(PluginState.tables)).scalar_one() == '["trade_deal"]'


def test_a_failing_migration_leaves_nothing_and_the_core_runs_on(
    write: Writer, bench: Callable[..., Bench]
) -> None:
    torn = MODELS["migrations/0001_deal.py"].replace(
        "def downgrade", "    op.execute('NONSENSE')\n\n    def downgrade"
    )
    write("trade", WITH_TABLE, MODELS | {"migrations/0001_deal.py": torn})
    b = bench()

    with pytest.raises(PluginError, match="NONSENSE"):
        b.enable("trade")

    assert b.state("trade") is State.NEEDS_MIGRATION
    assert b.host.states.running() == ()
    assert not inspect(b.host.engine()).has_table("trade_deal")
    assert "NONSENSE" in b.host.states.status("trade").problem


def test_a_plugin_behind_its_code_waits_for_its_migration(
    write: Writer, folder: Any, bench: Callable[..., Bench]
) -> None:
    place = write("trade", WITH_TABLE, MODELS)
    b = bench()
    b.enable("trade")
    second = MODELS["migrations/0001_deal.py"].replace("None", "'0001'").replace('"0001"', '"0002"')
    import textwrap

    (place / "migrations" / "0002_more.py").write_text(textwrap.dedent(second.replace("create_table", "f")))

    b.host.states.reload()

    assert b.state("trade") is State.NEEDS_MIGRATION
    assert "kith db upgrade" in b.host.states.status("trade").problem
    assert b.host.states.running() == ()


def fail(owner: str, times: int) -> None:
    for _turn in range(times):
        run(lambda: 1 / 0, owner=owner, surface=Surface.PANEL, item="deals")


def test_five_faults_switch_a_plugin_off_for_every_process(
    write: Writer, bench: Callable[..., Bench]
) -> None:
    write("trade", TRADE)
    b = bench()
    b.enable("trade")
    fail("trade", 4)
    assert b.state("trade") is State.ENABLED

    fail("trade", 1)

    assert b.state("trade") is State.QUARANTINED
    assert b.host.registry.all(Panel) == []
    b.host.states.persist()
    other = bench()
    assert other.state("trade") is State.QUARANTINED


def test_after_its_time_a_plugin_gets_one_more_try(
    write: Writer, bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from app.host import quarantine
    from app.models import now

    write("trade", TRADE)
    b = bench()
    b.enable("trade")
    fail("trade", 5)
    b.host.states.persist()
    b.host.refresh(b.epoch())

    monkeypatch.setattr(quarantine, "now", lambda: now() + timedelta(minutes=6))
    b.host.refresh(b.epoch())
    assert b.state("trade") is State.ENABLED
    b.host.states.persist()

    fail("trade", 1)
    assert b.state("trade") is State.QUARANTINED


def test_an_administrator_can_end_a_quarantine(write: Writer, bench: Callable[..., Bench]) -> None:
    write("trade", TRADE)
    b = bench()
    b.enable("trade")
    fail("trade", 5)
    b.host.states.persist()

    b.enable("trade")

    assert b.state("trade") is State.ENABLED


def test_the_core_is_never_switched_off(bench: Callable[..., Bench]) -> None:
    b = bench()
    fail("core", 20)
    assert b.host.registry.enabled("core")


RULES = (
    TRADE
    + """
@hookimpl
def kith_permissions(self):
    from sqlalchemy import true
    yes = lambda ctx, model, verb: true()
    return [sdk.RowRule(name="both", on="contact", grant=yes, restrict=yes),
            sdk.RowRule(name="more", on="contact", grant=yes)]
"""
)


def test_what_a_plugin_protects_stays_protected_while_it_ails(
    write: Writer, bench: Callable[..., Bench]
) -> None:
    write("trade", RULES)
    b = bench()
    assert b.host.registry.all(RowRule) == []
    b.enable("trade")
    assert len(b.host.registry.all(RowRule)) == 2

    fail("trade", 5)

    (left,) = b.host.registry.all(RowRule)
    assert (left.name, left.grant) == ("both", None)
    assert left.restrict is not None


def test_what_a_waiting_plugin_protects_is_closed(write: Writer, bench: Callable[..., Bench]) -> None:
    write("base")
    write("trade", "requires = ('base',)\n" + RULES)
    b = bench()
    b.enable("trade", with_required=True)
    fail("base", 5)

    assert b.state("trade") is State.WAITING
    (left,) = b.host.registry.all(RowRule)
    assert left.restrict is not None
    assert str(left.restrict(b.ctx, None, "view")) == "false"
