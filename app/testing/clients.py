"""A client for somebody who has signed in: sends what a browser sends, reads pages as people do."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.house import house
from app.models import User
from app.services import sessions
from app.services.context import as_system
from app.testing.markup import unfit

ORIGIN = "http://localhost"


class Person:
    """A user at a browser. `user` is None for somebody who has not signed in."""

    def __init__(self, app: Flask, user: User | None) -> None:
        self.app, self.user = app, user
        self.client: FlaskClient = app.test_client()
        if user is not None:
            ctx = as_system("test")
            token = sessions.start(ctx, user.id, sessions.FULL, house(app).config)
            self.client.set_cookie("kith", token)

    def get(self, path: str, *, htmx: bool = False, **more: Any) -> TestResponse:
        """Open a page, or fetch a fragment as htmx does."""
        headers = {**self._headers(htmx), **more.pop("headers", {})}
        return self.client.get(path, headers=headers, **more)

    def post(
        self, path: str, data: Any = None, *, htmx: bool = False, token: bool = True, **more: Any
    ) -> TestResponse:
        """Send a form with the session's token and the browser's own word that the page was ours."""
        headers = {
            **self._headers(htmx),
            "Origin": ORIGIN,
            "Sec-Fetch-Site": "same-origin",
            **more.pop("headers", {}),
        }
        if token:
            headers["X-CSRF-Token"] = self.csrf()
        return self.client.post(path, data=data or {}, headers=headers, **more)

    def csrf(self) -> str:
        """Return a token for this person's session, as a page would carry it."""
        from app.services import sealing
        from app.web.security import csrf

        cookie = self.client.get_cookie("kith")
        if cookie is None:
            self.get("/login")
            cookie = self.client.get_cookie("kith")
        assert cookie is not None
        with self.app.app_context():
            return csrf.mask(sealing.mac(csrf.PURPOSE, cookie.value))

    @staticmethod
    def _headers(htmx: bool) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Request-Type": "partial"} if htmx else {}


def soup(response: TestResponse) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def fragment(response: TestResponse) -> BeautifulSoup:
    """Return a fragment as a tree, after checking that it is none of a whole page, parses, and has no id twice."""
    text = response.get_data(as_text=True)
    assert not (problem := unfit(text)), problem
    return BeautifulSoup(text, "html.parser")
