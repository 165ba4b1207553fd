"""The core as the first plugin: everything it shows and does is declared here."""

from __future__ import annotations

from collections.abc import Iterable

from app.core import (
    actions,
    entities,
    events,
    health,
    jobs,
    kinds,
    links,
    metrics,
    notices,
    own_kinds,
    panels,
    permissions,
    reminding,
    rules,
    services,
    views,
)
from app.i18n import _l
from app.kernel import contributions as c
from app.kernel.hookspecs import Plugin, hookimpl
from app.kernel.metrics import Metric
from app.kernel.notices import Notice


class Core(Plugin):
    """People, companies, interactions and tasks."""

    name = "core"
    label = _l("Core")

    @hookimpl
    def kith_entities(self) -> Iterable[c.Entity]:
        return entities.ALL

    @hookimpl
    def kith_actions(self) -> Iterable[c.Action]:
        return (*actions.ALL, *own_kinds.ACTIONS)

    @hookimpl
    def kith_panels(self) -> Iterable[c.Panel]:
        return (*panels.ALL, *own_kinds.PANELS)

    @hookimpl
    def kith_links(self) -> Iterable[c.Link]:
        return links.ALL

    @hookimpl
    def kith_views(self) -> Iterable[c.View]:
        return views.ALL

    @hookimpl
    def kith_timeline(self) -> Iterable[c.TimelineKind]:
        return kinds.ALL

    @hookimpl
    def kith_permissions(self) -> Iterable[c.Permission | c.RowRule]:
        return (*permissions.ALL, *rules.ALL)

    @hookimpl
    def kith_events(self) -> Iterable[c.Topic | c.On | Notice]:
        return (*events.ALL, *reminding.EVENTS, *notices.ALL)

    @hookimpl
    def kith_jobs(self) -> Iterable[c.Job]:
        return (*jobs.ALL, *reminding.JOBS)

    @hookimpl
    def kith_services(self) -> Iterable[c.Service]:
        return services.ALL

    @hookimpl
    def kith_reports(self) -> Iterable[c.Dataset | Metric]:
        return metrics.ALL

    @hookimpl
    def kith_health(self) -> Iterable[c.HealthCheck]:
        return health.ALL
