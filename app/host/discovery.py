"""Finds plugins: folders with a plugin.py, and entry points of installed packages. Imports none of them."""

from __future__ import annotations

import importlib.util
import logging
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from app import paths
from app.config import Config
from app.i18n import _l

log = logging.getLogger("kith.host")

GROUP = "kith.plugins"
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""A plugin's name: the prefix of its tables, permissions and topics, and a part of addresses."""


@dataclass(frozen=True)
class Candidate:
    """A plugin that was found, not yet imported.

    `module` and `attribute` ("" = the one Plugin class in the module) say what to import, `folder` where its templates
    and migrations are, `origin` where it comes from in words, `hides` which others of the same name it hides.
    """

    name: str
    module: str
    attribute: str
    folder: Path
    origin: str
    version: str = ""
    hides: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The package in which all modules of the plugin are."""
        return self.module.rpartition(".")[0] or self.module


def discover(config: Config, bundled: Path | None = None) -> Sequence[Candidate]:
    """Return what may be loaded, by name. The allow-list and safe mode are applied: the rest is not even looked at.

    A folder wins over a package of the same name, the bundled folder over those of KITH_PLUGIN_DIRS in their order.
    """
    if config.safe_mode:
        log.warning("KITH_SAFE_MODE: no plugin is loaded.")
        return ()
    named = [Path(folder).expanduser().resolve() for folder in config.plugin_dirs]
    for folder in named:
        if not folder.is_dir():
            log.warning("KITH_PLUGIN_DIRS names %s, but there is no such folder.", folder)
    folders = [folder for folder in [bundled or paths.PLUGINS, *named] if folder.is_dir()]
    found: dict[str, Candidate] = {}
    for candidate in [*_in_folders(folders), *_in_packages()]:
        if config.plugins and candidate.name not in config.plugins:
            continue
        first = found.get(candidate.name)
        found[candidate.name] = _hiding(first, candidate) if first else candidate
    for name in set(config.plugins) - set(found):
        log.warning("KITH_PLUGINS names “%s”, but there is no such plugin. Is it installed?", name)
    return [found[name] for name in sorted(found)]


def _hiding(first: Candidate, other: Candidate) -> Candidate:
    log.warning("The plugin “%s” of %s hides the one of %s.", first.name, first.origin, other.origin)
    return Candidate(**{**first.__dict__, "hides": (*first.hides, other.origin)})


def _in_folders(folders: Sequence[Path]) -> Iterator[Candidate]:
    package = _plugins_package()
    first = [str(folder) for folder in folders]
    package.__path__ = [*first, *(path for path in package.__path__ if path not in first)]
    for folder in folders:
        for inside in sorted(folder.iterdir()):
            if (inside / "plugin.py").is_file():
                yield Candidate(
                    inside.name,
                    f"plugins.{inside.name}.plugin",
                    "",
                    inside,
                    _l("the folder %(path)s", path=str(inside)),
                )


def _plugins_package() -> ModuleType:
    """Return the package `plugins`: all folders with plugins are parts of it, so that each is imported in one way."""
    package = sys.modules.get("plugins")
    if package is None:
        spec = importlib.util.find_spec("plugins")
        package = importlib.util.module_from_spec(spec) if spec else ModuleType("plugins")
        package.__path__ = list(getattr(package, "__path__", []))
        sys.modules["plugins"] = package
    return package


def _in_packages() -> Iterator[Candidate]:
    for point in entry_points(group=GROUP):
        candidate = _packaged(point)
        if candidate is not None:
            yield candidate


def _packaged(point: EntryPoint) -> Candidate | None:
    """Return the candidate of an entry point, None (and a line in the log) when its module cannot be found."""
    distribution = f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"
    top = point.module.partition(".")[0]
    spec = importlib.util.find_spec(top)
    if spec is None or spec.origin is None:
        log.error(
            "The plugin “%s” of %s names the module %s, which is not there.", point.name, distribution, top
        )
        return None
    folder = Path(spec.origin).parent.joinpath(*point.module.split(".")[1:-1])
    version = point.dist.version if point.dist else ""
    origin = _l("the package %(name)s", name=distribution)
    return Candidate(point.name, point.module, point.attr, folder, origin, version)
