"""An administrator defines a kind of record on a phone and works with it: the whole way by thumb, taps counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models import Contact, User
from app.services import import_running
from app.services.context import as_system, for_user
from tests.journeys.thumb import Thumb, too_small

pytestmark = pytest.mark.browser
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
PHONE = {"viewport": {"width": 390, "height": 844}}
ADMIN = "amina"
AsThumb = Callable[..., Thumb]


def defined(at: Thumb, one: str, several: str) -> None:
    """Define a kind with a length and a skipper among contacts, from the settings on."""
    at.tap("main a[href='/admin/types']")
    at.tap("main a[href='/admin/types/new']")
    at.tap("#label")
    at.type("#label", one)
    at.tap("#plural")
    at.type("#plural", several)
    at.tap("main form button.pri")
    for type_, label in (("number", "Length"), ("ref", "Skipper")):
        at.tap("main a.pri")
        at.tap(f"main a[href$='type={type_}']")
        at.tap("#label")
        at.type("#label", label)
        at.tap("main form button.pri")
        expect(at.page.locator("main ul.list")).to_contain_text(label)


@SCRIPT
def test_boats_from_nothing(thumb: AsThumb, demo: Any, tmp_path: Path, script: bool) -> None:
    one, several = ("Boat", "Boats") if script else ("Pier", "Piers")
    at = thumb("/admin", who=ADMIN, script=script, **PHONE)
    defined(at, one, several)
    assert at.taps <= 15, at.trace

    kind = f"x_{one.lower()}"
    with demo.app_context():
        first = select(Contact.id, Contact.formatted_name).order_by(Contact.name_key, Contact.id).limit(1)
        ana = as_system("test").session.execute(first).one()
    at.page.goto(f"/list/{kind}/new?x_skipper={ana.id}")
    at.type("#f-name", "Aurora")
    at.tap("main form button.pri")
    expect(at.page.locator("h1")).to_have_text("Aurora")
    expect(at.page.locator("#details")).to_contain_text(ana.formatted_name)
    assert too_small(at.page) == []
    at.page.goto(f"/contacts/{ana.id}")
    expect(at.page.locator(f"#own-{kind}-x_skipper")).to_contain_text("Aurora")

    at.page.goto(f"/admin/layouts/{kind}/everybody")
    at.tap("#f-x_skipper button[name=up]")
    expect(at.page.locator("#g-0 li").nth(1)).to_contain_text("Skipper")
    at.page.goto("/admin/types")
    at.page.goto(f"/import?entity={kind}")
    table = tmp_path / "boats.csv"
    table.write_text("Name,Length\nBora,30\nZephyr,8\n")
    at.page.locator("input[type=file]").set_input_files(table)
    at.tap("main form button.pri")
    at.page.wait_for_url("**/import/*")
    run_id = int(at.page.url.rstrip("/").rpartition("/")[2])
    at.tap("main form button[value=go]")
    expect(at.page.locator("main")).to_contain_text("Waiting")
    with demo.app_context():
        session = as_system("test").session
        admin = session.scalars(select(User.id).where(User.email.startswith(ADMIN))).one()
        import_running.run(for_user(admin), run_id)
    at.page.goto(f"/list/{kind}?where=x_length > 10")
    expect(at.page.locator("#rows")).to_contain_text("Bora")
    expect(at.page.locator("#rows")).not_to_contain_text("Zephyr")
    sent = at.page.request.get(f"/export/{kind}?format=csv")
    assert "Zephyr" in sent.text()
