"""The kit's application, with this plugin enabled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.testing.plugins import app_with


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application in which sales are enabled."""
    with app_with(tmp_path_factory.mktemp("sales"), "sales") as app:
        yield app
