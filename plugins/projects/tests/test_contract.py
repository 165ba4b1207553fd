"""The contract of plugins, with records that values by kind cannot make."""

from __future__ import annotations

from typing import Any

from app.sdk.services import acting, records
from app.testing import PluginContract
from app.testing.factories import Make

from ..plugin import Projects


def entry(make: Make, values: dict[str, Any]) -> Any:
    """Hours of a day that a colleague worked for a project; an empty one is submitted."""
    given = {"project_id": make("projects.project", name="Roof").id, **values}
    if "owner_id" not in values:
        given["owner_id"] = make.user("representative").id
    made = make("projects.entry", **{**given, "minutes": 60, "day": "2026-03-02"})
    if "note" not in values:
        ctx = make.ctx()
        with acting(ctx), ctx.unit():
            made = records.update(ctx, "projects.entry", made.id, {"state": "submitted"})
    return made


def template(make: Make, values: dict[str, Any]) -> Any:
    """A template whose plan can be read."""
    return make("projects.template", **{**values, "outline": "# Phase\nTask | 1d | 2h"})


def task(make: Make, values: dict[str, Any]) -> Any:
    """Something to do, without the times and rules that a plain text is not."""
    known = ("summary", "description", "owner_id", "assignee_id", "team_id")
    return make("task", **{"summary": "Measure", **{k: v for k, v in values.items() if k in known}})


class TestContract(PluginContract):
    plugin = Projects
    builders = {"projects.entry": entry, "projects.template": template, "task": task}  # noqa: RUF012
