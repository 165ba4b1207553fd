"""A plugin as the host knows it: where it was found, what it turned out to be, and what is wrong with it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import getdoc
from pathlib import Path

import click
from flask import Blueprint

from app.host.discovery import Candidate
from app.kernel.errors import PluginError
from app.kernel.hookspecs import Plugin


class State(StrEnum):
    """What a plugin is at the moment; only `enabled` ones take part."""

    DISCOVERED = "discovered"  # its code is here, and nobody has ever enabled it
    ENABLED = "enabled"
    DISABLED = "disabled"
    QUARANTINED = "quarantined"
    WAITING = "waiting"  # a plugin that it requires is not running
    NEEDS_MIGRATION = "needs-migration"
    INCOMPATIBLE = "incompatible"
    BROKEN = "broken"
    MISSING = "missing"  # known to the database, its code has gone


class Unfit(PluginError):
    """A plugin cannot run here: it needs another API version or a plugin that is not there."""


@dataclass
class Loaded:
    """A found plugin. With a `problem` (a sentence) nothing of it takes part; `warnings` are advice for its author.

    `deprecations` are those of the warnings that speak of what the next API leaves out.
    """

    candidate: Candidate
    plugin: Plugin | None = None
    problem: str = ""
    trace: str = ""
    unfit: bool = False
    warnings: list[str] = field(default_factory=list)
    deprecations: list[str] = field(default_factory=list)
    blueprints: Sequence[Blueprint] = ()
    commands: Sequence[click.Command] = ()
    tables: tuple[str, ...] = ()
    endpoints: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.candidate.name

    @property
    def well(self) -> bool:
        """Whether it was loaded and may take part."""
        return not self.problem

    @property
    def label(self) -> str:
        """The plugin's name for people."""
        return str(
            self.plugin.label
            if self.plugin and self.plugin.label
            else self.name.replace("_", " ").capitalize()
        )

    @property
    def summary(self) -> str:
        """What it does, in the reader's language; else the first line of its class's docstring."""
        if self.plugin is not None and self.plugin.summary:
            return str(self.plugin.summary)
        own = self.plugin is not None and type(self.plugin).__doc__
        return (getdoc(self.plugin) or "").partition("\n")[0] if own else ""

    @property
    def version(self) -> str:
        """Its version: its own word, else that of its package."""
        return (self.plugin.version if self.plugin else "") or self.candidate.version

    @property
    def requires(self) -> tuple[str, ...]:
        """The plugins without which it does not run."""
        return tuple(self.plugin.requires) if self.plugin else ()

    def folder(self, name: str) -> Path | None:
        """Return one of its folders (templates, static, migrations, translations) when it has that."""
        found = self.candidate.folder / name
        return found if found.is_dir() else None

    def break_down(self, error: BaseException | str, *, unfit: bool = False) -> None:
        """Note why it does not take part."""
        self.unfit = unfit or isinstance(error, Unfit)
        own = isinstance(error, PluginError)
        text = str(error).removeprefix(f"{self.name}: ")
        self.problem = text if isinstance(error, str) or own else f"{type(error).__name__}: {text}"
        if isinstance(error, BaseException) and not own:
            self.trace = "".join(traceback.format_exception(error))

    @contextmanager
    def blamed(self, strict: bool = False) -> Iterator[None]:
        """Let whatever plugin code raises at boot be this plugin's problem instead of the program's end."""
        try:
            yield
        except (Exception, SystemExit) as error:
            if strict:
                raise
            self.break_down(error)
