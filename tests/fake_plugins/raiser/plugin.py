"""A plugin that raises in every callable it has. Every page must stay as it is but for a small card with its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import click
from flask import Blueprint
from wtforms import Form

from app import sdk
from app.sdk.protocols import Geocoder
from app.sdk.web import signed_in

from .models import Thing

ENTITIES = ("contact", "company", "interaction", "task")
PLACES = ("main", "side", "tab", "header", "list.top")


class Raised(Exception):
    """What this plugin raises, everywhere."""


def boom(*args: Any, **kwargs: Any) -> NoReturn:
    raise Raised("on purpose")


class RaisingForm(Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        boom()


def name(text: str) -> str:
    return text.replace(".", "_")


blueprint = Blueprint("raiser", __name__)


@blueprint.before_request
def before() -> None:
    if click.get_current_context(silent=True):
        boom()


@blueprint.get("/")
@signed_in
def page() -> NoReturn:
    boom()


class Raiser(sdk.Plugin):
    """Raises in every callable."""

    name = "raiser"
    label = "The Raiser"

    @sdk.hookimpl
    def kith_entities(self) -> Iterable[sdk.Entity]:
        yield sdk.Entity(
            name="thing",
            label="Thing",
            plural="Things",
            model=Thing,
            title=boom,
            subject="contact_id",
            derive=boom,
        )

    @sdk.hookimpl
    def kith_fields(self) -> Iterable[sdk.Field]:
        show = sdk.EVERYWHERE | sdk.Show.SCORE | sdk.Show.MERGE_TAG
        for on in ENTITIES:
            yield sdk.Field(
                name="bad",
                label="Bad",
                on=on,
                load=boom,
                sql=boom,
                sort=boom,
                save=boom,
                parse=boom,
                show=show,
            )
            yield sdk.Field(
                name="chosen",
                label="Chosen",
                on=on,
                kind=sdk.Kind.CHOICE,
                load=boom,
                save=boom,
                choices=boom,
                show=show,
            )

    @sdk.hookimpl
    def kith_actions(self) -> Iterable[sdk.Action]:
        everywhere = sdk.Offer.ROW | sdk.Offer.BULK | sdk.Offer.PAGE | sdk.Offer.API | sdk.Offer.WORKFLOW
        for on in ENTITIES:
            yield sdk.Action(name=f"act_{on}", label="Act", on=on, run=boom, undo=boom, offer=everywhere)
            yield sdk.Action(name=f"when_{on}", label="When", on=on, run=boom, when=boom, offer=everywhere)
            yield sdk.Action(
                name=f"form_{on}", label="Form", on=on, run=boom, form=RaisingForm, offer=everywhere
            )

    @sdk.hookimpl
    def kith_panels(self) -> Iterable[sdk.Panel]:
        slots = [f"{entity}.{place}" for entity in ENTITIES for place in PLACES]
        for slot in [*slots, "dashboard", "account", "admin"]:
            yield sdk.Panel(name=f"lazy_{name(slot)}", label="Lazy", slot=slot, view=boom, badge=boom)
            yield sdk.Panel(name=f"now_{name(slot)}", label="Now", slot=slot, view=boom, lazy=False)
            yield sdk.Panel(name=f"when_{name(slot)}", label="When", slot=slot, view=boom, when=boom)

    @sdk.hookimpl
    def kith_links(self) -> Iterable[sdk.Link]:
        for place in ("nav", "nav.admin", "create", "account", "contact.page", "contact.list"):
            yield sdk.Link(name=name(place), label="Raiser", place=place, endpoint="raiser.page", badge=boom)

    @sdk.hookimpl
    def kith_timeline(self) -> Iterable[sdk.TimelineKind]:
        yield sdk.TimelineKind(name="bad", label="Bad", icon="x", source=boom)
        yield sdk.TimelineKind(
            name="typed", label="Typed", icon="x", loggable=True, template="raiser/nowhere.html"
        )

    @sdk.hookimpl
    def kith_permissions(self) -> Iterable[sdk.Permission | sdk.RowRule]:
        for on in ENTITIES:
            yield sdk.RowRule(name=on, on=on, grant=boom)

    @sdk.hookimpl
    def kith_events(self) -> Iterable[sdk.Topic | sdk.On]:
        for phase in sdk.Phase:
            yield sdk.On(name=f"on_{phase}", topic="*", run=boom, phase=phase)

    @sdk.hookimpl
    def kith_jobs(self) -> Iterable[sdk.Job]:
        yield sdk.Job(name="nightly", label="Nightly", run=boom, schedule="daily 03:00")

    @sdk.hookimpl
    def kith_services(self) -> Iterable[sdk.Service]:
        yield sdk.Service(name="geocoder", label="Geocoder", protocol=Geocoder, factory=boom)

    @sdk.hookimpl
    def kith_reports(self) -> Iterable[sdk.Dataset]:
        yield sdk.Dataset(name="numbers", label="Numbers", select=boom)

    @sdk.hookimpl
    def kith_search(self) -> Iterable[sdk.SearchProvider]:
        yield sdk.SearchProvider(name="elsewhere", label="Elsewhere", find=boom)

    @sdk.hookimpl
    def kith_privacy(self) -> Iterable[sdk.PrivacyParticipant]:
        yield sdk.PrivacyParticipant(name="files", label="Files", export=boom, erase=boom)

    @sdk.hookimpl
    def kith_health(self) -> Iterable[sdk.HealthCheck]:
        yield sdk.HealthCheck(name="pulse", label="Pulse", run=boom)

    @sdk.hookimpl
    def kith_blueprints(self) -> Iterable[Blueprint]:
        yield blueprint

    @sdk.hookimpl
    def kith_commands(self) -> Iterable[click.Command]:
        yield click.Command("shout", callback=boom)

    @sdk.hookimpl
    def kith_lifecycle(self, change: sdk.Lifecycle) -> None:
        boom()

    @sdk.hookimpl
    def kith_authenticate(self, request: Any) -> Any:
        boom()

    @sdk.hookimpl
    def kith_demo(self, demo: Any) -> None:
        boom()
