from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, render_template
from jinja2 import TemplateNotFound

from app.host.host import Host
from app.host.states import Row
from app.house import house

FILES = {
    "templates/deal.html": "a deal of {{ name }}",
    "templates/base.html": "not the core's",
    "static/trade.css": ".deal { color: red }\n",
    "static/logo.svg": "<svg/>",
    "plugin.txt": "secret",
}


@pytest.fixture
def app(write: Callable[..., Any], make_app: Callable[..., Flask]) -> Flask:
    write("trade", files=FILES)
    write(
        "payroll",
        files={"static/payroll.css": ".leave { color: blue }\n", "templates/deal.html": "payroll's own"},
    )
    return make_app()


def enabled(app: Flask, *names: str) -> Host:
    host: Host = house(app).host
    for name in ("trade", "payroll"):
        host.states.pretend(Row(name, enabled=name in names))
    return host


def test_templates_are_found_under_the_plugins_name_only(app: Flask) -> None:
    with app.test_request_context():
        assert render_template("trade/deal.html", name="Ana") == "a deal of Ana"
        assert render_template("payroll/deal.html") == "payroll's own"
        with pytest.raises(TemplateNotFound):
            render_template("deal.html")


def test_a_plugin_cannot_stand_in_front_of_the_core(app: Flask) -> None:
    source, _name, _fresh = app.jinja_env.loader.get_source(app.jinja_env, "base.html")  # type: ignore[union-attr]
    assert "not the core's" not in source


def test_templates_are_escaped(app: Flask) -> None:
    with app.test_request_context():
        assert render_template("trade/deal.html", name="<b>") == "a deal of &lt;b&gt;"


def test_static_files_have_hashed_addresses_that_may_be_kept(app: Flask) -> None:
    host = enabled(app, "trade")
    address = host.assets.url("trade/logo.svg")

    with app.test_client().get(address) as answer:
        assert address.startswith("/static/plugins/trade/logo.svg?v=")
        assert answer.text == "<svg/>"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["trade/../plugin.txt", "trade/%2e%2e/plugin.txt", "trade/none.css", "no/x.css"]
)
def test_nothing_but_the_static_folder_is_served(app: Flask, path: str) -> None:
    enabled(app, "trade")
    assert app.test_client().get(f"/static/plugins/{path}").status_code == 404


def test_files_of_a_disabled_plugin_are_not_there(app: Flask) -> None:
    enabled(app)
    assert app.test_client().get("/static/plugins/trade/logo.svg").status_code == 404


def test_the_stylesheets_of_enabled_plugins_are_one_file(app: Flask) -> None:
    host = enabled(app)
    assert host.stylesheet_url() is None

    host = enabled(app, "trade")
    one = host.stylesheet_url()
    host = enabled(app, "trade", "payroll")
    both = host.stylesheet_url()

    assert one != both
    assert both is not None
    client = app.test_client()
    answer = client.get(both)
    assert ".deal" in answer.text
    assert ".leave" in answer.text
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(both, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert client.get("/static/plugins.css?v=old").headers["Cache-Control"] == "no-cache"


def test_stylesheets_that_weigh_too_much_are_a_remark(
    write: Callable[..., Any], make_host: Callable[..., Host]
) -> None:
    import secrets

    write("trade", files={"static/trade.css": f"/* {secrets.token_hex(9000)} */"})
    host = make_host()
    host.migrations.upgrade_all()
    host.states.pretend(Row("trade", enabled=True))
    assert any("weigh" in remark for remark in host.remarks())
