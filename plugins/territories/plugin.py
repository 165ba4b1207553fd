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
    On,
    Panel,
    Permission,
    Plugin,
    RowRule,
    Service,
    Topic,
    _l,
    hookimpl,
)
from app.sdk.protocols import Geocoder

from . import actions, entities, fields, jobs, links, panels, permissions, topics
from . import demo as demo_data
from .geocoding import HouseGeocoder
from .settings import TerritorySettings
from .views import BLUEPRINTS


class Territories(Plugin):
    """Where people and companies are, whose areas these are, and the way there."""

    name = "territories"
    label = _l("Territories")
    summary = _l(
        "Addresses on the map, areas of responsibility, who is near, and the route of the day; all of it offline."
    )
    api = "1.0"
    enhances = ("sales",)
    settings = TerritorySettings

    @hookimpl
    def kith_entities(self) -> Iterable[Entity]:
        return entities.ALL

    @hookimpl
    def kith_fields(self) -> Iterable[Field]:
        return fields.ALL

    @hookimpl
    def kith_actions(self) -> Iterable[Action]:
        return actions.ALL

    @hookimpl
    def kith_panels(self) -> Iterable[Panel]:
        return panels.ALL

    @hookimpl
    def kith_links(self) -> Iterable[Link]:
        return links.ALL

    @hookimpl
    def kith_permissions(self) -> Iterable[Permission | RowRule]:
        return permissions.ALL

    @hookimpl
    def kith_events(self) -> Iterable[Topic | On]:
        return topics.ALL

    @hookimpl
    def kith_jobs(self) -> Iterable[Job]:
        return jobs.ALL

    @hookimpl
    def kith_services(self) -> Iterable[Service]:
        return (
            Service(
                name="geocoder",
                label=_l("Packaged list of places, or the server in the settings"),
                protocol=Geocoder,
                factory=lambda config: HouseGeocoder(),
            ),
        )

    @hookimpl
    def kith_blueprints(self) -> Iterable[Any]:
        return BLUEPRINTS

    @hookimpl
    def kith_demo(self, demo: Context) -> None:
        demo_data.build(demo)
