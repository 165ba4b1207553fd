"""The plugin itself: its metadata, and where the declarations are: each part has its own in `declared.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from app.sdk import (
    Action,
    Entity,
    Field,
    HealthCheck,
    Job,
    Link,
    Notice,
    On,
    Panel,
    Permission,
    Plugin,
    PrivacyParticipant,
    RowRule,
    Service,
    TimelineKind,
    Topic,
    View,
    _l,
    hookimpl,
)
from app.sdk.services import acting

from .boarding import declared as boarding
from .growth import declared as growth
from .leave import declared as leave
from .people import declared as people
from .settings import HRSettings
from .training import declared as training

T = TypeVar("T")

PARTS = (people, leave, training, growth, boarding)


def _of(*kinds: type[T]) -> Iterable[T]:
    """Return what the parts declare of some kinds, in their order."""
    return [one for part in PARTS for one in part.ALL if isinstance(one, kinds)]


class HR(Plugin):
    """Employees, absences, training, goals and reviews."""

    name = "hr"
    label = _l("HR")
    summary = _l("Employees, absences, training, goals and reviews, seen only by those whom they concern.")
    api = "1.0"
    settings = HRSettings

    @hookimpl
    def kith_entities(self) -> Iterable[Entity]:
        return _of(Entity)

    @hookimpl
    def kith_fields(self) -> Iterable[Field]:
        return _of(Field)

    @hookimpl
    def kith_actions(self) -> Iterable[Action]:
        return _of(Action)

    @hookimpl
    def kith_panels(self) -> Iterable[Panel]:
        return _of(Panel)

    @hookimpl
    def kith_links(self) -> Iterable[Link]:
        return _of(Link)

    @hookimpl
    def kith_views(self) -> Iterable[View]:
        return _of(View)

    @hookimpl
    def kith_timeline(self) -> Iterable[TimelineKind]:
        return _of(TimelineKind)

    @hookimpl
    def kith_permissions(self) -> Iterable[Permission | RowRule]:
        return [*_of(Permission), *_of(RowRule)]

    @hookimpl
    def kith_events(self) -> Iterable[Topic | On | Notice]:
        return [*_of(Topic), *_of(On), *_of(Notice)]

    @hookimpl
    def kith_jobs(self) -> Iterable[Job]:
        return _of(Job)

    @hookimpl
    def kith_health(self) -> Iterable[HealthCheck]:
        return _of(HealthCheck)

    @hookimpl
    def kith_services(self) -> Iterable[Service]:
        return _of(Service)

    @hookimpl
    def kith_privacy(self) -> Iterable[PrivacyParticipant]:
        return _of(PrivacyParticipant)

    @hookimpl
    def kith_blueprints(self) -> Iterable[Any]:
        return [pages for part in PARTS for pages in part.BLUEPRINTS]

    @hookimpl
    def kith_commands(self) -> Iterable[Any]:
        return [command for part in PARTS for command in part.COMMANDS]

    @hookimpl
    def kith_demo(self, demo: Any) -> None:
        for part in PARTS:
            for build in part.DEMO:
                with acting(demo):  # each begins with the same scope, whomever the one before acted for
                    build(demo)
