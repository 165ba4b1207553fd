"""A plugin that is removed with its data leaves nothing that speaks of it, with its code at hand or without."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, Text, cast, inspect, select

from app.extensions import Base, db
from app.host.host import Host
from app.host.loaded import State
from app.host.migrations import MigrationError
from app.house import house
from app.kernel.errors import PluginError
from app.models import (
    Contact,
    FieldRule,
    JobRow,
    Notification,
    Role,
    RoleGrant,
    SavedView,
    ScheduleState,
    Setting,
    Tag,
    TagLink,
    User,
    now,
)
from app.services import accounts, records, settings
from app.services.context import acting, as_system
from app.testing.plugins import app_with, disable
from tests.host.conftest import Bench

HISTORY = {"audit", "operation", "journal"}
"""What happened stays what happened: these may name a plugin that has gone."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with app_with(tmp_path, "gifts", plugins=("gifts",)) as made:
        yield made


@pytest.fixture
def start(app: Flask) -> Iterator[Callable[..., Host]]:
    """Start another process over the same database."""
    from app import create_app

    made = []

    def start(**more: Any) -> Host:
        config = house(app).config
        other = create_app(
            env="test", data_dir=config.data_dir, database_url=config.database, worker=False, **more
        )
        made.append(other)
        found: Host = house(other).host
        return found

    yield start
    for other in made:
        with other.app_context():
            db.engine.dispose()


def use(app: Flask) -> None:
    """Let the plugin leave its traces in every table that it can."""
    with app.app_context(), acting(ctx := as_system("test")), ctx.unit():
        user = accounts.create_user(
            ctx, "Ana", "ana@example.com", "a long word for tests", ("manager",), None
        )
        person = user if isinstance(user, int) else user.id
        contact = records.create(ctx, "contact", {"given_name": "Ana"})
        gift = records.create(ctx, "gifts.gift", {"name": "A book", "contact_id": contact.id})
        tag, role = Tag(name="x", key="x"), Role(name="buyers", label="Buyers")
        ctx.session.add_all([tag, role])
        ctx.session.flush()
        ctx.session.add_all(
            [
                TagLink(tag_id=tag.id, entity="gifts.gift", record_id=gift.id),
                RoleGrant(role_id=role.id, permission="gifts.gift.delete", reach="all"),
                FieldRule(role_id=role.id, field="contact.gifts.last_on", mode="hidden"),
                FieldRule(role_id=role.id, field="gifts.gift.price", mode="readonly"),
                JobRow(name="gifts.remind", owner="gifts"),
                ScheduleState(name="gifts.remind"),
                Notification(
                    user_id=person, topic="gifts.due", text="x", url="/gifts/1", key="k", created_at=ctx.now
                ),
                *(view(person, *pairs) for pairs in VIEWS),
                view(person, entity="gifts.gift"),
            ]
        )
        settings.save(ctx, {"currency": "EUR"}, owner="gifts")
        settings.save(ctx, {"mailer": "gifts.pigeon"})
        for key, value in CHOICES.items():
            settings.save(ctx, {key: value}, owner="views", user_id=person)
        settings.save(ctx, {"contact": {"manager": "gifts.by_date"}}, owner="views")
        settings.save(ctx, {"notifications": {"topics": {"gifts.due": ["mail"]}}}, user_id=person)
        settings.save(ctx, {"recent_records": [f"gifts.gift:{gift.id}", "contact:1"]}, user_id=person)


VIEWS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("cols", "name,gifts.last_on"), ("sort", "-gifts.last_on"), ("q", "ana")),
    (("f", "gifts.last_on:is_set"),),
    (("where", "owner = me and gifts.last_on < -30d"),),
    (("q", "gifts"),),
)
CHOICES: Mapping[str, Any] = {
    "contact": {"columns": ["name", "gifts.last_on"], "standard": "gifts.by_date"},
    "gifts.gift": {"columns": ["name"]},
}


def view(owner: int, *pairs: tuple[str, str], entity: str = "contact") -> SavedView:
    return SavedView(entity=entity, name="x", state=json.dumps(pairs), owner_id=owner)


def traces(host: Host) -> dict[str, list[str]]:
    """Return the tables of the plugin, and every text in any table that names something of it."""
    with host.engine().connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: ["a table"] for name in names if "gifts" in name}
        for table in Base.metadata.tables.values():
            if table.name not in names or table.name in HISTORY or table.name in found:
                continue
            for column in table.columns:
                if isinstance(column.type, String | Text):
                    text = cast(column, Text)
                    query = select(text).where(text.contains("gifts.") | (text == "gifts"))
                    rows = connection.execute(query).scalars().all()
                    found.setdefault(table.name, []).extend(map(str, rows))
    return {name: rows for name, rows in found.items() if rows}


def test_there_would_be_traces_in_many_tables(app: Flask) -> None:
    use(app)
    assert len(traces(house(app).host)) >= 14


def test_removing_leaves_nothing(app: Flask) -> None:
    use(app)
    host: Host = house(app).host
    disable(app, "gifts")
    with app.app_context():
        removed = host.states.remove(as_system("test"), "gifts")

    assert traces(host) == {}
    assert removed.tables == ("gifts_gift",)
    assert removed.rows["saved_view"] == 4
    assert host.states.state("gifts") is State.DISCOVERED


def test_what_is_the_houses_own_stays(app: Flask) -> None:
    use(app)
    disable(app, "gifts")
    with app.app_context():
        ctx = as_system("test")
        house(app).host.states.remove(ctx, "gifts")
        states = set(ctx.session.execute(select(SavedView.state)).scalars())
        chosen = select(Setting.value).where(Setting.owner == "views", Setting.user_id != 0)

        assert {tuple(map(tuple, json.loads(state))) for state in states} == {
            (("cols", "name"), ("q", "ana")),
            (("q", "gifts"),),  # words that somebody looks for
        }
        assert json.loads(ctx.session.execute(chosen).scalar_one()) == {"columns": ["name"]}
        assert ctx.session.execute(select(User.email)).scalars().all() == ["ana@example.com"]
        with acting(ctx):
            assert [c.given_name for c in ctx.session.execute(select(Contact)).scalars()] == ["Ana"]


def test_its_code_may_have_gone(app: Flask, start: Callable[..., Host]) -> None:
    use(app)
    host = start(plugins=("nothing",))
    with host.app.app_context():
        ctx = as_system("test")
        host.states.reload()
        assert host.states.state("gifts") is State.MISSING
        host.states.disable(ctx, "gifts")
        host.states.remove(ctx, "gifts")
        assert [status.name for status in host.states.all()] == []
    assert traces(host) == {}


def test_what_is_removed_can_be_installed_anew(app: Flask) -> None:
    disable(app, "gifts")
    host: Host = house(app).host
    with app.app_context():
        ctx = as_system("test")
        host.states.remove(ctx, "gifts")
        host.states.enable(ctx, "gifts")
        with acting(ctx):
            assert records.create(ctx, "gifts.gift", {"name": "A pen"}).id
    assert host.migrations.check("gifts") == {}


def test_an_enabled_plugin_is_not_removed(app: Flask) -> None:
    with app.app_context(), pytest.raises(PluginError, match="Disable it first"):
        house(app).host.states.remove(as_system("test"), "gifts")


TABLE = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("{0}", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("other_id", sa.Integer(), sa.ForeignKey("{1}.id", ondelete="CASCADE")))

def downgrade():
    {2}
"""


def enabled(bench: Callable[..., Bench], *names: str) -> Bench:
    made = bench()
    made.enable(*names)
    for name in reversed(names):
        made.host.states.disable(made.ctx, name)
    return made


def test_tables_to_which_another_plugin_points_stay(
    write: Callable[..., Any], bench: Callable[..., Bench]
) -> None:
    write(
        "ground",
        files={"migrations/0001.py": TABLE.format("ground_a", "contact", "op.drop_table('ground_a')")},
    )
    tower = {"migrations/0001.py": TABLE.format("tower_b", "ground_a", "op.drop_table('tower_b')")}
    write("tower", "requires = ('ground',)\n", tower)
    b = enabled(bench, "ground", "tower")

    with pytest.raises(MigrationError, match="tower_b points to ground_a"):
        b.host.states.remove(b.ctx, "ground")
    assert b.state("ground") is State.DISABLED

    b.host.states.remove(b.ctx, "tower")
    b.host.states.remove(b.ctx, "ground")
    left = inspect(b.host.engine()).get_table_names()
    assert [name for name in left if "tower" in name or "ground" in name] == []


def test_a_way_down_that_fails_is_done_by_the_ledger(
    write: Callable[..., Any], bench: Callable[..., Bench]
) -> None:
    write("ground", files={"migrations/0001.py": TABLE.format("ground_a", "contact", "1 / 0")})
    b = enabled(bench, "ground")

    assert b.host.states.remove(b.ctx, "ground").tables == ("ground_a",)

    assert not inspect(b.host.engine()).has_table("ground_a")
    assert b.host.migrations.current()["ground"] == ""


def test_jobs_that_run_late_find_nothing(app: Flask) -> None:
    """A job of a removed plugin is gone, not parked for ever."""
    with app.app_context():
        ctx = as_system("test")
        with ctx.unit():
            ctx.session.add(JobRow(name="gifts.remind", owner="gifts", run_at=now() + timedelta(days=9)))
    disable(app, "gifts")
    with app.app_context():
        ctx = as_system("test")
        house(app).host.states.remove(ctx, "gifts")
        assert ctx.session.execute(select(JobRow.id).where(JobRow.owner == "gifts")).all() == []
