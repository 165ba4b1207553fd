"""A program with a token: asks the API with JSON, reads JSON."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.models import User
from app.services import api_tokens
from app.services.api_tokens import Wanted
from app.services.context import acting, for_user

ROOT = "/api/v1"


class Program:
    """Something that comes in by the token of a user; paths are those below /api/v1."""

    def __init__(self, app: Flask, user: User, scopes: str = "write", token: str = "") -> None:
        self.user = user
        self.client = app.test_client()
        self.token = token or self._made(scopes)

    def _made(self, scopes: str) -> str:
        ctx = for_user(self.user.id)
        with acting(ctx):
            return api_tokens.create(ctx, self.user.id, Wanted(name="test", scopes=[scopes]))[1]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request and return the answer; `If_Match="…"` is a header."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        more = {} if body is None else {"json": body}
        return self.client.open(ROOT + path, method=method, headers=sent, **more)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read something."""
        return self.ask("GET", path, **headers)

    def read(self, path: str) -> Any:
        """Return what is told under an address."""
        found = self.get(path)
        assert found.status_code == 200, found.text
        return found.json

    def make(self, entity: str, **fields: Any) -> Any:
        """Make a record and return it as it is told."""
        found = self.ask("POST", f"/{entity}", {"fields": fields})
        assert found.status_code == 201, found.text
        return found.json
