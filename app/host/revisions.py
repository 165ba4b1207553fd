"""Reads the order of an owner's version files without importing Alembic: every process asks at its start."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from app.kernel.errors import KithError


class History:
    """The chain of revisions in a folder of version files; an absent folder has none."""

    def __init__(self, versions: Path) -> None:
        self._versions = versions

    @cached_property
    def revisions(self) -> Sequence[str]:
        """The revisions from the first to the newest. Raises KithError when the chain is broken or forks."""
        links = [_links(path) for path in sorted(self._versions.glob("[!_]*.py"))]
        after = dict(links)
        found: list[str] = []
        at: str | None = None
        while at in after:
            at = after.pop(at)
            found.append(at)
        if len(found) < len(links):
            lost = ", ".join(revision for _, revision in links if revision not in found)
            raise KithError(
                f"The migrations in {self._versions} form no single chain: {lost} do not belong to it."
            )
        return tuple(found)

    @cached_property
    def problem(self) -> str:
        """Why the files form no history, "" when they do."""
        try:
            self.revisions  # noqa: B018 (reads them)
        except (KithError, SyntaxError, ValueError, OSError) as error:
            return str(error)
        return ""

    @property
    def is_sound(self) -> bool:
        """Whether the files can be read and form one chain."""
        return not self.problem

    @property
    def head(self) -> str:
        """The newest revision, "" when there is none."""
        return self.revisions[-1] if self.revisions else ""

    def after(self, revision: str) -> Sequence[str]:
        """Return the revisions that follow one ("" is the beginning), in order."""
        return self.revisions[self.revisions.index(revision) + 1 :] if revision else self.revisions


def _links(path: Path) -> tuple[str | None, str]:
    """Return (down_revision, revision) of a version file."""
    values: dict[str, str | None] = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            values[target.id] = None if value.value is None else str(value.value)
    revision = values.get("revision")
    if revision is None:
        raise KithError(f"{path} is no migration: it names no revision.")
    return values.get("down_revision"), revision
