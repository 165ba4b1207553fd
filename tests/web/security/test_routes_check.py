"""Every route says who may use it; the table of who may what is stored, so that each change shows in review."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.web.routes import public, requires, signed_in
from app.web.security import routes_check

MATRIX = Path(__file__).parents[2] / "matrix.tsv"


def small(*rules: tuple[str, object, list[str]]) -> Flask:
    """An application with some routes and nothing else."""
    app = Flask("small", static_folder=None)
    for path, view, methods in rules:
        app.add_url_rule(path, path, view, methods=methods)  # type: ignore[arg-type]
    return app


def view() -> str:
    """A view that says nothing about who may use it."""
    return ""


@pytest.mark.parametrize(
    ("view", "methods", "complaint"),
    [
        (view, ["GET"], "needs @requires"),
        (requires("contact.veiw")(lambda: ""), ["GET"], "nobody declares"),
        (signed_in(lambda: ""), ["DELETE"], "GET and POST"),
    ],
)
def test_a_route_that_is_not_in_order_stops_the_start(
    app: Flask, view: object, methods: list[str], complaint: str
) -> None:
    other = small(("/x", view, methods))
    other.extensions["kith"] = app.extensions["kith"]
    with pytest.raises(routes_check.Undeclared, match=complaint):
        routes_check.check(other)


def test_declared_routes_pass(app: Flask) -> None:
    other = small(
        ("/a", requires("contact.view")(lambda: ""), ["GET"]),
        ("/b", signed_in(lambda: ""), ["POST"]),
        ("/c", public("for the test")(lambda: ""), ["GET"]),
    )
    other.extensions["kith"] = app.extensions["kith"]
    routes_check.check(other)


def test_the_stored_matrix_is_the_present_one(app: Flask) -> None:
    stored = MATRIX.read_text("utf-8").splitlines()
    assert list(routes_check.matrix(app)) == stored, "write it anew: python -m tests.matrix"
