"""Everything as a file: administrators ask for it, it is made in the background, and the log says who took it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models import AuditRow, JobRow
from app.services import whole_shelf
from app.testing.clients import Person, soup
from app.testing.factories import Make

AsRole = Callable[..., Person]


@pytest.fixture
def admin(as_role: AsRole, app: Flask) -> Iterator[Person]:
    """An administrator; no export of an earlier test is there."""
    yield as_role("admin")
    for path in whole_shelf.folder().glob("*.zip"):
        path.unlink()


def links(page: TestResponse) -> list[str]:
    return [str(one["href"]) for one in soup(page).select("#exports a[download]")]


def actions(make: Make) -> list[str]:
    query = select(AuditRow.action).where(AuditRow.action.startswith("export.")).order_by(AuditRow.id)
    return list(make.ctx().session.execute(query).scalars())


def test_an_export_is_made_in_the_background_fetched_and_deleted(
    admin: Person, make: Make, run_jobs: Callable[[], int]
) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    assert links(admin.get("/admin/data")) == []
    page = admin.post("/admin/data", {}, follow_redirects=True)
    assert "The export is being made" in page.text
    assert soup(page).select_one("#exports[hx-get] progress")
    run_jobs()
    make.ctx().session.rollback()  # what was read before is of before
    page = admin.get("/admin/data")
    assert not soup(page).select_one("#exports[hx-get]")
    (url,) = links(page)
    answer = admin.get(url)
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        (line,) = found.read("data/contact.jsonl").splitlines()
    answer.close()
    assert json.loads(line)["given_name"] == "Ana"
    admin.post(f"{url}/delete", {})
    assert links(admin.get("/admin/data")) == []
    assert admin.get(url).status_code == 404
    assert actions(make) == ["export.everything", "export.fetched", "export.removed"]


def test_asked_twice_it_is_made_once(admin: Person, make: Make) -> None:
    admin.post("/admin/data", {})
    admin.post("/admin/data", {})
    found = make.ctx().session.execute(select(JobRow.id).where(JobRow.name == whole_shelf.JOB)).all()
    assert len(found) == 1


@pytest.mark.parametrize("role", ["manager", "rep", "readonly"])
def test_only_administrators_take_everything(as_role: AsRole, admin: Person, role: str) -> None:
    whole_shelf.folder().mkdir(exist_ok=True)
    name = "kith-everything-20260101T000000Z.zip"
    (whole_shelf.folder() / name).write_bytes(b"x")
    other = as_role(role)
    assert other.get("/admin/data").status_code == 403
    assert other.get(f"/admin/data/{name}").status_code == 403
    assert other.post("/admin/data", {}).status_code == 403
    assert other.post(f"/admin/data/{name}/delete", {}).status_code == 403
    assert (whole_shelf.folder() / name).exists()


@pytest.mark.parametrize("name", ["kith.db", "..%2Fkith.db", "kith-everything-x.zip", "%2Fetc%2Fpasswd"])
def test_nothing_else_is_fetched(admin: Person, name: str) -> None:
    assert admin.get(f"/admin/data/{name}").status_code == 404
