"""The kit's application, with this plugin enabled."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Territories are enabled."""
    return ("territories",)
