"""The floor: what a page costs when nothing but its own SQL and its own template is run.

A real request is recorded (every statement with its values, the template with its values); the floor sends the same
statements through the bare driver and renders the same template in a bare Flask application, with Jinja as it comes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import flask_babel
import jinja2_fragments
from flask import Flask, g, template_rendered
from jinja2 import Environment
from sqlalchemy import event

from app.extensions import db
from app.web import render

UID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$")
CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


class Recording:
    """The statements and templates of one request."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []
        self.templates: list[tuple[Any, dict[str, Any]]] = []
        self.blocks: list[tuple[str, str, dict[str, Any]]] = []


@contextmanager
def recording(app: Flask) -> Iterator[Recording]:
    """Record what requests send to the database and render meanwhile."""
    made = Recording()

    def sent(conn: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        if not statement.startswith(CONTROL):
            made.statements.append((statement, list(values) if many else values))

    def rendered(sender: Flask, template: Any, context: dict[str, Any], **rest: Any) -> None:
        made.templates.append((template, dict(context)))

    def block(template: str, name: str, **values: Any) -> str:
        made.blocks.append((template, name, values))
        return jinja2_fragments.render_block(app.jinja_env, template, name, **values)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", sent)
    with template_rendered.connected_to(rendered, app), patch.object(render, "render_block", block):
        yield made
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", sent)


def floor(app: Flask, made: Recording, *, writes: bool) -> Callable[[], int]:
    """Return a function that answers one request of the bare application and returns the size of its body."""
    bare = Flask("floor", root_path="/nowhere", static_folder=None)
    bare.url_map, bare.extensions = app.url_map, app.extensions  # templates make addresses and translate
    env = environment(app, bare)
    with app.app_context():
        raw = db.engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    lite = db_is_lite(app)
    here = next(
        (
            values["ctx"]
            for values in [*(v for _t, v in made.templates), *(v for _t, _n, v in made.blocks)]
            if "ctx" in values
        ),
        None,
    )

    def view() -> str:
        g.ctx = here
        cursor = connection.cursor()
        if writes and lite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, values in made.statements:
            send = cursor.executemany if isinstance(values, list) else cursor.execute
            send(*((again(statement), fresh(values)) if writes else (statement, values)))
            if cursor.description:
                cursor.fetchall()
        if writes and lite:
            cursor.execute("COMMIT")
        elif not lite:
            connection.commit()
        pages = [env.get_template(template.name).render(values) for template, values in made.templates]
        blocks = [jinja2_fragments.render_block(env, t, n, **v) for t, n, v in made.blocks]
        return "".join(pages + blocks)

    bare.view_functions["today.index"] = view  # the endpoint of "/"
    bare.testing = True  # what goes wrong there is raised here
    client = bare.test_client()
    return lambda: len(client.get("/").data)


def environment(app: Flask, bare: Flask) -> Environment:
    """Return Jinja as Flask and Flask-Babel set it up, able to render the application's templates."""
    env = bare.jinja_env
    env.loader, ours = app.jinja_env.loader, app.jinja_env
    env.trim_blocks, env.lstrip_blocks = ours.trim_blocks, ours.lstrip_blocks
    env.filters.update(ours.filters)
    env.tests.update(ours.tests)
    env.add_extension("jinja2.ext.i18n")
    known = set(env.globals)
    env.globals.update({name: what for name, what in ours.globals.items() if name not in known})
    env.install_gettext_callables(flask_babel.gettext, flask_babel.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env


def db_is_lite(app: Flask) -> bool:
    """Tell whether the application runs on SQLite."""
    return bool(app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"))


def again(statement: str) -> str:
    """Let a recorded insert be sent again although its rows are there."""
    if not statement.startswith("INSERT"):
        return statement
    head, sep, tail = statement.partition(" RETURNING")
    return f"{head} ON CONFLICT DO NOTHING{sep}{tail}"


def fresh(values: Any) -> Any:
    """Replace ids that must be unique by new ones, so that a recorded insert can be sent again."""

    def one(value: Any) -> Any:
        return (
            str(uuid.uuid4())
            if isinstance(value, str) and (UID.match(value) or ":bench-" in value)
            else value
        )

    if isinstance(values, list):
        return [fresh(row) for row in values]
    if isinstance(values, dict):
        return {key: one(value) for key, value in values.items()}
    return tuple(one(value) for value in values)
