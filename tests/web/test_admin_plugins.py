from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.house import house
from app.testing.clients import Person
from app.testing.plugins import app_with, write_plugin

AsRole = Callable[..., Person]


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with two plugins that depend on another, and a broken one."""
    folder = tmp_path_factory.mktemp("switching")
    plugins = folder / "plugins"
    write_plugin(plugins, "ground", "label = 'Ground'\n")
    write_plugin(plugins, "tower", "label = 'Tower'\nrequires = ('ground',)\n")
    write_plugin(plugins, "ruin", "1 / 0\nclass Ruin(Plugin): ...\n")
    names = ("ground", "tower", "ruin")
    with app_with(folder, plugin_dirs=(str(plugins),), plugins=names) as app:
        yield app


@pytest.fixture
def admin(as_role: AsRole) -> Person:
    return as_role("admin")


def running(app: Flask) -> tuple[str, ...]:
    return tuple(house(app).host.states.running())


def test_the_list_says_what_each_is(admin: Person) -> None:
    page = admin.get("/admin/plugins").text
    assert "Tower" in page
    assert "division by zero" in page


def test_a_plugin_is_switched_on_and_off(app: Flask, admin: Person) -> None:
    done = admin.post("/admin/plugins/ground", {"on": "1"})
    assert done.status_code == 303
    assert running(app) == ("ground",)
    assert "Switch off" in admin.get("/admin/plugins/ground").text

    admin.post("/admin/plugins/ground", {"on": "0"})
    assert running(app) == ()


def test_what_is_needed_is_named_and_comes_along_when_confirmed(app: Flask, admin: Person) -> None:
    refused = admin.post("/admin/plugins/tower", {"on": "1"})
    assert refused.status_code == 409
    assert "It needs ground" in refused.text
    assert "This switches on too what it needs: Ground." in refused.text

    admin.post("/admin/plugins/tower", {"on": "1", "together": "1"})
    assert running(app) == ("ground", "tower")

    assert "what needs it: Tower." in admin.get("/admin/plugins/ground").text
    admin.post("/admin/plugins/ground", {"on": "0", "together": "1"})
    assert running(app) == ()


def test_a_broken_plugin_shows_its_trace_and_no_switch(admin: Person) -> None:
    page = admin.get("/admin/plugins/ruin").text
    assert "ZeroDivisionError" in page
    assert "Switch on" not in page


def test_only_administrators_switch_plugins(as_role: AsRole) -> None:
    person = as_role("manager")
    assert person.get("/admin/plugins").status_code == 403
    assert person.post("/admin/plugins/ground", {"on": "1"}).status_code == 403


def test_an_unknown_plugin_is_not_there(admin: Person) -> None:
    assert admin.get("/admin/plugins/nothing").status_code == 404
