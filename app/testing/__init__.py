"""The testing kit for the core and for plugins: `pytest_plugins = ["app.testing"]`, and what tests import by name."""

import pytest

pytest.register_assert_rewrite("app.testing")

from app.testing.clients import Person, fragment, soup  # noqa: E402
from app.testing.contract import PluginContract  # noqa: E402
from app.testing.factories import Make  # noqa: E402
from app.testing.fixtures import *  # noqa: E402, F403

__all__ = ["Make", "Person", "PluginContract", "fragment", "soup"]
