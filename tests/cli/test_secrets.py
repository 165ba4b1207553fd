"""`kith secrets`, and what a backup and its restore say about the secrets of plugins."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.cli import booted
from app.house import house
from app.models import Setting
from app.services import secrets, typed_json

Run = Any
PLAIN = "sk-live-8f3a"


def keep(value: str = PLAIN) -> None:
    """Store a secret as the settings page of a plugin does."""
    app = booted.boot()
    with booted.acting(app, "test") as ctx, ctx.unit():
        sealed = secrets.seal(value, bound=secrets.place("shop", "api_key", 0))
        ctx.session.add(Setting(owner="shop", key="api_key", value=typed_json.dump(sealed)))


def test_secrets_are_listed_and_sealed_under_a_new_key(run: Run, installation: Path) -> None:
    run("db", "upgrade")
    assert "No secrets are stored" in run("secrets", "list").output
    keep()
    key = (installation / "secrets.key").read_text()

    listed = run("secrets", "list").output
    assert "shop.api_key" in listed
    assert PLAIN not in listed

    assert "sealed under a new key: 1. The former key is kept" in run("secrets", "rotate").output
    now = (installation / "secrets.key").read_text()
    assert key.splitlines()[-1] in now
    assert stat.S_IMODE((installation / "secrets.key").stat().st_mode) == 0o600

    assert "forgotten" in run("secrets", "rotate", "--forget").output
    assert key.splitlines()[-1] not in (installation / "secrets.key").read_text()
    assert "ok" in run("secrets", "list").output


def test_a_backup_holds_no_key_and_a_restore_says_when_it_is_missing(
    run: Run, installation: Path, tmp_path: Path
) -> None:
    run("db", "upgrade")
    keep()
    taken = run("backup", "--to", str(tmp_path)).output.split()[0]
    assert PLAIN.encode() not in Path(taken).read_bytes()

    assert "secrets of plugins" not in run("restore", taken, "--force").output

    key = installation / "secrets.key"
    key.rename(tmp_path / "kept.key")
    told = run("restore", taken, "--force").output
    assert f"copy secrets.key of the former data folder to {key}" in told
    assert "cannot be opened" in run("secrets", "list", fails=True).output

    (tmp_path / "kept.key").rename(key)
    assert "ok" in run("secrets", "list").output
    app = booted.boot()
    with booted.acting(app, "test") as ctx:
        row = ctx.session.execute(select(Setting).where(Setting.key == "api_key")).scalar_one()
        sealed = typed_json.load(row.value)
        assert secrets.unseal(typed_json.Sealed(sealed.text, secrets.place("shop", "api_key", 0))) == PLAIN
        assert house().config.data == installation
