"""Asking, seeing, approving and declining in the browser, with and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import Form, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice

from app.sdk import Action, Context, Outcome, Plugin, hookimpl
from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

AsUser = Callable[[Any], Person]


class Discount(Form):
    percent = IntegerField("Percent")
    why = SelectField(
        "Occasion", choices=[SelectChoice("fair", "Trade fair"), SelectChoice("old", "Old customer")]
    )


def give(ctx: Context, chosen: Any, data: Any) -> Outcome:
    return Outcome(message=f"{data['percent']} % given", changed=len(chosen))


class Shop(Plugin):
    """Discounts."""

    name = "shop"
    label = "Shop"

    @hookimpl
    def kith_actions(self) -> list[Action]:
        return [
            Action(
                name="discount",
                label="Give a discount",
                on="contact",
                form=Discount,
                run=give,
                approval=lambda ctx, chosen, data: "More than <b>10</b> %" if data["percent"] > 10 else None,
            )
        ]


@pytest.fixture(autouse=True)
def shop(app: Flask) -> Iterator[None]:
    with temporary_plugin(app, Shop):
        yield


@pytest.fixture
def people(make: Make, as_user: AsUser) -> dict[str, Any]:
    rep, boss = make.user("rep", team="north", name="Rita"), make.user("manager", team="north", name="Bo")
    return {
        "rep": as_user(rep),
        "boss": as_user(boss),
        "stranger": as_user(make.user("rep", team="south")),
        "ana": make.contact(owner=rep, given_name="Ana", family_name="Lima"),
    }


def ask(people: dict[str, Any], percent: int = 15) -> Any:
    data = {"sent": "1", "id": people["ana"].id, "percent": percent, "why": "fair"}
    return people["rep"].post("/action/shop/discount", data)


def test_asking_says_that_it_waits_and_the_record_shows_it(people: dict[str, Any]) -> None:
    assert ask(people).status_code == 303

    page = people["rep"].get(f"/contacts/{people['ana'].id}")
    assert "Waits for approval: More than &lt;b&gt;10&lt;/b&gt; %" in page.text
    (banner,) = soup(page).select('[data-slot="contact.header"] .alert')
    assert "Waits for an approval until" in banner.text


def test_today_shows_the_manager_what_waits_for_him(people: dict[str, Any]) -> None:
    ask(people)

    today = soup(people["boss"].get("/"))
    (row,) = today.select("#approvals li")
    assert "Give a discount · Ana Lima" in row.text
    assert today.select_one("#approvals .n").text == "1"  # type: ignore[union-attr]
    assert not soup(people["rep"].get("/")).select("#approvals")


def test_the_request_shows_what_was_typed_and_is_approved(people: dict[str, Any]) -> None:
    ask(people)
    url = soup(people["boss"].get("/approvals")).select_one("#for-me a")["href"]  # type: ignore[index]

    page = people["boss"].get(url)
    assert "Trade fair" in page.text
    assert "Rita" in page.text

    done = people["boss"].post(url, {"do": "approve", "note": "Fine"})
    assert done.status_code == 303
    after = people["boss"].get(url)
    assert "Approved. 15 % given" in after.text
    assert not soup(after).select("button[name=do]")
    mine = people["rep"].get("/approvals")
    assert soup(mine).select_one("#by-me .tag").text == "approved"  # type: ignore[union-attr]


def test_declining_without_a_word_is_explained_at_the_field(people: dict[str, Any]) -> None:
    ask(people)
    url = soup(people["boss"].get("/approvals")).select_one("#for-me a")["href"]  # type: ignore[index]

    refused = people["boss"].post(url, {"do": "decline", "note": ""})
    assert refused.status_code == 422
    assert "Say why" in refused.text

    people["boss"].post(url, {"do": "decline", "note": "Too much"})
    assert "Too much" in people["rep"].get(url).text


def test_who_asked_withdraws_and_cannot_decide(people: dict[str, Any]) -> None:
    ask(people)
    url = soup(people["rep"].get("/approvals")).select_one("#by-me a")["href"]  # type: ignore[index]
    assert people["rep"].post(url, {"do": "approve"}).status_code == 403

    assert [b["value"] for b in soup(people["rep"].get(url)).select("button[name=do]")] == ["withdraw"]
    people["rep"].post(url, {"do": "withdraw"})

    assert "Nothing waits" in people["boss"].get("/approvals").text


def test_strangers_find_no_request(people: dict[str, Any]) -> None:
    ask(people)
    url = soup(people["rep"].get("/approvals")).select_one("#by-me a")["href"]  # type: ignore[index]

    assert people["stranger"].get(url).status_code == 404
    assert people["stranger"].post(url, {"do": "approve"}).status_code == 404
    assert "Nothing waits" in people["stranger"].get("/approvals").text


def test_a_wish_that_is_none_changes_nothing(people: dict[str, Any]) -> None:
    ask(people)
    url = soup(people["boss"].get("/approvals")).select_one("#for-me a")["href"]  # type: ignore[index]

    assert people["boss"].post(url, {"do": "burn"}).status_code == 200
    assert soup(people["boss"].get("/approvals")).select("#for-me li")
