"""Connections to the database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from app import database
from app.extensions import db


def test_a_rested_connection_that_the_server_closed_is_replaced(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("connections to a server are PostgreSQL's")
        db.session.remove()
        monkeypatch.setattr(database, "RESTED_S", 0.0)
        try:
            with db.engine.connect() as one, db.engine.connect() as other:
                pid = other.execute(text("SELECT pg_backend_pid()")).scalar_one()
                other.close()  # it rests in the pool while the server ends it
                one.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
                with db.engine.connect() as again:
                    assert again.execute(text("SELECT 1")).scalar_one() == 1
        finally:
            db.engine.dispose()  # nobody after this test meets the connection that was ended
