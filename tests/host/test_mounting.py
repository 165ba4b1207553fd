from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from app.host.states import Row
from app.house import house
from app.kernel.errors import GuardedFailure

AppMaker = Callable[..., Flask]
Writer = Callable[..., Any]

PAGES = """
import click
from flask import Blueprint, abort, current_app
from app.sdk.web import public

pages = Blueprint("trade", __name__)


@pages.before_request
def before():
    current_app.config['SEEN'] = True


@pages.get("/board")
@public("a test")
def board():
    return "the board"


@pages.get("/torn")
@public("a test")
def torn():
    return 1 / 0


@pages.get("/gone")
@public("a test")
def gone():
    abort(410)


@click.command()
@click.option("--times", default=1)
def count(times):
    click.echo("deal " * times)


@click.command()
def fall():
    1 / 0


class Trade(Plugin):
    name = "trade"

    @hookimpl
    def kith_blueprints(self):
        return [pages]

    @hookimpl
    def kith_commands(self):
        return [count, fall]
"""


@pytest.fixture
def app(write: Writer, make_app: AppMaker) -> Flask:
    write("trade", PAGES)
    return make_app()


def switch(app: Flask, on: bool) -> None:
    house(app).host.states.pretend(Row("trade", enabled=on))


def test_pages_of_a_disabled_plugin_are_not_there(app: Flask) -> None:
    assert house(app).host.plugins["trade"].problem == ""
    assert app.test_client().get("/trade/board").status_code == 404
    assert "SEEN" not in app.config


def test_pages_appear_and_vanish_without_a_restart(app: Flask) -> None:
    client = app.test_client()
    switch(app, True)
    assert client.get("/trade/board").text == "the board"
    switch(app, False)
    assert client.get("/trade/board").status_code == 404


def test_a_failing_page_is_blamed_on_its_plugin(app: Flask) -> None:
    switch(app, True)
    with pytest.raises(GuardedFailure) as caught:
        app.test_client().get("/trade/torn")
    assert caught.value.owner == "trade"
    assert [fault.item for fault in house(app).host.states.quarantine.latest] == ["trade.torn"]


def test_a_page_may_answer_with_an_http_error(app: Flask) -> None:
    switch(app, True)
    assert app.test_client().get("/trade/gone").status_code == 410
    assert not house(app).host.states.quarantine.latest


def run(app: Flask, *words: str) -> Any:
    group: click.Group = house(app).host.commands()["trade"]
    with app.app_context():
        return CliRunner().invoke(group, words)


def test_commands_run_while_the_plugin_is_on(app: Flask) -> None:
    answer = run(app, "count", "--times", "2")
    assert answer.exit_code == 1
    assert "kith plugins enable trade" in answer.output

    switch(app, True)
    assert run(app, "count", "--times", "2").output == "deal deal \n"


def test_a_failing_command_is_one_sentence(app: Flask) -> None:
    switch(app, True)
    answer = run(app, "fall")
    assert answer.exit_code == 1
    assert "trade failed in command fall" in answer.output


@pytest.mark.parametrize(
    ("blueprint", "problem"),
    [
        ("Blueprint('contacts', __name__)", "must be called “trade”"),
        ("Blueprint('trade', __name__, url_prefix='/contacts')", "must have addresses below /trade"),
        ("Blueprint('trade', __name__, template_folder='templates')", "no folders of its own"),
        ("'no blueprint'", "must return flask.Blueprint"),
        ("meddling()", "changes the whole program (before_app_request)"),
        ("filtering()", "changes the whole program (app_template_filter)"),
        ("silent()", "does not say who may use it"),
        ("page(public('a test'), methods=['PUT'])", "takes PUT; pages take GET and POST only"),
        ("page(requires('trade.deal.view'))", "“trade.deal.view”, which nobody declares"),
    ],
)
def test_a_blueprint_keeps_to_itself(write: Writer, make_app: AppMaker, blueprint: str, problem: str) -> None:
    source = f"""
    from flask import Blueprint
    from app.sdk.web import public, requires

    def page(access, **how):
        made = Blueprint("trade", __name__)
        made.add_url_rule("/board", "board", access(lambda: "the board"), **how)
        return made

    def meddling():
        made = Blueprint("trade", __name__)
        made.before_app_request(lambda: "mine now")
        return made

    def silent():
        made = Blueprint("trade", __name__)
        made.add_url_rule("/board", "board", lambda: "the board")
        return made

    def filtering():
        made = Blueprint("trade", __name__)
        made.add_app_template_filter(str.upper, "loud")
        return made

    class Trade(Plugin):
        name = "trade"

        @hookimpl
        def kith_blueprints(self):
            return [{blueprint}]
    """
    write("trade", source)
    app = make_app()
    assert problem in house(app).host.plugins["trade"].problem
    assert app.before_request_funcs.get(None, []) == []
    assert app.test_client().get("/trade/board").status_code == 404
    assert all(hasattr(view, "kith_access") for view in app.view_functions.values())
    assert "loud" not in app.jinja_env.filters


SETUP = """
class Extension:
    def init_app(self, app):
        app.before_request(lambda: "taken over")

class Trade(Plugin):
    name = "trade"

    @hookimpl
    def kith_setup(self, setup):
        setup.add_filter("trade_shout", lambda text: text.upper() + "!")
        setup.init_extension(Extension())
"""


def test_what_is_set_up_works_only_while_the_plugin_is_on(write: Writer, make_app: AppMaker) -> None:
    write("trade", SETUP)
    app = make_app()
    app.add_url_rule("/", "home", lambda: "home")
    template = app.jinja_env.from_string("{{ 'deal'|trade_shout }}")
    with app.app_context():
        assert template.render() == "deal"
        assert app.test_client().get("/").text == "home"

        switch(app, True)
        assert template.render() == "DEAL!"
        assert app.test_client().get("/").text == "taken over"


def test_a_filter_carries_the_plugins_name(write: Writer, make_app: AppMaker) -> None:
    write("trade", "@hookimpl\ndef kith_setup(self, setup):\n    setup.add_filter('upper', str.lower)\n")
    app = make_app()
    assert "must be called “trade_upper”" in house(app).host.plugins["trade"].problem
