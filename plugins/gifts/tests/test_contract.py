from __future__ import annotations

from app.testing import PluginContract

from ..plugin import Gifts


class TestContract(PluginContract):
    plugin = Gifts
