"""What lies outside of the checkout, for the tests of the core and of plugins: the folder of real data, a Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.face import chromium

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; absent in a user's clone, never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the folder of real data is missing")
        pytest.skip("the real data is not here (it lies beside the checkout in CI)")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all browser tests (Playwright runs once in a process); skipped where there is none."""
    executable = chromium.path()
    if executable is None:
        pytest.skip("no Chromium: install one or set KITH_TEST_CHROMIUM")
    with chromium.launch(executable) as running:
        yield running
