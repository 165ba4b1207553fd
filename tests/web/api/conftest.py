"""Programs that come in begin each test with their full pace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.services import api_pace


@pytest.fixture(autouse=True)
def _fresh_pace() -> Iterator[None]:
    api_pace.forget()
    yield
    api_pace.forget()
