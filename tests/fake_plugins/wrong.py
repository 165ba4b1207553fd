"""Plugins that are wrong on purpose: one for each check of the contract, which must name what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import func, literal, select, text
from wtforms import Form, IntegerField, StringField
from wtforms.validators import NumberRange, Regexp

from app import sdk
from app.sdk import Show, _l, hookimpl
from app.sdk.models import Contact
from app.sdk.protocols import Geocoder
from app.sdk.services import Hit, records

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Wrong(sdk.Plugin):
    """A plugin with one thing wrong."""

    name = "wrong"
    label = _l("Wrong")


def having(hook: str, *items: Any) -> type[sdk.Plugin]:
    """A plugin of which one hook returns some declarations."""
    method = hookimpl(specname=hook)(lambda self: items)
    return type("Wrong", (Wrong,), {hook: method, "__doc__": "Wrong in one thing.", "__module__": __name__})


def panel(view: Callable[..., Any], **more: Any) -> type[sdk.Plugin]:
    """A plugin with one panel on contacts."""
    return having("kith_panels", sdk.Panel(name="p", label=_l("P"), slot="contact.side", view=view, **more))


def field(**more: Any) -> type[sdk.Plugin]:
    """A plugin with one number on contacts."""
    shown = Show.LIST | Show.FILTER
    given = {"name": "f", "label": _l("F"), "on": "contact", "kind": sdk.Kind.NUMBER, "show": shown}
    return having("kith_fields", sdk.Field(**(given | more)))


def action(run: Callable[..., Any], **more: Any) -> type[sdk.Plugin]:
    """A plugin with one action on contacts."""
    return having("kith_actions", sdk.Action(name="a", label=_l("A"), on="contact", run=run, **more))


def boom(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("on purpose")


def one_by_one(ctx: sdk.Context, ids: Any) -> dict[int, Any]:
    return {i: ctx.session.execute(select(Contact.version).where(Contact.id == i)).scalar() for i in ids}


def past_the_journal(ctx: sdk.Context, contacts: Any, data: Any) -> sdk.Outcome:
    for contact in contacts:
        contact.source = "silent"
    ctx.session.flush()
    return sdk.Outcome(changed=len(contacts))


def renamed(ctx: sdk.Context, contacts: Any, data: Any) -> sdk.Outcome:
    for contact in contacts:
        records.update(ctx, "contact", contact.id, {"nickname": "Changed"})
    return sdk.Outcome(changed=len(contacts))


def another_task(ctx: sdk.Context, events: Any) -> None:
    for _event in events:
        records.create(ctx, "task", {"summary": "Once more"})


def unordered(ctx: sdk.Context, ids: Any, before: Any, limit: int) -> list[sdk.TimelineEntry]:
    """Two entries, the older first, however many were asked for and of whom."""
    return [
        sdk.TimelineEntry(at=NOON + timedelta(hours=hours), key="same", kind="wrong.t", title="T")
        for hours in (0, 1)
    ]


class Refused(Form):
    """Its own default is beyond its own limit."""

    size = IntegerField("Size", [NumberRange(max=3)], default=5)


class Coded(Form):
    """What is filled in by itself is no code."""

    code = StringField("Code", [Regexp("^[A-Z]{2}-[0-9]+$")])


class OnlyOnce(Wrong):
    """Its demo data come once."""

    made: ClassVar[list[int]] = []

    @hookimpl
    def kith_demo(self, demo: Any) -> None:
        if self.made:
            raise RuntimeError("they are there")
        self.made.append(1)


class Mute(sdk.Plugin):
    name = "wrong"

    @hookimpl
    def kith_jobs(self) -> Iterable[sdk.Job]:
        return (sdk.Job(name="j", run=boom),)


class Unset(Wrong):
    """Its settings do not take their own default."""

    settings = Refused


class Explosive:
    """A label that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError("on purpose")

    __html__ = __str__


WRONG: dict[str, tuple[type[sdk.Plugin], str]] = {
    "boots_alone": (field(on="contcat"), "Did you mean"),
    "names_carry_its_name": (
        having("kith_permissions", sdk.Permission(name="contact.fly", label=_l("Fly"))),
        "somebody else's name",
    ),
    "says_what_it_is": (Mute, "has no label"),
    "texts_can_be_translated": (field(label="Points"), "cannot be translated"),
    "panels_render": (panel(lambda ctx, contact: f"<p>{contact.formatted_name}</p>"), "as markup"),
    "panels_render#parse": (panel(lambda ctx, contact: "<div><p>x</p>"), "never closed"),
    "panels_render#twice": (panel(lambda ctx, contact: '<i id="a"></i><b id="a"></b>'), "ids stand twice"),
    "panels_render#fails": (panel(boom), "on purpose"),
    "timeline_renders": (
        having("kith_timeline", sdk.TimelineKind(name="t", label=_l("T"), icon="x", source=unordered)),
        "not in order",
    ),
    "links_lead_somewhere": (
        having("kith_links", sdk.Link(name="l", label=_l("L"), place="create", endpoint="panels.show")),
        "leads nowhere",
    ),
    "fields_answer_for_a_page": (field(load=lambda ctx, ids: [1 for _ in ids]), "mapping of id to value"),
    "fields_cost_the_same_for_many": (field(load=one_by_one), "statements for one record"),
    "fields_agree_with_their_sql": (
        field(load=lambda ctx, ids: dict.fromkeys(ids, 1), sql=lambda model: literal(2)),
        "shows 1 and is filtered as 2",
    ),
    "fields_filter_and_sort": (
        field(load=lambda ctx, ids: {}, sql=lambda model: text("no_such_column")),
        "cannot use wrong.f",
    ),
    "sorts_use_an_index": (
        field(load=lambda ctx, ids: {}, sort=lambda model: func.upper(model.formatted_name)),
        "sorted row by row",
    ),
    "actions_run_from_everywhere": (action(boom, offer=sdk.Offer.BULK | sdk.Offer.API), "by api"),
    "actions_run_from_everywhere#answers": (
        action(renamed, form=Coded),
        "{'code': 'Text'}: give the contract better `answers`",
    ),
    "actions_are_undone": (
        action(renamed, undo=lambda ctx, ids: None, permission="contact.edit"),
        "is not as it was",
    ),
    "actions_stay_closed": (action(past_the_journal, permission="contact.view"), "who may only read"),
    "writes_pass_the_journal": (action(past_the_journal), "past the journal"),
    "events_twice_are_harmless": (
        having("kith_events", sdk.On(topic="contact.created", run=another_task)),
        "when it is told again",
    ),
    "jobs_run_twice": (
        having("kith_jobs", sdk.Job(name="j", label=_l("J"), run=boom, schedule="daily 03:00")),
        "fails the first time",
    ),
    "demo_data_come_twice": (OnlyOnce, "fail the second time"),
    "health_is_answered": (
        having("kith_health", sdk.HealthCheck(name="h", label=_l("H"), run=lambda ctx: "fine")),
        "not Health",
    ),
    "search_answers": (
        having(
            "kith_search",
            sdk.SearchProvider(
                name="s",
                label=_l("S"),
                find=lambda ctx, words, limit: [Hit(entity="s", title="T", line="", url="")] * 9,
            ),
        ),
        "9 hits when two",
    ),
    "services_keep_their_protocol": (
        having(
            "kith_services",
            sdk.Service(name="g", label=_l("G"), protocol=Geocoder, factory=lambda settings: object()),
        ),
        "is no Geocoder",
    ),
    "rules_are_expressions": (
        having("kith_permissions", sdk.RowRule(name="r", on="contact", grant=lambda ctx, model, verb: True)),
        "no expression",
    ),
    "privacy_is_answered": (
        having("kith_privacy", sdk.PrivacyParticipant(name="p", label=_l("P"), export=boom, erase=boom)),
        "fails",
    ),
    "datasets_select": (
        having("kith_reports", sdk.Dataset(name="d", label=_l("D"), select=boom)),
        "cannot be read",
    ),
    "settings_have_defaults": (Unset, "refused by the form itself"),
    "failures_stay_its_own": (
        having(
            "kith_links",
            sdk.Link(name="l", label=Explosive(), place="nav", endpoint="contacts.show", order=1),
        ),
        "When it fails",
    ),
}
"""Check → what is wrong in one thing, and a part of the sentence that says so."""
