"""The testing kit for the core and for plugins: `pytest_plugins = ["app.testing"]`, and what tests import by name."""

import os
from importlib import import_module

_folders = import_module("plugins").__path__
# tests in a folder of one's own import their plugin as plugins.<name>, before any application has looked there
_folders += [
    os.path.expanduser(folder.strip())
    for folder in os.environ.get("KITH_PLUGIN_DIRS", "").split(",")
    if folder.strip() and os.path.expanduser(folder.strip()) not in _folders
]

from app.testing.clients import Person, fragment, soup  # noqa: E402
from app.testing.contract import PluginContract  # noqa: E402
from app.testing.factories import Make  # noqa: E402
from app.testing.fixtures import *  # noqa: E402, F403
from app.testing.programs import Program  # noqa: E402

__all__ = ["Make", "Person", "PluginContract", "Program", "fragment", "soup"]
