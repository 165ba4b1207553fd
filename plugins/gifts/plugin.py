"""The plugin itself: its metadata, and where the declarations are."""

from __future__ import annotations

from collections.abc import Iterable

import click

from app.sdk import (
    Action,
    Context,
    Entity,
    Field,
    Link,
    Panel,
    Plugin,
    TimelineKind,
    Topic,
    View,
    _l,
    hookimpl,
)

from . import actions, commands, entities, fields, links, panels, timeline, topics, views
from . import demo as demo_data
from .settings import GiftSettings


class Gifts(Plugin):
    """Gift ideas for people, and what was given to whom, when and for how much."""

    name = "gifts"
    label = _l("Gifts")
    summary = _l("Gift ideas for people, and what was given to whom, when and for how much.")
    api = "1.0"
    settings = GiftSettings

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
    def kith_views(self) -> Iterable[View]:
        return views.ALL

    @hookimpl
    def kith_timeline(self) -> Iterable[TimelineKind]:
        return timeline.ALL

    @hookimpl
    def kith_events(self) -> Iterable[Topic]:
        return topics.ALL

    @hookimpl
    def kith_commands(self) -> Iterable[click.Command]:
        return commands.ALL

    @hookimpl
    def kith_demo(self, demo: Context) -> None:
        demo_data.build(demo)
