"""The page of notifications, and how somebody chooses what he is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.models import Notification, Reminder, User
from app.services import digest_link, notifications, notify_preferences
from app.testing.clients import Person, soup
from app.testing.factories import Make


def tell(make: Make, person: Person, text: str, **more: Any) -> int:
    notifications.send(make.ctx(), [person.user.id], "mention", text, **more)
    found = make.ctx().session.query(Notification).order_by(Notification.id.desc()).first()
    assert found is not None
    return found.id


def test_a_notification_is_on_the_bell_until_it_is_opened(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    ana = make.contact(owner=rep.user)
    number = tell(make, rep, "Rui mentioned you", about=("contact", ana.id))
    bell = soup(rep.get("/")).select_one("nav.rail a[href='/notifications']")
    assert bell.select_one(".n").text == "1"

    answer = rep.post(f"/notifications/{number}/open")

    assert (answer.status_code, answer.location) == (303, f"/contacts/{ana.id}")
    assert soup(rep.get("/")).select_one("nav.rail a[href='/notifications'] .n") is None
    assert "Rui mentioned you" in rep.get("/notifications").text


def test_everything_on_the_page_is_marked_read_but_not_what_came_since(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    tell(make, rep, "First")
    until = soup(rep.get("/notifications")).select_one("[name=until]")["value"]
    tell(make, rep, "Since")

    rep.post("/notifications/read", {"until": until})

    assert soup(rep.get("/")).select_one("nav.rail a[href='/notifications'] .n").text == "1"


def test_nobody_opens_or_reads_what_somebody_else_was_told(as_role: Any, make: Make) -> None:
    rep, other = as_role("rep"), as_role("rep")
    number = tell(make, rep, "For one")

    assert other.post(f"/notifications/{number}/open").status_code == 404
    assert other.post(f"/notifications/{number}/snooze", {"for": "1h"}).status_code == 404
    assert "For one" not in other.get("/notifications").text


def test_a_notification_is_snoozed_for_its_reader_alone(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    ana = make.contact(owner=rep.user)
    number = tell(make, rep, "Reminder", about=("contact", ana.id))

    assert rep.post(f"/notifications/{number}/snooze", {"for": "tomorrow"}).status_code == 303

    found = make.ctx().session.query(Reminder).one()
    assert (found.user_id, found.entity, found.record_id, found.snoozed) == (
        rep.user.id,
        "contact",
        ana.id,
        True,
    )
    assert rep.post(f"/notifications/{number}/snooze", {"for": "never"}).status_code == 422


def test_many_notifications_come_in_pages_with_a_constant_number_of_queries(
    as_role: Any, make: Make, queries: Callable[[], Any]
) -> None:
    rep = as_role("rep")
    ana = make.contact(owner=rep.user)
    for number in range(2):
        tell(make, rep, f"No. {number}", about=("contact", ana.id))
    rep.get("/notifications")
    with queries() as few:
        rep.get("/notifications")
    for number in range(40):
        tell(make, rep, f"More {number}", about=("contact", ana.id))

    with queries() as many:
        page = soup(rep.get("/notifications"))

    assert len(many) == len(few) <= 8
    assert len(page.select("#rows > li")) == 30
    older = soup(rep.get(page.select_one("a.more")["href"]))
    assert len(older.select("#rows > li")) == 12


def test_what_somebody_chose_is_kept_and_shown_again(as_role: Any, make: Make) -> None:
    rep = as_role("rep")
    form = {
        "topics": ["mention:app", "reminder:mail"],
        "quiet_from": "20:00",
        "quiet_to": "07:30",
        "digest_hour": "6",
        "digest_days": ["0", "5"],
        "days_before": "7, 0",
    }

    assert rep.post("/account/notifications", form).status_code == 303

    chosen = notify_preferences.mine(make.ctx(rep.user))
    assert chosen.topics["mention"] == ("app",)
    assert chosen.topics["reminder"] == ("mail",)
    assert chosen.topics["assigned"] == ()
    assert (chosen.quiet_from, chosen.quiet_to) == ("20:00", "07:30")
    assert (chosen.digest, chosen.digest_hour, chosen.digest_days) == (False, 6, (0, 5))
    assert chosen.days_before == (0, 7)
    page = soup(rep.get("/account/notifications"))
    on = [box["value"] for box in page.select("[name=topics][checked]")]
    assert on == ["reminder:mail", "mention:app"]


def test_wrong_preferences_are_said_and_nothing_is_lost(as_role: Any) -> None:
    rep = as_role("rep")
    form = {"digest_hour": "7", "quiet_from": "20:00", "days_before": "soon", "topics": ["mention:app"]}

    answer = rep.post("/account/notifications", form)

    assert answer.status_code == 422
    assert "soon" in soup(answer).select_one("[role=alert]").text
    assert soup(answer).select_one("[name=quiet_from]")["value"] == "20:00"
    assert rep.post("/account/notifications", {**form, "days_before": "900"}).status_code == 422
    assert (
        rep.post("/account/notifications", {**form, "topics": ["x:y"], "days_before": ""}).status_code == 422
    )


def test_the_link_in_a_digest_switches_it_off_without_signing_in(as_role: Any, make: Make) -> None:
    user: User = make.user()
    path = f"/digest/off/{digest_link.token(user)}"
    nobody = as_role(None)
    assert nobody.get(path).status_code == 200
    assert notify_preferences.mine(make.ctx(user)).digest

    assert nobody.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert not notify_preferences.mine(make.ctx(user)).digest
    assert nobody.get(path[:-2] + "xx").status_code == 410
    assert nobody.get("/digest/off/nonsense").status_code == 410
