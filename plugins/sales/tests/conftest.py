"""The kit's application, with this plugin enabled, and the file of a pipeline: a few rows, and all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")  # a busy machine is slow, and no fault of a test

FEW = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Sales are enabled."""
    return ("sales",)


@pytest.fixture(params=["few", "all"])
def pipeline_data(request: pytest.FixtureRequest) -> Path:
    """The folder of a foreign pipeline: a few rows of it here, all of them beside the checkout."""
    if request.param == "few":
        return FEW
    folder: Path = request.getfixturevalue("shared_data") / "pipeline"
    return folder
