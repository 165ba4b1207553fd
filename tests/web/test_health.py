"""What machines ask: yes or no for strangers, reasons for administrators."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.database import Busy
from app.house import house
from app.kernel.contributions import Health
from app.services import health
from app.testing.clients import Person, soup

AsRole = Callable[..., Person]
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    health._ready.clear()
    yield
    health._ready.clear()


def test_a_healthy_house_says_so_and_nothing_more(as_role: AsRole) -> None:
    stranger = as_role(None)
    for path in ("/livez", "/readyz"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("disk", Health(state="fail", message="full")),
        ("writable", Health(state="fail", message="locked")),
        ("migrated", Health(state="fail", message="behind")),
    ],
)
def test_what_keeps_it_from_serving_is_503_without_a_word(
    as_role: AsRole, monkeypatch: pytest.MonkeyPatch, name: str, answer: Health
) -> None:
    monkeypatch.setattr(health, name, lambda *args: answer)
    got = as_role(None).get("/readyz")
    assert (got.status_code, got.get_json()) == (503, {"status": "fail"})
    assert as_role(None).get("/livez").status_code == 200
    assert answer.message in as_role("admin").get("/admin/health").get_data(as_text=True)


def test_a_slow_queue_is_no_reason_to_stop_serving(as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "queue", lambda ctx: Health(state="fail", message="late"))
    assert as_role(None).get("/readyz").status_code == 200


def test_a_full_disk_and_a_locked_database_are_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.services import context

    ctx = context.as_system("test")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10, 10, 100 * 1024 * 1024))
    assert health.disk(ctx).state == "fail"

    def busy(*args: object, **named: object) -> None:
        raise Busy("The database is busy.")

    monkeypatch.setattr(type(ctx), "unit", busy)
    assert health.writable(ctx).state == "fail"


def test_it_is_asked_at_most_every_two_seconds(as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def writable(ctx: object) -> Health:
        asked.append(1)
        return Health()

    monkeypatch.setattr(health, "writable", writable)
    for _time in range(3):
        as_role(None).get("/readyz")
    assert len(asked) == 1


def test_a_check_that_fails_is_a_finding_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.services import context

    monkeypatch.setattr(health.jobs, "counts", lambda ctx: {}["gone"])
    found = {one.key: one for one in health.run_all(context.as_system("test"))}
    assert found["dead_letters"].state == "warn"
    assert found["disk"].state == "ok"


def test_an_old_backup_is_an_alarm(app: Flask) -> None:
    from dataclasses import replace

    from app.services import backup_files, context

    kith = house()
    former = kith.config
    kith.config = replace(former, backup_at="03:30")
    folder = backup_files.folder(former)
    folder.mkdir(exist_ok=True)
    old = folder / "kith-20200101T000000Z.tar.gz"
    old.touch()
    try:
        assert health.backup_age(context.as_system("test")).state == "fail"
        (folder / backup_files.name(context.clock())).touch()
        assert health.backup_age(context.as_system("test")).state == "ok"
    finally:
        shutil.rmtree(folder)
        kith.config = former


def test_an_administrator_reads_it_as_a_page_and_a_machine_as_json(as_role: AsRole) -> None:
    page, machine = as_role("admin").get("/admin/health"), {"Accept": "application/json"}
    labels = [item.get_text() for item in soup(page).select("main li b")]
    assert len(labels) == len(set(labels))
    assert {"Database", "Database file", "Queue", "Backup"} <= set(labels)
    assert {tag.get_text() for tag in soup(page).select("main li .tag")} <= {
        "in order",
        "look at it",
        "broken",
    }
    told = as_role("admin").get("/admin/health", headers=machine).get_json()
    assert {one["state"] for one in told} <= {"ok", "warn", "fail"}
    assert as_role("rep").get("/admin/health").status_code == 403
