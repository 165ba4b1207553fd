"""Backups taken while people work: one instant, whole, and good enough to go on from."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text

from app.config import Config, load
from app.database import prepare
from app.extensions import db
from app.host.migrations import CORE, Migrations
from app.models import Model, Setting
from app.services import archive, backup_files, backups, context, restoring
from app.testing.databases import address
from tests.services.conftest import bare_app

Build = Callable[..., Flask]


class Forward:
    """The migrations of the core over the database of some settings."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def known(self, revisions: Mapping[str, str]) -> None:
        assert set(revisions) == {"core"}

    def to(self, revisions: Mapping[str, str]) -> None:
        self._run(lambda migrations: migrations.upgrade_to("core", revisions["core"]))

    def forward(self) -> None:
        self._run(lambda migrations: migrations.upgrade_all())

    def _run(self, call: Callable[[Migrations], Any]) -> None:
        engine = create_engine(self._config.database)
        prepare(engine, self._config)
        call(Migrations(lambda: engine, Model.metadata, lambda: [CORE]))
        engine.dispose()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Config]:
    """Another, empty installation."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with address(folder) as url:
        yield load({}, env="test", data_dir=str(folder), database_url=url)


def config_of(app: Flask) -> Config:
    found: Config = app.extensions["kith"].config
    return found


def put(app: Flask, *keys: str) -> None:
    with app.app_context():
        ctx = context.as_system("test")
        with ctx.unit():
            ctx.session.add_all([Setting(owner="pair", key=key, value='"Zürich\\t\\\\N"') for key in keys])


def pairs(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT key FROM setting WHERE owner = 'pair'")).scalars())


def test_a_backup_under_write_load_is_one_instant_and_restores(bare_house: Build, elsewhere: Config) -> None:
    app = bare_house()
    put(app, "a-first", "b-first")
    blob = config_of(app).data / "files" / "ab" / ("ab" * 20)
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"picture" * 1000)
    stop, written = threading.Event(), []

    def write(thread: int) -> None:
        for number in range(10_000):
            if stop.is_set():
                return
            put(app, f"a{thread}-{number}", f"b{thread}-{number}")
            written.append(f"{thread}-{number}")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    while len(written) < 10:
        stop.wait(0.01)
    before = set(written)
    with app.app_context():
        made = backups.make(config_of(app))
    stop.set()
    for thread in threads:
        thread.join(30)

    assert backups.verify(made)["rows"]["setting"] >= 2 * len(before)
    manifest = restoring.restore(elsewhere, made, Forward(elsewhere))
    assert (elsewhere.data / "files" / "ab" / ("ab" * 20)).read_bytes() == b"picture" * 1000
    engine = create_engine(elsewhere.database)
    found = pairs(engine)
    engine.dispose()
    assert {"a-first", *(f"a{name}" for name in before)} <= found
    assert {key[1:] for key in found if key[0] == "a"} == {key[1:] for key in found if key[0] == "b"}
    assert len(found) == manifest["rows"]["setting"]
    used(elsewhere)


def used(config: Config) -> None:
    """Write to a restored database: its sequences go on after the last row."""
    app = bare_app(config)
    put(app, "a-after")
    with app.app_context():
        session = context.as_system("test").session
        row = session.execute(select(Setting).where(Setting.key == "a-after")).scalar_one()
        assert row.value == '"Zürich\\t\\\\N"'
        session.rollback()
        db.engine.dispose()


def test_restoring_over_data_needs_force_and_sets_them_aside(bare_house: Build, elsewhere: Config) -> None:
    app = bare_house()
    put(app, "a-old", "b-old")
    with app.app_context():
        made = backups.make(config_of(app))
    restoring.restore(elsewhere, made, Forward(elsewhere))
    put(newer := bare_app(elsewhere), "a-newer")
    with newer.app_context():
        db.session.remove()
        db.engine.dispose()
    with pytest.raises(restoring.RestoreError, match="--force"):
        restoring.restore(elsewhere, made, Forward(elsewhere))
    restoring.restore(elsewhere, made, Forward(elsewhere), force=True)
    engine = create_engine(elsewhere.database)
    assert pairs(engine) == {"a-old", "b-old"}
    engine.dispose()
    if elsewhere.database.startswith("sqlite"):
        (aside,) = elsewhere.data.glob("replaced-*/kith.db")
        with closing(sqlite3.connect(aside)) as old:
            assert old.execute("SELECT count(*) FROM setting").fetchone() == (3,)
    else:
        (kept,) = backup_files.every(elsewhere)
        assert backups.verify(kept)["rows"]["setting"] == 3
    assert list(elsewhere.data.glob("restoring-*")) == []


def test_a_damaged_backup_touches_nothing(bare_house: Build, elsewhere: Config) -> None:
    app = bare_house()
    put(app, "a", "b")
    with app.app_context():
        made = backups.make(config_of(app))
    data = bytearray(made.read_bytes())
    data[len(data) // 3] ^= 1
    made.write_bytes(data)
    with pytest.raises(archive.BadArchive):
        backups.verify(made)
    with pytest.raises(archive.BadArchive):
        restoring.restore(elsewhere, made, Forward(elsewhere))
    assert restoring.empty(elsewhere)


def test_nobody_restores_under_a_running_kith(bare_house: Build, elsewhere: Config) -> None:
    app = bare_house()
    with app.app_context():
        made = backups.make(config_of(app))
    with (
        restoring.in_use(elsewhere),
        restoring.in_use(elsewhere),
        pytest.raises(restoring.RestoreError, match="Stop it first"),
    ):
        restoring.restore(elsewhere, made, Forward(elsewhere))


def test_a_disk_without_room_leaves_no_backup(bare_house: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    app = bare_house()
    real = archive.Writer.add

    def full(self: archive.Writer, name: str, path: Path) -> None:
        real(self, name, path)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "add", full)
    with app.app_context(), pytest.raises(backups.BackupError, match="No space left"):
        backups.make(config_of(app))
    folder = backup_files.folder(config_of(app))
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_what_an_interrupted_backup_left_is_swept_away(bare_house: Build) -> None:
    app = bare_house()
    folder = backup_files.folder(config_of(app))
    (folder / ".work-abc").mkdir(parents=True)
    (folder / "kith-20260101T000000Z.tar.gz.part").write_bytes(b"half")
    with app.app_context():
        made = backups.make(config_of(app))
    assert {path.name for path in folder.iterdir()} == {".lock", made.name}


def test_the_oldest_backups_go_and_labelled_ones_are_counted_apart(tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path), backup_keep=2)
    folder = backup_files.folder(config)
    folder.mkdir()
    names = [f"kith-2026010{day}T033000Z.tar.gz" for day in range(1, 6)]
    labelled = [f"kith-2026010{day}T033000Z-before-upgrade.tar.gz" for day in range(1, 6)]
    for name in [*names, *labelled, "notes.txt"]:
        (folder / name).touch()
    backup_files.prune(config)
    assert {path.name for path in folder.iterdir()} == {*names[3:], *labelled[2:], "notes.txt"}


def test_the_manifest_tells_no_secret(bare_house: Build) -> None:
    app = bare_house()
    config = Config(
        **{**vars(config_of(app)), "secret_key": "s3cret" * 8, "smtp_url": "smtp://u:hidden@mail"}
    )
    with app.app_context():
        made = backups.make(config)
    said = str(archive.read(made))
    assert "s3cret" not in said
    assert "hidden" not in said
    assert restoring.same_key(config, archive.read(made))
    assert not restoring.same_key(Config(secret_key="another"), archive.read(made))


def test_a_backup_of_the_other_kind_of_database_is_refused(
    bare_house: Build, elsewhere: Config, tmp_path: Path
) -> None:
    made = tmp_path / "x.tar.gz"
    with archive.writing(made, {"database": "mysql", "rows": {}}):
        pass
    with pytest.raises(restoring.RestoreError, match="mysql"):
        restoring.restore(elsewhere, made, Forward(elsewhere))
    shutil.rmtree(elsewhere.data)
