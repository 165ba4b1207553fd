"""Pages of webhooks: set up, the secret shown once, the log, sent again; for administrators alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Webhook, WebhookDelivery
from app.testing.clients import Person, soup
from app.testing.factories import Make
from tests.services.webhook_kit import URL, Receiver

AsRole = Callable[..., Person]


@pytest.fixture
def admin(as_role: AsRole) -> Person:
    """An administrator."""
    return as_role("admin")


def send(admin: Person, path: str = "/admin/webhooks/new", **values: Any) -> Any:
    """Fill in the form of a webhook; the account is the one that is chosen in it."""
    chosen = soup(admin.get(path)).select_one("select[name=user] option[selected]")
    assert chosen is not None
    given = {"name": "Shop", "url": URL, "topics": "contact.*", "entity": "", "filter": ""}
    return admin.post(path, {**given, "user": str(chosen["value"]), **values})


def only(make: Make) -> Any:
    """The only webhook."""
    return make.ctx().session.execute(select(Webhook)).scalar_one()


def test_only_administrators_come_in(as_role: AsRole, admin: Person, make: Make) -> None:
    send(admin)
    for role in ("manager", "rep", "read_only"):
        for path in ("", "/new", f"/{only(make).id}", f"/{only(make).id}/edit"):
            assert as_role(role).get(f"/admin/webhooks{path}").status_code == 403
        assert as_role(role).post(f"/admin/webhooks/{only(make).id}/remove").status_code == 403


def test_a_webhook_is_set_up_and_its_secret_is_shown_once(admin: Person, make: Make) -> None:
    page = send(admin)
    assert page.headers["Cache-Control"] == "no-store"
    found = re.search(r"whsec_[\w+/=]{44}", page.get_data(as_text=True))
    assert found is not None
    shown = admin.get(f"/admin/webhooks/{only(make).id}").get_data(as_text=True)
    assert URL in shown
    assert found[0] not in shown + admin.get("/admin/webhooks").get_data(as_text=True)
    other = admin.post(f"/admin/webhooks/{only(make).id}/secret").get_data(as_text=True)
    assert "whsec_" in other
    assert found[0] not in other


@pytest.mark.parametrize(
    ("values", "wrong"),
    [({"url": "gopher://x"}, "url"), ({"topics": "nothing.ever"}, "topics"), ({"filter": "a = "}, "filter")],
)
def test_what_is_wrong_is_told_at_its_field(
    admin: Person, make: Make, values: dict[str, Any], wrong: str
) -> None:
    page = send(admin, **values)
    assert page.status_code == 422
    assert soup(page).select_one(f"#{wrong}[aria-invalid]") is not None
    assert make.ctx().session.execute(select(Webhook)).all() == []


def test_it_is_changed_and_switched(admin: Person, make: Make) -> None:
    send(admin)
    path = f"/admin/webhooks/{only(make).id}"
    assert send(admin, f"{path}/edit", name="Warehouse").status_code == 303
    assert admin.post(f"{path}/switch", {"on": "0"}).status_code == 303
    assert (only(make).name, only(make).active) == ("Warehouse", False)
    make.contact()
    assert make.ctx().session.execute(select(WebhookDelivery)).all() == []
    admin.post(f"{path}/switch", {"on": "1"})
    assert only(make).active
    admin.post(f"{path}/remove")
    assert make.ctx().session.execute(select(Webhook)).all() == []


def test_the_log_tells_what_came_back_and_sends_again(
    admin: Person, make: Make, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = Receiver(mood=lambda count, told: 500 if count == 1 else 200).install(monkeypatch)
    send(admin)
    path = f"/admin/webhooks/{only(make).id}"
    admin.post(f"{path}/test")
    run_jobs()
    shown = admin.get(path).get_data(as_text=True)
    assert "HTTP 500" in shown
    assert "webhook.test" in shown
    admin.post(f"{path}/now")
    run_jobs()
    row = make.ctx().session.execute(select(WebhookDelivery)).scalar_one()
    assert (row.state, len(receiver.got)) == ("delivered", 2)
    detail = admin.get(f"{path}/deliveries/{row.id}").get_data(as_text=True)
    assert row.uid in detail
    admin.post(f"{path}/replay", {"delivery": str(row.id)})
    run_jobs()
    assert {told["id"] for told in receiver.got} == {row.uid}
    assert len(receiver.got) == 3
    assert row.uid not in admin.get(f"{path}?state=dead").get_data(as_text=True)
    for gone in ("/admin/webhooks/99999", f"{path}/deliveries/99999"):
        assert admin.get(gone).status_code == 404


def test_hostile_names_are_text(admin: Person, make: Make) -> None:
    send(admin, name="<script>alert(1)</script>")
    for path in ("/admin/webhooks", f"/admin/webhooks/{only(make).id}"):
        assert "<script>alert" not in admin.get(path).get_data(as_text=True)
