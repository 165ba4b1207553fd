"""Pages of people who are due, of dates that come up, and of the rules by stage and tag."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.services import context, keep_in_touch
from app.testing.clients import soup
from app.testing.factories import Make, frozen

NOON = datetime.now(UTC).replace(hour=12)


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setattr(context, "clock", frozen(NOON - timedelta(days=100)))
    return lambda: monkeypatch.setattr(context, "clock", frozen(NOON))


def test_who_is_due_stands_in_the_list_with_the_reason(
    as_user: Any, make: Make, long_ago: Callable[[], None]
) -> None:
    north, south = make.user(team="north"), make.user(team="south")
    make.contact(owner=north, team="north", given_name="Ana", family_name="Due", keep_in_touch_days=30)
    long_ago()
    rep, other = as_user(north), as_user(south)

    assert "every 30 days" in rep.get("/keep-in-touch").text
    assert "Ana Due" not in other.get("/keep-in-touch?whose=all").text


def test_a_contact_s_own_rule_is_typed_on_its_page(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    ana = make.contact(owner=rep.user)

    answer = rep.post(
        f"/field/contact/{ana.id}/keep_in_touch_days", {"keep_in_touch_days": "45", "version": "1"}
    )

    assert answer.status_code == 303
    row = soup(rep.get(f"/contacts/{ana.id}")).find(string="Days between contacts").find_parent("div")
    assert "45" in row.text
    wrong = rep.post(
        f"/field/contact/{ana.id}/keep_in_touch_days", {"keep_in_touch_days": "-3", "version": "2"}
    )
    assert wrong.status_code == 422


def test_rules_of_stages_and_tags_are_kept_and_shown(as_role: Any, make: Make) -> None:
    admin = as_role("admin")
    make.contact(tags=["VIP"])

    answer = admin.post(
        "/admin/keep-in-touch", {"stage-customer": "90", "stage-lead": "", "tag": "vip", "days": "14"}
    )

    assert answer.status_code == 303
    rules = keep_in_touch.rules(make.ctx())
    assert rules.stages == {"customer": 90}
    assert list(rules.tags.values()) == [14]
    page = soup(admin.get("/admin/keep-in-touch"))
    assert page.select_one("[name=stage-customer]")["value"] == "90"
    assert [e["value"] for e in page.select("[name^=tag-]")] == ["14"]


def test_wrong_rules_are_said_one_by_one_and_nothing_typed_is_lost(as_role: Any, make: Make) -> None:
    admin = as_role("admin")

    answer = admin.post("/admin/keep-in-touch", {"stage-customer": "often", "tag": "nobody", "days": "3"})

    assert answer.status_code == 422
    page = soup(answer)
    assert page.select_one("[name=stage-customer]")["value"] == "often"
    assert page.select_one("[name=tag]")["value"] == "nobody"
    assert len(page.select("[role=alert] li")) == 2
    assert keep_in_touch.rules(make.ctx()).stages == {}


def test_only_administrators_see_the_rules(as_role: Any) -> None:
    assert as_role("rep").get("/admin/keep-in-touch").status_code == 403


def test_dates_come_day_by_day_and_go_on(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    soon, later = NOON + timedelta(days=3), NOON + timedelta(days=40)
    make.contact(owner=rep.user, given_name="Soon", birthday=f"--{soon:%m-%d}")
    make.contact(owner=rep.user, given_name="Later", dates=f"Contract: {later:%Y-%m-%d}")

    page = soup(rep.get("/dates"))

    assert "Soon" in page.select_one("main").text
    assert "Later" not in page.select_one("main").text
    assert "Later" in rep.get(page.select_one("a.more")["href"]).text
    assert rep.get("/dates?from=nonsense").status_code == 200
    assert rep.get("/dates?from=9999-12-31").status_code == 200


def test_a_contact_s_page_says_by_when_it_should_hear_from_us(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    ruled, free = make.contact(owner=rep.user, keep_in_touch_days=30), make.contact(owner=rep.user)

    assert "Next contact by" in rep.get(f"/contacts/{ruled.id}").text
    page = rep.get(f"/contacts/{free.id}").text
    assert "Next contact by" not in page
    assert "9999" not in soup(rep.get(f"/contacts/{free.id}")).select_one("main").text
