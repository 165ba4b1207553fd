"""The contract of plugins, with territories whose borders can be understood."""

from __future__ import annotations

from typing import Any, ClassVar

from app.testing import PluginContract
from app.testing.factories import Make

from ..plugin import Territories


def territory(make: Make, values: dict[str, Any]) -> Any:
    """A territory with real borders; its other values are as given."""
    return make(
        "territories.territory",
        **{**values, **({"borders": "country DE", "condition": ""} if "borders" in values else {})},
    )


class TestContract(PluginContract):
    plugin = Territories
    builders: ClassVar = {"territories.territory": territory}
