"""The page of a plugin: its settings and secrets, what it adds, costs and fails at; and what users choose for themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.host import report
from app.house import house
from app.models import Setting
from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.testing.plugins import app_with, write_plugin

AsRole = Callable[..., Person]

SHOP = '''
from flask import Blueprint
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import NumberRange

from app.sdk import Action, Health, HealthCheck, Job, Outcome, Panel, Permission
from app.sdk.web import Form, SecretField, ctx, public

pages = Blueprint("shop", __name__)


@pages.get("/")
@public("customers look at it")
def index():
    return f"{ctx().settings.greeting} {ctx().settings.days} {ctx().settings.code}"


class Settings(Form):
    days = IntegerField("Days to pay", [NumberRange(min=1, max=90)], default=14)
    code = StringField("Code", default="EUR")
    strict = BooleanField("Refuse strangers", default=True)
    api_key = SecretField("Key of the payment service")


class Own(Form):
    greeting = StringField("Greeting", default="Hello")
    pin = SecretField("Pin")


def torn(ctx, record):
    raise ValueError("a secret of 4711")


class Shop(Plugin):
    """Orders and invoices."""

    name = "shop"
    label = "Shop"
    settings = Settings
    user_settings = Own
    enhances = ("depot", "moon")

    @hookimpl
    def kith_blueprints(self):
        return (pages,)

    @hookimpl
    def kith_permissions(self):
        return (Permission(name="refund", label="Give money back", roles=("manager",)),)

    @hookimpl
    def kith_panels(self):
        return (Panel(name="torn", label="Torn", slot="dashboard", view=torn, lazy=False),)

    @hookimpl
    def kith_health(self):
        return (HealthCheck(name="till", label="Till", run=lambda ctx: Health(state="warn", message="Count it.")),)
'''


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("settings")
    write_plugin(folder / "plugins", "shop", SHOP)
    write_plugin(folder / "plugins", "depot", "label = 'Depot'\nrequires = ('shop',)\n")
    said = {"shop": {"code": "CHF"}}
    plugins = {"plugin_dirs": (str(folder / "plugins"),), "plugins": ("shop", "depot")}
    with app_with(folder, "shop", plugin_settings=said, **plugins) as app:
        yield app


@pytest.fixture
def admin(as_role: AsRole) -> Person:
    return as_role("admin")


def stored() -> dict[str, str]:
    rows = db.session.execute(select(Setting.key, Setting.value).where(Setting.owner == "shop"))
    return {row.key: row.value for row in rows}


def sent(**values: str) -> dict[str, str]:
    return {"days": "14", "strict": "y", "api_key": "", **values}


def test_settings_are_changed_on_the_page_of_the_plugin(admin: Person) -> None:
    page = soup(admin.get("/admin/plugins/shop"))
    assert page.select_one("#days")["value"] == "14"  # type: ignore[index]

    done = admin.post("/admin/plugins/shop/settings", {"days": "30", "api_key": ""})
    assert done.status_code == 303

    again = soup(admin.get("/admin/plugins/shop"))
    assert again.select_one("#days")["value"] == "30"  # type: ignore[index]
    assert not again.select_one("#strict").has_attr("checked")  # type: ignore[union-attr]
    assert admin.get("/shop/").text == "Hello 30 CHF"


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_stored(admin: Person) -> None:
    refused = admin.post("/admin/plugins/shop/settings", sent(days="900", api_key="sk-1"))

    assert refused.status_code == 422
    assert soup(refused).select_one("#days-e") is not None
    assert "sk-1" not in refused.text
    assert stored() == {}


def test_fields_that_it_does_not_have_are_refused(admin: Person) -> None:
    assert admin.post("/admin/plugins/shop/settings", sent(dayz="3")).status_code == 422
    assert stored() == {}


def test_what_the_environment_sets_is_shown_locked(admin: Person) -> None:
    field = soup(admin.get("/admin/plugins/shop")).select_one("#code")
    assert field is not None
    assert field["value"] == "CHF"
    assert field.has_attr("disabled")
    assert "KITH_SHOP__CODE" in admin.get("/admin/plugins/shop").text

    admin.post("/admin/plugins/shop/settings", sent(code="USD"))
    assert "code" not in stored()


def test_a_secret_is_never_shown_again(admin: Person) -> None:
    admin.post("/admin/plugins/shop/settings", sent(api_key="sk-live-8f3a"))
    page = admin.get("/admin/plugins/shop")
    assert "sk-live-8f3a" not in page.text
    assert "Stored, and never shown" in page.text
    assert "sk-live-8f3a" not in stored()["api_key"]

    admin.post("/admin/plugins/shop/settings", sent())
    assert "sealed" in stored()["api_key"]
    admin.post("/admin/plugins/shop/settings", sent(clear="api_key"))
    assert stored()["api_key"] == '""'


def test_a_user_chooses_for_himself_on_his_account(make: Make, as_user: Callable[[Any], Person]) -> None:
    ana, ben = as_user(make.user()), as_user(make.user())
    assert "/account/plugins/shop" in ana.get("/account").text

    assert ana.post("/account/plugins/shop", {"greeting": "Olá", "pin": "4711"}).status_code == 303

    assert "4711" not in ana.get("/account/plugins/shop").text
    assert ana.get("/shop/").text == "Olá 14 CHF"
    assert ben.get("/shop/").text == "Hello 14 CHF"
    assert ana.get("/account/plugins/depot").status_code == 404
    assert ana.get("/account/plugins/moon").status_code == 404


def test_only_administrators_change_settings(as_role: AsRole) -> None:
    assert as_role("manager").post("/admin/plugins/shop/settings", sent(days="3")).status_code == 403
    assert stored() == {}


def test_the_page_says_what_it_adds_asks_for_and_leaves_open_to_everybody(admin: Person) -> None:
    page = soup(admin.get("/admin/plugins/shop"))
    added = page.select_one("#adds")
    assert added is not None
    assert "Torn" in added.text
    assert "for everybody: customers look at it" in added.text
    rights = page.select_one("#rights")
    assert rights is not None
    assert "Give money back" in rights.text
    assert "Count it." in page.select_one("#fares").text  # type: ignore[union-attr]


def test_the_page_says_how_it_fails_without_giving_the_error_away(admin: Person) -> None:
    admin.get("/")
    page = admin.get("/admin/plugins/shop")
    assert "ValueError" in page.text
    assert "4711" not in page.text
    assert "failure" in admin.get("/admin/plugins").text


def test_the_page_names_its_neighbours(admin: Person) -> None:
    about = soup(admin.get("/admin/plugins/shop")).select_one("#about")
    assert about is not None
    assert "Depot" in about.text
    assert "moon not installed" in " ".join(about.text.split())


def test_the_list_is_searched_and_switches_at_once(app: Flask, admin: Person) -> None:
    found = soup(admin.get("/admin/plugins?q=invoices")).select(".plug h3")
    assert [one.text for one in found] == ["Shop"]

    depot = soup(admin.get("/admin/plugins?q=depot"))
    assert not depot.select(".plug .switch"), "what it asks for is shown before it runs for the first time"
    admin.post("/admin/plugins/depot", {"on": "1"})
    admin.post("/admin/plugins/depot", {"on": "0"})
    switch = soup(admin.get("/admin/plugins?q=depot")).select_one(".plug .switch")
    assert switch is not None
    assert switch["aria-checked"] == "false"
    back = admin.post("/admin/plugins/depot", {"on": "1", "back": "list"})
    assert back.headers["Location"].endswith("/admin/plugins")
    assert "depot" in house(app).host.states.running()
    admin.post("/admin/plugins/depot", {"on": "0"})


def test_costs_are_the_half_and_the_95th_of_100(app: Flask, admin: Person) -> None:
    admin.get("/shop/")
    assert [c.surface for c in report.costs_by_surface("shop") if c.calls] != []
    calls = [one / 1000 for one in range(1, 101)]
    cost = report._cost("page", "x", calls)
    assert (cost.calls, cost.half, cost.most) == (100, 50.0, 95.0)
    assert report._cost("page", "x", [0.007]).most == 7.0
