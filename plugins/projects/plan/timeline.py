"""Projects in the timelines of the people and companies they are for: begun, and done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.sdk import Context, TimelineEntry, TimelineKind, _l
from app.sdk.models import User

from . import days
from .models import PROJECT, Project

COLUMNS: dict[str, Any] = {"contact": Project.contact_id, "company": Project.company_id}


def _of(entity: str) -> Callable[..., Sequence[TimelineEntry]]:
    column = COLUMNS[entity]

    def source(
        ctx: Context, ids: Sequence[int], before: datetime | None, limit: int
    ) -> Sequence[TimelineEntry]:
        """Return when projects of contacts or companies were begun and done, newest first."""
        begun = select(Project, User.name).outerjoin(User, User.id == Project.owner_id).where(column.in_(ids))
        ended = begun.where(Project.finished_on != "")
        if before is not None:
            begun = begun.where(Project.created_at <= before)
            ended = ended.where(Project.finished_on <= before.astimezone(ctx.zone).date().isoformat())
        begun = begun.order_by(Project.created_at.desc(), Project.id.desc()).limit(limit)
        ended = ended.order_by(Project.finished_on.desc(), Project.id.desc()).limit(limit)
        found = [_begun(row[0], row[1]) for row in ctx.session.execute(begun)]
        found += [made for row in ctx.session.execute(ended) if (made := _done(ctx, row[0], row[1]))]
        kept = [entry for entry in found if before is None or entry.at <= before]
        return sorted(kept, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]

    return source


def _begun(project: Project, who: str | None) -> TimelineEntry:
    return _entry(project, who, project.created_at, "begun")


def _done(ctx: Context, project: Project, who: str | None) -> TimelineEntry | None:
    day = days.parsed(project.finished_on)
    if day is None:
        return None
    at = datetime.combine(day, time(12), ctx.zone).astimezone(UTC)
    return _entry(project, who, at, "done")


def _entry(project: Project, who: str | None, at: datetime, what: str) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        key=f"project-{what}:{project.id}",
        kind=f"projects.{what}",
        title=project.name,
        actor=who or "",
        url=url_for("projects_plan.show", record_id=project.id),
        lite=what == "begun",
    )


_SOURCES = {entity: _of(entity) for entity in COLUMNS}

ALL = tuple(
    TimelineKind(
        name=name,
        label=label,
        icon=icon,
        tone=tone,
        verb=verb,
        source=_SOURCES["contact"],
        sources={"company": _SOURCES["company"]},
        permission=f"{PROJECT}.view",
        order=order,
    )
    for name, label, icon, tone, verb, order in (
        ("begun", _l("Project begun"), "folder-kanban", "task", _l("began a project"), 96),
        ("done", _l("Project done"), "circle-check", "ok", _l("finished a project"), 97),
    )
)
