"""The plugin itself: its metadata, and where the declarations are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.sdk import (
    Action,
    Context,
    Entity,
    Field,
    Job,
    Link,
    Notice,
    On,
    Panel,
    Permission,
    Plugin,
    RowRule,
    TimelineKind,
    Topic,
    View,
    _l,
    hookimpl,
)

from . import demo as demo_data
from . import links, panels
from .hours import actions as hours_actions
from .hours import blueprint as hours_blueprint
from .hours import budget_pages, team_pages, week_pages
from .hours import entities as hours_entities
from .plan import (
    actions,
    blueprint,
    board_pages,
    calendar_pages,
    entities,
    events,
    gantt_pages,
    mine_pages,
    rules,
    setup_pages,
    status_pages,
    task_fields,
    task_pages,
    template_pages,
    timeline,
)
from .plan import pages as plan_pages
from .settings import ProjectSettings

PAGES = (
    plan_pages,
    task_pages,
    board_pages,
    gantt_pages,
    calendar_pages,
    setup_pages,
    mine_pages,
    week_pages,
    budget_pages,
    team_pages,
)


class Projects(Plugin):
    """Projects with plans, hours, budgets and invoices."""

    name = "projects"
    label = _l("Projects")
    summary = _l("Projects for customers and for ourselves: plans, hours, budgets and invoices.")
    api = "1.0"
    enhances = ("sales",)
    settings = ProjectSettings

    @hookimpl
    def kith_entities(self) -> Iterable[Entity]:
        return [*entities.ALL, *(one for one in hours_entities.ALL if isinstance(one, Entity))]

    @hookimpl
    def kith_fields(self) -> Iterable[Field]:
        return task_fields.ALL

    @hookimpl
    def kith_actions(self) -> Iterable[Action]:
        return [*actions.ALL, *hours_actions.ALL]

    @hookimpl
    def kith_panels(self) -> Iterable[Panel]:
        return panels.ALL

    @hookimpl
    def kith_links(self) -> Iterable[Link]:
        return links.ALL

    @hookimpl
    def kith_views(self) -> Iterable[View]:
        return links.VIEWS

    @hookimpl
    def kith_timeline(self) -> Iterable[TimelineKind]:
        return timeline.ALL

    @hookimpl
    def kith_permissions(self) -> Iterable[Permission | RowRule]:
        return rules.ALL

    @hookimpl
    def kith_events(self) -> Iterable[Topic | On | Notice]:
        declared = (*events.ALL, *hours_entities.ALL)
        return [one for one in declared if isinstance(one, Topic | On | Notice)]

    @hookimpl
    def kith_jobs(self) -> Iterable[Job]:
        return events.JOBS

    @hookimpl
    def kith_blueprints(self) -> Iterable[Any]:
        return [blueprint.pages, hours_blueprint.pages, status_pages.pages_, template_pages.pages]

    @hookimpl
    def kith_demo(self, demo: Context) -> None:
        demo_data.build(demo)
